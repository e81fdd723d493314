use bennu_macros::FormFields;

#[derive(FormFields)]
struct Pair(String, String);

#[derive(FormFields)]
struct Nothing;

#[derive(FormFields)]
enum Choice {
    One { title: String },
}

#[derive(FormFields)]
struct Ticket {
    title: String,
    body: String,
}

fn main() {
    let _ = Ticket::BDOY;
}
