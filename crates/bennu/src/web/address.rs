//! Whose a request is, by its address.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Once;

use axum::extract::ConnectInfo;
use http::request::Parts;

use crate::config::Config;

/// Headers by which proxies say for whom they ask.
const FORWARDED: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];

/// The address that a bound per address counts by: of IPv6 the network, since
/// one peer has the whole of it. `None` where it can't be known.
pub(crate) fn of(parts: &Parts, config: &Config) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let address = match &config.proxy {
        Some((header, count)) => {
            let lines = parts.headers.get_all(header).iter();
            // What a peer wrote into the header stands in one line with what the
            // proxy adds, and may be no text.
            let entries: Vec<_> = lines
                .flat_map(|line| line.as_bytes().split(|&byte| byte == b','))
                .collect();
            let at = entries.len().checked_sub(*count)?;
            parse(str::from_utf8(entries.get(at)?).ok()?)?
        }
        None if FORWARDED
            .iter()
            .any(|name| parts.headers.contains_key(*name)) =>
        {
            static WARNED: Once = Once::new();
            WARNED.call_once(|| {
                tracing::warn!(
                    "requests come through a proxy that Config::trusted_proxy doesn't name: \
                     Limits::strangers is not applied"
                );
            });
            return None;
        }
        None => peer?.0.ip(),
    };
    Some(match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    })
}

/// An address as proxies write it: some add the port.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse()
        .or_else(|_| text.parse().map(|address: SocketAddr| address.ip()))
        .ok()
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Request};

    use super::*;

    const PEER: [u8; 4] = [192, 0, 2, 1];

    fn address(lines: &[&str], config: &Config) -> Option<String> {
        let mut request = Request::new(());
        for line in lines {
            let value = HeaderValue::from_bytes(line.as_bytes()).expect("a header");
            request.headers_mut().append("x-forwarded-for", value);
        }
        let peer = ConnectInfo(SocketAddr::from((PEER, 50_000)));
        request.extensions_mut().insert(peer);
        of(&request.into_parts().0, config).map(|address| address.to_string())
    }

    fn config() -> Config {
        Config::new([7; 32]).expect("a secret")
    }

    #[test]
    fn without_a_proxy_it_is_the_peers_and_behind_an_unnamed_one_unknown() {
        assert_eq!(address(&[], &config()).as_deref(), Some("192.0.2.1"));
        assert_eq!(address(&["198.51.100.7"], &config()), None);
    }

    #[test]
    fn a_named_proxy_is_believed_and_what_stands_left_of_it_is_not() {
        for (count, lines, expected) in [
            (1, &["10.0.0.1, 198.51.100.7"][..], Some("198.51.100.7")),
            (
                2,
                &["6.6.6.6, 198.51.100.7", "10.0.0.1"],
                Some("198.51.100.7"),
            ),
            (1, &["198.51.100.7:4711"], Some("198.51.100.7")),
            (1, &["::ffff:198.51.100.7"], Some("198.51.100.7")),
            (1, &["[2001:db8:1:2:3::4]:99"], Some("2001:db8:1:2::")),
            (1, &["2001:db8:1:2:3::4"], Some("2001:db8:1:2::")),
            (3, &["198.51.100.7"], None),
            (1, &["unknown"], None),
            (1, &[], None),
        ] {
            let config = config().trusted_proxy("x-forwarded-for", count);
            assert_eq!(address(lines, &config).as_deref(), expected, "{lines:?}");
        }
    }

    #[test]
    fn no_text_left_of_what_a_proxy_added_hides_it() {
        let config = config().trusted_proxy("x-forwarded-for", 1);
        for line in ["é, 198.51.100.7", ", 198.51.100.7", "\"a,b, 198.51.100.7"] {
            let address = address(&[line], &config);
            assert_eq!(address.as_deref(), Some("198.51.100.7"), "{line}");
        }
    }
}
