//! How `html!` picks the road of a spliced value, without the user naming it:
//! our own [`Render`] first, then maud's, then [`Display`].
//!
//! The macro calls `(&&&Splice(&value)).splice(place)`. Method lookup tries the
//! receiver with the most references first, so the first trait below that
//! holds for the value wins. [`Bound`] does the same for event attributes,
//! `(&&&Bound(&value)).bind("phx-click", place)`, and [`Carried`] for the fields
//! of an event, `(&&&Carried(&field)).carry("id", attribute)`.
//!
//! The last trait of each holds for every value and can't be called: only so
//! does the compiler name the trait that the value should have.

use std::fmt::Display;

use crate::binding::Binding;
use crate::render::{Filled, Place, Render};

/// A spliced value on its way to the trait that renders it.
#[derive(Clone, Copy, Debug)]
pub struct Splice<'v, T: ?Sized>(pub &'v T);

/// The road of values with [`Render`].
pub trait ViaRender {
    /// Fills the place.
    fn splice(&self, place: Place<'_>) -> Filled;
}

impl<T: Render + ?Sized> ViaRender for &&Splice<'_, T> {
    #[inline]
    fn splice(&self, place: Place<'_>) -> Filled {
        self.0.render(place)
    }
}

/// The road of values with maud's `Render` (feature `maud`).
pub trait ViaMaud {
    /// Fills the place.
    fn splice(&self, place: Place<'_>) -> Filled;
}

#[cfg(feature = "maud")]
impl<T: maud::Render + ?Sized> ViaMaud for &Splice<'_, T> {
    fn splice(&self, place: Place<'_>) -> Filled {
        place.html_with(|out| self.0.render_to(out))
    }
}

/// The road of values that only have [`Display`]: escaped text.
pub trait ViaDisplay {
    /// Fills the place.
    fn splice(&self, place: Place<'_>) -> Filled;
}

impl<T: Display + ?Sized> ViaDisplay for Splice<'_, T> {
    #[inline]
    fn splice(&self, place: Place<'_>) -> Filled {
        place.display(self.0)
    }
}

/// The road of values that can't be rendered: an error that says so.
pub trait ViaNothing<T: ?Sized> {
    /// Never called.
    fn splice(self, place: Place<'_>) -> Filled
    where
        T: Render;
}

impl<T: ?Sized> ViaNothing<T> for Splice<'_, T> {
    fn splice(self, place: Place<'_>) -> Filled
    where
        T: Render,
    {
        self.0.render(place)
    }
}

/// The value of an event attribute on its way to the trait that writes it.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'v, T: ?Sized>(pub &'v T);

/// The road of event attributes that hold a typed event.
pub trait BindEvent {
    /// Fills the place with the attribute and the event's values.
    fn bind(&self, attribute: &'static str, place: Place<'_>) -> Filled;
}

impl<T: Binding + ?Sized> BindEvent for &&Bound<'_, T> {
    fn bind(&self, attribute: &'static str, place: Place<'_>) -> Filled {
        place.binding(attribute, self.0)
    }
}

/// The road of event attributes that hold anything else: a name, a command.
pub trait BindText {
    /// Fills the place with the attribute.
    fn bind(&self, attribute: &'static str, place: Place<'_>) -> Filled;
}

impl<T: Render + ?Sized> BindText for &Bound<'_, T> {
    fn bind(&self, attribute: &'static str, place: Place<'_>) -> Filled {
        place.attribute(attribute, |place| self.0.render(place))
    }
}

/// The road of event attributes that hold what is no event: an error that says
/// so.
pub trait BindNothing<T: ?Sized> {
    /// Never called.
    fn bind(self, attribute: &'static str, place: Place<'_>) -> Filled
    where
        T: Binding;
}

impl<T: ?Sized> BindNothing<T> for Bound<'_, T> {
    fn bind(self, attribute: &'static str, place: Place<'_>) -> Filled
    where
        T: Binding,
    {
        place.binding(attribute, self.0)
    }
}
