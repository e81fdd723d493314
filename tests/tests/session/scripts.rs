//! Which scripts of the client a page brings along beside the first.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use bennu::{
    LiveComponent, LiveView, Never, PreEscaped, Rendered, Result, Socket, html, live, live_child,
    live_component,
};

use crate::stage::{Stage, bennu};

/// A field at the place that its path names, if it knows that.
struct Fields(String);

impl LiveView for Fields {
    type Params = Path<String>;
    type Event = Never;
    type Info = Never;

    async fn mount(Path(place): &Path<String>, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self(place.clone()))
    }

    fn render(&self) -> Rendered {
        let is = |place: &str| self.0 == place;
        let rows = if is("rows") { 3 } else { 0 };
        let field = PreEscaped("<p>Name <textarea></textarea>");
        html! {
            // Some more templates than the search remembers.
            @for number in 0..100 key=(number) {
                @if number % 3 == 0 { b { (number) } } @else { i { (number) } }
            }
            @if is("branch") { p { input name="name"; } }
            @for number in 0..rows key=(number) {
                @if number == 2 { select { option { (number) } } }
            }
            @if is("raw") { (field) }
            @if is("component") { (live_component::<Field>("field", ())) }
            @if is("child") { (live_child("child", "/branch")) }
            @if is("text") { p title="<select>" { "<input> " (self.0) " <textarea>" } }
            @if is("escaped") { p { (field.0) } }
        }
    }
}

struct Field;

impl LiveComponent for Field {
    type Props = ();
    type Event = Never;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self, _: &()) -> Rendered {
        html! { label { "Name " input name="name"; } }
    }
}

/// The scripts that the page at this path loads, but for the first.
async fn scripts(stage: &Stage, path: &str) -> Vec<String> {
    let page = stage.browser().open(path).await;
    let addresses = page.body.split("<script defer src=\"").skip(2);
    let files = addresses.filter_map(|rest| rest.strip_prefix("/live/assets/")?.split('"').next());
    // Debug builds have one more, which says what is wrong with a page.
    let files = files.filter(|file| *file != "faults.js");
    files
        .filter_map(|file| Some(file.split('-').next()?.to_owned()))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_page_brings_the_script_for_forms_wherever_its_field_stands() {
    let routes = Router::new().route("/{place}", get(live::<Fields>()));
    let stage = Stage::of(bennu(), routes);
    for path in ["/branch", "/rows", "/raw", "/child"] {
        assert_eq!(scripts(&stage, path).await, ["forms"], "{path}");
    }
    assert_eq!(scripts(&stage, "/component").await, ["extra", "forms"]);
    for path in ["/none", "/text", "/escaped"] {
        assert!(scripts(&stage, path).await.is_empty(), "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_field_in_the_layout_around_a_view_counts_too() {
    let routes = Router::new().route("/{place}", get(live::<Fields>()));
    let layout = |layout: &bennu::Layout<'_>| {
        html! { input type="search"; (layout.content()) }
    };
    let stage = Stage::of(bennu().live_layout(layout), routes);
    assert_eq!(scripts(&stage, "/none").await, ["forms"]);
}
