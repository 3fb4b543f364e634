//! Where the time of reading goes: `cargo run --release --example pages -- FILE…` prints processor seconds for each picture,
//! and for any other document what reading it in this process takes.

#![allow(clippy::print_stdout, reason = "it is what it is for")]

use refdesk::intake::{self, stages};
use rustix::time::{ClockId, clock_gettime};

fn main() {
    let mut sum = intake::Stages::default();
    for path in std::env::args().skip(1) {
        let Ok(bytes) = std::fs::read(&path) else {
            println!("{path}: cannot be read");
            continue;
        };
        let before = clock_gettime(ClockId::ProcessCPUTime);
        match stages(&bytes).filter(|stages| stages.pages > 0) {
            Some(one) => {
                println!(
                    "{path}: {} pages, {} lines: load {:.2} decode {:.2} find {:.2} cut {:.2} recognise {:.2}; whole {:.2}",
                    one.pages, one.lines, one.load, one.decode, one.find, one.cut, one.recognise, one.whole
                );
                sum.pages += one.pages;
                sum.lines += one.lines;
                sum.decode += one.decode;
                sum.find += one.find;
                sum.cut += one.cut;
                sum.recognise += one.recognise;
                sum.whole += one.whole;
            }
            None => {
                let read = intake::read(&path, &bytes);
                let after = clock_gettime(ClockId::ProcessCPUTime);
                let took =
                    (after.tv_sec - before.tv_sec) as f64 + (after.tv_nsec - before.tv_nsec) as f64 / 1e9;
                println!(
                    "{path}: {} pages, {took:.3} s {:?}",
                    read.pages.len(),
                    read.warnings
                );
            }
        }
    }
    if let Some(lines) = sum.lines.checked_div(sum.pages) {
        let each = |seconds: f64| seconds / sum.pages as f64;
        println!(
            "a page: {lines} lines, decode {:.3} find {:.3} cut {:.3} recognise {:.3}; whole {:.3} processor seconds",
            each(sum.decode),
            each(sum.find),
            each(sum.cut),
            each(sum.recognise),
            each(sum.whole)
        );
    }
}
