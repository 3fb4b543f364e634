//! What other systems send, as pure parse and print: FHIR, HL7 v2, X12, C-CDA, iCalendar, tables of appointments.
//!
//! Owns the formats and what a message states in the product's words. Text in, values out. Must not know files, the clock,
//! the desk or the store; a message that states nothing useful is a value that says so, never a panic.

pub mod apart;
pub mod ccda;
pub mod enclosed;
pub mod fhir;
pub mod hl7v2;
pub mod ics;
mod language;
pub mod stated;
pub mod table;
pub mod x12;

pub use language::language_tag;
pub use stated::{Happening, Item, Sense, Stated, What};
