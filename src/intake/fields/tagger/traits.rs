//! What can be told of a word from its neighbours and from its place: the traits that the model weighs.
//!
//! Owns the traits. A trait is a hash, so that words need no table; two that share a hash share their weight, which training
//! has seen. Must not know tags or weights. A change here asks for new weights: `assets/reader/README.md`.

use super::crf::Step;
use super::surroundings::{Around, Surroundings};
use super::tokens::Token;
use crate::intake::fields::leaf::Leaf;

/// A page as the model sees it.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The words.
    pub tokens: Vec<Token>,
    /// How each follows the one before it.
    pub steps: Vec<Step>,
    /// The traits of each.
    pub traits: Vec<Vec<u32>>,
}

/// FNV-1a, over the words of a trait, with the trait's number first.
struct Hash(u32);

impl Hash {
    fn of(number: u8) -> Hash {
        Hash(0x811c_9dc5).byte(number)
    }

    fn byte(self, byte: u8) -> Hash {
        Hash((self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }

    fn text(self, text: &str) -> Hash {
        text.bytes().fold(self, Hash::byte).byte(0)
    }
}

/// A word as its neighbours see it: what it is, or itself where it is nothing in particular.
fn said(token: Option<&Token>) -> &str {
    match token {
        Some(token) if token.told || token.key.chars().any(|c| c.is_ascii_digit()) => token.kind,
        Some(token) => &token.key,
        None => "",
    }
}

/// Looks at a page.
pub fn see(leaf: &Leaf<'_>, page: usize, tokens: Vec<Token>) -> Seen {
    let surroundings = Surroundings::new(leaf, &tokens);
    let steps: Vec<Step> = (0..tokens.len())
        .map(|at| {
            let runs = at
                .checked_sub(1)
                .and_then(|before| tokens.get(before).zip(tokens.get(at)));
            match runs {
                Some((before, here)) if before.run == here.run => Step::Word,
                Some((before, here)) if leaf.row(before.run) == leaf.row(here.run) => Step::Cell,
                Some(_) | None => Step::Line,
            }
        })
        .collect();
    let mut told: Vec<&'static str> = Vec::new();
    let mut last = "";
    let traits = (0..tokens.len())
        .map(|at| {
            let Some(token) = tokens.get(at) else {
                return Vec::new();
            };
            let begins = token.told
                && at
                    .checked_sub(1)
                    .and_then(|at| tokens.get(at))
                    .is_none_or(|before| before.kind != token.kind);
            if begins {
                told.push(token.kind);
            }
            let count = told.iter().filter(|kind| **kind == token.kind).count().min(4);
            let around = surroundings.around(leaf, &tokens, at);
            let mut out = by_words(&tokens, &steps, at);
            by_place(token, &around, page, &mut out);
            let mut more = |hash: Hash| out.push(hash.0);
            more(Hash::of(60).text(token.kind).text(last));
            more(Hash::of(61).text(token.kind).byte(count as u8));
            if token.told && tokens.get(at + 1).is_none_or(|next| next.kind != token.kind) {
                last = token.kind;
            }
            out
        })
        .collect();
    Seen {
        tokens,
        steps,
        traits,
    }
}

/// What its neighbours say.
fn by_words(tokens: &[Token], steps: &[Step], at: usize) -> Vec<u32> {
    let near = |by: isize| at.checked_add_signed(by).and_then(|at| tokens.get(at));
    let Some(token) = near(0) else { return Vec::new() };
    let step = |at: usize| match steps.get(at) {
        Some(Step::Word) => 1,
        Some(Step::Cell) => 2,
        Some(Step::Line) | None => 3,
    };
    let (own, kind) = (said(Some(token)), token.kind);
    let [third, second, before] = [-3, -2, -1].map(|by| said(near(by)));
    let [after, later] = [1, 2].map(|by| said(near(by)));
    let kinds = [near(-1), near(1)].map(|token| token.map_or("", |token| token.kind));
    let (from, to) = (step(at), step(at + 1));
    let mark = |token: Option<&Token>| {
        token
            .and_then(|token| token.before)
            .map_or(0, |c| u32::from(c) as u8)
    };
    let (mark_before, mark_after) = (mark(Some(token)), mark(near(1)));
    let head: String = token.key.chars().take(4).collect();
    [
        Hash::of(1).text(own),
        Hash::of(2).text(kind),
        Hash::of(3).text(kind).text(before).byte(from),
        Hash::of(4).text(kind).text(second),
        Hash::of(5).text(kind).text(after).byte(to),
        Hash::of(6).text(kind).text(later),
        Hash::of(7).text(kind).text(before).text(second),
        Hash::of(8).text(own).text(after).byte(to),
        Hash::of(9).text(own).text(before).byte(from),
        Hash::of(10).text(kind).text(kinds[0]).text(kinds[1]),
        Hash::of(11).text(kind).byte(mark_before).byte(from),
        Hash::of(12).text(kind).byte(mark_after).byte(to),
        Hash::of(13).text(kind).text(third),
        Hash::of(14).text(&head),
        Hash::of(15).text(kind).text(before).byte(mark_before),
        Hash::of(16).text(before).byte(from),
        Hash::of(17).text(after).byte(to),
        Hash::of(18).text(before).text(second).text(third),
        Hash::of(19).text(kind).byte(from).byte(to),
    ]
    .map(|hash| hash.0)
    .to_vec()
}

/// What its place says: its label, what is left of it and above it, whose block it stands in, where on the page.
fn by_place(token: &Token, around: &Around<'_>, page: usize, out: &mut Vec<u32>) {
    let kind = token.kind;
    let mut add = |hash: Hash| out.push(hash.0);
    add(Hash::of(30)
        .text(kind)
        .byte(around.first.into())
        .byte(around.last.into()));
    add(Hash::of(31).text(kind).byte(around.index).byte(around.length));
    add(Hash::of(32).text(kind).byte(around.zone).byte((page > 0).into()));
    add(Hash::of(33).text(kind).byte(around.party));
    add(Hash::of(34).text(kind).byte(around.letter));
    add(Hash::of(35).text(kind).byte(around.zone).byte(around.tall.into()));
    add(Hash::of(29).text(kind).byte(token.read));
    add(Hash::of(36)
        .text(kind)
        .byte(around.letter)
        .byte(around.party)
        .byte(around.zone));
    if let Some(label) = around.label {
        add(Hash::of(37).text(kind).byte(label.topic).byte(label.party));
        add(Hash::of(38).byte(label.topic).byte(label.party).byte(label.away));
        add(Hash::of(39).byte(label.topic).byte(label.within.into()));
        add(Hash::of(40).text(kind).byte(label.topic).byte(around.party));
        add(Hash::of(41).byte(label.within.into()).text(kind));
    }
    for (number, beside) in [(42, &around.left), (48, &around.above)] {
        let Some(beside) = beside else { continue };
        let first = around.index.min(3);
        add(Hash::of(number)
            .text(kind)
            .byte(beside.topic)
            .byte(beside.party)
            .byte(first));
        add(Hash::of(number + 1)
            .byte(beside.topic)
            .byte(beside.party)
            .byte(around.party));
        add(Hash::of(number + 2)
            .text(kind)
            .text(said(beside.words.last().copied())));
        for word in &beside.words {
            add(Hash::of(number + 3).text(said(Some(word))).byte(first));
            add(Hash::of(number + 4).text(said(Some(word))).text(kind));
        }
    }
}
