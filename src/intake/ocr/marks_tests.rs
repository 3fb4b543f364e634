//! What a pen did to pages that are drawn in the test.

use super::ink::Ink;
use super::marks;
use crate::intake::picture::Picture;
use crate::intake::sheet::{Origin, Run};

const WIDTH: usize = 800;
const HEIGHT: usize = 400;

struct Page(Vec<u8>);

impl Page {
    fn line(&mut self, from: (usize, usize), to: (usize, usize)) {
        let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1)).max(1);
        for step in 0..=steps {
            let at = |a: usize, b: usize| (a * (steps - step) + b * step) / steps;
            for thick in 0..2 {
                self.0[(at(from.1, to.1) + thick) * WIDTH + at(from.0, to.0)] = 0;
            }
        }
    }

    fn square(&mut self, left: usize, top: usize, side: usize) {
        let (right, bottom) = (left + side, top + side);
        self.line((left, top), (right, top));
        self.line((left, bottom), (right, bottom));
        self.line((left, top), (left, bottom));
        self.line((right, top), (right, bottom));
        self.line((left + 1, top), (left + 1, bottom));
        self.line((right + 1, top), (right + 1, bottom));
    }

    /// Letters as posts: nothing in them runs along the line.
    fn word(&mut self, left: usize, top: usize, letters: usize) {
        for letter in 0..letters {
            let x = left + letter * 12;
            self.line((x, top), (x, top + 18));
            self.line((x + 1, top), (x + 1, top + 18));
        }
    }
}

fn run(text: &str, left: usize, top: usize) -> Run {
    let count = text.chars().count();
    let right = left + count * 12;
    let part = |x: usize| x as f32 / WIDTH as f32;
    let mut run = Run::new(
        text,
        [
            part(left),
            top as f32 / HEIGHT as f32,
            part(right),
            (top + 20) as f32 / HEIGHT as f32,
        ],
        Origin::Print,
    );
    run.edges = (0..=count).map(|at| part(left + at * 12)).collect();
    run.sure = vec![1.0; count];
    run
}

fn marked(page: Page, mut runs: Vec<Run>) -> Vec<Run> {
    let picture = Picture::new(WIDTH, HEIGHT, page.0).unwrap();
    marks::add(&Ink::new(&picture, 0.0), &mut runs);
    runs
}

fn blank() -> Page {
    Page(vec![255; WIDTH * HEIGHT])
}

#[test]
fn drawn_boxes_stand_before_their_words() {
    let mut page = blank();
    let mut runs = Vec::new();
    for (index, word) in ["Routine", "Urgent", "STAT"].into_iter().enumerate() {
        let left = 100 + index * 200;
        page.square(left - 30, 101, 18);
        page.word(left, 101, word.len());
        runs.push(run(word, left, 100));
    }
    page.line((272, 103), (286, 117));
    page.line((286, 103), (272, 117));
    // A lone square is a logo.
    page.square(70, 301, 18);
    runs.push(run("Clinic", 100, 300));
    let texts: Vec<String> = marked(page, runs).into_iter().map(|run| run.text).collect();
    assert_eq!(texts, ["☐ Routine", "☒ Urgent", "☐ STAT", "Clinic"]);
}

#[test]
fn boxes_drawn_behind_their_words_are_theirs() {
    let mut page = blank();
    let mut runs = Vec::new();
    for (index, word) in ["Male", "Female", "Other"].into_iter().enumerate() {
        let left = 60 + index * 180;
        let right = left + word.len() * 12;
        page.word(left, 101, word.len());
        page.square(right + 4, 101, 18);
        runs.push(run(word, left, 100));
        if word == "Female" {
            page.line((right + 6, 103), (right + 20, 117));
            page.line((right + 20, 103), (right + 6, 117));
        }
    }
    let texts: Vec<String> = marked(page, runs).into_iter().map(|run| run.text).collect();
    assert_eq!(texts, ["Male ☐", "Female ☒", "Other ☐"]);
}

#[test]
fn the_circled_word_of_a_choice_is_ticked() {
    let mut page = blank();
    let words: Vec<Run> = [100, 300, 500]
        .into_iter()
        .map(|left| run("Urgent", left, 100))
        .collect();
    let (middle, down) = (336.0_f32, 110.0_f32);
    for step in 0..720 {
        let (sin, cos) = (step as f32 / 720.0 * std::f32::consts::TAU).sin_cos();
        let (x, y) = ((middle + 48.0 * cos) as usize, (down + 19.0 * sin) as usize);
        page.line((x, y), (x + 1, y));
    }
    let texts: Vec<String> = marked(page, words).into_iter().map(|run| run.text).collect();
    assert_eq!(texts, ["Urgent", "☒ Urgent", "Urgent"]);
}

#[test]
fn what_is_crossed_out_was_not_read() {
    let mut page = blank();
    page.word(100, 101, 5);
    page.word(172, 101, 4);
    page.line((170, 109), (92, 110));
    page.line((170, 109), (232, 108));
    page.word(100, 201, 9);
    page.line((0, 211), (799, 211));
    let runs = marked(
        page,
        vec![run("Aetna Gold", 100, 100), run("Cigna Plan", 100, 200)],
    );
    let least = |run: &Run| run.sure.iter().copied().fold(1.0, f32::min);
    assert!(least(&runs[0]) < 0.1, "a stroke through the words");
    assert!(least(&runs[1]) > 0.9, "a form's line runs on");
}
