use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::event::{Event as _, Payload};
use crate::form::{Form, decode, decode_field, parse_form};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Signup {
    name: String,
    email: String,
    age: u8,
    #[serde(skip_serializing)]
    password: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    address: Address,
    items: Vec<Item>,
    express: bool,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Address {
    street: String,
    zip: Option<u32>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Item {
    title: String,
    price: f64,
}

fn errors<'f, T>(form: &'f Form<T>, field: &str) -> Vec<&'f str> {
    form.errors(field).collect()
}

#[test]
fn an_empty_form_is_not_valid_and_shows_no_error() {
    let form = Form::<Signup>::new();
    assert!(!form.is_valid());
    assert_eq!(form.raw("age"), "");
    assert_eq!(errors(&form, "age"), [""; 0]);
    assert_eq!(form.result().unwrap_err().of("age").count(), 1);
}

#[test]
fn values_stay_as_they_were_typed() {
    let form: Form<Signup> = Form::parse("name=+Ada&email=x&age=+1x+&password=p");
    assert_eq!(form.raw("name"), " Ada");
    assert_eq!(form.raw("age"), " 1x ");
    assert_eq!(errors(&form, "age"), ["must be a whole number"]);
    assert_eq!(form.value(), None);
}

#[test]
fn only_used_fields_show_their_errors() {
    let mut form: Form<Signup> =
        Form::parse("name=A&_unused_email=&email=&_unused_age=&age=&password=");
    form.require(["email", "password"]);
    assert_eq!(errors(&form, "age"), [""; 0]);
    assert_eq!(errors(&form, "email"), [""; 0]);
    assert_eq!(errors(&form, "password"), ["is required"]);
    assert!(form.is_used("name") && !form.is_used("age"));

    // A field that sent nothing is used once no field is marked.
    let form: Form<Signup> = Form::parse("name=A");
    assert_eq!(errors(&form, "age"), ["is required"]);
}

#[test]
fn a_group_is_used_when_a_field_of_it_is() {
    let mut form: Form<Order> = Form::parse(
        "address[_unused_street]=&address[street]=&address[zip]=x\
         &items[0][_unused_title]=&items[0][title]=&items[1][price]=y&_unused_tags[]=",
    );
    form.add_error("address", "is far away")
        .add_error("items.0", "is odd");
    assert!(form.is_used("address") && form.is_used("items") && form.is_used(""));
    assert!(!form.is_used("address.street") && !form.is_used("items.0"));
    assert_eq!(errors(&form, "address"), ["is far away"]);
    assert_eq!(errors(&form, "address.zip"), ["must be a whole number"]);
    assert_eq!(errors(&form, "items.1.price"), ["must be a number"]);
    assert_eq!(errors(&form, "items.1.title"), [""; 0]);
    assert_eq!(errors(&form, "items.0"), [""; 0]);
}

#[test]
fn a_form_filled_from_a_value_gives_it_back() {
    let order = Order {
        address: Address {
            street: "Nile".into(),
            zip: None,
        },
        items: vec![Item {
            title: "egg".into(),
            price: 1.5,
        }],
        express: true,
    };
    let form: Form<Order> = Form::filled(&order);
    assert_eq!(form.value(), Some(&order));
    assert_eq!(form.raw("items.0.price"), "1.5");
    assert_eq!(form.raw("express"), "true");
    assert_eq!(form.raw("address.zip"), "");
    assert_eq!(form.name("items.0.price"), "items[0][price]");
}

#[test]
fn what_is_not_serialized_must_be_typed() {
    let signup = Signup {
        name: "Ada".into(),
        email: "a@b".into(),
        age: 36,
        password: "secret".into(),
    };
    let form: Form<Signup> = Form::filled(&signup);
    assert_eq!(form.raw("password"), "");
    assert_eq!(
        form.result().unwrap_err().to_string(),
        "password is required"
    );
}

#[test]
fn a_form_in_a_field_of_an_event_has_its_name() {
    let raw = parse_form("user[name]=A&user[email]=&user[age]=3&user[password]=p&_target=x");
    let form: Form<Signup> = decode_field("user", raw.get("user")).unwrap();
    assert_eq!(form.name("email"), "user[email]");
    assert_eq!(form.id("email"), "user_email");
    assert_eq!(form.field("email").name(), "user[email]");
    assert!(form.is_valid());

    let form: Form<Signup> = decode(&json!({"age": 3, "_target": ["age"]})).unwrap();
    assert_eq!((form.name("age"), form.raw("age")), ("age".to_owned(), "3"));

    let form: Form<Signup> = decode_field("user", None).unwrap();
    assert_eq!(form.name("email"), "user[email]");
    assert!(decode::<Form<Signup>>(&json!("a form of too many values")).is_err());
}

#[test]
fn other_formats_give_a_form_too() {
    let form: Form<Signup> = serde_json::from_str(r#"{"name": "A", "age": 3}"#).unwrap();
    assert_eq!(form.raw("age"), "3");
    assert!(serde_json::from_str::<Form<Signup>>("[]").is_err());
}

#[test]
fn rules_of_one_field_run_while_others_do_not_parse() {
    let adult = |age: u8| {
        if age < 18 {
            Err("must be 18 or more")
        } else {
            Ok(())
        }
    };
    let mut form: Form<Signup> = Form::parse("name=&email=&age=3&password=");
    form.rule("age", adult).rule("name", |name: String| {
        if name.is_empty() {
            Err("is missing")
        } else {
            Ok(())
        }
    });
    assert_eq!(errors(&form, "age"), ["must be 18 or more"]);
    assert_eq!(errors(&form, "name"), ["is missing"]);

    let mut form: Form<Signup> = Form::parse("age=x");
    form.rule("age", adult)
        .validate(|_, errors| errors.add("age", "never"));
    assert_eq!(errors(&form, "age"), ["must be a whole number"]);
}

#[test]
fn an_error_from_outside_makes_it_invalid() {
    let mut form: Form<Signup> = Form::parse("name=A&email=a@b&age=3&password=p");
    assert_eq!(form.value().map(|signup| signup.age), Some(3));
    form.add_error("email", "is taken")
        .add_error("", "try again");
    assert_eq!(form.value(), None);
    assert_eq!(errors(&form, "email"), ["is taken"]);
    assert_eq!(errors(&form, ""), ["try again"]);
}

#[test]
fn debug_output_shows_no_values() {
    let form: Form<Signup> = Form::parse("name=A&email=a@b&age=3&password=secret");
    assert!(!format!("{form:?}").contains("secret"));
}

#[derive(bennu_macros::Event)]
enum Msg {
    Validate(Form<Signup>),
    Save { user: Form<Signup>, again: bool },
}

#[test]
fn events_carry_forms() {
    let raw = parse_form("user[name]=A&user[age]=x&name=B&age=3&email=e&password=p");
    match Msg::decode("save", Payload::new(raw.clone())).unwrap() {
        Msg::Save { user, again } => {
            assert_eq!((user.raw("age"), again), ("x", false));
            assert_eq!(user.id("age"), "user_age");
        }
        Msg::Validate(_) => unreachable!("the name says save"),
    }
    match Msg::decode("validate", Payload::new(raw)).unwrap() {
        Msg::Validate(form) => assert_eq!(form.value().map(|signup| signup.age), Some(3)),
        Msg::Save { .. } => unreachable!("the name says validate"),
    }
}
