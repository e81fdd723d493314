//! Names of fields: by constants, and such as the type doesn't have.

use bennu_macros::html;
use serde::Deserialize;

use crate::form::{FieldName, Form, FormFields};

#[derive(Deserialize, FormFields)]
#[allow(dead_code, reason = "only their names are asked for")]
#[serde(rename_all = "camelCase")]
struct Ticket {
    title: String,
    due_at: Option<String>,
    address: Address,
    #[serde(default)]
    lines: Vec<Line>,
    #[serde(default)]
    more: std::collections::BTreeMap<String, Line>,
}

#[derive(Default, Deserialize, FormFields)]
#[allow(dead_code, reason = "only their names are asked for")]
struct Address {
    street: String,
}

#[derive(Deserialize, FormFields)]
#[allow(dead_code, reason = "only their names are asked for")]
struct Line {
    price: u32,
}

fn ticket() -> Form<Ticket> {
    Form::parse("title=a&address[street]=b&lines[0][price]=1&more[x][price]=2")
}

fn shown(form: &Form<impl Sized>, field: &str) -> Vec<String> {
    form.errors(field).map(str::to_owned).collect()
}

#[test]
fn constants_name_fields_groups_and_entries() {
    let form = ticket();
    assert_eq!(form.raw(Ticket::TITLE), "a");
    assert_eq!(form.name(Ticket::DUE_AT), "dueAt");
    let street = form.field(Ticket::ADDRESS).field(Address::STREET);
    assert_eq!(
        (street.name(), street.raw()),
        ("address[street]".to_owned(), "b")
    );
    let lines = form.list(Ticket::LINES);
    let prices: Vec<_> = (lines.entries())
        .map(|line| line.field(Line::PRICE).raw().to_owned())
        .collect();
    assert_eq!(prices, ["1"]);
    let more = form.field(Ticket::MORE).field("x").field(Line::PRICE);
    assert_eq!(more.raw(), "2");
    let fields = [&street, &more].map(|field| field.errors().count());
    assert_eq!(fields, [0, 0]);
}

#[test]
fn constants_are_joined_to_the_names_of_what_is_nested() {
    let mut form = ticket();
    let street = Ticket::ADDRESS.then(Address::STREET);
    let price = Ticket::LINES.at(0).then(Line::PRICE);
    assert_eq!((&*street, form.raw(&street)), ("address.street", "b"));
    assert_eq!((&*price, form.raw(&price)), ("lines.0.price", "1"));
    assert_eq!(form.raw(&Ticket::MORE.at("x").then(Line::PRICE)), "2");
    assert_eq!("".then(Ticket::TITLE), Ticket::TITLE);
    assert_eq!(Ticket::TITLE.then(""), Ticket::TITLE);
    form.require([Ticket::TITLE, &street])
        .rule(&price, |price: u32| {
            if price > 0 {
                Err("is too high")
            } else {
                Ok(())
            }
        });
    assert_eq!(shown(&form, &price), ["is too high"]);
    let html = html! { (form.input(Ticket::ADDRESS.then(Address::STREET))) }.to_html();
    assert!(html.contains(r#"name="address[street]""#), "{html}");
}

#[cfg(debug_assertions)]
#[test]
fn constants_that_are_joined_by_mistake_are_told() {
    let form = ticket();
    let shown = shown(&form, &Ticket::ADDRESS.then(Line::PRICE));
    assert_eq!(shown.len(), 1);
    assert!(
        shown[0].contains("`Address` has no field \"price\""),
        "{shown:?}"
    );
}

#[cfg(debug_assertions)]
#[test]
fn an_unknown_name_stands_where_the_errors_of_its_field_do() {
    let form = ticket();
    let html = html! { (form.input("titel")) }.to_html();
    let text = "the form's type `Ticket` has no field \"titel\": did you mean `title`, `lines`";
    assert_eq!(shown(&form, "titel").len(), 1);
    assert!(
        shown(&form, "titel")[0].starts_with(text),
        "{:?}",
        shown(&form, "titel")
    );
    assert!(
        html.contains("<p>the form's type `Ticket` has no field"),
        "{html}"
    );
    for (field, culprit) in [
        (
            "address.stret",
            "`Address` has no field \"stret\" (in \"address.stret\"): did you mean `street`?",
        ),
        ("lines.0.pice", "`Line` has no field \"pice\""),
        ("more.x.pice", "`Line` has no field \"pice\""),
        (
            "due_at",
            "`Ticket` has no field \"due_at\": did you mean `dueAt`",
        ),
    ] {
        let shown = shown(&form, field);
        assert!(
            matches!(&shown[..], [text] if text.contains(culprit)),
            "{field}: {shown:?}"
        );
    }
    // Also before anything came.
    let form: Form<Ticket> = Form::new();
    assert_eq!(shown(&form, "titel").len(), 1);
    assert_eq!(form.field("address").field("stret").errors().count(), 1);
}

#[test]
fn of_what_is_no_struct_any_name_is_taken() {
    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only their names are asked for")]
    struct Flat {
        title: String,
        #[serde(flatten)]
        address: Address,
    }
    let flat: Form<Flat> = Form::parse("title=a&street=b");
    let map: Form<std::collections::BTreeMap<String, String>> = Form::parse("title=a");
    let absent: Form<Option<Ticket>> = Form::new();
    for shown in [
        shown(&flat, "street"),
        shown(&flat, "stret"),
        shown(&map, "anything"),
        shown(&absent, "anything"),
        shown(&ticket(), "_target"),
        shown(&ticket(), ""),
    ] {
        assert_eq!(shown, [""; 0]);
    }
}
