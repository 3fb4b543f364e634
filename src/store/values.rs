//! A record on its way into the file.
//!
//! Owns the forms in which values are kept: the writer that takes a record's own serialiser and hands out a row, without
//! building anything in between. The counterpart of `column`.

use super::row::{Kind, Part};
use rusqlite::types::Value as Sql;
use serde::ser::{self, Impossible, Serialize, SerializeStruct, Serializer};
use std::fmt;

/// Why a record cannot be a row: a defect.
#[derive(Debug)]
pub struct Unfit(String);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

impl ser::Error for Unfit {
    fn custom<T: fmt::Display>(message: T) -> Unfit {
        Unfit(message.to_string())
    }
}

fn unfit<T>(what: &str) -> Result<T, Unfit> {
    Err(Unfit(format!("{what} is no value of a column")))
}

/// Collects a record's fields as the values of its columns; a field that is left out is null.
pub struct Values {
    columns: &'static [(&'static str, Kind)],
    part: Part,
    values: Vec<Sql>,
    /// Where the next field probably stands: the columns are mostly in the record's order.
    next: usize,
}

impl Values {
    /// For a part of these columns; the others are null.
    pub fn of(columns: &'static [(&'static str, Kind)], part: Part) -> Values {
        Values {
            columns,
            part,
            values: vec![Sql::Null; columns.len()],
            next: 0,
        }
    }

    fn place(&self, name: &str) -> Option<usize> {
        let is = |column: &(&str, Kind)| column.0 == name;
        match self.columns.get(self.next) {
            Some(column) if is(column) => Some(self.next),
            Some(_) | None => self.columns.iter().position(is),
        }
    }
}

impl SerializeStruct for Values {
    type Ok = Vec<Sql>;
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unfit> {
        let place = self.place(name);
        let kind = place
            .and_then(|place| self.columns.get(place))
            .map(|(_, kind)| *kind);
        let (Some(place), Some(kind)) = (place, kind) else {
            return unfit(name);
        };
        self.next = place + 1;
        let Some(cell) = self.values.get_mut(place).filter(|_| self.part.has(place)) else {
            return Ok(());
        };
        *cell = match kind {
            Kind::Json => match serde_json::to_string(value).map_err(ser::Error::custom)? {
                null if null == "null" => Sql::Null,
                text => Sql::Text(text),
            },
            Kind::Int | Kind::Text | Kind::Referral => value.serialize(Scalar(kind))?,
        };
        Ok(())
    }

    fn end(self) -> Result<Vec<Sql>, Unfit> {
        Ok(self.values)
    }
}

/// One plain value.
struct Scalar(Kind);

impl Scalar {
    fn text(&self, text: String) -> Result<Sql, Unfit> {
        match self.0 {
            Kind::Text => Ok(Sql::Text(text)),
            Kind::Referral => text
                .parse::<crate::domain::id::ReferralId>()
                .map(|id| Sql::Integer(id.0))
                .map_err(Unfit),
            Kind::Int | Kind::Json => unfit("a text"),
        }
    }
}

/// The methods that a record's own fields never call.
macro_rules! never {
    ($($method:ident($kind:ty)),* $(,)?) => {$(
        fn $method(self, _: $kind) -> Result<Self::Ok, Unfit> {
            unfit(stringify!($kind))
        }
    )*};
}

macro_rules! whole {
    ($($method:ident($kind:ty)),* $(,)?) => {$(
        fn $method(self, number: $kind) -> Result<Sql, Unfit> {
            i64::try_from(number).map(Sql::Integer).or_else(|_| unfit("a number beyond 64 bits"))
        }
    )*};
}

impl Serializer for Scalar {
    type Ok = Sql;
    type Error = Unfit;
    type SerializeSeq = Impossible<Sql, Unfit>;
    type SerializeTuple = Impossible<Sql, Unfit>;
    type SerializeTupleStruct = Impossible<Sql, Unfit>;
    type SerializeTupleVariant = Impossible<Sql, Unfit>;
    type SerializeMap = Impossible<Sql, Unfit>;
    type SerializeStruct = Impossible<Sql, Unfit>;
    type SerializeStructVariant = Impossible<Sql, Unfit>;

    whole!(
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_i64(i64),
        serialize_u8(u8),
        serialize_u16(u16),
        serialize_u32(u32),
        serialize_u64(u64),
    );
    never!(
        serialize_bool(bool),
        serialize_f32(f32),
        serialize_f64(f64),
        serialize_bytes(&[u8]),
        serialize_unit_struct(&'static str)
    );

    fn serialize_char(self, c: char) -> Result<Sql, Unfit> {
        self.text(c.to_string())
    }

    fn serialize_str(self, text: &str) -> Result<Sql, Unfit> {
        self.text(text.to_owned())
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<Sql, Unfit> {
        self.text(value.to_string())
    }

    fn serialize_none(self) -> Result<Sql, Unfit> {
        Ok(Sql::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Sql, Unfit> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Sql, Unfit> {
        Ok(Sql::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Sql, Unfit> {
        self.text(variant.to_owned())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Sql, Unfit> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Sql, Unfit> {
        unfit(name)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Unfit> {
        unfit("a list")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unfit> {
        unfit("a list")
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Unfit> {
        unfit(name)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unfit> {
        unfit(name)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Unfit> {
        unfit("a map")
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeStruct, Unfit> {
        unfit(name)
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unfit> {
        unfit(name)
    }
}
