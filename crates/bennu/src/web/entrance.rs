//! What stands around the application's router: a request that comes in learns what
//! live routes need, and an answer that goes out is made ready for the browser.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use axum::extract::{OriginalUri, Request};
use axum::response::{Response, ResponseParts};
use http::{HeaderValue, header};
use tower::Service;

use crate::request::LiveRequest;
use crate::web::errors::Unfilled;
use crate::web::page::OwnPage;
use crate::web::routes::{App, Served};
use crate::web::{origin, page};

/// The outermost layer of an application.
#[derive(Clone)]
pub(crate) struct Entrance<S> {
    served: Served,
    inner: S,
}

impl<S> Entrance<S> {
    pub(crate) fn new(served: Served, inner: S) -> Self {
        Self { served, inner }
    }
}

impl<S> Service<Request> for Entrance<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let app = Arc::clone(&self.served.app);
        let is_told = page::is_told(request.headers());
        let unfilled = app.has_error_page.then(|| Unfilled::by(&request));
        enter(&self.served, &mut request);
        let answered = self.inner.call(request);
        Box::pin(async move {
            let mut response = answered.await?;
            if let Some(unfilled) = unfilled {
                response = unfilled.fill(&app, response);
            }
            if is_told {
                page::forget_status(&app, &mut response);
            }
            leave(&app, &mut response);
            Ok(response)
        })
    }
}

/// Cookies that an answer sets, on their way out: beside them a handler may set headers
/// of its own, and axum's arrays of headers replace those of the same name.
#[derive(Clone, Default)]
struct SetCookies(Vec<HeaderValue>);

/// Lets an answer set a cookie, whatever headers it has beside.
pub(super) fn set_cookie(response: &mut ResponseParts, cookie: HeaderValue) {
    let extensions = response.extensions_mut();
    let SetCookies(cookies) = extensions.get_or_insert_default();
    cookies.push(cookie);
}

/// A router around this one has taken its part off the path: here it begins
/// anew, for requests as for joins.
fn enter(served: &Served, request: &mut Request) {
    warn_of_host(&served.app, request);
    let uri = request.uri().clone();
    let page = uri.path_and_query().map_or("/", |uri| uri.as_str());
    let asked = LiveRequest::load(page);
    let extensions = request.extensions_mut();
    extensions.insert(asked);
    extensions.insert(OriginalUri(uri));
    served.accompany(extensions);
}

/// Says once that the application is seen from elsewhere and doesn't know where.
fn warn_of_host(app: &App, request: &Request) {
    if app.config.has_public_url() || app.is_warned.load(Ordering::Relaxed) {
        return;
    }
    let host = origin::host_of(request.uri(), request.headers());
    if host.is_some_and(|host| !origin::is_loopback(host))
        && !app.is_warned.swap(true, Ordering::Relaxed)
    {
        // The peer chose the host: it is not logged.
        tracing::warn!(
            "a request came for another host than this machine, and there is no \
             Config::public_url: name it, or set BENNU_URL, such as https://example.org. Without \
             it cookies are not marked secure, and every host that leads here is trusted"
        );
    }
}

/// Where the application sends a browser, below the path where that sees it, and
/// what its pages say to browsers, where no layer of its own has.
fn leave(app: &App, response: &mut Response) {
    if response.extensions_mut().remove::<OwnPage>().is_some() {
        let headers = response.headers_mut();
        for (name, value) in &app.config.page_headers {
            headers.entry(name).or_insert_with(|| value.clone());
        }
    }
    if let Some(SetCookies(cookies)) = response.extensions_mut().remove() {
        for cookie in cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    if let Some(to) = response.headers().get(header::LOCATION)
        && let Ok(to) = to.to_str()
        && let Ok(to) = HeaderValue::try_from(&*app.config.base.outside(to))
    {
        response.headers_mut().insert(header::LOCATION, to);
    }
}
