//! Components: one that holds nodes and a slot, and one that is an item of a
//! stream or stands in it.

use bennu::{Event, LiveComponent, Never, Rendered, Result, Socket, html};

use super::items::Item;
use super::node::Node;
use super::template::Context;
use super::world::World;

/// A component with nodes in it.
pub(super) struct Part {
    id: String,
}

pub(super) struct PartProps {
    pub(super) node: Node,
    pub(super) slot: Option<Rendered>,
    pub(super) context: Context,
}

impl PartialEq for PartProps {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node && self.slot == other.slot
    }
}

#[derive(Event)]
pub(super) enum PartEvent {
    Count,
}

impl LiveComponent for Part {
    type Props = PartProps;
    type Event = PartEvent;
    type Info = Never;

    async fn mount(props: &PartProps, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            id: props.node.dom_id(),
        })
    }

    async fn handle_event(
        &mut self,
        PartEvent::Count: PartEvent,
        props: &PartProps,
        _: &mut Socket<Self>,
    ) -> Result {
        props.context.world.add_count(&self.id);
        Ok(())
    }

    fn render(&self, props: &PartProps) -> Rendered {
        let PartProps {
            node,
            slot,
            context,
        } = props;
        let (id, count) = (context.id_of(node), context.world.count(&self.id));
        match node.branch {
            0 => html! {
                section id=[&id] {
                    button type="button" phx-click=(PartEvent::Count) { (count) }
                    (node.words()) (slot) (context.inner(node, 0)) (context.inner(node, 1))
                }
            },
            1 => html! {
                article id=[&id] title=(node.words()) {
                    (context.inner(node, 1)) div { (slot) } (context.inner(node, 0))
                    button type="button" phx-click=(PartEvent::Count) { (count) }
                }
            },
            _ => html! {
                aside id=[&id] {
                    (slot) button type="button" phx-click=(PartEvent::Count) { (count) }
                    (context.inner(node, 0)) (node.words()) (context.inner(node, 1))
                }
            },
        }
    }
}

/// A component that is an item of a stream, or stands in one.
pub(super) struct Row;

pub(super) struct RowProps {
    pub(super) id: String,
    /// Whether it is an item itself, and does not stand in one.
    pub(super) is_item: bool,
    pub(super) item: Item,
    pub(super) world: World,
}

impl PartialEq for RowProps {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.item == other.item
    }
}

#[derive(Event)]
pub(super) enum RowEvent {
    Count,
}

impl LiveComponent for Row {
    type Props = RowProps;
    type Event = RowEvent;
    type Info = Never;

    async fn mount(_: &RowProps, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    async fn handle_event(
        &mut self,
        RowEvent::Count: RowEvent,
        props: &RowProps,
        _: &mut Socket<Self>,
    ) -> Result {
        props.world.add_count(&props.id);
        Ok(())
    }

    fn render(&self, props: &RowProps) -> Rendered {
        let RowProps {
            id, item, world, ..
        } = props;
        let count = world.count(id);
        match props.is_item {
            true => html! {
                li #(id) {
                    (item.words()) button type="button" phx-click=(RowEvent::Count) { (count) }
                }
            },
            false => html! {
                div #(id) {
                    button type="button" phx-click=(RowEvent::Count) { (count) } (item.words())
                }
            },
        }
    }
}
