//! The vocabulary of the names on record, and the words in it that are spelled nearly like what was typed.
//!
//! Owns the distance between words and how much of it is forgiven: one slip (a letter wrong, missing, too many, or two
//! swapped) in a short word, two in a long one; in the word being typed also an end that is still to come. The vocabulary is
//! read from the full-text index at the first slip and again when it has grown old: some hundred kilobytes for a million
//! people, who share their names.

use crate::domain::text::fold;
use crate::store::StoreError;
use rusqlite::Connection;
use std::time::{Duration, Instant};

/// Names that came since are found as they are spelled, and forgiven only after this.
const OLD: Duration = Duration::from_secs(300);
/// Words that are tried in the place of one.
const TRIED: usize = 8;
/// A word of fewer letters has too many neighbours.
const SHORTEST: usize = 3;
/// From so many letters on, two slips are forgiven.
const LONG: usize = 6;

struct Word {
    letters: Vec<char>,
    mask: u32,
    people: i64,
}

/// The words of names.
#[derive(Default)]
pub struct Vocabulary {
    words: Vec<Word>,
    read: Option<Instant>,
}

impl Vocabulary {
    /// A full-text query for words spelled nearly so; none where nothing is near.
    ///
    /// # Errors
    /// SQLite's.
    pub fn nearly(&mut self, connection: &Connection, typed: &[&str]) -> Result<Option<String>, StoreError> {
        if self.read.is_none_or(|read| read.elapsed() > OLD) {
            self.words = read(connection)?;
            self.read = Some(Instant::now());
        }
        let mut groups = Vec::new();
        let mut forgiven = false;
        for (place, word) in (1..).zip(typed) {
            let near = self.near(&fold(word), place == typed.len());
            forgiven |= !near.is_empty();
            let mut group = vec![format!("\"{word}\"*")];
            group.extend(near.into_iter().map(|near| format!("\"{near}\"")));
            groups.push(format!("({})", group.join(" OR ")));
        }
        Ok(forgiven.then(|| groups.join(" AND ")))
    }

    /// Words near one, the nearest and then the most common first.
    fn near(&self, typed: &str, unfinished: bool) -> Vec<String> {
        let letters: Vec<char> = typed.chars().collect();
        if letters.len() < SHORTEST || letters.iter().any(char::is_ascii_digit) {
            return Vec::new();
        }
        let most = if letters.len() < LONG { 1 } else { 2 };
        let mask = mask(&letters);
        let mut near: Vec<(u32, i64, &Word)> = Vec::new();
        let mut row = Vec::new();
        for word in &self.words {
            // A slip changes at most one letter of the two sets.
            let absent = (mask & !word.mask).count_ones();
            let long_enough = word.letters.len() + most as usize >= letters.len();
            let short_enough = unfinished || word.letters.len() <= letters.len() + most as usize;
            if absent > most || !long_enough || !short_enough {
                continue;
            }
            let slips = distance(&letters, &word.letters, unfinished, &mut row);
            if slips > 0 && slips <= most {
                near.push((slips, -word.people, word));
            }
        }
        near.sort_unstable_by_key(|(slips, people, _)| (*slips, *people));
        near.iter()
            .take(TRIED)
            .map(|(.., word)| word.letters.iter().collect())
            .collect()
    }
}

/// Letters' bits by their code: two words that share all their letters share all their bits.
fn mask(letters: &[char]) -> u32 {
    letters
        .iter()
        .fold(0, |mask, letter| mask | 1 << (u32::from(*letter) % 32))
}

/// Words that begin with a letter, with how many people bear them. Digits sort before letters: dates and numbers are never
/// looked at.
fn read(connection: &Connection) -> Result<Vec<Word>, StoreError> {
    connection.execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.find_word USING fts5vocab(main, find, row)",
    )?;
    let mut statement =
        connection.prepare_cached("SELECT term, doc FROM temp.find_word WHERE term >= 'a'")?;
    let mut rows = statement.query([])?;
    let mut words = Vec::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        let letters: Vec<char> = text.chars().collect();
        words.push(Word {
            mask: mask(&letters),
            letters,
            people: row.get(1)?,
        });
    }
    Ok(words)
}

/// Slips between what was typed and a word (optimal string alignment: Damerau's four, no part edited twice); of a word that
/// is still being typed, to the nearest beginning. `rows` is room to work in.
fn distance(typed: &[char], word: &[char], unfinished: bool, rows: &mut Vec<u32>) -> u32 {
    let width = word.len() + 1;
    rows.clear();
    rows.resize(width * (typed.len() + 1), 0);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let at = |rows: &[u32], i: usize, j: usize| rows.get(i * width + j).copied().unwrap_or(u32::MAX / 2);
    for i in 0..=typed.len() {
        for j in 0..width {
            let value = if i == 0 {
                count(j)
            } else if j == 0 {
                count(i)
            } else {
                let (a, b) = (typed.get(i - 1), word.get(j - 1));
                let swapped = i > 1 && j > 1 && a == word.get(j - 2) && typed.get(i - 2) == b;
                let aligned = at(rows, i - 1, j - 1) + u32::from(a != b);
                let edited = (at(rows, i - 1, j) + 1).min(at(rows, i, j - 1) + 1).min(aligned);
                if swapped {
                    edited.min(at(rows, i - 2, j - 2) + 1)
                } else {
                    edited
                }
            };
            if let Some(cell) = rows.get_mut(i * width + j) {
                *cell = value;
            }
        }
    }
    let last = rows.get(typed.len() * width..).unwrap_or_default();
    let end = if unfinished {
        last.iter().min()
    } else {
        last.last()
    };
    end.copied().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_as_people_make_them() {
        let table = [
            ("garcia", "garcia", false, 0),
            ("gacria", "garcia", false, 1),
            ("garca", "garcia", false, 1),
            ("garciia", "garcia", false, 1),
            ("karcia", "garcia", false, 1),
            ("gar", "garcia", false, 3),
            ("gar", "garcia", true, 0),
            ("gacr", "garcia", true, 1),
            ("venkatramn", "venkataraman", false, 2),
        ];
        for (typed, word, unfinished, slips) in table {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let found = distance(&chars(typed), &chars(word), unfinished, &mut Vec::new());
            assert_eq!(found, slips, "{typed} {word} {unfinished}");
        }
    }
}
