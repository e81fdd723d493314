//! From which pages a request may come that acts for its visitor: browsers let any
//! page post a form or open a WebSocket, with the visitor's cookies
//! (`protocol.md §1.1`).
//!
//! `Origin` names the page's origin. `Sec-Fetch-Site` says how it stands to ours,
//! by the URL that the browser asked for, which a proxy may have rewritten since.

use http::HeaderMap;
use http::header::{self, AsHeaderName};
use http::request::Parts;

use crate::config::Config;

/// What is known of the page that a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A page of the application, or of an origin that it allows.
    Ours,
    /// Nothing: the request says of no page.
    Unknown,
    /// A page of another origin.
    Foreign,
}

/// Where a request that opens a WebSocket comes from. Browsers always send the
/// `Origin` of those; a few are wrong about `Sec-Fetch-Site`, so that it only
/// helps.
pub(crate) fn of_websocket(parts: &Parts, config: &Config) -> Source {
    let headers = &parts.headers;
    match only(headers, header::ORIGIN) {
        Ok(Some("null")) | Err(()) => Source::Foreign,
        Ok(Some(origin)) => {
            let site = only(headers, "sec-fetch-site");
            of_page(origin, site == Ok(Some("same-origin")), parts, config)
        }
        Ok(None) => Source::Unknown,
    }
}

/// Where a posted form comes from. A page whose referrer policy says nothing sends
/// `Origin: null`, as do sandboxed frames and `data:` documents of anybody: it
/// counts beside `Sec-Fetch-Site: same-origin` only.
pub(crate) fn of_form(parts: &Parts, config: &Config) -> Source {
    let headers = &parts.headers;
    let (Ok(origin), Ok(site)) = (
        only(headers, header::ORIGIN),
        only(headers, "sec-fetch-site"),
    ) else {
        return Source::Foreign;
    };
    let is_own_site = site == Some("same-origin");
    match origin {
        None | Some("null") if is_own_site => Source::Ours,
        None if site.is_none_or(|site| site == "none") => Source::Unknown,
        None | Some("null") => Source::Foreign,
        Some(origin) if is_listed(origin, config) => Source::Ours,
        Some(_) if site.is_some() && !is_own_site => Source::Foreign,
        Some(origin) => of_page(origin, is_own_site, parts, config),
    }
}

/// The one value of a header; two are an error, and so is one that is no text.
fn only(headers: &HeaderMap, name: impl AsHeaderName) -> Result<Option<&str>, ()> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

fn is_listed(origin: &str, config: &Config) -> bool {
    let listed = config.origins.iter().map(String::as_str);
    listed
        .chain(config.public.origin())
        .any(|allowed| allowed.eq_ignore_ascii_case(origin))
}

/// A public URL says where browsers see the application, so that no other host
/// that leads here counts but those of this machine.
fn of_page(origin: &str, is_own_site: bool, parts: &Parts, config: &Config) -> Source {
    if is_listed(origin, config) {
        return Source::Ours;
    }
    let host = host(parts);
    if config.has_public_url() && !host.is_some_and(is_loopback) {
        return Source::Foreign;
    }
    if is_own_site || host.is_some_and(|host| is_at(origin, host)) {
        Source::Ours
    } else {
        Source::Foreign
    }
}

/// Whether a page of this origin was asked for at this host.
fn is_at(origin: &str, own: &str) -> bool {
    let Some((scheme, host)) = origin.split_once("://") else {
        return false;
    };
    let default_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return false,
    };
    let [own, host] = [own, host].map(|host| host.strip_suffix(default_port).unwrap_or(host));
    own.eq_ignore_ascii_case(host)
}

/// The host that was asked: in HTTP/2 it is in `:authority`, which goes before a
/// `Host` (RFC 9110 §7.2).
pub(crate) fn host(parts: &Parts) -> Option<&str> {
    host_of(&parts.uri, &parts.headers)
}

/// As [`host`].
pub(crate) fn host_of<'r>(uri: &'r http::Uri, headers: &'r HeaderMap) -> Option<&'r str> {
    let authority = uri.authority().map(http::uri::Authority::as_str);
    authority.or_else(|| headers.get(header::HOST)?.to_str().ok())
}

/// Whether a host is this machine, as it is while one develops.
pub(crate) fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.trim_end_matches('.');
    let top = name.rsplit('.').next().unwrap_or_default();
    let address = || -> Option<std::net::IpAddr> { name.parse().ok() };
    top.eq_ignore_ascii_case("localhost") || address().is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        Config::new([1; 32])
            .expect("32 bytes are enough")
            .allow_origin("https://friend.example")
    }

    fn parts(headers: &[(&'static str, &str)]) -> Parts {
        let mut request = http::Request::new(());
        for (name, value) in headers {
            let value = value.parse().expect("a header");
            request.headers_mut().append(*name, value);
        }
        request.into_parts().0
    }

    fn socket(host: &str, origin: &str) -> Source {
        of_websocket(&parts(&[("host", host), ("origin", origin)]), &config())
    }

    #[test]
    fn only_the_own_host_and_listed_origins_may_connect() {
        let none = parts(&[("host", "a.example:4000")]);
        assert_eq!(of_websocket(&none, &config()), Source::Unknown);
        for (host, origin) in [
            ("a.example:4000", "http://a.example:4000"),
            ("A.example", "https://a.example"),
            ("a.example:443", "https://a.example"),
            ("a.example", "https://friend.example"),
        ] {
            assert_eq!(socket(host, origin), Source::Ours, "{origin}");
        }
        for origin in [
            "http://evil.example",
            "http://a.example:4001",
            "http://a.example.evil.example",
            "http://friend.example",
            "null",
            "",
            "file://",
        ] {
            assert_eq!(
                socket("a.example:4000", origin),
                Source::Foreign,
                "{origin}"
            );
        }
    }

    #[test]
    fn a_form_of_another_site_is_foreign_whatever_it_says_beside() {
        let own = ("origin", "https://a.example");
        let host = ("host", "a.example");
        let site = |site: &'static str| ("sec-fetch-site", site);
        let null = ("origin", "null");
        let friend = ("origin", "https://friend.example");
        for (headers, source) in [
            (vec![host], Source::Unknown),
            (vec![host, site("none")], Source::Unknown),
            (vec![host, own], Source::Ours),
            (vec![host, site("same-origin")], Source::Ours),
            (vec![host, null, site("same-origin")], Source::Ours),
            // A proxy wrote another host.
            (vec![("host", "x"), own, site("same-origin")], Source::Ours),
            (vec![host, friend, site("cross-site")], Source::Ours),
            (vec![host, null], Source::Foreign),
            (vec![host, null, site("cross-site")], Source::Foreign),
            (vec![host, site("same-site")], Source::Foreign),
            (vec![host, own, site("same-site")], Source::Foreign),
            (vec![host, own, own], Source::Foreign),
            (vec![host, own, friend], Source::Foreign),
            (
                vec![host, own, site("same-origin"), site("x")],
                Source::Foreign,
            ),
        ] {
            assert_eq!(of_form(&parts(&headers), &config()), source, "{headers:?}");
        }
    }

    #[test]
    fn a_public_url_says_which_host_counts() {
        let config = config()
            .public_url("https://A.example:443/app")
            .expect("a URL");
        let of = |host, origin| {
            let headers = [
                ("host", host),
                ("origin", origin),
                ("sec-fetch-site", "same-origin"),
            ];
            (
                of_form(&parts(&headers), &config),
                of_websocket(&parts(&headers), &config),
            )
        };
        let (ours, foreign) = (
            (Source::Ours, Source::Ours),
            (Source::Foreign, Source::Foreign),
        );
        assert_eq!(of("10.0.0.7:4000", "https://a.example"), ours);
        assert_eq!(of("localhost:4000", "http://localhost:4000"), ours);
        assert_eq!(of("rebound.example", "http://rebound.example"), foreign);
    }

    #[test]
    fn the_host_of_http_2_is_its_authority() {
        let mut parts = parts(&[("origin", "https://a.example")]);
        parts.uri = "https://a.example/login".parse().expect("a URI");
        assert_eq!(of_form(&parts, &config()), Source::Ours);
        parts.uri = "https://b.example/login".parse().expect("a URI");
        assert_eq!(of_form(&parts, &config()), Source::Foreign);
    }

    #[test]
    fn this_machine_has_a_few_names() {
        for host in [
            "localhost",
            "LOCALHOST:4000",
            "app.localhost",
            "127.0.0.2:80",
            "[::1]:80",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "localhost.example",
            "192.168.0.1",
            "[fe80::1]:80",
            "notlocalhost",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
