//! The hash by which server and client know a template, computed here rather
//! than by the compiler's interpreter, which takes a few µs per byte.

use proc_macro2::TokenStream;
use rapidhash::v3::rapidhash_v3;

/// Invariant: the same as the core's `Template` computes from these statics.
pub(crate) fn fingerprint(statics: &[String]) -> u64 {
    statics.iter().fold(0, |fingerprint: u64, html| {
        fingerprint
            .rotate_left(5)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ^ rapidhash_v3(html.as_bytes())
    })
}

/// A hash of code.
pub(crate) fn of_code(code: &TokenStream) -> u64 {
    rapidhash_v3(code.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use bennu::Template;

    use super::*;

    #[test]
    fn the_core_computes_the_same() {
        let templates: [&[&str]; 5] = [
            &[""],
            &["", ""],
            &["<p>", "</p>"],
            &["a", "", "é", "<li class=\"", "\">"],
            &[
                "a text that is longer than the sixteen bytes of a block, and another one of forty-eight, and then some more of it to fill the last",
            ],
        ];
        for statics in templates {
            let owned: Vec<String> = statics.iter().map(|html| (*html).to_owned()).collect();
            assert_eq!(
                fingerprint(&owned),
                Template::fragment(statics).fingerprint(),
                "{statics:?}"
            );
        }
    }
}
