//! Whether a sender who is heard of is one on record: by the ways in which both are reached.
//!
//! Owns that question for practitioners and practices of one name. A name alone is no proof: letters about patients would go to
//! another's fax. Must not know where the record is kept.

use crate::domain::text;

/// How somebody is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached<'a> {
    /// Fax.
    pub fax: Option<&'a str>,
    /// Telephone.
    pub phone: Option<&'a str>,
    /// E-mail.
    pub email: Option<&'a str>,
}

/// What two ways of being reached say of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// One that both state is the same.
    Agrees,
    /// Both state one, and none is the same.
    Contradicts,
    /// There is none that both state.
    Silent,
}

/// Digits of a North American number; whoever writes its calling code means the same one (E.164).
const NATIONAL: usize = 10;

fn number(raw: &str) -> String {
    let digits = text::digits(raw);
    let skip = digits.len().saturating_sub(NATIONAL);
    digits.get(skip..).unwrap_or_default().to_owned()
}

/// What they say of each other.
pub fn agreement(one: Reached<'_>, other: Reached<'_>) -> Agreement {
    let numbers = |a: Option<&str>, b: Option<&str>| a.zip(b).map(|(a, b)| number(a) == number(b));
    let mails = one
        .email
        .zip(other.email)
        .map(|(a, b)| a.trim().eq_ignore_ascii_case(b.trim()));
    let told = [
        numbers(one.fax, other.fax),
        numbers(one.phone, other.phone),
        mails,
    ];
    if told.contains(&Some(true)) {
        Agreement::Agrees
    } else if told.contains(&Some(false)) {
        Agreement::Contradicts
    } else {
        Agreement::Silent
    }
}

/// Whether both state a fax, and not the same one: what is faxed would go to one of the two.
pub fn other_fax(one: Reached<'_>, other: Reached<'_>) -> bool {
    one.fax
        .zip(other.fax)
        .is_some_and(|(a, b)| number(a) != number(b))
}

/// Of those on record who bear the name, the one who is meant: the only one who is reached as the one heard of; where nobody's ways
/// can be compared, the only one there is.
pub fn meant<T>(named: Vec<(T, Agreement)>) -> Option<T> {
    let alone = named.len() == 1;
    let agree = named
        .iter()
        .filter(|(_, agreement)| *agreement == Agreement::Agrees)
        .count();
    let wanted = match agree {
        1 => Agreement::Agrees,
        0 if alone => Agreement::Silent,
        _ => return None,
    };
    named
        .into_iter()
        .find(|(_, agreement)| *agreement == wanted)
        .map(|(one, _)| one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached<'a>(fax: &'a str, phone: &'a str, email: &'a str) -> Reached<'a> {
        let some = |text: &'a str| (!text.is_empty()).then_some(text);
        Reached {
            fax: some(fax),
            phone: some(phone),
            email: some(email),
        }
    }

    #[test]
    fn one_way_that_is_the_same_speaks_for_one_sender() {
        let record = reached("802-555-0100", "802-555-0101", "a@example.org");
        for (other, wanted, fax) in [
            (reached("+1 (802) 555 0100", "", ""), Agreement::Agrees, false),
            (
                reached("512-555-0777", "802-555-0101", ""),
                Agreement::Agrees,
                true,
            ),
            (reached("512-555-0777", "", ""), Agreement::Contradicts, true),
            (
                reached("", "802-555-0199", "A@Example.org"),
                Agreement::Agrees,
                false,
            ),
            (reached("", "", ""), Agreement::Silent, false),
        ] {
            assert_eq!(
                (agreement(record, other), other_fax(record, other)),
                (wanted, fax),
                "{other:?}"
            );
        }
    }

    #[test]
    fn a_name_alone_means_somebody_only_where_nobody_else_bears_it() {
        use Agreement::{Agrees, Contradicts, Silent};
        for (named, wanted) in [
            (vec![], None),
            (vec![(1, Silent)], Some(1)),
            (vec![(1, Contradicts)], None),
            (vec![(1, Contradicts), (2, Agrees)], Some(2)),
            (vec![(1, Silent), (2, Silent)], None),
            (vec![(1, Silent), (2, Contradicts)], None),
            (vec![(1, Agrees), (2, Agrees)], None),
        ] {
            assert_eq!(meant(named.clone()), wanted, "{named:?}");
        }
    }
}
