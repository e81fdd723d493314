//! The page as HTML (`protocol.md §2`).

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use bennu::{
    Bennu, Error, LiveSession, LiveView, Never, Page, Rendered, Result, Socket, html, live,
};
use bennu_tests::{Browser, Server};
use http::{Method, StatusCode, header};

use crate::stage::{Stage, bennu, config, routes};

#[tokio::test(start_paused = true)]
async fn a_page_holds_the_view_in_a_container_with_its_tokens() {
    let stage = Stage::new();
    let page = stage.browser().open("/puppet").await;
    assert_eq!(page.content(), "<p>a</p><i>/puppet</i>");
    assert_eq!(page.id.len(), "phx-".len() + 16);
    assert!(page.id.starts_with("phx-"));
    let container = format!(
        "<body><div id=\"{}\" data-phx-main data-phx-session=\"{}\" data-phx-static=\"{}\"><p>",
        page.id, page.session, page.statics
    );
    assert!(page.body.contains(&container), "{}", page.body);
    assert!(page.body.starts_with("<!DOCTYPE html><html"));
    for token in [&page.session, &page.statics, &page.csrf_token] {
        let safe = |char: char| char.is_ascii_alphanumeric() || "-_".contains(char);
        assert!(!token.is_empty() && token.chars().all(safe), "{token}");
    }
    assert_eq!(stage.log.take(), ["mount dead"]);
}

#[tokio::test(start_paused = true)]
async fn each_page_load_has_its_own_id() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    assert_ne!(
        browser.open("/puppet").await.id,
        browser.open("/puppet").await.id
    );
}

#[tokio::test(start_paused = true)]
async fn a_page_has_a_title_element_with_what_stays_around_it() {
    let stage = Stage::new();
    let page = stage.browser().open("/puppet?mount=title&text=A%26B").await;
    let title = "<title data-prefix=\"\" data-default=\"\" data-suffix=\"\">A&amp;B</title>";
    assert!(page.body.contains(title), "{}", page.body);

    let untitled = stage.browser().open("/other").await;
    assert!(untitled.body.contains("<title data-prefix"));

    let layout = |page: &Page<'_>| {
        html! {
            html { head { (page.head_with_title("P ", "D", " S")) } body { (page.content()) } }
        }
    };
    let stage = Stage::of(bennu().layout(layout), routes());
    for (path, title) in [("/other", "P D S"), ("/puppet?mount=title&text=T", "P T S")] {
        let page = stage.browser().open(path).await;
        let title =
            format!(" data-prefix=\"P \" data-default=\"D\" data-suffix=\" S\">{title}</title>");
        assert!(page.body.contains(&title), "{}", page.body);
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_is_html_that_no_cache_keeps() {
    let stage = Stage::new();
    let answer = stage.browser().get("/puppet").await;
    assert_eq!(
        answer.header(header::CONTENT_TYPE),
        "text/html; charset=utf-8"
    );
    assert_eq!(
        answer.header(header::CACHE_CONTROL),
        "max-age=0, private, must-revalidate"
    );
}

#[tokio::test(start_paused = true)]
async fn only_a_new_visitor_gets_a_cookie() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let first = browser.get("/puppet").await;
    let [cookie] = first.set_cookies()[..] else {
        panic!("one cookie: {first:?}")
    };
    assert!(cookie.starts_with("__bennu_csrf="));
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"));
    let second = browser.get("/puppet").await;
    assert!(second.set_cookies().is_empty());
}

#[tokio::test(start_paused = true)]
async fn cookies_are_marked_for_https_on_request() {
    let stage = Stage::of(Bennu::new(config().secure_cookies()), routes());
    let answer = stage.browser().get("/puppet").await;
    assert!(answer.set_cookies()[0].ends_with("; Secure"));
}

#[tokio::test(start_paused = true)]
async fn mount_can_answer_with_a_status_or_send_elsewhere() {
    let stage = Stage::new();
    for (path, status, location) in [
        ("/puppet?mount=status&code=404", 404, ""),
        ("/puppet?mount=status&code=403", 403, ""),
        ("/puppet?params=status&code=410", 410, ""),
        ("/puppet?mount=throw_redirect&to=/other", 302, "/other"),
        ("/puppet?mount=throw_navigate&to=/other", 302, "/other"),
        (
            "/puppet?mount=redirect&to=https://a.example/",
            302,
            "https://a.example/",
        ),
        ("/puppet?params=navigate&to=/other", 302, "/other"),
        ("/puppet?params=patch&to=/puppet", 302, "/puppet"),
        ("/puppet?mount=fail", 500, ""),
        ("/puppet?params=fail", 500, ""),
    ] {
        let answer = stage.browser().get(path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert_eq!(answer.header(header::LOCATION), location, "{path}");
        assert!(!answer.body.contains("data-phx"), "{path}");
        assert!(!answer.body.contains("as told"), "{path} tells too much");
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_answered_with_500_and_the_server_goes_on() {
    let stage = Stage::new();
    for path in [
        "/puppet?mount=panic",
        "/puppet?params=panic",
        "/puppet?mount=break",
    ] {
        let answer = stage.browser().get(path).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
    }
    stage.browser().open("/puppet").await;
}

#[tokio::test(start_paused = true)]
async fn a_rejected_extractor_answers_for_the_view() {
    struct Numbered(u64);
    impl LiveView for Numbered {
        type Params = Path<u64>;
        type Event = Never;
        type Info = Never;
        async fn mount(Path(number): &Path<u64>, _: &mut Socket<Self>) -> Result<Self> {
            Ok(Self(*number))
        }
        fn render(&self) -> Rendered {
            html! { (self.0) }
        }
    }
    let stage = Stage::of(
        bennu(),
        Router::new().route("/{n}", get(live::<Numbered>())),
    );
    assert_eq!(
        stage.browser().get("/x").await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(stage.browser().open("/7").await.content(), "7");
}

#[tokio::test(start_paused = true)]
async fn notices_survive_a_chain_of_redirects() {
    let bennu = bennu()
        .live_layout(|layout| html! { u { (layout.flash().get("info")) } (layout.content()) });
    let stage = Stage::of(bennu, routes());
    let mut browser = stage.browser();
    browser
        .get("/puppet?mount=flash&text=saved&params=redirect&to=/puppet")
        .await;
    // On the way there is one more.
    let answer = browser.get("/puppet?mount=redirect&to=/other").await;
    assert_eq!(answer.set_cookies().len(), 1, "{answer:?}");
    let page = browser.open("/other").await;
    assert_eq!(page.content(), "<u>saved</u><b>other</b>");
}

#[tokio::test(start_paused = true)]
async fn a_forged_notice_is_not_shown() {
    let bennu = bennu()
        .live_layout(|layout| html! { u { (layout.flash().get("info")) } (layout.content()) });
    let stage = Stage::of(bennu, routes());
    let mut browser = stage.browser().with_cookie("__phoenix_flash__", "e30");
    assert_eq!(
        browser.open("/other").await.content(),
        "<u></u><b>other</b>"
    );
    assert!(!browser.cookies.contains_key("__phoenix_flash__"));
}

#[tokio::test(start_paused = true)]
async fn notices_of_a_redirect_are_shown_once() {
    let bennu = bennu()
        .live_layout(|layout| html! { u { (layout.flash().get("info")) } (layout.content()) });
    let stage = Stage::of(bennu, routes());
    let mut browser = stage.browser();
    let path = "/puppet?mount=flash&text=saved&params=redirect&to=/other";
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert!(answer.set_cookies()[0].contains("; Max-Age=60;"));
    // This visitor is new, too: both cookies are to be set.
    assert_eq!(
        browser.open("/other").await.content(),
        "<u>saved</u><b>other</b>"
    );
    assert_eq!(
        browser.open("/other").await.content(),
        "<u></u><b>other</b>"
    );
}

#[tokio::test(start_paused = true)]
async fn a_live_route_answers_get_and_head_alone() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let head = browser.request(Method::HEAD, "/puppet");
    let answer = browser.send(head).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""));
    let post = browser.request(Method::POST, "/puppet");
    let answer = browser.send(post).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test(start_paused = true)]
async fn a_group_around_the_application_is_none_of_its_own() {
    let around = |page: &Page<'_>| html! { body.around { (page.content()) } };
    let app = bennu().serve(routes());
    let server = Server::new(app.layer(LiveSession::new("around", around)));
    let mut browser = Browser::new(&server);
    let page = browser.open("/other").await;
    assert!(!page.body.contains("around"), "{}", page.body);
    browser.visit("/other").await;
}

#[tokio::test(start_paused = true)]
async fn a_live_route_outside_of_serve_says_what_is_missing() {
    let router = Router::new().route("/other", get(live::<crate::stage::Other>()));
    let server = Server::new(router);
    let answer = Browser::new(&server).get("/other").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.body.contains("Bennu::serve"), "{}", answer.body);
}

#[test]
fn a_redirect_may_not_leave_the_site_unnoticed() {
    for to in ["//evil.example", "\\\\evil.example", "https:/x"] {
        for error in [Error::redirect(to), Error::navigate(to)] {
            let text = error.to_string();
            assert!(text.contains("is not a local path"), "{to:?}: {text}");
        }
    }
    assert_eq!(
        Error::redirect("https://a.example").to_string(),
        "redirect to \"https://a.example\""
    );
    assert_eq!(
        Error::navigate("/a?b#c").to_string(),
        "navigate to \"/a?b#c\""
    );
    // What browsers would read as a slash, or drop, is encoded.
    for (to, encoded) in [
        ("/\\evil.example", "/%5Cevil.example"),
        ("/\t/evil.example", "/%09/evil.example"),
    ] {
        let error = Error::navigate(to).to_string();
        assert_eq!(error, format!("navigate to {encoded:?}"));
    }
}
