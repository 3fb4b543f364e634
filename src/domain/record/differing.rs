//! Which fields of a record differ between two of its states.
//!
//! Owns the comparison: each state is written field by field into one buffer, and only what differs becomes values. A record
//! has dozens of fields and a change is about one or two. Must not know what a field means.

use super::Fields;
use serde::ser::{self, Impossible, Serialize, SerializeStruct, Serializer};
use serde_json::Error;
use std::ops::Range;

/// The fields that differ, as they were and as they are, each in the order of its record. A field that one state leaves out
/// differs from one that the other has.
pub fn fields<T: Serialize>(old: &T, new: &T) -> Result<(Fields, Fields), Error> {
    let (old, new) = (
        old.serialize(Written::default())?,
        new.serialize(Written::default())?,
    );
    Ok((old.not_in(&new)?, new.not_in(&old)?))
}

/// A record's fields as JSON, one after the other.
#[derive(Default)]
struct Written {
    text: Vec<u8>,
    fields: Vec<(&'static str, Range<usize>)>,
}

impl Written {
    fn json(&self, range: &Range<usize>) -> &[u8] {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The field with a name; it mostly stands at the same place.
    fn find(&self, name: &str, place: usize) -> Option<&[u8]> {
        let here = self.fields.get(place).filter(|(own, _)| *own == name);
        let field = here.or_else(|| self.fields.iter().find(|(own, _)| *own == name));
        field.map(|(_, range)| self.json(range))
    }

    fn not_in(&self, other: &Written) -> Result<Fields, Error> {
        let mut fields = Fields::new();
        for (place, (name, range)) in self.fields.iter().enumerate() {
            let json = self.json(range);
            if other.find(name, place) != Some(json) {
                fields.insert((*name).to_owned(), serde_json::from_slice(json)?);
            }
        }
        Ok(fields)
    }
}

impl SerializeStruct for Written {
    type Ok = Written;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        let from = self.text.len();
        serde_json::to_writer(&mut self.text, value)?;
        self.fields.push((name, from..self.text.len()));
        Ok(())
    }

    fn end(self) -> Result<Written, Error> {
        Ok(self)
    }
}

fn no_record<T>() -> Result<T, Error> {
    Err(ser::Error::custom("not a record"))
}

/// What no record is.
macro_rules! never {
    ($($method:ident($($kind:ty),*) -> $out:ty;)*) => {$(
        fn $method(self, $(_: $kind),*) -> Result<$out, Error> {
            no_record()
        }
    )*};
}

impl Serializer for Written {
    type Ok = Written;
    type Error = Error;
    type SerializeSeq = Impossible<Written, Error>;
    type SerializeTuple = Impossible<Written, Error>;
    type SerializeTupleStruct = Impossible<Written, Error>;
    type SerializeTupleVariant = Impossible<Written, Error>;
    type SerializeMap = Impossible<Written, Error>;
    type SerializeStruct = Written;
    type SerializeStructVariant = Impossible<Written, Error>;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Written, Error> {
        Ok(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<Written, Error> {
        no_record()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<Written, Error> {
        no_record()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Written, Error> {
        no_record()
    }

    never! {
        serialize_bool(bool) -> Written;
        serialize_i8(i8) -> Written;
        serialize_i16(i16) -> Written;
        serialize_i32(i32) -> Written;
        serialize_i64(i64) -> Written;
        serialize_u8(u8) -> Written;
        serialize_u16(u16) -> Written;
        serialize_u32(u32) -> Written;
        serialize_u64(u64) -> Written;
        serialize_f32(f32) -> Written;
        serialize_f64(f64) -> Written;
        serialize_char(char) -> Written;
        serialize_str(&str) -> Written;
        serialize_bytes(&[u8]) -> Written;
        serialize_none() -> Written;
        serialize_unit() -> Written;
        serialize_unit_struct(&'static str) -> Written;
        serialize_unit_variant(&'static str, u32, &'static str) -> Written;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
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
    fn only_what_differs_is_told_and_a_field_left_out_differs() {
        let old = Thing {
            first: None,
            same: "x",
            names: vec!["a"],
        };
        let new = Thing {
            first: Some(1),
            same: "x",
            names: vec!["a", "b"],
        };
        let (was, is) = fields(&old, &new).expect("records");
        assert_eq!(json!(was), json!({ "names": ["a"] }));
        assert_eq!(json!(is), json!({ "first": 1, "names": ["a", "b"] }));
        let (was, is) = fields(&new, &old).expect("records");
        assert_eq!(
            (json!(was), json!(is)),
            (
                json!({ "first": 1, "names": ["a", "b"] }),
                json!({ "names": ["a"] })
            )
        );
        assert!(fields(&1, &2).is_err(), "a number has no fields");
    }
}
