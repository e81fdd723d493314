//! The style sheet, the icon and the hooks, compiled in. Their names hold a hash of their
//! content, so browsers keep them for good.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

struct Asset {
    path: String,
    kind: &'static str,
    content: &'static str,
}

static STYLESHEET: LazyLock<Asset> = LazyLock::new(|| {
    let content = concat!(
        include_str!("../assets/base.css"),
        include_str!("../assets/pages.css"),
        include_str!("../assets/exhibits.css"),
        include_str!("../assets/invoice.css"),
        include_str!("../assets/tokens.css"),
        include_str!("../assets/instant.css"),
    );
    Asset::new("css", "text/css; charset=utf-8", content)
});

static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("svg", "image/svg+xml", include_str!("../assets/icon.svg")));

static HOOKS: LazyLock<Asset> = LazyLock::new(|| {
    let kind = "text/javascript; charset=utf-8";
    Asset::new("js", kind, include_str!("../assets/hooks.js"))
});

impl Asset {
    fn new(extension: &str, kind: &'static str, content: &'static str) -> Self {
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        Self {
            path: format!("/assets/showcase-{:016x}.{extension}", hasher.finish()),
            kind,
            content,
        }
    }
}

pub(crate) fn stylesheet() -> &'static str {
    &STYLESHEET.path
}

pub(crate) fn icon() -> &'static str {
    &ICON.path
}

pub(crate) fn hooks() -> &'static str {
    &HOOKS.path
}

pub(crate) async fn serve(Path(file): Path<String>) -> Response {
    let asset = [&*STYLESHEET, &*ICON, &*HOOKS]
        .into_iter()
        .find(|asset| asset.path.strip_prefix("/assets/") == Some(&file));
    match asset {
        Some(asset) => (
            [
                (header::CONTENT_TYPE, asset.kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ],
            asset.content,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
