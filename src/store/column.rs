//! A row on its way out of the file.
//!
//! Owns the reader that hands a row to a record's own deserialiser without building anything in between: most of what a
//! command costs is the loading of the records around its referral.

use super::row::Kind;
use crate::domain::id::ReferralId;
use rusqlite::Row;
use rusqlite::types::ValueRef;
use serde::de::value::{BorrowedStrDeserializer, Error};
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};

/// A row as the fields of a record.
pub struct Columns<'r, 's> {
    row: &'r Row<'s>,
    left: std::iter::Enumerate<std::slice::Iter<'static, (&'static str, Kind)>>,
    next: Option<Cell<'r>>,
}

impl<'r, 's> Columns<'r, 's> {
    /// Over a row whose first columns are these.
    pub fn new(row: &'r Row<'s>, columns: &'static [(&'static str, Kind)]) -> Columns<'r, 's> {
        Columns {
            row,
            left: columns.iter().enumerate(),
            next: None,
        }
    }
}

impl<'de> Deserializer<'de> for Columns<'de, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Columns<'de, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((place, (name, kind))) = self.left.next() else {
            return Ok(None);
        };
        let value = self.row.get_ref(place).map_err(de::Error::custom)?;
        self.next = Some(Cell {
            name,
            kind: *kind,
            value,
        });
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let cell = self
            .next
            .take()
            .ok_or_else(|| de::Error::custom("a value before its name"))?;
        let name = cell.name;
        seed.deserialize(cell)
            .map_err(|error| de::Error::custom(format!("{name}: {error}")))
    }
}

/// One value of a row.
struct Cell<'r> {
    name: &'static str,
    kind: Kind,
    value: ValueRef<'r>,
}

impl<'de> Cell<'de> {
    fn text(&self) -> Result<&'de str, Error> {
        match self.value {
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_err(de::Error::custom),
            ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
                let (found, kind) = (self.value.data_type(), self.kind);
                Err(de::Error::custom(format!("a {found:?} where a {kind:?} belongs")))
            }
        }
    }

    fn number(&self) -> Result<i64, Error> {
        match self.value {
            ValueRef::Integer(number) => Ok(number),
            ValueRef::Null | ValueRef::Text(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
                let (found, kind) = (self.value.data_type(), self.kind);
                Err(de::Error::custom(format!("a {found:?} where a {kind:?} belongs")))
            }
        }
    }
}

impl<'de> Deserializer<'de> for Cell<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match (self.kind, self.value) {
            (_, ValueRef::Null) => visitor.visit_unit(),
            (Kind::Int, _) => visitor.visit_i64(self.number()?),
            (Kind::Referral, _) => visitor.visit_string(ReferralId(self.number()?).to_string()),
            (Kind::Text, _) => visitor.visit_borrowed_str(self.text()?),
            (Kind::Json, _) => {
                let mut json = serde_json::Deserializer::from_str(self.text()?);
                json.deserialize_any(visitor).map_err(de::Error::custom)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            ValueRef::Null => visitor.visit_none(),
            ValueRef::Integer(_) | ValueRef::Text(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
                visitor.visit_some(self)
            }
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.kind == Kind::Json {
            let mut json = serde_json::Deserializer::from_str(self.text()?);
            return json
                .deserialize_enum(name, variants, visitor)
                .map_err(de::Error::custom);
        }
        let code: serde::de::value::StrDeserializer<'_, Error> = self.text()?.into_deserializer();
        code.deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}
