//! A linear-chain conditional random field: how likely each word is part of each field, given all words of its page.
//!
//! Owns the sums over all ways to tag a page (Lafferty, McCallum, Pereira 2001; forward and backward with a scale at each
//! word, Rabiner 1989). Must not know what a tag means or where scores come from.

/// Tags: none, and the fields that the tagger knows.
pub const TAGS: usize = 18;
/// A number for each tag.
pub type Row = [f32; TAGS];
/// A number for each pair of a tag and the next word's.
pub type Pairs = [Row; TAGS];

/// How a word follows the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// In the same run.
    Word,
    /// In the next cell of the row.
    Cell,
    /// In a row beneath.
    Line,
}

/// Scores of pairs of tags by how the second word follows the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Transitions {
    /// Within a run.
    pub word: Pairs,
    /// From cell to cell.
    pub cell: Pairs,
    /// From row to row.
    pub line: Pairs,
}

impl Transitions {
    /// All alike.
    pub const NONE: Transitions = Transitions {
        word: [[0.0; TAGS]; TAGS],
        cell: [[0.0; TAGS]; TAGS],
        line: [[0.0; TAGS]; TAGS],
    };

    /// Those of a step.
    pub fn of(&self, step: Step) -> &Pairs {
        match step {
            Step::Word => &self.word,
            Step::Cell => &self.cell,
            Step::Line => &self.line,
        }
    }

    fn raised(&self) -> Transitions {
        let all = |pairs: &Pairs| pairs.map(|row| row.map(f32::exp));
        Transitions {
            word: all(&self.word),
            cell: all(&self.cell),
            line: all(&self.line),
        }
    }
}

/// The sums of one page.
pub struct Lattice {
    /// What each word's tags weigh by itself.
    pub nodes: Vec<Row>,
    /// What the words up to each say of its tag; each row sums to one.
    pub forward: Vec<Row>,
    /// What the words after each say of its tag, on the scale of `forward`.
    pub backward: Vec<Row>,
    /// The pairs' weights.
    pub pairs: Transitions,
}

impl Lattice {
    /// Sums over a page: its words' scores, and how each follows the one before it (the first one's step is not used).
    pub fn new(scores: &[Row], steps: &[Step], transitions: &Transitions) -> Lattice {
        let pairs = transitions.raised();
        let nodes: Vec<Row> = scores.iter().map(raised).collect();
        let mut forward: Vec<Row> = Vec::with_capacity(nodes.len());
        for (node, step) in nodes.iter().zip(steps) {
            let mut row = match forward.last() {
                Some(before) => onward(before, pairs.of(*step)),
                None => [1.0; TAGS],
            };
            row.iter_mut().zip(node).for_each(|(sum, weight)| *sum *= weight);
            scale(&mut row);
            forward.push(row);
        }
        let mut backward: Vec<Row> = Vec::with_capacity(nodes.len());
        let mut row = [1.0; TAGS];
        for (node, step) in nodes.iter().zip(steps).rev() {
            backward.push(row);
            let mut weighed = row;
            weighed
                .iter_mut()
                .zip(node)
                .for_each(|(sum, weight)| *sum *= weight);
            row = [0.0; TAGS];
            for (sum, onward) in row.iter_mut().zip(pairs.of(*step)) {
                *sum = onward
                    .iter()
                    .zip(&weighed)
                    .map(|(pair, after)| pair * after)
                    .sum();
            }
            scale(&mut row);
        }
        backward.reverse();
        Lattice {
            nodes,
            forward,
            backward,
            pairs,
        }
    }

    /// How likely each word has each tag.
    pub fn likely(&self) -> Vec<Row> {
        let each = self.forward.iter().zip(&self.backward);
        each.map(|(forward, backward)| {
            let mut row = *forward;
            row.iter_mut()
                .zip(backward)
                .for_each(|(sum, after)| *sum *= after);
            scale(&mut row);
            row
        })
        .collect()
    }
}

/// Powers of e, the greatest of them one.
fn raised(scores: &Row) -> Row {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.map(|score| (score - most).exp())
}

fn onward(before: &Row, pairs: &Pairs) -> Row {
    let mut row = [0.0; TAGS];
    for (weight, onward) in before.iter().zip(pairs) {
        row.iter_mut()
            .zip(onward)
            .for_each(|(sum, pair)| *sum += weight * pair);
    }
    row
}

/// Makes a row sum to one.
pub fn scale(row: &mut Row) {
    let sum: f32 = row.iter().sum();
    if sum > 0.0 {
        row.iter_mut().for_each(|each| *each /= sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum over every way to tag, one by one, of a page of three words.
    fn by_hand(scores: &[Row], steps: &[Step], transitions: &Transitions) -> Vec<Row> {
        let mut out = vec![[0.0_f32; TAGS]; 3];
        let mut all = 0.0;
        for a in 0..TAGS {
            for b in 0..TAGS {
                for c in 0..TAGS {
                    let weight = (scores[0][a]
                        + scores[1][b]
                        + scores[2][c]
                        + transitions.of(steps[1])[a][b]
                        + transitions.of(steps[2])[b][c])
                        .exp();
                    out[0][a] += weight;
                    out[1][b] += weight;
                    out[2][c] += weight;
                    all += weight;
                }
            }
        }
        out.iter_mut().flatten().for_each(|each| *each /= all);
        out
    }

    #[test]
    fn sums_are_those_over_every_way_to_tag() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut row = || -> Row { std::array::from_fn(|_| random.f32() * 4.0 - 2.0) };
        let scores = [row(), row(), row()];
        let pairs: Vec<Pairs> = (0..3).map(|_| std::array::from_fn(|_| row())).collect();
        let transitions = Transitions {
            word: pairs[0],
            cell: pairs[1],
            line: pairs[2],
        };
        let steps = [Step::Word, Step::Cell, Step::Line];
        let likely = Lattice::new(&scores, &steps, &transitions).likely();
        for (got, wanted) in likely.iter().zip(by_hand(&scores, &steps, &transitions)) {
            for (got, wanted) in got.iter().zip(wanted) {
                assert!((got - wanted).abs() < 1e-4, "{got} {wanted}");
            }
        }
    }
}
