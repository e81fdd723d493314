//! The generated code, as text: its behaviour is tested in `bennu`, which has
//! the traits.

use quote::quote;

use super::derive;

fn derived(input: proc_macro2::TokenStream) -> String {
    let tokens = derive(input);
    assert!(
        syn::parse2::<syn::File>(tokens.clone()).is_ok(),
        "no valid code: {tokens}"
    );
    tokens.to_string().replace(' ', "")
}

#[track_caller]
fn check(input: proc_macro2::TokenStream, expected: &[&str]) {
    let code = derived(input);
    for part in expected {
        let part = part.replace(' ', "");
        assert!(code.contains(&part), "no `{part}` in `{code}`");
    }
}

#[test]
fn variants_are_decoded_by_their_names() {
    check(
        quote!(
            enum Msg {
                Inc,
                SetTo { value: i64 },
                Validate(Form<User>),
            }
        ),
        &[
            r#"&["inc","set_to","validate"]"#,
            r#""inc" => ::core::result::Result::Ok(Self::Inc),"#,
            r#"Ok(Self::SetTo { value: payload.field("value")? }),"#,
            r#"Ok(Self::Validate(payload.whole()?)),"#,
            r#"EventError::unknown(name,"#,
        ],
    );
}

#[test]
fn values_are_written_into_the_attribute() {
    check(
        quote!(
            enum Msg {
                Move { id: u64, r#to: u32 },
            }
        ),
        &[
            r#"attribute.event_with_values("move");"#,
            r#"Carried(value_0)).carry("id", attribute);"#,
            r#"Carried(value_1)).carry("to", attribute);"#,
        ],
    );
}

#[test]
fn names_are_constants_with_the_visibility_of_the_enum() {
    check(
        quote!(
            pub(crate) enum Msg {
                SetTo { value: i64 },
            }
        ),
        &[
            r#"pub(crate) const SET_TO: ::bennu::event::EventName<Msg> = ::bennu::event::EventName::new("set_to");"#,
        ],
    );
}

#[test]
fn names_can_be_chosen() {
    check(
        quote!(
            #[event(rename_all = "kebab-case")]
            enum Msg {
                SetTo {
                    value: i64,
                },
                #[event(name = "go")]
                GoOn,
            }
        ),
        &[r#"&["set-to","go"]"#],
    );
}

#[test]
fn an_enum_without_variants_decodes_nothing() {
    check(
        quote!(
            enum Msg {}
        ),
        &["&[]", "EventError::unknown"],
    );
}

#[track_caller]
fn check_error(input: proc_macro2::TokenStream, message: &str) {
    let code = derive(input).to_string();
    assert!(code.contains("compile_error"), "no error in `{code}`");
    assert!(code.contains(message), "no `{message}` in `{code}`");
    assert!(
        code.contains("impl :: bennu :: Event"),
        "no fallback in `{code}`"
    );
}

#[test]
fn what_no_event_can_be_is_refused() {
    check_error(
        quote!(
            struct Msg;
        ),
        "a variant each",
    );
    check_error(
        quote!(
            enum Msg {
                Pair(u8, u8),
            }
        ),
        "have names",
    );
    check_error(
        quote!(
            enum Msg {
                #[event(name = "lv:x")]
                A,
            }
        ),
        "lv:",
    );
    check_error(
        quote!(
            enum Msg {
                #[event(name = "b")]
                A,
                B,
            }
        ),
        "same name",
    );
    check_error(
        quote!(
            enum Msg {
                #[event(nam = "b")]
                A,
            }
        ),
        "no such option",
    );
    check_error(
        quote!(
            #[event(rename_all = "kebabcase")]
            enum Msg {
                A,
            }
        ),
        "did you mean `kebab-case`?",
    );
}

#[test]
fn a_generic_enum_gets_a_message_and_no_code_that_would_fail_too() {
    let code = derive(quote!(
        enum Msg<T> {
            A(T),
        }
    ))
    .to_string();
    assert!(code.contains("no generic parameters"), "{code}");
    assert!(!code.contains("impl"), "{code}");
}
