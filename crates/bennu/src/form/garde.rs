//! Rules that the crate `garde` derives: where its violations belong in a form.

use garde::Validate;

use serde_json::Value;

use super::Form;
use super::typed::Typed;

/// With the feature `garde`.
impl<T: Validate> Form<T> {
    /// Checks the value by the rules that `garde` derived for it. Each
    /// violation becomes an error of its field, also in nested structs and in
    /// lists. They run, as those of [`validate`](Self::validate), when every
    /// field parsed.
    ///
    /// `garde` names fields as Rust does; a field that serde renames needs a
    /// rule of its own.
    ///
    /// ```
    /// use bennu::Form;
    /// use garde::Validate;
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize, Validate)]
    /// struct Order {
    ///     #[garde(length(min = 1), dive)]
    ///     items: Vec<Item>,
    /// }
    ///
    /// #[derive(Deserialize, Validate)]
    /// struct Item {
    ///     #[garde(range(min = 1, max = 99))]
    ///     count: u32,
    /// }
    ///
    /// let mut form: Form<Order> = Form::parse("items[0][count]=3&items[1][count]=100");
    /// form.garde();
    /// assert_eq!(form.errors("items.1.count").next(), Some("greater than 99"));
    /// assert_eq!(form.errors("items.0.count").next(), None);
    /// ```
    pub fn garde(&mut self) -> &mut Self
    where
        T::Context: Default,
    {
        self.garde_with(&T::Context::default())
    }

    /// As [`garde`](Self::garde), with what the rules need to know.
    pub fn garde_with(&mut self, context: &T::Context) -> &mut Self {
        let Some(value) = &self.value else {
            return self;
        };
        if let Err(report) = value.validate_with(context) {
            for (path, error) in report.iter() {
                let field = locate(&self.typed, &path.to_string());
                self.typed.errors.add(field, error.message().to_owned());
            }
        }
        self
    }
}

/// The field that `garde` calls `items[0].count`. What it finds within a single
/// input, as in a list that is read from one text, belongs to that input.
fn locate(typed: &Typed, path: &str) -> String {
    let mut field = String::new();
    let path = path.replace('[', ".[");
    for step in path.split('.').filter(|step| !step.is_empty()) {
        let found = typed.find(&field);
        if found.is_some_and(Value::is_string) && !field.is_empty() {
            break;
        }
        let position = step
            .strip_prefix('[')
            .map(|step| step.trim_end_matches(']'));
        let index = position.and_then(|index| index.parse().ok());
        let keys = typed.keys(&field);
        field = match index.and_then(|index: usize| Some((index, keys.get(index)?))) {
            Some((index, key)) => typed.entry_path(&field, index, key),
            None if field.is_empty() => step.to_owned(),
            None => format!("{field}.{}", position.unwrap_or(step)),
        };
    }
    field
}
