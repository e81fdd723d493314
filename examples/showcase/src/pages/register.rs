//! A form that tells what is wrong while you type, field by field.

use axum::extract::State;
use bennu::form::{Field, Form, FormFields};
use bennu::prelude::*;
use serde::Deserialize;

use crate::db::{Added, People, Person};
use crate::layout;
use crate::pages::Exhibit;

pub(crate) const EXHIBIT: Exhibit = Exhibit {
    slug: "register",
    name: "Register",
    summary: "A form with an error per field as you type. What doesn't parse stays as you typed it.",
    source: include_str!("register.rs"),
};

pub(crate) struct Registration {
    people: People,
    form: Form<Signup>,
    /// The name of who was registered.
    registered: Option<String>,
    count: i64,
}

/// What the form's fields mean.
#[derive(Deserialize, FormFields)]
pub(crate) struct Signup {
    name: String,
    email: String,
    age: u8,
    city: Option<String>,
}

#[derive(Event)]
pub(crate) enum Msg {
    Validate(Form<Signup>),
    Save(Form<Signup>),
    Another,
}

impl LiveView for Registration {
    type Params = State<People>;
    type Event = Msg;
    type Info = Never;

    async fn mount(State(people): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        socket.set_title(EXHIBIT.name);
        let count = people.count().await?;
        Ok(Self {
            people: people.clone(),
            form: Form::new(),
            registered: None,
            count,
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Validate(mut form) => {
                check(&mut form);
                self.form = form;
            }
            Msg::Save(mut form) => {
                check(&mut form);
                self.form = form;
                self.save(socket).await?;
            }
            Msg::Another => {
                self.form = Form::new();
                self.registered = None;
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let page = html! {
            section.card.register aria-label="Registration" {
                @if let Some(name) = &self.registered {
                    (self.render_welcome(name))
                } @else {
                    (self.render_form())
                }
            }
        };
        layout::exhibit(&EXHIBIT, page)
    }
}

/// The rules that need no database. That the age is a number is the type's.
fn check(form: &mut Form<Signup>) {
    form.require([Signup::NAME, Signup::EMAIL])
        .rule(Signup::NAME, |name: String| match name.chars().count() {
            0..=80 => Ok(()),
            _ => Err("must have 80 characters at most"),
        })
        .rule(Signup::EMAIL, |email: String| {
            if email.trim().is_empty() || is_address(email.trim()) {
                Ok(())
            } else {
                Err("must be an address such as ada@example.org")
            }
        })
        .rule(Signup::AGE, |age: u8| match age {
            16..=120 => Ok(()),
            _ => Err("must be from 16 to 120"),
        });
}

/// Whether this could be an address; only a mail to it could tell more.
fn is_address(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else {
        return false;
    };
    let odd = |char: char| char.is_whitespace() || char.is_control() || char == '@';
    let dotted = host
        .split_once('.')
        .is_some_and(|(name, rest)| !name.is_empty() && !rest.is_empty());
    !user.is_empty()
        && dotted
        && !host.ends_with('.')
        && !text.contains("..")
        && !user.contains(odd)
        && !host.contains(odd)
}

impl Registration {
    async fn save(&mut self, socket: &mut Socket<Self>) -> Result {
        let Some(signup) = self.form.value() else {
            return Ok(());
        };
        let person = Person {
            name: signup.name.trim().to_owned(),
            email: signup.email.trim().to_owned(),
            age: signup.age,
            city: signup.city.clone(),
        };
        match self.people.add(&person).await? {
            Added::EmailTaken => {
                self.form.add_error(Signup::EMAIL, "is registered already");
            }
            Added::Yes => {
                self.count = self.people.count().await?;
                socket.put_flash("info", format!("{} is registered.", person.name));
                self.registered = Some(person.name);
            }
        }
        Ok(())
    }

    fn render_form(&self) -> Rendered {
        let field = |name| self.form.field(name);
        html! {
            form #registration phx-change=(Msg::VALIDATE) phx-submit=(Msg::SAVE) novalidate {
                (render_field(&field(Signup::NAME), "Name", "name", None))
                (render_field(&field(Signup::EMAIL), "E-mail", "email", Some("Nobody else may have it.")))
                (render_field(&field(Signup::AGE), "Age", "off", Some("Try “abc”: it stays.")))
                (render_field(&field(Signup::CITY), "City", "address-level2", Some("If you like.")))
                button type="submit" phx-disable-with="Saving…" { "Register" }
            }
        }
    }

    fn render_welcome(&self, name: &str) -> Rendered {
        html! {
            div #welcome {
                h2 { "Welcome, " (name) }
                p.muted { "Registered so far: " (self.count) }
                button #another.quiet type="button" phx-click=(Msg::Another) phx-hook="Focus" data-return="name" { "Register somebody else" }
            }
        }
    }
}

/// One line of a form; it serves the fields of any.
fn render_field(
    field: &Field<'_>,
    label: &str,
    autocomplete: &str,
    hint: Option<&str>,
) -> Rendered {
    let id = field.id();
    html! {
        div.field {
            label for=(id) { (label) }
            input #(id) type="text" name=(field.name()) value=(field.raw())
                autocomplete=(autocomplete) phx-debounce="250"
                aria-invalid=[field.is_invalid().then_some("true")] aria-describedby={ (id) "-hint " (id) "-error" };
            p.hint #{ (id) "-hint" } { (hint) }
            p.error #{ (id) "-error" } aria-live="polite" {
                @for error in field.errors() { (label) " " (error) ". " }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(encoded: &str) -> String {
        let mut form = Form::parse(encoded);
        check(&mut form);
        form.result()
            .err()
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    #[test]
    fn each_field_has_its_own_error() {
        let text = errors("name=&email=ada&age=abc&city=");
        assert_eq!(
            text,
            "age must be a whole number, email must be an address such as ada@example.org, name is required"
        );
        assert_eq!(errors("name=Ada&email=ada@example.org&age=36&city="), "");
        assert_eq!(
            errors("name=Ada&email=ada@example.org&age=7&city=Turin"),
            "age must be from 16 to 120"
        );
    }

    #[test]
    fn an_address_has_a_user_and_a_host_with_a_dot() {
        for good in ["ada@example.org", "a.b+c@x.y.z", "ä@ö.example"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@host",
            "ada@.org",
            "ada@host.",
            "a b@c.d",
            "a@b@c.d",
            "a@b..c",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
