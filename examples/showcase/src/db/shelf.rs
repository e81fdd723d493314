//! Twelve thousand books that nobody wrote: always the same ones, so that
//! searches can be compared.

const ADJECTIVES: [&str; 40] = [
    "Amber",
    "Ancient",
    "Blue",
    "Borrowed",
    "Bright",
    "Broken",
    "Burning",
    "Distant",
    "Early",
    "Empty",
    "Forgotten",
    "Fragile",
    "Gentle",
    "Golden",
    "Hidden",
    "Hollow",
    "Iron",
    "Last",
    "Late",
    "Little",
    "Long",
    "Lost",
    "Northern",
    "Paper",
    "Patient",
    "Quiet",
    "Restless",
    "Salt",
    "Second",
    "Secret",
    "Silver",
    "Slow",
    "Small",
    "Sudden",
    "Tender",
    "Unfinished",
    "Velvet",
    "Wandering",
    "Wild",
    "Winter",
];

const NOUNS: [&str; 50] = [
    "Almanac",
    "Archive",
    "Atlas",
    "Bridge",
    "Carpenter",
    "Cartographer",
    "Clockmaker",
    "Compass",
    "Crossing",
    "Daughter",
    "Dictionary",
    "Engine",
    "Ferry",
    "Garden",
    "Gardener",
    "Glacier",
    "Harbour",
    "Heron",
    "House",
    "Island",
    "Journey",
    "Kingdom",
    "Lantern",
    "Letter",
    "Library",
    "Lighthouse",
    "Map",
    "Meadow",
    "Mirror",
    "Mountain",
    "Museum",
    "Night",
    "Orchard",
    "Phoenix",
    "Photograph",
    "Piano",
    "Railway",
    "River",
    "Road",
    "Season",
    "Shadow",
    "Shore",
    "Sparrow",
    "Station",
    "Storm",
    "Summer",
    "Telescope",
    "Theatre",
    "Voyage",
    "Window",
];

const PLACES: [&str; 24] = [
    "Alexandria",
    "Antwerp",
    "Bergen",
    "Cadiz",
    "Dresden",
    "Fez",
    "Galway",
    "Heliopolis",
    "Kyoto",
    "Lisbon",
    "Lucerne",
    "Malmö",
    "Marseille",
    "Memphis",
    "Naples",
    "Odense",
    "Porto",
    "Quebec",
    "Riga",
    "Salerno",
    "Tbilisi",
    "Trieste",
    "Uppsala",
    "Valparaíso",
];

const FIRST_NAMES: [&str; 32] = [
    "Ada", "Amara", "Anton", "Beatriz", "Carlos", "Chidi", "Clara", "Dmitri", "Elif", "Emil",
    "Farah", "Goran", "Hana", "Ines", "Ivo", "Jun", "Katya", "Leila", "Marek", "Mei", "Nadia",
    "Nils", "Olga", "Otis", "Priya", "Rosa", "Samir", "Tomas", "Uma", "Vera", "Yusuf", "Zoë",
];

const LAST_NAMES: [&str; 40] = [
    "Abbas",
    "Adeyemi",
    "Almeida",
    "Andersen",
    "Bauer",
    "Becker",
    "Castro",
    "Costa",
    "Dubois",
    "Eriksen",
    "Ferrari",
    "Fischer",
    "Gupta",
    "Haddad",
    "Holm",
    "Ito",
    "Jansen",
    "Kaya",
    "Keller",
    "Kim",
    "Kovac",
    "Laurent",
    "Lindqvist",
    "Marino",
    "Mendes",
    "Moreau",
    "Nakamura",
    "Novak",
    "Okafor",
    "Petrov",
    "Rahman",
    "Rossi",
    "Santos",
    "Schmidt",
    "Silva",
    "Tanaka",
    "Vega",
    "Virtanen",
    "Weber",
    "Zhang",
];

/// A book before it has a place in the database.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Printed {
    pub(super) title: String,
    pub(super) author: String,
    pub(super) year: u16,
}

pub(super) const SIZE: usize = 12_000;

pub(super) fn books() -> impl Iterator<Item = Printed> {
    let mut dice = Dice(2026);
    (0..SIZE).map(move |_| print(&mut dice))
}

fn print(dice: &mut Dice) -> Printed {
    let adjective = dice.pick(&ADJECTIVES);
    let noun = dice.pick(&NOUNS);
    let other = dice.pick(&NOUNS);
    let place = dice.pick(&PLACES);
    let title = match dice.below(6) {
        0 => format!("The {adjective} {noun}"),
        1 => format!("The {noun} of {place}"),
        2 => format!("{adjective} {noun}, {adjective} {other}"),
        3 if noun.starts_with(['A', 'E', 'I', 'O']) => format!("An {noun} for the {other}"),
        3 => format!("A {noun} for the {other}"),
        4 => format!("The {adjective} {noun} of {place}"),
        _ => format!("{noun} and {other}"),
    };
    let first = dice.pick(&FIRST_NAMES);
    let last = dice.pick(&LAST_NAMES);
    Printed {
        title,
        author: format!("{first} {last}"),
        year: 1900 + dice.below(126),
    }
}

/// SplitMix64: numbers that look random and are the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u16) -> u16 {
        let number = self.roll() % u64::from(limit);
        u16::try_from(number).unwrap_or_default()
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        let count = u16::try_from(words.len()).unwrap_or(u16::MAX);
        words[usize::from(self.below(count))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_books_are_always_the_same() {
        let first: Vec<Printed> = books().take(3).collect();
        assert!(books().take(3).eq(first));
        assert_eq!(books().count(), SIZE);
        assert!(books().all(|book| (1900..2026).contains(&book.year)));
    }
}
