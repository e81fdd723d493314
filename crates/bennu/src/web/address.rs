//! Whose a request is, by its address.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Once;

use axum::extract::ConnectInfo;
use http::header::{self, HeaderName};
use http::request::Parts;

use crate::config::{Config, Proxies};

/// Headers by which proxies say for whom they ask.
const FORWARDED: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];

/// The address that a bound per address counts by: of IPv6 the network, since
/// one peer has the whole of it. `None` where it can't be known.
pub(crate) fn of(parts: &Parts, config: &Config) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|peer| peer.0.ip().to_canonical());
    let address = match &config.proxies {
        Proxies::None => peer,
        Proxies::Named(header, count) => forwarded(parts, header, *count).or_else(|| {
            warn_of_missing_header(header);
            peer
        }),
        Proxies::Unsaid => peer.filter(|peer| {
            let is_proxy = is_near(*peer) && has_forwarded(parts);
            if is_proxy {
                warn_of_unnamed_proxy();
            }
            !is_proxy
        }),
    };
    Some(match address? {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    })
}

/// The address that the outermost of so many proxies wrote.
fn forwarded(parts: &Parts, header: &HeaderName, count: usize) -> Option<IpAddr> {
    let lines = parts.headers.get_all(header).iter();
    // What a peer wrote into the header stands in one line with what the
    // proxy adds, and may be no text.
    let entries: Vec<_> = lines
        .flat_map(|line| line.as_bytes().split(|&byte| byte == b','))
        .collect();
    let at = entries.len().checked_sub(count)?;
    let entry = str::from_utf8(entries.get(at)?).ok()?;
    let address = match header == header::FORWARDED {
        true => parse(named_for(entry)?)?,
        false => parse(entry)?,
    };
    Some(address.to_canonical())
}

/// For whom a proxy asks by an entry of `Forwarded` (RFC 7239 §4), such as
/// `for="[2001:db8::1]:4711";proto=https`.
fn named_for(entry: &str) -> Option<&str> {
    let mut pairs = entry.split(';').filter_map(|pair| pair.split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    Some(node.trim().trim_matches('"'))
}

fn has_forwarded(parts: &Parts) -> bool {
    FORWARDED
        .iter()
        .any(|name| parts.headers.contains_key(*name))
}

/// Whether this is an address of the machine itself or of a private network: where
/// a proxy stands, and no visitor from the internet comes from.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            // Between a provider and its customers; load balancers of clouds use it.
            let is_shared = matches!(address.octets(), [100, 64..=127, ..]);
            address.is_loopback() || address.is_private() || address.is_link_local() || is_shared
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

fn warn_of_unnamed_proxy() {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            "requests come through a proxy that Config::trusted_proxy doesn't name: \
             Limits::strangers is not applied to them; without a proxy, say Config::no_proxy"
        );
    });
}

fn warn_of_missing_header(header: &HeaderName) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            %header,
            "a request lacks an address that Config::trusted_proxy says of proxies: \
             Limits::strangers counts it by its peer; if that is a proxy, the header or the \
             count is another one"
        );
    });
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

    /// An address of the internet, for documentation.
    const PEER: &str = "192.0.2.1";

    fn address(lines: &[&str], config: &Config) -> Option<String> {
        address_of(PEER, "x-forwarded-for", lines, config)
    }

    fn address_of(
        peer: &str,
        header: &'static str,
        lines: &[&str],
        config: &Config,
    ) -> Option<String> {
        let mut request = Request::new(());
        for line in lines {
            let value = HeaderValue::from_bytes(line.as_bytes()).expect("a header");
            request.headers_mut().append(header, value);
        }
        let peer: IpAddr = peer.parse().expect("an address");
        let peer = ConnectInfo(SocketAddr::from((peer, 50_000)));
        request.extensions_mut().insert(peer);
        of(&request.into_parts().0, config).map(|address| address.to_string())
    }

    fn config() -> Config {
        Config::new([7; 32]).expect("a secret")
    }

    #[test]
    fn a_peer_from_the_internet_counts_whatever_headers_it_sends() {
        for config in [config(), config().no_proxy()] {
            assert_eq!(address(&[], &config).as_deref(), Some(PEER));
            for header in FORWARDED {
                let address = address_of(PEER, header, &["198.51.100.7"], &config);
                assert_eq!(address.as_deref(), Some(PEER), "{header}");
            }
        }
    }

    #[test]
    fn behind_an_unnamed_proxy_nearby_the_address_is_unknown() {
        for (peer, counted) in [
            ("127.0.0.1", "127.0.0.1"),
            ("::ffff:127.0.0.1", "127.0.0.1"),
            ("10.1.2.3", "10.1.2.3"),
            ("172.31.0.1", "172.31.0.1"),
            ("192.168.0.1", "192.168.0.1"),
            ("169.254.0.1", "169.254.0.1"),
            ("100.64.0.1", "100.64.0.1"),
            ("::1", "::"),
            ("fd00::1", "fd00::"),
            ("fe80::1", "fe80::"),
        ] {
            let of = |lines: &[&str], config: Config| {
                address_of(peer, "x-forwarded-for", lines, &config)
            };
            assert_eq!(of(&["198.51.100.7"], config()), None, "{peer}");
            // No header, no proxy; and where there is none, no header counts.
            assert_eq!(of(&[], config()).as_deref(), Some(counted));
            let address = of(&["198.51.100.7"], config().no_proxy());
            assert_eq!(address.as_deref(), Some(counted));
        }
        for peer in ["172.32.0.1", "100.128.0.1", "2001:db8:0:1::"] {
            let address = address_of(peer, "x-forwarded-for", &["198.51.100.7"], &config());
            assert_eq!(address.as_deref(), Some(peer));
        }
    }

    #[test]
    fn a_request_past_a_named_proxy_counts_by_its_peer() {
        for (count, lines) in [
            (1, &[][..]),
            (2, &["198.51.100.7"]),
            (1, &["unknown"]),
            (1, &["198.51.100.7, "]),
        ] {
            let config = config().trusted_proxy("x-forwarded-for", count);
            assert_eq!(address(lines, &config).as_deref(), Some(PEER), "{lines:?}");
        }
        let config = config().trusted_proxy("x-real-ip", 1);
        assert_eq!(address(&["198.51.100.7"], &config).as_deref(), Some(PEER));
    }

    #[test]
    fn a_named_proxy_is_believed_and_what_stands_left_of_it_is_not() {
        for (count, lines, expected) in [
            (1, &["10.0.0.1, 198.51.100.7"][..], "198.51.100.7"),
            (2, &["6.6.6.6, 198.51.100.7", "10.0.0.1"], "198.51.100.7"),
            (1, &["198.51.100.7:4711"], "198.51.100.7"),
            (1, &["::ffff:198.51.100.7"], "198.51.100.7"),
            (1, &["[2001:db8:1:2:3::4]:99"], "2001:db8:1:2::"),
            (1, &["2001:db8:1:2:3::4"], "2001:db8:1:2::"),
        ] {
            let config = config().trusted_proxy("x-forwarded-for", count);
            let address = address(lines, &config);
            assert_eq!(address.as_deref(), Some(expected), "{lines:?}");
        }
    }

    #[test]
    fn the_standard_header_names_whom_a_proxy_asks_for() {
        let config = config().trusted_proxy("forwarded", 1);
        for (line, expected) in [
            ("for=198.51.100.7", "198.51.100.7"),
            (
                "for=6.6.6.6, For=198.51.100.7:4711; proto=https",
                "198.51.100.7",
            ),
            (
                "by=10.0.0.1;for=\"[2001:db8:1:2::3]:4711\"",
                "2001:db8:1:2::",
            ),
            ("for=unknown", PEER),
            ("for=_hidden", PEER),
            ("198.51.100.7", PEER),
        ] {
            let address = address_of(PEER, "forwarded", &[line], &config);
            assert_eq!(address.as_deref(), Some(expected), "{line}");
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
