//! What can stand between parentheses in a template: the trait [`Render`].

use std::borrow::Cow;
use std::fmt::{self, Display, Write};
use std::rc::Rc;
use std::sync::Arc;

use crate::Placement;
use crate::digits::{SHORT, write_short};
use crate::escape::{escape, escape_quotes};
use crate::rendered::{Rendered, Writer};

/// A value that can be spliced into a template with `(value)`.
///
/// Texts and numbers write themselves escaped; a [`Rendered`] keeps its
/// structure, so that later only its changes travel. Types that only have
/// [`Display`] can be spliced too, without this trait.
///
/// ```
/// use bennu_core::{Filled, Place, Render};
///
/// struct Celsius(f64);
///
/// impl Render for Celsius {
///     fn render(&self, place: Place<'_>) -> Filled {
///         place.display(format_args!("{:.1} °C", self.0))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be spliced into a template",
    note = "implement `Render` for it, or `Display` if it is plain text"
)]
pub trait Render {
    /// Fills the place with this value.
    fn render(&self, place: Place<'_>) -> Filled;
}

/// The place of one value in a template, to be filled exactly once.
#[derive(Debug)]
pub struct Place<'w> {
    writer: &'w mut Writer,
    inline: bool,
}

/// The proof that a [`Place`] was filled.
#[derive(Debug)]
pub struct Filled(());

impl<'w> Place<'w> {
    #[inline]
    pub(crate) fn dynamic(writer: &'w mut Writer) -> Self {
        Self {
            writer,
            inline: false,
        }
    }

    #[inline]
    pub(crate) fn inline(writer: &'w mut Writer) -> Self {
        Self {
            writer,
            inline: true,
        }
    }

    /// Fills the place with text.
    #[inline]
    pub fn text(self, text: &str) -> Filled {
        self.with(|out| escape(text, out))
    }

    /// Fills the place with what `value` displays, as text.
    #[inline]
    pub fn display(self, value: impl Display) -> Filled {
        self.with(|out| {
            // An error would come from the value's own `Display`; what it
            // wrote until then stands.
            let _ = write!(Escaping(out), "{value}");
        })
    }

    /// Fills the place with HTML as it is. Never pass a user's text.
    #[inline]
    pub fn html(self, html: &str) -> Filled {
        self.with(|out| out.push_str(html))
    }

    /// Fills the place with HTML that `write` appends. Never append a user's
    /// text: this is the road for markup that other libraries escaped.
    #[inline]
    pub fn html_with(self, write: impl FnOnce(&mut String)) -> Filled {
        self.with(write)
    }

    /// Fills the place with a rendered template. In an attribute value it
    /// becomes text that can't leave the quotes.
    pub fn rendered(self, rendered: &Rendered) -> Filled {
        if self.inline {
            escape_quotes(&rendered.to_html(), self.writer.buffer());
        } else {
            self.writer.splice(rendered);
        }
        Filled(())
    }

    /// Fills the place with text of which only changes are sent.
    pub(crate) fn long_text(self, text: &str) -> Filled {
        if self.inline {
            return self.text(text);
        }
        self.writer.long_text(text);
        Filled(())
    }

    /// The value has to be rendered each time: a memo around it
    /// (`@for … memo=(…)`) skips nothing. For values that do more than to write
    /// themselves.
    #[must_use]
    pub fn restless(self) -> Self {
        self.writer.restless();
        self
    }

    /// Fills the place with a component. In an attribute value it is nothing.
    pub fn component(self, placement: Placement) -> Filled {
        if !self.inline {
            self.writer.component(placement);
        }
        Filled(())
    }

    /// Fills the place with an attribute whose value `write` fills.
    pub fn attribute(
        self,
        attribute: &'static str,
        write: impl FnOnce(Place<'_>) -> Filled,
    ) -> Filled {
        let Self { writer, inline } = self;
        let out = writer.buffer();
        open_attribute(attribute, '"', out);
        let Filled(()) = write(Place::inline(writer));
        writer.buffer().push('"');
        if !inline {
            writer.end_text();
        }
        Filled(())
    }

    /// Fills the place with an address that the program vouches for.
    pub(crate) fn vouched(self, write: impl FnOnce(&mut String)) -> Filled {
        let start = self.writer.buffer().len();
        write(self.writer.buffer());
        self.writer.trusted = (start, self.writer.buffer().len());
        if !self.inline {
            self.writer.end_text();
        }
        Filled(())
    }

    /// Fills the place with nothing.
    #[inline]
    pub fn nothing(self) -> Filled {
        self.with(|_| ())
    }

    #[inline]
    fn with(self, write: impl FnOnce(&mut String)) -> Filled {
        write(self.writer.buffer());
        if !self.inline {
            self.writer.end_text();
        }
        Filled(())
    }
}

/// Begins an attribute.
pub(crate) fn open_attribute(name: &'static str, quote: char, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push('=');
    out.push(quote);
}

/// Escapes what is written through it.
pub(crate) struct Escaping<'o>(pub(crate) &'o mut String);

impl Write for Escaping<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(text, self.0);
        Ok(())
    }
}

/// HTML that is spliced as it is. The one type that says so: never wrap a
/// user's text in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PreEscaped<T>(pub T);

impl<T: AsRef<str>> Render for PreEscaped<T> {
    fn render(&self, place: Place<'_>) -> Filled {
        place.html(self.0.as_ref())
    }
}

impl Render for Rendered {
    fn render(&self, place: Place<'_>) -> Filled {
        place.rendered(self)
    }
}

impl Render for str {
    #[inline]
    fn render(&self, place: Place<'_>) -> Filled {
        place.text(self)
    }
}

impl Render for String {
    #[inline]
    fn render(&self, place: Place<'_>) -> Filled {
        place.text(self)
    }
}

impl<T: Render + ToOwned + ?Sized> Render for Cow<'_, T> {
    fn render(&self, place: Place<'_>) -> Filled {
        self.as_ref().render(place)
    }
}

/// `None` shows nothing.
impl<T: Render> Render for Option<T> {
    fn render(&self, place: Place<'_>) -> Filled {
        match self {
            Some(value) => value.render(place),
            None => place.nothing(),
        }
    }
}

macro_rules! render_through_reference {
    ($($pointer:ty),*) => {$(
        impl<T: Render + ?Sized> Render for $pointer {
            #[inline]
            fn render(&self, place: Place<'_>) -> Filled {
                (**self).render(place)
            }
        }
    )*};
}

render_through_reference!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

macro_rules! render_integers {
    ($($integer:ty),*) => {$(
        impl Render for $integer {
            #[inline]
            fn render(&self, place: Place<'_>) -> Filled {
                // Digits and a sign need no escaping.
                match u32::try_from(*self) {
                    Ok(short @ 0..SHORT) => place.html_with(|out| write_short(short, out)),
                    _ => place.html(itoa::Buffer::new().format(*self)),
                }
            }
        }
    )*};
}

render_integers!(
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize
);

macro_rules! render_displays {
    ($($displayed:ty),*) => {$(
        impl Render for $displayed {
            #[inline]
            fn render(&self, place: Place<'_>) -> Filled {
                place.display(self)
            }
        }
    )*};
}

render_displays!(f32, f64, bool, char, fmt::Arguments<'_>);
