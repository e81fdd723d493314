//! The one road into a view (design D3): a join, a live navigation and a patch
//! are a GET through the application's own router, with the headers of the
//! page's WebSocket request, so that middleware and extractors hold for all.

use std::future::Future;
use std::pin::Pin;

use axum::body::Body;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Request, Uri, header};
use tower::ServiceExt;

use crate::session::navigation::{Answer, Road, Visit};
use crate::web::connections::ViewsGuard;
use crate::web::notices::Left;
use crate::web::routes::Served;

/// The application with its router, and who asks.
pub(crate) struct RouterRoad {
    served: Served,
    headers: Headers,
    carried: Box<[Box<dyn Carried>]>,
    /// The connection that is served, if it isn't a page's load. Its views have
    /// ended when the road is dropped, which they share.
    connection: Option<ViewsGuard>,
}

impl RouterRoad {
    /// The road for a peer whose WebSocket, or page, was asked for with these
    /// parts.
    pub(crate) fn new(
        served: Served,
        parts: &http::request::Parts,
        connection: Option<ViewsGuard>,
    ) -> Self {
        // What the server knows of the peer; all else in there is of the
        // upgrade request alone.
        let carried = served.app.carried.iter();
        let carried = carried.filter_map(|carry| carry(&parts.extensions));
        Self {
            headers: Headers::of(&parts.headers),
            carried: carried.collect(),
            served,
            connection,
        }
    }
}

/// Takes an extension of the upgrade request for the visits.
pub(crate) type Carry = fn(&Extensions) -> Option<Box<dyn Carried>>;

/// Takes the extension of this type.
pub(crate) fn carry<T: Clone + Send + Sync + 'static>(
    from: &Extensions,
) -> Option<Box<dyn Carried>> {
    Some(Box::new(from.get::<T>()?.clone()))
}

/// An extension of the upgrade request that each visit gets. A map of them would
/// take several times as much for each connection.
pub(crate) trait Carried: Send + Sync {
    fn put(&self, to: &mut Extensions);
}

impl<T: Clone + Send + Sync + 'static> Carried for T {
    fn put(&self, to: &mut Extensions) {
        to.insert(self.clone());
    }
}

impl Road for RouterRoad {
    fn travel<'r>(
        &'r self,
        uri: &'r str,
        visit: Visit,
    ) -> Pin<Box<dyn Future<Output = Answer> + Send + 'r>> {
        Box::pin(async move {
            let mut request = Request::new(Body::empty());
            match uri.parse::<Uri>() {
                Ok(uri) => *request.uri_mut() = uri,
                Err(_) => {
                    return Answer::of(http::StatusCode::BAD_REQUEST);
                }
            }
            self.headers.fill(request.headers_mut());
            // What the GET asked for; a WebSocket request doesn't say it.
            let html = HeaderValue::from_static("text/html");
            request.headers_mut().insert(header::ACCEPT, html);
            for extension in &self.carried {
                // Of what is in the box, which could be carried itself.
                Carried::put(&**extension, request.extensions_mut());
            }
            request.extensions_mut().insert(visit.request().clone());
            request.extensions_mut().insert(visit);
            if let Some(connection) = &self.connection {
                request.extensions_mut().insert(connection.visit());
            }
            self.served.accompany(request.extensions_mut());
            let response = match self.served.router.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            let location = response.headers().get(header::LOCATION);
            Answer {
                status: response.status(),
                location: location.and_then(|to| to.to_str().ok()).map(str::to_owned),
                flash: response
                    .extensions()
                    .get::<Left>()
                    .map(|left| left.0.clone()),
            }
        })
    }
}

/// Copies of the request's headers, in one allocation: keeping one of its
/// `HeaderValue`s would keep the server's whole read buffer (10 KB).
struct Headers(Box<[u8]>);

impl Headers {
    fn of(headers: &HeaderMap) -> Self {
        let mut bytes = Vec::new();
        for (name, value) in headers {
            if is_of_the_connection(name) {
                continue;
            }
            for part in [name.as_str().as_bytes(), value.as_bytes()] {
                // A header of more than 4 GiB can't have been read.
                bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(0).to_be_bytes());
                bytes.extend_from_slice(part);
            }
        }
        Self(bytes.into())
    }

    fn fill(&self, headers: &mut HeaderMap) {
        let mut rest = &*self.0;
        let mut part = || {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let (part, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
            rest = after;
            Some(part)
        };
        while let (Some(name), Some(value)) = (part(), part()) {
            if let (Ok(name), Ok(value)) =
                (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
            {
                headers.append(name, value);
            }
        }
    }
}

/// Headers about the connection (RFC 9110 §7.6.1), the WebSocket, or how the
/// browser came to ask for it, and not about the page.
fn is_of_the_connection(name: &HeaderName) -> bool {
    const OF_THE_CONNECTION: [&str; 12] = [
        "accept",
        "cache-control",
        "connection",
        "content-length",
        "keep-alive",
        "origin",
        "pragma",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    let name = name.as_str();
    OF_THE_CONNECTION.contains(&name)
        || name.starts_with("sec-websocket-")
        || name.starts_with("sec-fetch-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_headers_travel_and_those_of_the_upgrade_stay_behind() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("cookie", "a=b"),
            ("cookie", "c=d"),
            ("accept-language", "de"),
            ("connection", "upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-key", "x"),
            ("origin", "http://a.example"),
            ("sec-fetch-mode", "websocket"),
        ] {
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        let mut filled = HeaderMap::new();
        Headers::of(&headers).fill(&mut filled);
        assert_eq!(filled.len(), 3);
        assert_eq!(filled.get_all("cookie").iter().count(), 2);
        assert_eq!(filled["accept-language"], "de");
    }
}
