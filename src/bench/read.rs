//! The reader of documents: how many a second, through the jailed process as documents really come, what it holds in memory,
//! and what is lost beside the models that read pictures.
//!
//! Owns the documents, which it invents: forms of changing people, printed as PDF, and the same as a scanner makes pictures of
//! them. Must not know how anything is read.

use super::Trouble;
use super::sample::{Figure, Limit};
use crate::channels::letter::{Paper, printed};
use crate::intake::document::{Field, ReadDocument};
use crate::intake::jail::{Order, many};
use crate::intake::{Picture, stages};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Documents of each kind.
const DOCUMENTS: usize = 120;
/// Pages of the scanned document.
const PAGES: usize = 4;
/// So often the scanned document is read, by turns with the models alone; the middle one counts.
const ROUNDS: usize = 5;
/// Documents a second that are born digital, wanted on the machine at the desk.
const WANTED: f64 = 50.0;
/// The child's memory, in MiB.
const MEMORY: f64 = 400.0;
/// End to end, a page may cost so many times what the two models cost.
const BESIDE: f64 = 1.0 / 0.9;
/// How often the memory of children is looked at.
const LOOK: Duration = Duration::from_millis(4);
/// The kernel counts a process's time in these (USER_HZ; 100 on every Linux since 2.6).
const TICKS_A_SECOND: f64 = 100.0;

const GIVEN: [&str; 8] = ["Rosa", "Omar", "Ngozi", "Wei", "Eli", "Maria", "Sean", "Lea"];
const FAMILY: [&str; 9] = [
    "Alvarez",
    "Diaz",
    "Okafor",
    "Chen",
    "Moss",
    "Garcia Lopez",
    "O'Neil",
    "Roy",
    "Lindqvist",
];
const REASONS: [&str; 5] = [
    "Palpitations for two weeks, new murmur on examination",
    "Chest pain on exertion, family history of early disease",
    "Syncope while climbing stairs; resting ECG attached",
    "Follow-up after a hospital stay for heart failure",
    "Poorly controlled blood pressure on three medicines",
];

/// A number's choice among several.
fn of(all: &[&'static str], number: usize) -> &'static str {
    all.get(number % all.len().max(1)).copied().unwrap_or_default()
}

/// The lines of a form: the people and numbers change with its number.
fn form(number: usize) -> Vec<String> {
    let name = format!("{}, {}", of(&FAMILY, number), of(&GIVEN, number / 3));
    let text = format!(
        "ELM STREET FAMILY PRACTICE\n12 Elm Street, Springfield, MA 01103\n\nREFERRAL REQUEST\n\nPatient Name: {name}\n\
         Date of Birth: {:02}/{:02}/19{}\nSex: {}\nPhone: (413) 555-01{:02}\nAddress: {} Oak Street, Springfield, MA 01103\n\n\
         Referring Provider: Ann Lee, MD\nNPI: 1234567893\nPhone: (413) 555-0123\nFax: (413) 555-0124\n\n\
         Specialty requested: Cardiology\nUrgency: {}\nReason for referral: {}\nICD-10: R00.2\n\nInsurance: Aetna PPO\n\
         Member ID: W{:09}\nGroup: {:06}",
        number % 12 + 1,
        number % 28 + 1,
        40 + number % 50,
        of(&["F", "M"], number),
        number % 100,
        number % 400 + 1,
        of(&["Routine", "Urgent"], number / 2),
        of(&REASONS, number),
        number * 7_919 + 100_000_000,
        number * 31 + 100_000,
    );
    text.lines().map(str::to_owned).collect()
}

/// A document and what it is called.
struct Document {
    name: String,
    bytes: Vec<u8>,
}

/// Measures it.
///
/// # Errors
/// What kept it from being measured; a document that was not read is such a thing.
pub fn measure(program: &Path) -> Result<Vec<Figure>, Trouble> {
    let text = |number| Document {
        name: format!("{number}.txt"),
        bytes: form(number).join("\n").into_bytes(),
    };
    let pdf = |number| -> Result<Document, Trouble> {
        Ok(Document {
            name: format!("{number}.pdf"),
            bytes: printed(&form(number), "", Paper::Letter)?,
        })
    };
    let texts: Vec<Document> = (0..DOCUMENTS).map(text).collect();
    let pdfs = (0..DOCUMENTS)
        .map(pdf)
        .collect::<Result<Vec<Document>, Trouble>>()?;
    let mut figures = Vec::new();
    for (what, documents) in [("read: texts", texts), ("read: PDFs with a text layer", pdfs)] {
        let (rate, memory) = born_digital(program, &documents)?;
        figures.push(Figure::value(what, 0, rate, "a second", Limit::AtLeast(WANTED)));
        figures.extend(peak(&format!("{what}, memory"), memory));
    }
    figures.extend(scanned(program)?);
    Ok(figures)
}

fn peak(what: &str, memory: f64) -> Option<Figure> {
    (memory > 0.0).then(|| Figure::value(what, 0, memory, "MiB", Limit::AtMost(MEMORY)))
}

/// Documents a second, several side by side as `refdesk intake` reads them, and the largest child in MiB.
fn born_digital(program: &Path, documents: &[Document]) -> Result<(f64, f64), Trouble> {
    // The first start reads the program from the disk.
    let first = documents.first().ok_or("there are no documents")?;
    read(program, first, 1)?;
    let mut named = 0_usize;
    let began = Instant::now();
    let memory = watched(|| {
        many(
            documents,
            |document, cores| read(program, document, cores).map_err(|error| error.to_string()),
            |_, read| {
                named += usize::from(read.is_ok_and(|read| read.best(Field::PatientName).is_some()));
                true
            },
        );
    });
    let took = began.elapsed().as_secs_f64();
    if named < documents.len() {
        return Err(format!("of {} documents only {named} were read", documents.len()).into());
    }
    Ok((documents.len() as f64 / took, memory))
}

fn read(program: &Path, document: &Document, cores: usize) -> Result<ReadDocument, Trouble> {
    order(program, document, cores, &AtomicBool::new(false))
        .read()
        .ok_or_else(|| "the reading was stopped".into())
}

fn order<'a>(program: &'a Path, document: &'a Document, cores: usize, stop: &'a AtomicBool) -> Order<'a> {
    Order {
        exe: program,
        name: &document.name,
        bytes: &document.bytes,
        password: None,
        learned: "",
        cores,
        stop,
        pages: &|_| {},
    }
}

/// Pages that were scanned: on one core, against what the two models take for the same pictures; medians.
fn scanned(program: &Path) -> Result<Vec<Figure>, Trouble> {
    let mut pictures = Vec::new();
    for number in 0..PAGES {
        let sheet = Document {
            name: "sheet.pdf".into(),
            bytes: printed(&form(number * 17), "", Paper::Letter)?,
        };
        let drawn = order(program, &sheet, 1, &AtomicBool::new(false)).draw(1, None);
        pictures.push(drawn.ok_or("a page could not be drawn")?);
    }
    let scan = Document {
        name: "scan.tif".into(),
        bytes: tiff(&pictures),
    };
    // Alone and whole by turns: what else the machine does falls on both.
    let (mut took, mut memory, mut pairs) = (Vec::new(), 0.0_f64, Vec::new());
    for _ in 0..ROUNDS {
        let alone = stages(&scan.bytes).ok_or("the pages could not be decoded")?;
        let engine = (alone.find + alone.cut + alone.recognise) / PAGES as f64;
        let (before, began) = (children(), Instant::now());
        let mut document = Err("nothing was read".into());
        memory = memory.max(watched(|| document = read(program, &scan, 1)));
        took.push(began.elapsed().as_secs_f64());
        let document = document?;
        let lines = document
            .pages
            .iter()
            .filter(|page| !page.lines.is_empty())
            .count();
        if lines < PAGES || document.best(Field::PatientName).is_none() {
            return Err(format!("of {PAGES} pages only {lines} were read").into());
        }
        // Where children's time is not told there is nothing to compare.
        if let (Some(before), Some(after)) = (before, children()) {
            pairs.push(((after - before) / PAGES as f64, engine));
        }
    }
    took.sort_by(f64::total_cmp);
    pairs.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let mut figures = vec![Figure::value(
        "read: scanned pages, one core",
        0,
        PAGES as f64 / took.get(ROUNDS / 2).copied().unwrap_or(f64::NAN),
        "a second",
        Limit::Said,
    )];
    if let Some((page, engine)) = pairs.get(ROUNDS / 2) {
        figures.push(
            Figure::value(
                "read: a scanned page, processor",
                0,
                *page,
                "s",
                Limit::RatioAtMost(BESIDE),
            )
            .against("its lines found, cut out and read by the models alone", *engine),
        );
    }
    figures.extend(peak("read: scanned pages, memory", memory));
    Ok(figures)
}

/// Processor seconds of the children that have ended (proc(5), `stat`, fields 16 and 17); none where the system does not say.
fn children() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(13);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS_A_SECOND)
}

/// Does something and watches the children meanwhile: the largest resident size that one of them reached, in MiB; 0 where the
/// system does not say.
fn watched(work: impl FnOnce()) -> f64 {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let mut most = 0.0_f64;
            while !done.load(Ordering::Relaxed) {
                most = largest().into_iter().fold(most, f64::max);
                std::thread::sleep(LOOK);
            }
            most
        });
        work();
        done.store(true, Ordering::Relaxed);
        looking.join().unwrap_or(0.0)
    })
}

/// The peak resident size of each child that is there now, in MiB (proc(5), `status`: `PPid`, `VmHWM`).
fn largest() -> Vec<f64> {
    let own = format!("PPid:\t{}", std::process::id());
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbered = processes.filter(|entry| {
        let name = entry.file_name();
        name.to_string_lossy().starts_with(|c: char| c.is_ascii_digit())
    });
    numbered
        .filter_map(|entry| std::fs::read_to_string(entry.path().join("status")).ok())
        .filter(|status| status.lines().any(|line| line == own))
        .filter_map(|status| {
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
            let kib: f64 = peak.trim().trim_end_matches(" kB").trim().parse().ok()?;
            Some(kib / 1024.0)
        })
        .collect()
}

/// Pages as a TIFF of grey pixels, one strip a page, nothing packed (TIFF 6.0, section 6).
fn tiff(pages: &[Picture]) -> Vec<u8> {
    let mut out = b"II*\0\0\0\0\0".to_vec();
    let mut link = 4;
    for page in pages {
        let strip = out.len();
        page.rows().for_each(|row| out.extend_from_slice(row));
        if out.len() % 2 == 1 {
            out.push(0);
        }
        let directory = (out.len() as u32).to_le_bytes();
        if let Some(place) = out.get_mut(link..link + 4) {
            place.copy_from_slice(&directory);
        }
        let entries: [(u16, u32); 8] = [
            (256, page.width() as u32),
            (257, page.height() as u32),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, strip as u32),
            (278, page.height() as u32),
            (279, (page.width() * page.height()) as u32),
        ];
        out.extend((entries.len() as u16).to_le_bytes());
        for (tag, value) in entries {
            out.extend(tag.to_le_bytes());
            // A long, and one of it.
            out.extend(4_u16.to_le_bytes());
            out.extend(1_u32.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        link = out.len();
        out.extend(0_u32.to_le_bytes());
    }
    out
}
