//! Some of a record's fields, by their names.
//!
//! Owns the serialiser that writes these and passes over the others: a record has dozens of fields and a change is about one or
//! two. Must not know what a field means.

use super::Fields;
use serde::ser::{self, Impossible, Serialize, SerializeStruct, Serializer};
use serde_json::Error;

/// The fields with these names, in the order of the record. One that the record leaves out is not among them.
pub fn fields<T: Serialize>(record: &T, names: &[&str]) -> Result<Fields, Error> {
    record.serialize(Named {
        names,
        object: b"{".to_vec(),
    })
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
        Fields::from_text(String::from_utf8(self.object).map_err(ser::Error::custom)?)
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

impl<'a> Serializer for Named<'a> {
    type Ok = Fields;
    type Error = Error;
    type SerializeSeq = Impossible<Fields, Error>;
    type SerializeTuple = Impossible<Fields, Error>;
    type SerializeTupleStruct = Impossible<Fields, Error>;
    type SerializeTupleVariant = Impossible<Fields, Error>;
    type SerializeMap = Impossible<Fields, Error>;
    type SerializeStruct = Named<'a>;
    type SerializeStructVariant = Impossible<Fields, Error>;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Named<'a>, Error> {
        Ok(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<Fields, Error> {
        no_record()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<Fields, Error> {
        no_record()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Fields, Error> {
        no_record()
    }

    never! {
        serialize_bool(bool) -> Fields;
        serialize_i8(i8) -> Fields;
        serialize_i16(i16) -> Fields;
        serialize_i32(i32) -> Fields;
        serialize_i64(i64) -> Fields;
        serialize_u8(u8) -> Fields;
        serialize_u16(u16) -> Fields;
        serialize_u32(u32) -> Fields;
        serialize_u64(u64) -> Fields;
        serialize_f32(f32) -> Fields;
        serialize_f64(f64) -> Fields;
        serialize_char(char) -> Fields;
        serialize_str(&str) -> Fields;
        serialize_bytes(&[u8]) -> Fields;
        serialize_none() -> Fields;
        serialize_unit() -> Fields;
        serialize_unit_struct(&'static str) -> Fields;
        serialize_unit_variant(&'static str, u32, &'static str) -> Fields;
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
