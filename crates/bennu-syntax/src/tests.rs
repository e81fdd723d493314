//! Whole templates.

use std::str::FromStr;

use proc_macro2::TokenStream;

use super::read;

#[test]
fn a_literal_script_is_refused_wherever_an_address_may_begin() {
    for (markup, refused) in [
        (r#"a href=@if x { "/" } @else { "javascript:x" } {}"#, 1),
        (r#"a ping="vbscript:x" {}"#, 1),
        (r#"video poster={ @let a = b; "JavaScript:" (a) } {}"#, 1),
        (r#"meta http-equiv="refresh" content="javascript:x";"#, 1),
        (r#"meta name="description" content="javascript:x";"#, 0),
        (r#"x-chart data="javascript:x" {}"#, 0),
        (r#"a title="javascript:x" href="/javascript:x" {}"#, 0),
    ] {
        let reading = read(TokenStream::from_str(markup).unwrap());
        assert_eq!(reading.diagnostics.iter().count(), refused, "{markup}");
    }
}
