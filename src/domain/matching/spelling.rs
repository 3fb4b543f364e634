//! Whether two words are the same but for a slip of the keyboard or the ear.
//!
//! Owns the distance and how much of it is forgiven. Words are folded already. Must not know whose they are.

/// Whether two words differ by a slip, and no more: one edit in a word of three letters or more, two where both have eight.
pub fn slip(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        let (one, other) = (one.as_bytes(), other.as_bytes());
        let most = forgiven(one.len().min(other.len()));
        return most.is_some_and(|most| strangers(one, other) <= 2 * most && distance(one, other) <= most);
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let most = forgiven(one.len().min(other.len()));
    most.is_some_and(|most| one.len().abs_diff(other.len()) <= most && distance(&one, &other) <= most)
}

/// The edits that are forgiven in a word of so many letters; none where it is too short for any.
const fn forgiven(letters: usize) -> Option<usize> {
    match letters {
        0..=2 => None,
        3..=7 => Some(1),
        _ => Some(2),
    }
}

/// Letters that one word has and the other has not, both ways: no edit changes more than two of them, and counting is a tenth of what
/// the distance costs. Most words that are compared have nothing to do with each other.
fn strangers(one: &[u8], other: &[u8]) -> usize {
    let mut counts = [0_i8; 128];
    for (letters, by) in [(one, 1), (other, -1)] {
        for letter in letters {
            if let Some(count) = counts.get_mut(usize::from(*letter)) {
                *count = count.saturating_add(by);
            }
        }
    }
    counts.iter().map(|count| usize::from(count.unsigned_abs())).sum()
}

/// Edits from one word to another: a letter wrong, missing, too many, or two neighbours swapped (Damerau, "A technique for
/// computer detection and correction of spelling errors", CACM 7, 1964; as optimal string alignment).
pub fn distance<T: PartialEq>(one: &[T], other: &[T]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, theirs) in other.iter().enumerate() {
            let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut best = at(&last, j) + usize::from(letter != theirs);
            best = best.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0
                && j > 0
                && one.get(i - 1) == Some(theirs)
                && other.get(j - 1) == Some(letter)
                && letter != theirs;
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips() {
        for (one, other, is) in [
            ("garcia", "garica", true),
            ("garcia", "garcea", true),
            ("garcia", "gracea", false),
            ("hernandez", "hernandes", true),
            ("hernandez", "fernandes", true),
            ("lee", "li", false),
            ("lee", "leo", true),
            ("ng", "no", false),
            ("venkataraman", "venkatramn", true),
            ("smith", "jones", false),
        ] {
            assert_eq!((slip(one, other), slip(other, one)), (is, is), "{one} {other}");
        }
    }
}
