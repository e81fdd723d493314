use bennu_core::Render;
use bennu_macros::html;
use serde::Deserialize;

use crate::form::Form;

#[derive(Deserialize)]
#[expect(dead_code, reason = "only what is rendered matters")]
struct Order {
    note: String,
    size: Size,
    toppings: Vec<String>,
    express: bool,
    day: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Size {
    Small,
    Large,
}

#[track_caller]
fn check(control: impl Render, parts: &[&str]) {
    let html = html! { (control) }.to_html();
    assert_eq!(html, parts.concat());
}

const SIZES: [(&str, &str); 2] = [("small", "Small"), ("large", "Large & more")];

#[test]
fn an_input_takes_what_its_caller_adds() {
    let form: Form<Order> = Form::parse("day=2026-02-31").named("order");
    let day = form
        .input("day")
        .label("Day")
        .kind("date")
        .class("half")
        .attribute("min", "2026-01-01")
        .autocomplete("off")
        .debounce(300)
        .required();
    check(
        day,
        &[
            r#"<div class="half"><label for="order_day">Day</label>"#,
            r#"<input type="date" id="order_day" name="order[day]" value="2026-02-31""#,
            r#" min="2026-01-01" autocomplete="off" phx-debounce="300" required>"#,
            r#"<div class="errors" id="order_day_errors" aria-live="polite"></div></div>"#,
        ],
    );
}

#[test]
fn an_input_without_a_label_says_what_it_is() {
    let form: Form<Order> = Form::new();
    check(
        form.input("day").debounce_until_left(),
        &[
            r#"<div class="field"><input type="text" id="day" name="day" value="" phx-debounce="blur" aria-label="day">"#,
            r#"<div class="errors" id="day_errors" aria-live="polite"></div></div>"#,
        ],
    );
    let hidden = form.input("day").hidden_label("Day of delivery");
    assert!(
        html! { (hidden) }
            .to_html()
            .contains(r#" aria-label="Day of delivery">"#)
    );
    check(
        form.input("day").kind("hidden"),
        &[r#"<input type="hidden" id="day" name="day" value="">"#],
    );
}

#[test]
fn a_file_input_has_a_name_and_no_value() {
    let form: Form<Order> = Form::parse("day=plan.pdf");
    let file = form
        .input("day")
        .kind("file")
        .label("Plan")
        .attribute("accept", ".pdf");
    check(
        file,
        &[
            r#"<div class="field"><label for="day">Plan</label>"#,
            r#"<input type="file" id="day" name="day" accept=".pdf">"#,
            r#"<div class="errors" id="day_errors" aria-live="polite"></div></div>"#,
        ],
    );
}

#[test]
fn a_textarea_keeps_a_line_break_at_its_start() {
    let form: Form<Order> = Form::parse("note=%0Aa<b");
    check(
        form.textarea("note").label("Note").attribute("rows", 3),
        &[
            r#"<div class="field"><label for="note">Note</label>"#,
            "<textarea id=\"note\" name=\"note\" rows=\"3\">\n\na&lt;b</textarea>",
            r#"<div class="errors" id="note_errors" aria-live="polite"></div></div>"#,
        ],
    );
}

#[test]
fn a_checkbox_says_false_when_it_is_not_checked() {
    for (sent, checked) in [("express=on", "checked"), ("express=false", ""), ("", "")] {
        let form: Form<Order> = Form::parse(sent);
        check(
            form.checkbox("express").label("Express"),
            &[
                r#"<div class="field"><input type="hidden" name="express" value="false">"#,
                r#"<label><input type="checkbox" id="express" name="express" value="true" "#,
                checked,
                r#"> <span>Express</span></label>"#,
                r#"<div class="errors" id="express_errors" aria-live="polite"></div></div>"#,
            ],
        );
    }
}

#[test]
fn a_select_has_a_prompt_options_and_groups() {
    let mut form: Form<Order> = Form::parse("size=large");
    form.add_error("size", "is sold out");
    check(
        form.select("size")
            .label("Size")
            .prompt("Choose")
            .options(SIZES)
            .group("Old", [("xl", "XL")]),
        &[
            r#"<div class="field"><label for="size">Size</label>"#,
            r#"<select id="size" name="size" aria-invalid="true" aria-describedby="size_errors">"#,
            r#"<option value="" >Choose</option><option value="small" >Small</option>"#,
            r#"<option value="large" selected>Large &amp; more</option>"#,
            r#"<optgroup label="Old"><option value="xl" >XL</option></optgroup></select>"#,
            r#"<div class="errors" id="size_errors" aria-live="polite"><p>is sold out</p></div></div>"#,
        ],
    );
}

#[test]
fn a_select_for_several_sends_a_list() {
    let form: Form<Order> = Form::parse("toppings[]=a&toppings[]=c");
    let options = ["a", "b", "c"].map(|name| (name, name));
    check(
        form.select("toppings")
            .label("Toppings")
            .multiple()
            .options(options),
        &[
            r#"<div class="field"><label for="toppings">Toppings</label>"#,
            r#"<select id="toppings" name="toppings[]" multiple>"#,
            r#"<option value="a" selected>a</option><option value="b" >b</option><option value="c" selected>c</option>"#,
            r#"</select><div class="errors" id="toppings_errors" aria-live="polite"></div></div>"#,
        ],
    );
}

#[test]
fn radios_are_one_group() {
    let form: Form<Order> = Form::parse("size=tiny");
    assert_eq!(form.value().map(|order| &order.note), None);
    check(
        form.radios("size")
            .label("Size")
            .hint("As you like")
            .options(SIZES)
            .required(),
        &[
            r#"<fieldset id="size" class="field" role="radiogroup" aria-invalid="true" aria-describedby="size_hint size_errors">"#,
            r#"<legend>Size</legend>"#,
            r#"<label><input type="radio" id="size_0" name="size" value="small"  required> <span>Small</span></label>"#,
            r#"<label><input type="radio" id="size_1" name="size" value="large"  required> <span>Large &amp; more</span></label>"#,
            r#"<p class="hint" id="size_hint">As you like</p>"#,
            r#"<div class="errors" id="size_errors" aria-live="polite"><p>is not one of the choices</p></div></fieldset>"#,
        ],
    );
}

#[test]
fn boxes_of_a_list_are_each_wrong_when_the_list_is() {
    let mut form: Form<Order> = Form::parse("toppings[]=b");
    form.add_error("toppings", "must be two");
    check(
        form.checkboxes("toppings")
            .label("Toppings")
            .options([("a", "A"), ("b", "B")]),
        &[
            r#"<fieldset id="toppings" class="field"><legend>Toppings</legend>"#,
            r#"<label><input type="checkbox" id="toppings_0" name="toppings[]" value="a" "#,
            r#" aria-invalid="true" aria-describedby="toppings_errors"> <span>A</span></label>"#,
            r#"<label><input type="checkbox" id="toppings_1" name="toppings[]" value="b" checked"#,
            r#" aria-invalid="true" aria-describedby="toppings_errors"> <span>B</span></label>"#,
            r#"<div class="errors" id="toppings_errors" aria-live="polite"><p>must be two</p></div></fieldset>"#,
        ],
    );
    check(
        form.checkboxes("toppings").hidden_label("Toppings"),
        &[
            r#"<fieldset id="toppings" class="field" aria-label="Toppings">"#,
            r#"<div class="errors" id="toppings_errors" aria-live="polite"><p>must be two</p></div></fieldset>"#,
        ],
    );
}
