use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::form::Form;

#[derive(Debug, Serialize, Deserialize, Validate)]
#[garde(context(Limits))]
struct Order {
    #[garde(length(min = 2))]
    name: String,
    #[garde(dive)]
    address: Address,
    #[garde(length(min = 1), dive)]
    lines: Vec<Line>,
    #[garde(inner(length(max = 3)))]
    tags: Vec<String>,
    #[garde(inner(ascii))]
    note: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, Validate)]
#[garde(context(Limits))]
struct Address {
    #[garde(length(min = 1))]
    street: String,
}

#[derive(Debug, Serialize, Deserialize, Validate)]
#[garde(context(Limits))]
struct Line {
    #[garde(custom(within))]
    count: u32,
}

#[derive(Default)]
struct Limits {
    most: u32,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "garde passes a reference"
)]
fn within(count: &u32, limits: &Limits) -> garde::Result {
    if *count <= limits.most {
        return Ok(());
    }
    Err(garde::Error::new(format!(
        "must be {} or less",
        limits.most
    )))
}

#[track_caller]
fn check(sent: &str, wanted: &[&str]) {
    let mut form: Form<Order> = Form::parse(sent);
    form.garde_with(&Limits { most: 9 });
    let errors = form.result().err();
    let lines = errors.map(|errors| {
        errors
            .iter()
            .map(|(field, text)| format!("{field} {text}"))
            .collect::<Vec<_>>()
    });
    assert_eq!(lines.unwrap_or_default(), wanted, "of {sent}");
}

#[test]
fn a_violation_belongs_to_its_field() {
    check("name=Ada&address[street]=Nile&lines[0][count]=9", &[]);
    check(
        "name=A&address[street]=&lines[0][count]=9&note=%C3%A4",
        &[
            "address.street length is lower than 1",
            "name length is lower than 2",
            "note not ascii",
        ],
    );
    check(
        "name=Ada&address[street]=Nile",
        &["lines length is lower than 1"],
    );
    check(
        "name=Ada&address[street]=N&lines[0][count]=1&tags[]=abc&tags[]=abcd",
        &["tags.1 length is greater than 3"],
    );
}

#[test]
fn a_violation_in_a_list_belongs_to_the_entry_in_that_place() {
    let head = "name=Ada&address[street]=Nile";
    check(
        &format!("{head}&lines[_sort][]=7&lines[7][count]=10&lines[_sort][]=2&lines[2][count]=1"),
        &["lines.0.count must be 9 or less"],
    );
    // Without an order the keys name the entries.
    check(
        &format!("{head}&lines[7][count]=10&lines[2][count]=1"),
        &["lines.7.count must be 9 or less"],
    );
    // One that came alone.
    check(
        &format!("{head}&lines[0][count]=1&tags=abcd"),
        &["tags length is greater than 3"],
    );
}

#[test]
fn garde_waits_until_every_field_parses() {
    check(
        "name=A&address[street]=N&lines[0][count]=x",
        &["lines.0.count must be a whole number"],
    );
}
