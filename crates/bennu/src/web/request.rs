//! How middleware and extractors get to know what a request is for.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::request::LiveRequest;
use crate::web::live::page_uri;

impl<S: Send + Sync> FromRequestParts<S> for LiveRequest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let told = parts.extensions.get::<Self>().cloned();
        Ok(told.unwrap_or_else(|| Self::load(&page_uri(parts))))
    }
}
