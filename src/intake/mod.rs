//! Bytes in, a read document out.

pub mod container;
pub mod document;
mod mail;
mod pdf;
mod plain;
mod sheet;
mod source;

pub use document::ReadDocument;

/// Debug.
pub fn dump(name: &str, bytes: &[u8]) {
    let source = source::open(name, bytes, 0);
    println!("{:?} {:?} {:?}", source.container, source.parts, source.warnings);
    for (n, s) in source.sheets.iter().enumerate() {
        println!("--- page {}", n + 1);
        for r in &s.runs {
            println!("{:4.0} {:4.0} {:4.0} {:4.0} {:?} {}", r.left() * 1000., r.top() * 1000., r.right() * 1000., r.bottom() * 1000., r.origin, r.text);
        }
    }
}
