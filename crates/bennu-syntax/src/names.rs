//! The names of events, as `#[derive(Event)]` makes them of variants.

use proc_macro2::Ident;
use syn::ext::IdentExt;

/// The name of the constant of a variant.
pub fn constant(variant: &Ident) -> String {
    words(&variant.unraw().to_string()).join("_").to_uppercase()
}

/// The words of a name, in lower case: `SetTo` and `set_to` are two, `GetHTML`
/// is `get` and `html`.
pub fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (index, &char) in chars.iter().enumerate() {
        let before = index.checked_sub(1).map(|index| chars[index]);
        let after = chars.get(index + 1);
        let starts = char.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() || after.is_some_and(|after| after.is_lowercase())
            });
        if starts || char == '_' {
            words.push(String::new());
        }
        if char != '_'
            && let Some(word) = words.last_mut()
        {
            word.extend(char.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    #[test]
    fn constants_are_in_upper_case() {
        let variant = Ident::new("SetTo", Span::call_site());
        assert_eq!(constant(&variant), "SET_TO");
    }
}
