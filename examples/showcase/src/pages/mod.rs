//! The pages: each file holds one view with its template.

mod counter;
mod feed;
mod home;
mod instant;
mod invoice;
mod kanban;
mod order;
mod register;
mod search;
mod system;
mod todo;
mod tokens;

pub(crate) use counter::Counter;
pub(crate) use feed::Feed;
pub(crate) use home::Home;
pub(crate) use instant::Instant;
pub(crate) use invoice::InvoiceEditor;
pub(crate) use kanban::Kanban;
pub(crate) use order::{AddressStep, Cart, DeliveryStep, Done, PaymentStep};
pub(crate) use register::Registration;
pub(crate) use search::BookSearch;
pub(crate) use system::SystemMonitor;
pub(crate) use todo::TodoList;
pub(crate) use tokens::Tokens;

/// What the other pages tell about one.
#[derive(Debug)]
pub(crate) struct Exhibit {
    /// Its path without the slash.
    pub(crate) slug: &'static str,
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    /// The file that it is made of.
    pub(crate) source: &'static str,
}

/// All pages in the order of the navigation.
pub(crate) const EXHIBITS: &[&Exhibit] = &[
    &counter::EXHIBIT,
    &system::EXHIBIT,
    &todo::EXHIBIT,
    &register::EXHIBIT,
    &invoice::EXHIBIT,
    &search::EXHIBIT,
    &order::EXHIBIT,
    &feed::EXHIBIT,
    &kanban::EXHIBIT,
    &instant::EXHIBIT,
    &tokens::EXHIBIT,
];
