//! Some of a record's fields, by their names.
//!
//! Owns what writes these and passes over the others: a record has dozens of fields and a change is about one or
//! two. Must not know what a field means.

use super::{ByField, Fields};
use serde::ser::{Error as _, Serialize, SerializeStruct};
use serde_json::Error;

/// The fields with these names, in the order of the record. One that the record leaves out is not among them.
pub fn fields<T: Serialize>(record: &T, names: &[&str]) -> Result<Fields, Error> {
    record.serialize(ByField(Named {
        names,
        object: b"{".to_vec(),
    }))
}

/// A JSON object in the making.
struct Named<'a> {
    names: &'a [&'a str],
    object: Vec<u8>,
}

impl SerializeStruct for Named<'_> {
    type Ok = Fields;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        if !self.names.contains(&name) {
            return Ok(());
        }
        if self.object.len() > 1 {
            self.object.push(b',');
        }
        serde_json::to_writer(&mut self.object, name)?;
        self.object.push(b':');
        serde_json::to_writer(&mut self.object, value)
    }

    fn end(mut self) -> Result<Fields, Error> {
        self.object.push(b'}');
        Fields::from_text(String::from_utf8(self.object).map_err(Error::custom)?)
    }
}

#[cfg(test)]
mod tests {
    use super::fields;
    use serde::Serialize;
    use serde_json::json;

    #[derive(Serialize)]
    struct Thing {
        #[serde(skip_serializing_if = "Option::is_none")]
        first: Option<u8>,
        same: &'static str,
        names: Vec<&'static str>,
    }

    #[test]
    fn only_those_that_are_named_and_none_that_is_left_out() {
        let thing = Thing {
            first: None,
            same: "x",
            names: vec!["a"],
        };
        let some = fields(&thing, &["names", "first"]).expect("a record");
        assert_eq!(json!(some), json!({ "names": ["a"] }));
        let whole = Thing {
            first: Some(1),
            ..thing
        };
        let some = fields(&whole, &["first", "same"]).expect("a record");
        assert_eq!(json!(some), json!({ "first": 1, "same": "x" }));
        assert!(fields(&1, &[]).is_err(), "a number has no fields");
    }
}
