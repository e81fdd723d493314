//! "Did you mean …?"

/// The candidate that `word` was probably meant to be, if one is near.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .min_by_key(|&(distance, _)| distance)
        .filter(|&(distance, candidate)| distance <= candidate.chars().count().max(3) / 3)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be changed, added, dropped or swapped with their
/// neighbour.
fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().collect();
    let to: Vec<char> = to.chars().collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for (i, &f) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &t) in to.iter().enumerate() {
            let mut least = (rows[i][j] + usize::from(f != t))
                .min(rows[i][j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && from[i - 1] == t && f == to[j - 1] {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_a_slip_and_a_missing_letter_are_near() {
        let words = ["phx-click", "phx-change", "phx-submit"];
        for (word, meant) in [
            ("phx-clcik", Some("phx-click")),
            ("phx-chang", Some("phx-change")),
            ("phx-sumbit", Some("phx-submit")),
            ("entirely-else", None),
        ] {
            assert_eq!(nearest(word, words), meant, "{word}");
        }
    }
}
