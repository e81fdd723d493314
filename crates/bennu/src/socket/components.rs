//! Components and their parents tell each other.

use std::time::Duration;

use bennu_core::Target;

use super::task::OfTask;
use super::{Socket, Stateful, Task};
use crate::component::{Callback, ComponentId, Key, LiveComponent};
use crate::session::mailbox::Recipient;

impl<S> Socket<S> {
    /// Who gets the events that are aimed at this view or component; see
    /// [`Event::at`](crate::Event::at).
    #[must_use]
    pub fn target(&self) -> Target {
        match self.core.cid {
            0 => Target::View,
            cid => Target::Component(cid),
        }
    }

    /// A function for the props of a component, by which it tells this view or
    /// component something: what it is called with becomes a message for
    /// `handle_info`.
    ///
    /// Make it once, in `mount`, and give clones of it to components: they are
    /// equal, and two that were made apart are not.
    pub fn callback<T, K>(&self, info: impl Fn(T) -> S::Info + Send + Sync + 'static) -> Callback<T>
    where
        S: Stateful<K>,
    {
        let link = self.core.link.clone();
        Callback::new(move |message| {
            if let Some(link) = &link {
                // Full or closed: the view is ending.
                let _ = link.post(info(message));
            }
        })
    }

    /// Sends `info` to the `handle_info` of a component of this view: the one of
    /// type `C` with this id. Without one, and in a dead render, it does
    /// nothing.
    ///
    /// ```
    /// use bennu::prelude::*;
    /// # struct Meter;
    /// # enum MeterInfo { Level(u8) }
    /// # impl LiveComponent for Meter {
    /// #     type Props = ();
    /// #     type Event = Never;
    /// #     type Info = MeterInfo;
    /// #     async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> { Ok(Self) }
    /// #     fn render(&self, _: &()) -> Rendered { html! { meter {} } }
    /// # }
    ///
    /// fn tell<V>(socket: &mut Socket<V>) {
    ///     socket.send_update::<Meter>("cpu", MeterInfo::Level(80));
    /// }
    /// ```
    pub fn send_update<C: LiveComponent>(&self, id: impl Into<ComponentId>, info: C::Info) {
        if let Some(link) = &self.core.link {
            let to = Recipient::Named(Box::new(Key::of::<C>(id.into())));
            // Full or closed: the view is ending.
            let _ = link.post_to(to, info);
        }
    }

    /// Like [`send_update`](Self::send_update), after a while. It is not sent
    /// when the sender ends before that.
    pub fn send_update_after<C: LiveComponent>(
        &mut self,
        delay: Duration,
        id: impl Into<ComponentId>,
        info: C::Info,
    ) -> Task {
        let to = Recipient::Named(Box::new(Key::of::<C>(id.into())));
        self.core.run(|link, slip| async move {
            tokio::time::sleep(delay).await;
            // Full or closed: the view is ending.
            let _ = link.post_to(to, OfTask::new(info, slip));
        })
    }
}
