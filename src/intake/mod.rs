//! Bytes in, a read document out.

pub mod document;

pub use document::ReadDocument;
