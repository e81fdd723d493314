//! Streams whose items are whatever renders, all of the same numbers.

use axum::extract::Path;
use bennu::prelude::*;

/// In the order of `render`.
const LISTS: usize = 8;

pub(crate) struct Items {
    lists: [Stream<u32>; LISTS],
    version: u32,
}

#[derive(Event)]
pub(crate) enum Msg {
    /// A list of commands, such as `push 4` or `reset 1 2`: done in one turn.
    Do { commands: String },
}

impl Items {
    fn perform(&mut self, command: &str) -> Option<()> {
        let (verb, numbers) = command.trim().split_once(' ').unwrap_or((command, ""));
        let numbers: Vec<u32> = numbers.split_whitespace().flat_map(str::parse).collect();
        for list in &mut self.lists {
            match (verb, numbers.as_slice()) {
                ("push", &[number]) => list.push(number),
                ("prepend", &[number]) => list.prepend(number),
                ("remove", &[number]) => list.remove(&number),
                ("limit", &[limit]) => list.set_limit(limit),
                ("reset", numbers) => list.reset_with(numbers.iter().copied()),
                _ => return None,
            }
        }
        Some(())
    }
}

impl LiveView for Items {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        const NAMES: [&str; LISTS - 1] = [
            "function", "branch", "nested", "markup", "child", "row", "inner",
        ];
        let list = |at: usize| {
            let mut list = Stream::new(move |number: &u32| match NAMES.get(at) {
                Some(name) => format!("{name}-{number}"),
                // What parsers read as something else.
                None => format!("odd\r{number}\u{85}\u{0}\"'&<"),
            });
            list.reset_with([1, 2, 3]);
            list
        };
        Ok(Self {
            lists: std::array::from_fn(list),
            version: 0,
        })
    }

    async fn handle_event(&mut self, Msg::Do { commands }: Msg, _: &mut Socket<Self>) -> Result {
        self.version += 1;
        for command in commands.split(';') {
            self.perform(command)
                .ok_or_else(|| Error::message(format!("there is no command {command:?}")))?;
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let [
            functions,
            branches,
            nested,
            markup,
            children,
            rows,
            inner,
            odd,
        ] = &self.lists;
        let version = self.version;
        html! {
            h1 { "Items" }
            p #version { (version) }
            div #do phx-hook="Do" {}
            ul.items #functions phx-update="stream" {
                @for (id, number) in functions { (item(&id, number, version)) }
            }
            ul.items #branches phx-update="stream" {
                @for (id, number) in branches {
                    @if (number + version).is_multiple_of(2) {
                        li #(id) { (number) "@" (version) }
                    } @else {
                        li #(id) { b { (number) "@" (version) } }
                    }
                }
            }
            ul.items #nested phx-update="stream" {
                @for (id, number) in nested { (html! { (html! { li #(id) { (number) "@" (version) } }) }) }
            }
            ul.items #markup phx-update="stream" {
                @for (id, number) in markup {
                    (PreEscaped(format!("<li id=\"{id}\"><i>{number}@{version}</i></li>")))
                }
            }
            div.items #children phx-update="stream" {
                @for (id, number) in children {
                    (live_child(id, format!("/items/{number}")))
                }
            }
            ul.items #components phx-update="stream" {
                @for (id, number) in rows {
                    (live_component::<Row>(id.clone(), RowProps { id, number, version }))
                }
            }
            ul.items #holders phx-update="stream" {
                @for (id, number) in inner {
                    li #(id) { (live_component::<Holder>(id.clone(), HolderProps { number, version })) }
                }
            }
            ul.items #odd phx-update="stream" {
                @for (id, number) in odd { li #(id) { (number) "@" (version) } }
            }
        }
    }
}

fn item(id: &str, number: u32, version: u32) -> Rendered {
    html! { li #(id) { (number) "@" (version) } }
}

/// A child that is an item.
pub(crate) struct Item(u32);

impl LiveView for Item {
    type Params = Path<u32>;
    type Event = Never;
    type Info = Never;

    async fn mount(Path(number): &Path<u32>, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self(*number))
    }

    fn render(&self) -> Rendered {
        html! { (self.0) "@" }
    }
}

struct Row;

#[derive(Clone, PartialEq)]
struct RowProps {
    id: String,
    number: u32,
    version: u32,
}

impl LiveComponent for Row {
    type Props = RowProps;
    type Event = Never;
    type Info = Never;

    async fn mount(_: &RowProps, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self, props: &RowProps) -> Rendered {
        html! { li #(props.id) { (props.number) "@" (props.version) } }
    }
}

/// A component with a stream of its own.
struct Holder {
    parts: Stream<u32>,
}

#[derive(Clone, PartialEq)]
struct HolderProps {
    number: u32,
    version: u32,
}

impl LiveComponent for Holder {
    type Props = HolderProps;
    type Event = Never;
    type Info = Never;

    async fn mount(props: &HolderProps, _: &mut Socket<Self>) -> Result<Self> {
        let number = props.number;
        let mut parts = Stream::new(move |part: &u32| format!("part-{number}-{part}"));
        parts.push(0);
        Ok(Self { parts })
    }

    fn render(&self, props: &HolderProps) -> Rendered {
        html! {
            div {
                (props.number) "@" (props.version)
                ol #{ "parts-" (props.number) } phx-update="stream" {
                    @for (id, part) in &self.parts { (part_of(&id, part)) }
                }
            }
        }
    }
}

fn part_of(id: &str, part: u32) -> Rendered {
    html! { li.part #(id) { "." (part) } }
}
