//! A topic: a name that knows the type of its messages. The name is text because topics are made
//! from data (`room:7`) and will cross processes; the type keeps both ends honest.

use std::any::TypeId;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

/// A name under which messages of type `T` are broadcast.
///
/// Two topics are the same if both name and type agree. Topics of one name with different message
/// types are separate: neither sees the other's messages.
///
/// ```
/// use bennu_pubsub::Topic;
///
/// struct Tick;
/// struct Said { text: String }
///
/// const TICKS: Topic<Tick> = Topic::new("ticks");
/// fn room(id: u64) -> Topic<Said> { Topic::named(format!("room:{id}")) }
///
/// assert_eq!(TICKS.name(), "ticks");
/// assert_eq!(room(7).name(), "room:7");
/// ```
pub struct Topic<T> {
    name: Name,
    message: PhantomData<fn() -> T>,
}

impl<T: Send + Sync + 'static> Topic<T> {
    /// A topic with a fixed name, usable in a `const`.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name: Name::Fixed(name),
            message: PhantomData,
        }
    }

    /// A topic whose name is made at run time.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: Name::Made(Arc::from(name.into())),
            message: PhantomData,
        }
    }

    /// The name without the type.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(crate) fn key(&self) -> Key {
        Key {
            name: self.name.clone(),
            message: TypeId::of::<T>(),
        }
    }
}

// By hand, because the derives would ask the same of `T`.
impl<T> Clone for Topic<T> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            message: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Topic<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Topic<{}>({:?})",
            std::any::type_name::<T>(),
            self.name.as_str()
        )
    }
}

/// What topics are looked up by. Cloning it never allocates.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    name: Name,
    message: TypeId,
}

impl Key {
    pub(crate) fn name(&self) -> &str {
        self.name.as_str()
    }
}

#[derive(Clone, Debug)]
enum Name {
    Fixed(&'static str),
    Made(Arc<str>),
}

impl Name {
    fn as_str(&self) -> &str {
        match self {
            Self::Fixed(name) => name,
            Self::Made(name) => name,
        }
    }
}

// A fixed and a made name with the same text are the same name.
impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}
