//! Records of one kind, shared between copies of a snapshot.
//!
//! A decision works on a copy of everything around a referral, and changes one or two records of it. Owns that the copy costs
//! nothing for the kinds that are only looked at. Must not know any kind.

use serde::{Serialize, Serializer};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// Records of one kind. A copy shares them until one of the two is changed; none take no memory.
pub struct Records<T>(Option<Arc<Vec<T>>>);

impl<T> Clone for Records<T> {
    fn clone(&self) -> Self {
        Records(self.0.clone())
    }
}

impl<T> Default for Records<T> {
    fn default() -> Self {
        Records(None)
    }
}

impl<T: 'static> Deref for Records<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        self.0.as_deref().unwrap_or(const { &Vec::new() })
    }
}

impl<T: Clone + 'static> DerefMut for Records<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        Arc::make_mut(self.0.get_or_insert_default())
    }
}

impl<T: PartialEq + 'static> PartialEq for Records<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: std::fmt::Debug + 'static> std::fmt::Debug for Records<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

impl<T> From<Vec<T>> for Records<T> {
    fn from(records: Vec<T>) -> Self {
        Records((!records.is_empty()).then(|| Arc::new(records)))
    }
}

impl<T: Clone> From<Records<T>> for Vec<T> {
    fn from(records: Records<T>) -> Self {
        records.0.map(Arc::unwrap_or_clone).unwrap_or_default()
    }
}

impl<T: Serialize + 'static> Serialize for Records<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<T> FromIterator<T> for Records<T> {
    fn from_iter<I: IntoIterator<Item = T>>(records: I) -> Self {
        Vec::from_iter(records).into()
    }
}

impl<T: Clone> IntoIterator for Records<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        Vec::from(self).into_iter()
    }
}

impl<'a, T: 'static> IntoIterator for &'a Records<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T: Clone + 'static> IntoIterator for &'a mut Records<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_shared_until_one_is_changed() {
        let was: Records<u8> = vec![1, 2].into();
        let mut next = was.clone();
        assert!(std::ptr::eq(was.as_slice(), next.as_slice()));
        next.push(3);
        assert_eq!((was.as_slice(), next.as_slice()), (&[1, 2][..], &[1, 2, 3][..]));
    }
}
