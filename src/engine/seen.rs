//! Bytes that came before.
//!
//! Owns the answer to whether they have to be read again. Must not read them.

use super::{Engine, Outcome, Taken};
use crate::intake::ReadDocument;
use crate::store::{StoreError, content};

impl Engine {
    /// What bytes became when they came before; none where they are new, or where reading them again may find more: they were
    /// locked, or nobody has read them.
    ///
    /// # Errors
    /// The store's.
    pub fn taken_before(&self, bytes: &[u8]) -> Result<Option<Taken>, StoreError> {
        let (connection, hash) = (self.store.connection(), content::hash(bytes));
        let Some((document, referral)) = content::seen_before(connection, &hash)? else {
            return Ok(None);
        };
        let read = content::reading(connection, &hash)?;
        let read = read.and_then(|text| serde_json::from_str::<ReadDocument>(&text).ok());
        Ok(read.filter(|read| !read.locked).map(|_| Taken {
            outcome: Outcome::SeenBefore,
            document: Some(document),
            referral,
            missing: Vec::new(),
            remarks: Vec::new(),
            receipt: None,
        }))
    }
}
