#![doc = include_str!("child.md")]

use std::borrow::Cow;

use bennu_core::{Filled, Place, Render};

use crate::session::nest::{self, Wish};

/// Embeds the live view at `url` as a child of the view that renders this.
///
/// The child has a task, state, events and a crash of its own. It is mounted
/// by way of its route, as a page would be: middleware, extractors and what
/// they refuse hold for it too. It has no layout around it. When its parent
/// ends, it ends.
///
/// `id` is the id of its element, unique on the page. `url` is a local path; what
/// a URL can't hold, such as a space, is percent-encoded.
///
/// ```
/// use bennu::prelude::*;
///
/// struct Desk {
///     zone: String,
/// }
/// # impl LiveView for Desk {
/// #     type Params = (); type Event = Never; type Info = Never;
/// #     async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
/// #         Ok(Self { zone: "UTC".into() })
/// #     }
///
///     fn render(&self) -> Rendered {
///         html! {
///             h1 { "Desk" }
///             (live_child("clock", format!("/clock?zone={}", self.zone)))
///         }
///     }
/// # }
/// ```
///
/// An unchanged child costs its parent nothing. With another `url` it is
/// another child: the old one ends, and the new one is mounted in an element
/// whose id has a number after it (`clock~2`).
///
/// A view that places a child that can't be is ended with an error, and its page
/// answered with status 500: where `id` is empty, longer than 200 bytes, contains
/// spaces or is placed twice, be it by a component, where `url` is no local path,
/// beyond [`Limits::children`](crate::Limits::children) with all of the view's
/// components, and below eight levels: a view that embeds itself. The log names the
/// child and the mend.
///
/// # Panics
/// Rendering panics where no view renders.
pub fn live_child<'c>(id: impl Into<Cow<'c, str>>, url: impl Into<Cow<'c, str>>) -> Child<'c> {
    Child {
        id: id.into(),
        url: url.into(),
        sticky: false,
    }
}

/// Embeds the live view at `url` so that it stays while the page is navigated:
/// a player, a chat.
///
/// Like [`live_child`], but it has no parent. Put it under the same `id` and
/// `url` into each view, or live layout, that it shall stay in; where it isn't
/// placed, it ends. Another `url` under the same `id` counts from its next
/// join.
///
/// # Panics
/// As for [`live_child`].
pub fn live_sticky<'c>(id: impl Into<Cow<'c, str>>, url: impl Into<Cow<'c, str>>) -> Child<'c> {
    Child {
        id: id.into(),
        url: url.into(),
        sticky: true,
    }
}

/// A view in a view: see [`live_child`] and [`live_sticky`].
#[derive(Clone, Debug)]
#[must_use = "a child shows only where it is spliced"]
pub struct Child<'c> {
    id: Cow<'c, str>,
    url: Cow<'c, str>,
    sticky: bool,
}

impl Render for Child<'_> {
    fn render(&self, place: Place<'_>) -> Filled {
        // Each render has to place it, or it ends.
        place.restless().rendered(&nest::place(Wish {
            id: &self.id,
            url: &self.url,
            sticky: self.sticky,
        }))
    }
}
