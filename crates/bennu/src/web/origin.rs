//! Which pages may open a WebSocket: browsers let any page try, with the
//! visitor's cookies (`protocol.md §1.1`).

use http::{HeaderMap, header};

/// Whether the request's `Origin` is the host that it was sent to, or one of
/// `allowed`. Requests without it don't come from a page, and those with several
/// not from a browser.
pub(crate) fn is_allowed(headers: &HeaderMap, allowed: &[String]) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else {
        return true;
    };
    // Browsers send one. Which of two a proxy looked at, nobody knows.
    if origins.next().is_some() {
        return false;
    }
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    if allowed
        .iter()
        .any(|allowed| allowed.eq_ignore_ascii_case(origin))
    {
        return true;
    }
    let Some((scheme, host)) = origin.split_once("://") else {
        return false;
    };
    let default_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return false,
    };
    let bare = |host: &str| {
        host.strip_suffix(default_port)
            .unwrap_or(host)
            .to_ascii_lowercase()
    };
    headers
        .get(header::HOST)
        .and_then(|own| own.to_str().ok())
        .is_some_and(|own| bare(own) == bare(host))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn allowed(host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().expect("a header"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().expect("a header"));
        }
        is_allowed(&headers, &["https://friend.example".to_owned()])
    }

    #[test]
    fn a_request_with_two_origins_is_of_neither() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("a.example"));
        for origin in ["https://a.example", "https://friend.example"] {
            headers.append(header::ORIGIN, HeaderValue::from_static(origin));
        }
        assert!(!is_allowed(
            &headers,
            &["https://friend.example".to_owned()]
        ));
    }

    #[test]
    fn only_the_own_host_and_listed_origins_may_connect() {
        assert!(allowed("a.example:4000", None));
        assert!(allowed("a.example:4000", Some("http://a.example:4000")));
        assert!(allowed("A.example", Some("https://a.example")));
        assert!(allowed("a.example:443", Some("https://a.example")));
        assert!(allowed("a.example", Some("https://friend.example")));
        for origin in [
            "http://evil.example",
            "http://a.example:4001",
            "http://a.example.evil.example",
            "http://friend.example",
            "null",
            "",
            "file://",
        ] {
            assert!(!allowed("a.example:4000", Some(origin)), "{origin} passed");
        }
    }
}
