//! Addresses that come from outside of the template: what runs something is never
//! written, and the developer is told.

use std::panic::Location;
use std::sync::Mutex;

use bennu::url::{REFUSED, report_to};
use bennu::{Attributes, PreEscaped, Rendered, TrustedUrl};
use bennu_macros::html;
use proptest::prelude::*;

use crate::check_ours;

/// What a visitor may have entered, and a browser would run.
const SCRIPTS: [&str; 9] = [
    "javascript:alert(1)",
    " javascript:alert(1)",
    "\u{1}\t javascript:alert(1)",
    "java\tscr\nipt\r:alert(1)",
    "JaVaScRiPt:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "DATA:text/html;base64,PHNjcmlwdD4=",
    "data:image/svg+xml,<svg onload=alert(1)>",
];

/// The value of the one attribute `of` of the HTML.
#[track_caller]
fn value(html: &Rendered, of: &str) -> String {
    let html = html.to_html();
    let start = format!(" {of}=\"");
    let (_, rest) = html.split_once(&start).expect(&start);
    rest.split('"').next().expect("a quote").to_owned()
}

/// Where a document or a script may come from.
fn links(url: &str) -> Vec<(&'static str, Rendered)> {
    vec![
        ("href", html! { a href=(url) {} }),
        ("HREF", html! { A HREF=(url) {} }),
        ("href", html! { area href=[Some(url)]; }),
        ("href", html! { base href=(url); }),
        ("action", html! { form action=(url) {} }),
        ("formaction", html! { button formaction=(url) {} }),
        ("formaction", html! { input formaction={ (url) }; }),
        ("src", html! { iframe src=(url) {} }),
        ("src", html! { frame src=(url); }),
        ("src", html! { embed src=(url); }),
        ("src", html! { script src=(url) {} }),
        ("data", html! { object data=(url) {} }),
        ("href", html! { svg { a href=(url) {} } }),
        ("xlink:href", html! { svg { a xlink:href=(url) {} } }),
        ("xlink:href", html! { svg { use xlink:href=(url) {} } }),
        ("href", html! { x-link href=(url) {} }),
        ("src", html! { x-frame src=(url) {} }),
        (
            "href",
            html! { a href=@if url.is_empty() { "/" } @else { (url) } {} },
        ),
        (
            "href",
            html! { a href={ @let address = url; (address) "#top" } {} },
        ),
        (
            "content",
            html! { meta http-equiv="refresh" content={ "1; url=" (url) }; },
        ),
        (
            "content",
            html! { meta http-equiv=("Refresh") content={ "0,URL = '" (url) "'" }; },
        ),
        (
            "content",
            html! { meta http-equiv="refresh" content={ "2 " (url) }; },
        ),
        ("to", html! { svg { set attributeName="href" to=(url) {} } }),
        (
            "values",
            html! { svg { animate attributeName="xlink:href" values={ "#a;" (url) } {} } },
        ),
        (
            "href",
            html! { a ..(Attributes::new().with("href", url)) {} },
        ),
        (
            "src",
            html! { iframe ..(Attributes::new().with("src", url)) {} },
        ),
        (
            "xLink:Href",
            html! { a ..(Attributes::new().with("xLink:Href", url)) {} },
        ),
        (
            "formaction",
            html! { button ..(Attributes::new().with("formaction", url)) {} },
        ),
    ]
}

/// Where only pictures, sounds and films are shown.
fn media(url: &str) -> Vec<(&'static str, Rendered)> {
    vec![
        ("src", html! { img src=(url); }),
        ("src", html! { source src=(url); }),
        ("src", html! { video src=(url) {} }),
        ("poster", html! { video poster=(url) {} }),
        ("href", html! { svg { image href=(url) {} } }),
        ("href", html! { link rel="icon" href=(url); }),
    ]
}

#[test]
fn an_address_that_runs_something_leads_nowhere() {
    for url in SCRIPTS {
        for (of, html) in links(url) {
            assert_eq!(value(&html, of), REFUSED, "{url:?} in {}", html.to_html());
        }
    }
    for url in &SCRIPTS[..8] {
        for (of, html) in media(url) {
            assert_eq!(value(&html, of), REFUSED, "{url:?} in {}", html.to_html());
        }
        for (of, html) in [
            ("ping", html! { a ping={ "/a " (url) } {} }),
            (
                "srcset",
                html! { img srcset={ "/a.png 1x, " (url) " 2x" }; },
            ),
            (
                "imagesrcset",
                html! { link rel="preload" imagesrcset={ "/a.png, " (url) }; },
            ),
        ] {
            // These have blanks between their addresses.
            if !url.trim().contains(char::is_whitespace) {
                assert_eq!(value(&html, of), REFUSED, "{url:?} in {}", html.to_html());
            }
        }
    }
}

#[test]
fn addresses_of_the_web_are_written_as_they_are() {
    for url in [
        "",
        "/",
        "/a:b?c=javascript:d",
        "?q=a:b",
        "#a:b",
        "../a",
        "a/b:c",
        "user@host",
        "7:30",
        "//cdn.example/x",
        "http://example.org/",
        "HTTPS://example.org/?a=b&amp;c",
    ] {
        let written = html! { (url) }.to_html();
        for (of, html) in links(url).into_iter().chain(media(url)) {
            assert!(value(&html, of).contains(&written), "{}", html.to_html());
        }
    }
    for url in ["mailto:a@b.example", "tel:+49-30", "sms:1", "about:blank"] {
        check_ours!(format!("<a href=\"{url}\"></a>"); a href=(url) {});
    }
    for url in [
        "blob:https://example.org/9115",
        "data:image/png;base64,AAAA",
        "data:image/svg+xml,x",
        "data:audio/wav;base64,",
    ] {
        for (of, html) in media(url) {
            assert_eq!(value(&html, of), url);
        }
        let set = format!("{url} 1x, /b.png 2x");
        check_ours!(format!("<img srcset=\"{set}\">"); img srcset=(set););
    }
    let picture = "data:image/png;base64,AAAA";
    check_ours!(format!("<img src=\"{picture}\">"); img ..(Attributes::new().with("src", picture)););
}

#[test]
fn an_address_in_pieces_is_judged_as_a_whole() {
    let (one, other) = ("java", "script:alert(1)");
    check_ours!(format!("<a href=\"{REFUSED}\"></a>"); a href={ (one) (other) } {});
    check_ours!(format!("<a href=\"{REFUSED}\"></a>"); a href={ "java" (other) } {});
    let host = "example.org";
    check_ours!("<a href=\"https://example.org/\"></a>"; a href={ "https://" (host) "/" } {});
    let user = "x:y";
    check_ours!("<a href=\"/user/x:y\"></a>"; a href={ "/user/" (user) } {});
    check_ours!("<a href=\"web+x:y\"></a>"; a href={ "web+x:" "y" } {});
}

#[test]
fn other_attributes_hold_what_they_like() {
    let text = "javascript:alert(1)";
    check_ours!(
        "<a title=\"javascript:alert(1)\" data-href=\"javascript:alert(1)\"></a>";
        a title=(text) data-href=(text) {}
    );
    check_ours!(
        "<meta name=\"description\" content=\"5; url=javascript:alert(1)\">";
        meta name="description" content={ "5; url=" (text) };
    );
    check_ours!("<x-chart data=\"javascript:alert(1)\"></x-chart>"; x-chart data=(text) {});
}

#[test]
fn entities_that_others_wrote_hide_no_scheme() {
    for html in [
        "&#106;avascript:x",
        "java&Tab;script:x",
        "javascript&colon;x",
    ] {
        check_ours!(format!("<a href=\"{REFUSED}\"></a>"); a href=(PreEscaped(html)) {});
        // As a text it is a relative address with an ampersand in it.
        let text = html.replace('&', "&amp;");
        check_ours!(format!("<a href=\"{text}\"></a>"); a href=(html) {});
    }
}

#[test]
fn a_trusted_address_is_written_as_it_is() {
    let url = TrustedUrl("magnet:?a=\"b\"");
    let written = "magnet:?a=&quot;b&quot;";
    check_ours!(format!("<a href=\"{written}\"></a>"); a href=(url) {});
    check_ours!(format!("<a href=\"{written}\"></a>"); a href=[Some(&url)] {});
    check_ours!(format!("<a href=\"{written}#x\"></a>"); a href={ (url) "#x" } {});
    check_ours!(format!("<p> href=\"{written}\"</p>"); p { (PreEscaped(Attributes::new().url("href", url).to_html())) });
    let (part, evil) = (TrustedUrl("java"), "script:alert(1)");
    check_ours!(format!("<a href=\"{REFUSED}\"></a>"); a href={ (part) (evil) } {});
    let (nothing, evil) = (TrustedUrl(""), "javascript:alert(1)");
    check_ours!(
        format!("<a href=\"\"></a><a href=\"{REFUSED}\"></a>");
        a href=(nothing) {} a href=(evil) {}
    );
}

#[test]
fn what_is_refused_is_told_with_its_place_and_without_its_text() {
    static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    report_to(|url| {
        let mut told = TOLD.lock().expect("no test panics in it");
        told.push(url.to_string());
    });
    let here = Location::caller();
    let url = "javascript:told()";
    let _ = html! {
        a href=(url) {}
    };
    let _ = Attributes::new().with("action", "secret:told()");
    let told = TOLD.lock().expect("no test panics in it");
    let at =
        |lines: u32, column: u32| format!("{}:{}:{column} got", here.file(), here.line() + lines);
    for wanted in [
        format!(
            "the attribute `href` of `a` at {} a `javascript:` address",
            at(3, 11)
        ),
        format!(
            "the attribute `action` at {} an address whose scheme",
            at(5, 31)
        ),
    ] {
        assert!(
            told.iter().any(|told| told.starts_with(&wanted)),
            "{wanted}: {told:?}"
        );
    }
    assert!(
        told.iter()
            .all(|told| !told.contains("told()") && !told.contains("secret"))
    );
}

proptest! {
    /// The scheme as the URL standard finds it, by another way: without the
    /// characters that it drops, up to the first colon.
    #[test]
    fn no_noise_around_a_scheme_hides_it(
        front in "[\u{0}-\u{20}]{0,4}",
        noise in proptest::collection::vec("[\t\n\r]{0,2}", 11),
        upper in proptest::collection::vec(any::<bool>(), 11),
        rest in "\\PC{0,8}",
    ) {
        let mut url = front;
        for ((letter, noise), upper) in "javascript:".chars().zip(noise).zip(upper) {
            url.push(if upper { letter.to_ascii_uppercase() } else { letter });
            url.push_str(&noise);
        }
        url.push_str(&rest);
        let html = html! { a href=(url) {} };
        prop_assert_eq!(value(&html, "href"), REFUSED);
    }

    /// As by the URL standard, read in another way.
    #[test]
    fn a_link_is_written_exactly_if_its_scheme_is_allowed(pieces in proptest::collection::vec(
        proptest::sample::select(&[
            "java", "script", ":", "data", "text/html", ",", "/", "http", "s", "mailto", "tel", " ",
            "\t", "\n", "\0", "&", "#x0a;", "?", "é", "-", "1", "ABOUT", "blank", "", "=",
        ][..]),
        0..7,
    )) {
        let url = pieces.concat();
        let read: String = url
            .trim_start_matches(|char| char <= ' ')
            .replace(['\t', '\n', '\r'], "");
        let scheme = read.split_once(':').map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
        let is_scheme = |scheme: &str| {
            scheme.starts_with(|char: char| char.is_ascii_alphabetic())
                && scheme.chars().all(|char| char.is_ascii_alphanumeric() || "+-.".contains(char))
        };
        let is_allowed = match &scheme {
            Some((scheme, rest)) if is_scheme(scheme) => match scheme.as_str() {
                "http" | "https" | "mailto" | "tel" => true,
                "about" => rest.to_ascii_lowercase().starts_with("blank"),
                _ => false,
            },
            _ => true,
        };
        let written = html! { a href=(url) {} };
        prop_assert_eq!(value(&written, "href") != REFUSED, is_allowed, "{:?}", url);
    }
}
