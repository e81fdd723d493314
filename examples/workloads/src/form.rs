//! A form that is checked at every keystroke.

use std::collections::BTreeMap;

use bennu::prelude::*;

const FIELDS: [(&str, &str); 6] = [
    ("name", "text"),
    ("email", "email"),
    ("age", "number"),
    ("phone", "text"),
    ("city", "text"),
    ("bio", "text"),
];

type User = BTreeMap<String, String>;

#[derive(Default)]
pub(crate) struct Form {
    user: User,
    checked: bool,
}

#[derive(Event)]
pub(crate) enum Msg {
    Validate { user: User },
    Save { user: User },
}

fn error(field: &str, value: &str) -> Option<&'static str> {
    let wrong = match field {
        "name" => value.chars().count() < 3,
        "email" => !value.contains('@'),
        "age" => !value.parse().is_ok_and(|age: i64| (1..150).contains(&age)),
        "phone" => {
            let digits = value.strip_prefix('+').unwrap_or(value);
            digits.len() < 6
                || !digits
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b' ')
        }
        "city" => value.trim().is_empty(),
        _ => value.chars().count() > 200,
    };
    let message = match field {
        "name" => "needs at least 3 characters",
        "email" => "needs an @",
        "age" => "must be a whole number from 1 to 149",
        "phone" => "must be a telephone number",
        "city" => "can't be blank",
        _ => "has at most 200 characters",
    };
    wrong.then_some(message)
}

impl LiveView for Form {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self::default())
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        let (Msg::Validate { user } | Msg::Save { user }) = event;
        self.user = user;
        self.checked = true;
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Form" }
            form #user-form phx-change="validate" phx-submit="save" {
                @for (field, kind) in FIELDS key=(field) {
                    @let value = self.user.get(field).map_or("", String::as_str);
                    @let error = self.checked.then(|| error(field, value)).flatten();
                    div.fieldset {
                        label {
                            span.label { (field) }
                            input.input.input-error[error.is_some()] type=(kind)
                                name={ "user[" (field) "]" } value=(value);
                        }
                        @if let Some(error) = error {
                            p.error { (error) }
                        }
                    }
                }
                button { "Save" }
            }
        }
    }
}
