//! Attributes with events.

use bennu::{Binding, BindingWriter};

use crate::{check, check_ours};

enum Msg {
    Save,
    Remove { id: u32, why: &'static str },
}

impl Binding for Msg {
    fn bind(&self, attribute: &mut BindingWriter<'_>) {
        match self {
            Self::Save => attribute.event("save"),
            Self::Remove { id, why } => {
                attribute.event_with_values("remove");
                attribute.value("id", id);
                attribute.value("why", why);
            }
        }
    }
}

#[test]
fn an_event_brings_its_values() {
    check_ours!("<button phx-click=\"save\">Save</button>"; button phx-click=(Msg::Save) { "Save" });
    check_ours!(
        r#"<i phx-click='[["push",{"event":"remove","value":{"id":"7","why":"\"&lt;"}}]]'></i>"#;
        i phx-click=(Msg::Remove { id: 7, why: "\"<" }) {}
    );
    check_ours!("<i phx-keydown=\"save\"></i>"; i phx-keydown=(&Msg::Save) {});
}

#[test]
fn a_text_is_the_name_of_an_event() {
    let name = String::from("a&b");
    check!("<i phx-click=\"save\" phx-blur=\"a&amp;b\"></i>"; i phx-click="save" phx-blur=(name) {});
    check!("<i phx-click=\"go-a&amp;b\"></i>"; i phx-click={ "go-" (name) } {});
}

#[test]
fn an_option_binds_an_event_or_none() {
    for (editable, html) in [
        (true, "<form phx-submit=\"save\"></form>"),
        (false, "<form></form>"),
    ] {
        check_ours!(html; form phx-submit=[editable.then_some(Msg::Save)] {});
    }
}

#[test]
fn other_attributes_of_the_client_are_plain() {
    check!(
        "<i id=\"a\" phx-value-id=\"3\" phx-target=\"#a\" phx-debounce=\"300\" phx-hook=\"Chart\" phx-update=\"ignore\"></i>";
        i #a phx-value-id=(3) phx-target="#a" phx-debounce="300" phx-hook="Chart" phx-update="ignore" {}
    );
}
