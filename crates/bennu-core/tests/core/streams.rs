//! Streams: what a client shows after any operations, and what is kept.

use bennu_core::__private::{Iterated, Stand, ViaStream, Writer};
use bennu_core::{Filled, Limit, Prints, Render, Rendered, Stream, Template};
use bennu_replica::Replica;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::tree::{diff, join};

#[derive(Clone, Debug, PartialEq)]
struct Item {
    id: u8,
    text: u8,
}

static PAGE: Template = Template::fragment(&[
    "<h1>",
    "</h1><ul id=\"a\">",
    "</ul>",
    "<ul id=\"b\">",
    "</ul>",
]);
static BOX: Template = Template::element(&["<div>", "</div>"]);
static ITEM: Template = Template::element(&["<li id=\"", "\">", "", "</li>"]);
static BADGE: Template = Template::element(&["<b>", "</b>"]);
static STAR: Template = Template::element(&["<i>*</i>"]);

fn text(writer: &mut Writer, value: impl std::fmt::Display) {
    let _: Filled = value.to_string().render(writer.place());
}

/// A stream, as `html!` expands it.
fn list(stream: &Stream<Item>, writer: &mut Writer) {
    let mut items = stream.into_iter();
    let mut list = writer.open_list(&ITEM);
    Iterated(&mut items).mark(writer, &mut list, Stand::<true, true>);
    for (id, item) in items {
        writer.entry_by_position(&mut list);
        content(&id, &item, writer);
    }
    writer.close_list(list);
}

/// Nested templates come and go in entries, and lists in them.
fn content(id: &str, item: &Item, writer: &mut Writer) {
    text(writer, id);
    text(writer, item.text);
    match item.text % 4 {
        0 => {
            let mark = writer.open(&BADGE);
            text(writer, item.text);
            writer.close(mark);
        }
        1 => {
            let mark = writer.open(&STAR);
            writer.close(mark);
        }
        2 => {
            let mut list = writer.open_list(&BADGE);
            for number in 0..item.text % 3 {
                writer.entry_by_position(&mut list);
                text(writer, number);
            }
            writer.close_list(list);
        }
        _ => writer.empty(),
    }
}

fn stream(name: &'static str) -> Stream<Item> {
    Stream::new(move |item: &Item| format!("{name}\"{}", item.id))
}

/// Two streams and a text; the second one stands in a box that may be away.
struct Page {
    title: u8,
    streams: [Stream<Item>; 2],
    boxed: bool,
}

impl Page {
    fn new() -> Self {
        Self {
            title: 0,
            streams: [stream("a"), stream("b")],
            boxed: true,
        }
    }

    fn render(&self) -> Rendered {
        let mut writer = Writer::new(&PAGE);
        text(&mut writer, self.title);
        list(&self.streams[0], &mut writer);
        writer.empty();
        if self.boxed {
            let mark = writer.open(&BOX);
            list(&self.streams[1], &mut writer);
            writer.close(mark);
        } else {
            writer.empty();
        }
        writer.finish()
    }
}

/// What a client shows, one operation after the other.
#[derive(Default)]
struct Model {
    title: u8,
    items: [Vec<Item>; 2],
    boxed: bool,
}

impl Model {
    /// The page's HTML: that of a page whose streams insert all of this.
    fn html(&self) -> String {
        let mut page = Page::new();
        page.title = self.title;
        page.boxed = self.boxed;
        for (stream, items) in page.streams.iter_mut().zip(&self.items) {
            stream.extend(items.iter().cloned());
        }
        page.render().to_html()
    }

    fn insert(&mut self, stream: usize, at: Option<usize>, item: Item, limit: Option<Cut>) {
        let items = &mut self.items[stream];
        if let Some(known) = items.iter_mut().find(|known| known.id == item.id) {
            *known = item;
            return;
        }
        let at = at.unwrap_or(items.len()).min(items.len());
        items.insert(at, item);
        match limit {
            Some(Cut::End(limit)) => items.truncate(limit),
            Some(Cut::Start(limit)) => drop(items.drain(..items.len().saturating_sub(limit))),
            None => {}
        }
    }
}

/// Where a list is cut to a length.
#[derive(Clone, Copy, Debug)]
enum Cut {
    End(usize),
    Start(usize),
}

impl Cut {
    fn limit(self) -> Limit {
        let entries = |length| u32::try_from(length).expect("lists are short");
        match self {
            Self::End(length) => Limit::first(entries(length)),
            Self::Start(length) => Limit::last(entries(length)),
        }
    }
}

#[derive(Clone, Debug)]
enum Operation {
    Push(Item),
    Prepend(Item),
    Insert(usize, Item),
    Limited(Cut, Option<usize>, Item),
    UpdateOnly(Item),
    Remove(Item),
    Reset,
    ResetWith(Vec<Item>),
    Title(u8),
    Turn,
}

fn item() -> impl Strategy<Value = Item> {
    (0..9_u8, any::<u8>()).prop_map(|(id, text)| Item { id, text })
}

/// Items that are not the same.
fn items() -> impl Strategy<Value = Vec<Item>> {
    vec(any::<u8>(), 0..4).prop_map(|texts| {
        let items = (0..).zip(texts);
        items.map(|(id, text)| Item { id, text }).collect()
    })
}

fn cut() -> impl Strategy<Value = Cut> {
    prop_oneof![
        (0..5_usize).prop_map(Cut::End),
        (0..5_usize).prop_map(Cut::Start)
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        5 => item().prop_map(Operation::Push),
        4 => item().prop_map(Operation::Prepend),
        3 => item().prop_map(Operation::UpdateOnly),
        4 => item().prop_map(Operation::Remove),
        1 => Just(Operation::Reset),
        1 => items().prop_map(Operation::ResetWith),
        1 => any::<u8>().prop_map(Operation::Title),
        3 => Just(Operation::Turn),
    ]
}

/// A page, its client, and what the client should show.
struct Run {
    page: Page,
    model: Model,
    prints: Prints,
    replica: Replica,
    limit: Option<u32>,
}

impl Run {
    fn new(limit: Option<u32>) -> Self {
        let mut page = Page::new();
        for stream in &mut page.streams {
            stream.set_limit(limit);
        }
        let (prints, json) = join(&page.render());
        let model = Model {
            boxed: true,
            ..Model::default()
        };
        let replica = Replica::join(&json).expect("a tree");
        assert_eq!(replica.html(), model.html());
        Self {
            page,
            model,
            prints,
            replica,
            limit,
        }
    }

    /// One that was not rendered yet; [`begin`](Self::begin) does that.
    fn unloaded(limit: Option<u32>) -> Self {
        let mut run = Self::new(limit);
        run.page = Page::new();
        for stream in &mut run.page.streams {
            stream.set_limit(limit);
        }
        run
    }

    fn perform(&mut self, at: usize, operation: Operation) {
        let stream = &mut self.page.streams[at];
        let limit = self.limit.map(|limit| limit as usize);
        let (first, last) = (limit.map(Cut::End), limit.map(Cut::Start));
        match operation {
            Operation::Push(item) => {
                stream.push(item.clone());
                (self.model).insert(at, None, item, last);
            }
            Operation::Prepend(item) => {
                stream.prepend(item.clone());
                self.model.insert(at, Some(0), item, first);
            }
            Operation::Insert(position, item) => {
                stream.insert(position, item.clone());
                self.model.insert(at, Some(position), item, first);
            }
            Operation::Limited(cut, position, item) => {
                let mut stream = stream.limited(cut.limit());
                match position {
                    None => stream.push(item.clone()),
                    Some(0) => stream.prepend(item.clone()),
                    Some(position) => stream.insert(position, item.clone()),
                }
                self.model.insert(at, position, item, Some(cut));
            }
            Operation::UpdateOnly(item) => {
                stream.update_only(item.clone());
                let mut items = self.model.items[at].iter_mut();
                if let Some(known) = items.find(|known| known.id == item.id) {
                    *known = item;
                }
            }
            Operation::Remove(item) => {
                stream.remove(&item);
                self.model.items[at].retain(|known| known.id != item.id);
            }
            Operation::Reset => {
                stream.reset();
                self.model.items[at].clear();
            }
            Operation::ResetWith(items) => {
                stream.reset_with(items.iter().cloned());
                self.model.items[at].clear();
                for item in items {
                    self.model.insert(at, None, item, last);
                }
            }
            Operation::Title(title) => {
                self.page.title = title;
                self.model.title = title;
            }
            Operation::Turn => self.turn(),
        }
    }

    /// Loads the page with what is pending, and joins.
    fn begin(&mut self) {
        let rendered = self.page.render();
        assert_eq!(rendered.to_html(), self.model.html());
        let (prints, json) = join(&rendered);
        (self.prints, self.replica) = (prints, Replica::join(&json).expect("a tree"));
        assert_eq!(self.replica.html(), self.model.html(), "{json}");
    }

    fn turn(&mut self) {
        let before = self.replica.html();
        let json = diff(&mut self.prints, &self.page.render());
        if let Some(json) = &json {
            (self.replica.apply(json)).unwrap_or_else(|error| panic!("{error}: {before}: {json}"));
        }
        assert_eq!(self.replica.html(), self.model.html(), "{before}: {json:?}");
        assert_eq!(diff(&mut self.prints, &self.page.render()), None);
    }
}

proptest! {
    #[test]
    fn a_turn_shows_the_same_as_its_operations_one_by_one(
        operations in vec((0..2_usize, operation()), 0..40),
    ) {
        let mut run = Run::new(None);
        for (stream, operation) in operations {
            run.perform(stream, operation);
        }
        run.turn();
    }

    #[test]
    fn positions_and_limits_hold(
        limit in prop::option::of(0..5_u32),
        operations in vec((0..2_usize, prop_oneof![
            (0..6_usize, item()).prop_map(|(at, item)| Operation::Insert(at, item)),
            (cut(), prop::option::of(0..6_usize), item())
                .prop_map(|(cut, at, item)| Operation::Limited(cut, at, item)),
            operation(),
        ]), 0..30),
    ) {
        let mut run = Run::new(limit);
        for (stream, operation) in operations {
            run.perform(stream, operation);
            run.turn();
        }
    }

    #[test]
    fn new_items_of_one_turn_are_limited_in_their_order(
        limit in 0..5_u32,
        turns in vec(vec((0..4_usize, 0..6_usize, prop::option::of(cut())), 0..8), 0..5),
    ) {
        let mut run = Run::new(Some(limit));
        let mut ids = 0..;
        for turn in turns {
            for (kind, at, cut) in turn {
                let id = ids.next().unwrap();
                let item = Item { id, text: id };
                run.perform(0, match (kind, cut) {
                    (0, Some(cut)) => Operation::Limited(cut, None, item),
                    (_, Some(cut)) => Operation::Limited(cut, Some(at), item),
                    (0, None) => Operation::Insert(at, item),
                    (1, None) => Operation::Prepend(item),
                    (_, None) => Operation::Push(item),
                });
            }
            run.turn();
        }
    }

    #[test]
    fn a_first_render_shows_what_one_by_one_would(
        operations in vec((0..2_usize, operation()), 0..20),
    ) {
        let mut run = Run::unloaded(None);
        for (stream, operation) in operations {
            if !matches!(operation, Operation::Turn) {
                run.perform(stream, operation);
            }
        }
        run.begin();
    }

    #[test]
    fn a_first_render_keeps_limits_and_positions(
        limit in 0..5_u32,
        inserts in vec((0..6_usize, 0..6_usize, cut()), 0..8),
    ) {
        let mut run = Run::unloaded(Some(limit));
        for ((kind, at, cut), id) in inserts.into_iter().zip(0..) {
            let item = Item { id, text: id };
            run.perform(0, match kind {
                0 => Operation::Insert(at, item),
                4 => Operation::Limited(cut, None, item),
                5 => Operation::Limited(cut, Some(at), item),
                1 => Operation::Prepend(item),
                2 => Operation::Push(item),
                _ => Operation::UpdateOnly(item),
            });
        }
        run.begin();
    }

    #[test]
    fn a_stream_that_went_comes_back_with_what_is_pending(
        before in vec(operation(), 0..8),
        away in items(),
    ) {
        let mut run = Run::new(None);
        for operation in before {
            run.perform(1, operation);
        }
        run.turn();
        run.page.boxed = false;
        run.model.boxed = false;
        run.turn();
        run.perform(1, Operation::ResetWith(away));
        run.turn();
        run.page.boxed = true;
        run.model.boxed = true;
        run.turn();
        run.perform(1, Operation::Push(Item { id: 100, text: 0 }));
        run.turn();
    }

    #[test]
    fn a_join_brings_what_is_pending(items in vec(item(), 0..9)) {
        let mut run = Run::new(None);
        run.perform(0, Operation::ResetWith(items));
        let (_, json) = join(&run.page.render());
        prop_assert_eq!(Replica::join(&json).unwrap().html(), run.model.html());
    }
}

#[test]
fn a_stream_leaves_three_words_however_long_it_is() {
    let mut page = Page::new();
    let (mut prints, _) = join(&page.render());
    let empty = prints.heap_bytes();
    page.streams[0].extend((0..=255).map(|id| Item { id, text: id }));
    assert!(diff(&mut prints, &page.render()).is_some());
    assert_eq!(prints.heap_bytes(), empty + 16);
    page.title = 1;
    page.streams[0].push(Item { id: 0, text: 0 });
    assert!(diff(&mut prints, &page.render()).is_some());
    assert_eq!(prints.heap_bytes(), empty + 16);
}

/// The worked examples of `protocol.md §4.7`.
#[test]
fn operations_are_written_as_the_protocol_has_them() {
    static USERS: Template = Template::element(&["<ul>", "</ul>"]);
    static USER: Template = Template::element(&["<li id=\"", "\">", "</li>"]);
    let render = |users: &Stream<(u32, &str)>| {
        let mut writer = Writer::new(&USERS);
        let mut items = users.into_iter();
        let mut list = writer.open_list(&USER);
        Iterated(&mut items).mark(&mut writer, &mut list, Stand::<true, true>);
        for (id, (_, name)) in items {
            writer.entry_by_position(&mut list);
            text(&mut writer, id);
            text(&mut writer, name);
        }
        writer.close_list(list);
        writer.finish()
    };
    let mut users = Stream::new(|(id, _): &(u32, &str)| format!("u-{id}"));
    let debug = format!("{users:?}");
    let reference = debug.split(['{', ':', ',']).nth(2).unwrap().trim();
    let mut prints = Prints::default();
    let mut next = |users: &Stream<(u32, &str)>, expected: &str| {
        let json = diff(&mut prints, &render(users)).unwrap_or_default();
        assert_eq!(json, expected.replace("\"#\"", &format!("\"{reference}\"")));
    };

    next(&users, r#"{"0":"","s":0,"p":{"0":["<ul>","</ul>"]}}"#);
    next(&users, "");
    users.extend([(1, "Al"), (2, "Bo")]);
    next(
        &users,
        &[
            r#"{"0":{"k":{"0":{"0":"u-1","1":"Al"},"1":{"0":"u-2","1":"Bo"},"kc":2},"#,
            r##""stream":["#",[["u-2",-1,null,null],["u-1",-1,null,null]],[]],"s":0},"##,
            r#""p":{"0":["<li id=\"","\">","</li>"]}}"#,
        ]
        .concat(),
    );
    next(&users, "");
    users.prepend((3, "Cy"));
    next(
        &users,
        r##"{"0":{"k":{"0":{"0":"u-3","1":"Cy"},"kc":1},"stream":["#",[["u-3",0,null,null]],[]]}}"##,
    );
    users.remove(&(1, ""));
    next(
        &users,
        r##"{"0":{"k":{"kc":0},"stream":["#",[],["u-1"]]}}"##,
    );
    users.update_only((2, "B"));
    next(
        &users,
        r##"{"0":{"k":{"0":{"0":"u-2","1":"B"},"kc":1},"stream":["#",[["u-2",-1,null,true]],[]]}}"##,
    );
    users.reset();
    next(
        &users,
        r##"{"0":{"k":{"kc":0},"stream":["#",[],[],true]}}"##,
    );
    users.set_limit(2);
    users.push((9, "Di"));
    next(
        &users,
        r##"{"0":{"k":{"0":{"0":"u-9","1":"Di"},"kc":1},"stream":["#",[["u-9",-1,-2,null]],[]]}}"##,
    );
}
