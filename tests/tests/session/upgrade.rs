//! Opening the WebSocket (`protocol.md §1.1`).

use bennu::{Bennu, Limits};
use bennu_tests::{Client, Server};
use http::{HeaderValue, Method, StatusCode, header};

use crate::stage::{Stage, config, routes};

#[tokio::test(start_paused = true)]
async fn an_upgrade_is_accepted_as_the_rfc_has_it() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let answer = browser.send(Client::request(&browser, "vsn=2.0.0")).await;
    assert_eq!(answer.status, StatusCode::SWITCHING_PROTOCOLS);
    assert_eq!(answer.header(header::UPGRADE), "websocket");
    assert_eq!(answer.header(header::CONNECTION), "upgrade");
    assert_eq!(
        answer.header(header::SEC_WEBSOCKET_ACCEPT),
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    );
    assert_eq!(answer.header(header::SEC_WEBSOCKET_EXTENSIONS), "");
}

#[tokio::test(start_paused = true)]
async fn only_version_2_of_the_channels_is_spoken() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    for (query, status) in [
        ("vsn=2.0.0", 101),
        ("_csrf_token=x&vsn=2.1.0&vsn=1.0.0", 101),
        ("vsn=1.0.0", 403),
        ("vsn=3.0.0", 403),
        ("vsn=20.0.0", 403),
        ("vsn=", 403),
        ("_csrf_token=x", 403),
    ] {
        let answer = browser.send(Client::request(&browser, query)).await;
        assert_eq!(answer.status, status, "{query}");
    }
}

#[tokio::test(start_paused = true)]
async fn connections_and_their_headers_have_limits() {
    let limits = Limits {
        connections: 1,
        header_bytes: 1000,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut browser = stage.browser();
    let mut large = Client::request(&browser, "vsn=2.0.0");
    large.headers_mut().insert(
        header::USER_AGENT,
        HeaderValue::try_from("x".repeat(1000)).unwrap(),
    );
    let refused = browser.send(large).await.status;
    assert_eq!(refused, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    let first = stage.visit("/puppet").await;
    let second = Client::request(&browser, "vsn=2.0.0");
    let refused = browser.send(second).await.status;
    assert_eq!(refused, StatusCode::SERVICE_UNAVAILABLE);
    drop(first);
    crate::stage::settle().await;
    stage.visit("/puppet").await;
}

#[tokio::test(start_paused = true)]
async fn what_is_no_upgrade_is_a_bad_request() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    assert_eq!(
        browser.get("/live/websocket?vsn=2.0.0").await.status,
        StatusCode::BAD_REQUEST
    );
    let mut post = Client::request(&browser, "vsn=2.0.0");
    *post.method_mut() = Method::POST;
    assert_eq!(browser.send(post).await.status, StatusCode::BAD_REQUEST);
    for name in [
        header::SEC_WEBSOCKET_KEY,
        header::SEC_WEBSOCKET_VERSION,
        header::UPGRADE,
        header::CONNECTION,
    ] {
        let mut request = Client::request(&browser, "vsn=2.0.0");
        request.headers_mut().remove(&name);
        assert_eq!(
            browser.send(request).await.status,
            StatusCode::BAD_REQUEST,
            "no {name}"
        );
    }
    let mut old = Client::request(&browser, "vsn=2.0.0");
    old.headers_mut()
        .insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("8"));
    assert_eq!(browser.send(old).await.status, StatusCode::BAD_REQUEST);
    let mut firefox = Client::request(&browser, "vsn=2.0.0");
    firefox.headers_mut().insert(
        header::CONNECTION,
        HeaderValue::from_static("keep-alive, Upgrade"),
    );
    assert_eq!(
        browser.send(firefox).await.status,
        StatusCode::SWITCHING_PROTOCOLS
    );
}

#[tokio::test(start_paused = true)]
async fn pages_of_other_origins_may_not_connect_unless_allowed() {
    let allowed = Bennu::new(config().allow_origin("https://friend.example/"));
    let stage = Stage::of(allowed, routes());
    let mut browser = stage.browser();
    for (origin, status) in [
        ("http://bennu.test", 101),
        ("https://bennu.test", 101),
        ("https://friend.example", 101),
        ("https://evil.example", 403),
        ("http://bennu.test.evil.example", 403),
        ("http://bennu.test:8080", 403),
        ("http://friend.example", 403),
        ("null", 403),
        ("", 403),
    ] {
        let mut request = Client::request(&browser, "vsn=2.0.0");
        request
            .headers_mut()
            .insert(header::ORIGIN, origin.parse().unwrap());
        assert_eq!(browser.send(request).await.status, status, "{origin}");
    }
    // Each of them would do, and no browser sends two.
    let mut request = Client::request(&browser, "vsn=2.0.0");
    for origin in ["http://bennu.test", "https://friend.example"] {
        request
            .headers_mut()
            .append(header::ORIGIN, origin.parse().unwrap());
    }
    assert_eq!(browser.send(request).await.status, 403, "two origins");
}

#[tokio::test(start_paused = true)]
async fn no_extension_is_agreed_on() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let mut request = Client::request(&browser, "vsn=2.0.0");
    request.headers_mut().insert(
        header::SEC_WEBSOCKET_EXTENSIONS,
        "permessage-deflate; client_max_window_bits"
            .parse()
            .unwrap(),
    );
    let answer = browser.send(request).await;
    assert_eq!(answer.status, StatusCode::SWITCHING_PROTOCOLS);
    assert_eq!(answer.header(header::SEC_WEBSOCKET_EXTENSIONS), "");
}

#[tokio::test(start_paused = true)]
async fn the_subprotocol_is_confirmed_only_when_asked_for() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    for (asked, confirmed) in [
        (None, ""),
        (Some("phoenix, base64url.bearer.phx.dG9rZW4"), "phoenix"),
        (Some("phoenix"), "phoenix"),
        (Some("mqtt"), ""),
    ] {
        let mut request = Client::request(&browser, "vsn=2.0.0");
        if let Some(asked) = asked {
            let asked = HeaderValue::from_static(asked);
            request
                .headers_mut()
                .insert(header::SEC_WEBSOCKET_PROTOCOL, asked);
        }
        let answer = browser.send(request).await;
        assert_eq!(answer.status, StatusCode::SWITCHING_PROTOCOLS);
        assert_eq!(answer.header(header::SEC_WEBSOCKET_PROTOCOL), confirmed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_names_the_client_that_is_served() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let page = browser.open("/puppet").await;
    let (_, rest) = page.body.split_once("<script defer src=\"").unwrap();
    let (path, rest) = rest.split_once('"').unwrap();
    let (_, rest) = rest
        .split_once("data-socket=\"/live\" data-extra=\"")
        .unwrap();
    let (extra, rest) = rest.split_once("\" data-forms=\"").unwrap();
    let (forms, rest) = rest.split_once("\" data-mend=\"").unwrap();
    let (mend, rest) = rest.split_once("\" data-navigation=\"").unwrap();
    let (navigation, rest) = rest.split_once('"').unwrap();
    assert!(rest.starts_with(" phx-track-static></script>"), "{rest}");
    for script in [extra, forms, mend, navigation] {
        assert!(!rest.contains(script), "nothing on the page needs it");
        assert_eq!(browser.get(script).await.status, StatusCode::OK);
    }
    let script = browser.get(path).await;
    assert_eq!(script.status, StatusCode::OK);
    assert_eq!(
        script.header(header::CONTENT_TYPE),
        "text/javascript; charset=utf-8"
    );
    assert!(script.header(header::CACHE_CONTROL).contains("immutable"));
    assert_eq!(
        browser.get("/live/assets/x.js").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(start_paused = true)]
async fn an_applications_own_routes_stay_its_own() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    assert_eq!(browser.get("/dead").await.body, "dead");
    assert_eq!(browser.get("/nowhere").await.status, StatusCode::NOT_FOUND);
    let fallback = routes().fallback(|| async { (StatusCode::NOT_FOUND, "own 404") });
    let app =
        Bennu::new(config()).serve(fallback.layer(axum::Extension(crate::stage::Log::default())));
    let mut browser = bennu_tests::Browser::new(&Server::new(app));
    assert_eq!(browser.get("/nowhere").await.body, "own 404");
    browser.visit("/puppet").await;
}
