//! What the fuzz targets share: what holds of anything that was read, and containers opened as the jailed process opens them.
//!
//! Nothing here reads a file or a clock but through the reader itself. Each target is one parser, and says what it holds it to.

#[path = "../../tests/common/sound.rs"]
mod sound;

pub use sound::{plain, sound, sound_document};

use libfuzzer_sys::Corpus;
use refdesk::domain::chart::Chart;
use refdesk::intake::document::Container;
use refdesk::intake::learned::Learned;
use refdesk::standards::Stated;
use refdesk::standards::fhir::chart;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{LazyLock, Mutex, PoisonError};

/// The text of some bytes.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a reader stated of a text is sound; so is what it does not read.
pub fn stated(read: Result<Vec<Stated>, String>, text: &str) {
    match read {
        Ok(all) => sound(&all, text.len()),
        Err(why) => plain(&why),
    }
}

/// A chart that this program printed.
pub static CHART: LazyLock<Chart> = LazyLock::new(|| {
    let text = include_str!("../../tests/fixtures/samples/fhir/chart.json");
    let (chart, _) = chart::read(text)
        .expect("the sample is read")
        .expect("the sample is a chart of ours");
    chart
});

/// What panicked last, and where.
static LAST: Mutex<String> = Mutex::new(String::new());

/// Panics of parsers that the reader catches, as it may, are no findings: only noted, in case one is not caught. To be called once.
pub fn tolerant() {
    std::panic::set_hook(Box::new(|panic| {
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = panic.to_string();
    }));
}

/// A document of one of these containers, opened and understood, with pictures decoded and not read. What the bytes have become another
/// container of is left to that one's target.
pub fn document(of: &[Container], name: &str, bytes: &[u8]) -> Corpus {
    let read = catch_unwind(AssertUnwindSafe(|| {
        let source = refdesk::intake::open_unpictured(name, bytes);
        if !of.contains(&source.container) {
            return false;
        }
        // The model is for `prose` to try.
        let rules = Learned {
            rules_only: of != [Container::Text],
            ..Learned::default()
        };
        sound_document(&refdesk::intake::understand_with(name, source, &rules), bytes.len());
        true
    }));
    match read {
        Ok(true) => Corpus::Keep,
        Ok(false) => Corpus::Reject,
        Err(_) => {
            eprintln!("{}", LAST.lock().unwrap_or_else(PoisonError::into_inner));
            std::process::abort()
        }
    }
}
