//! Names of fields, joined from those of their types.

/// Joins the names of fields, so that the constants of
/// [`FormFields`](super::FormFields) name what is nested: a field of a group, an
/// entry of a list.
///
/// ```
/// use bennu::form::{FieldName, FormFields};
/// # use serde::Deserialize;
///
/// #[derive(Deserialize, FormFields)]
/// # #[allow(dead_code)]
/// struct Customer { home: Address, orders: Vec<Order> }
///
/// #[derive(Deserialize, FormFields)]
/// # #[allow(dead_code)]
/// struct Address { street: String }
///
/// #[derive(Deserialize, FormFields)]
/// # #[allow(dead_code)]
/// struct Order { price: u32 }
///
/// assert_eq!(Customer::HOME.then(Address::STREET), "home.street");
/// assert_eq!(Customer::ORDERS.at(2).then(Order::PRICE), "orders.2.price");
/// ```
///
/// The compiler knows that there is such a constant, and not that `home` is an
/// `Address`: names are texts, so that those of fields of all types go into one list.
/// A debug build tells if the form's type has no such field, as of every name.
pub trait FieldName {
    /// The name of a field in this group or entry.
    #[must_use]
    fn then(&self, field: &str) -> String;

    /// The name of the entry at this place of the list, from zero, or of the one with
    /// this key in a map.
    #[must_use]
    fn at(&self, index: impl std::fmt::Display) -> String;
}

impl FieldName for str {
    fn then(&self, field: &str) -> String {
        // The form as a whole has the empty name, and so has an entry itself.
        let dot = if self.is_empty() || field.is_empty() {
            ""
        } else {
            "."
        };
        format!("{self}{dot}{field}")
    }

    fn at(&self, index: impl std::fmt::Display) -> String {
        self.then(&index.to_string())
    }
}
