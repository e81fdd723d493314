#![doc = include_str!("component.md")]

mod callback;
mod id;
mod placed;

use std::any::type_name;
use std::future::Future;

use bennu_core::Rendered;

use crate::error::Result;
use crate::event::Event;
use crate::fault;
use crate::socket::Socket;

pub use callback::Callback;
pub use id::ComponentId;
pub use placed::Component;
pub(crate) use placed::{Given, Key, Placed, Props};

/// A part of a view that has its own state, events and messages, in the view's
/// task.
///
/// Most components need none of these: a function that returns [`Rendered`] is
/// simpler. Implement this trait for what has a state that its view should not
/// need to know, such as whether a menu is open or what a row's form holds.
///
/// A view or another component places it with [`live_component`]. The first time
/// it is [mounted](Self::mount); after that its props decide: if they are equal
/// to the ones before, nothing happens, otherwise it is
/// [updated](Self::update) and rendered. Events and messages of its own render
/// it and nothing else.
///
/// When its place is gone from the page, the browser says so and the component
/// is dropped, with its timers, tasks and subscriptions. One that comes back
/// before that has kept its state. Until then it is sent events, and a peer that
/// does not say so can go on with that: what somebody must not do any more, its
/// handlers have to refuse.
///
/// ```
/// use bennu::prelude::*;
///
/// struct Stars {
///     hovered: u8,
/// }
///
/// #[derive(PartialEq)]
/// struct Rating {
///     stars: u8,
///     on_rate: Callback<u8>,
/// }
///
/// #[derive(Event)]
/// enum StarsEvent {
///     Hover { star: u8 },
///     Rate { star: u8 },
/// }
///
/// impl LiveComponent for Stars {
///     type Props = Rating;
///     type Event = StarsEvent;
///     type Info = Never;
///
///     async fn mount(_: &Rating, _: &mut Socket<Self>) -> Result<Self> {
///         Ok(Self { hovered: 0 })
///     }
///
///     async fn handle_event(
///         &mut self,
///         event: StarsEvent,
///         rating: &Rating,
///         _: &mut Socket<Self>,
///     ) -> Result {
///         match event {
///             StarsEvent::Hover { star } => self.hovered = star,
///             StarsEvent::Rate { star } => rating.on_rate.call(star),
///         }
///         Ok(())
///     }
///
///     fn render(&self, rating: &Rating) -> Rendered {
///         html! {
///             div.stars {
///                 @for star in 1..=5_u8 {
///                     button
///                         .lit[star <= rating.stars.max(self.hovered)]
///                         phx-focus=(StarsEvent::Hover { star })
///                         phx-click=(StarsEvent::Rate { star })
///                     { "★" }
///                 }
///             }
///         }
///     }
/// }
///
/// struct Film {
///     stars: u8,
///     on_rate: Callback<u8>,
/// }
///
/// enum FilmInfo {
///     Rated(u8),
/// }
///
/// impl LiveView for Film {
///     type Params = ();
///     type Event = Never;
///     type Info = FilmInfo;
///
///     async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
///         Ok(Self { stars: 0, on_rate: socket.callback(FilmInfo::Rated) })
///     }
///
///     async fn handle_info(&mut self, info: FilmInfo, _: &mut Socket<Self>) -> Result {
///         let FilmInfo::Rated(stars) = info;
///         self.stars = stars;
///         Ok(())
///     }
///
///     fn render(&self) -> Rendered {
///         let rating = Rating { stars: self.stars, on_rate: self.on_rate.clone() };
///         html! { (live_component::<Stars>("stars", rating)) }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a live component",
    note = "implement `LiveComponent` for it: `mount`, `render`, its props and the types of its messages"
)]
pub trait LiveComponent: Sized + Send + 'static {
    /// What its parent gives it; `()` if nothing.
    type Props: PartialEq + Send + Sync + 'static;

    /// What the browser can ask of it; [`Never`](crate::Never) if nothing. An
    /// event that is bound in its template, or in that of a component inside,
    /// goes to it.
    type Event: Event;

    /// Messages from the server: of [`Socket::send_update`], topics, timers,
    /// tasks, [`Callback`]s; [`Never`](crate::Never) if none.
    type Info: Send + 'static;

    /// Makes the component, when it is placed for the first time.
    ///
    /// # Errors
    /// An error is one of the view: see [`LiveView::mount`](crate::LiveView::mount)
    /// and, once that is connected,
    /// [`LiveView::handle_event`](crate::LiveView::handle_event).
    fn mount(
        props: &Self::Props,
        socket: &mut Socket<Self>,
    ) -> impl Future<Output = Result<Self>> + Send;

    /// Called when it is placed with other props than before.
    ///
    /// # Errors
    /// As for [`mount`](Self::mount).
    fn update(
        &mut self,
        props: &Self::Props,
        socket: &mut Socket<Self>,
    ) -> impl Future<Output = Result> + Send {
        let _ = (props, socket);
        async { Ok(()) }
    }

    /// Called for each event of the browser.
    ///
    /// # Errors
    /// As for [`mount`](Self::mount).
    fn handle_event(
        &mut self,
        event: Self::Event,
        props: &Self::Props,
        socket: &mut Socket<Self>,
    ) -> impl Future<Output = Result> + Send {
        let _ = (event, props);
        socket.show_fault(fault::unhandled(type_name::<Self>()));
        async { Ok(()) }
    }

    /// Called for each message of the server.
    ///
    /// # Errors
    /// As for [`mount`](Self::mount).
    fn handle_info(
        &mut self,
        info: Self::Info,
        props: &Self::Props,
        socket: &mut Socket<Self>,
    ) -> impl Future<Output = Result> + Send {
        let _ = (info, props, socket);
        async { Ok(()) }
    }

    /// The component as HTML, written with [`html!`](crate::html): exactly one
    /// element. It must only read the state.
    fn render(&self, props: &Self::Props) -> Rendered;
}

/// A component for a place in a template: `(live_component::<Card>(id, props))`.
///
/// `id` tells the components of type `C` in a view apart. The component with an
/// id is the same one wherever it is placed, and it is placed once: two at the
/// same time are an error, which names both places.
///
/// Its place is in a view, in a live layout, or in another component. In a root
/// layout it is an error, and where no view renders, as in an error page or in
/// what is made to a text, it shows nothing.
#[track_caller]
pub fn live_component<C: LiveComponent>(id: impl Into<ComponentId>, props: C::Props) -> Component {
    Component::new::<C>(id.into(), props)
}
