//! Templates that compile without a word, and what wrong ones are told.

#[test]
fn wrong_templates_are_told_what_is_wrong() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/compile/pass/*.rs");
    cases.compile_fail("tests/compile/fail/*.rs");
}
