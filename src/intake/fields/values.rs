//! Whether a text can be the value of a label: what makes words a label where no colon follows.
//!
//! Owns what each topic's value begins with. Must not know where labels stand.

use super::names::person;
use super::vocabulary::{Party, Topic};
use super::{dates, diagnoses, lexicon, numbers, payers};

/// Whether the text behind an unmarked label begins with a value that only such a label has.
pub fn value_fits(text: &str, value: usize, topic: Topic, party: Option<Party>) -> bool {
    let rest: String = text.chars().skip(value).take(60).collect();
    let lead = rest
        .chars()
        .take_while(|c| c.is_whitespace() || matches!(c, '#' | '.' | '-' | ':' | '*' | '|'))
        .count();
    let rest: String = rest.chars().skip(lead).collect();
    let near = |start: Option<usize>| start == Some(0);
    match topic {
        Topic::Phone | Topic::Fax => near(numbers::phones(&rest).first().map(|hit| hit.1)),
        Topic::Npi => near(
            numbers::npis(&rest)
                .first()
                .filter(|(hit, _)| hit.0.starts_with(['1', '2']))
                .map(|(hit, _)| hit.1),
        ),
        Topic::Dob => near(dates::dates(&rest).first().map(|date| date.start)),
        Topic::Email => near(numbers::emails(&rest).first().map(|hit| hit.1)),
        Topic::Icd => near(diagnoses::diagnoses(&rest, false).first().map(|hit| hit.start)),
        Topic::Member | Topic::Group | Topic::Auth => {
            party != Some(Party::Relative)
                && numbers::identifier(&rest, 4).is_some_and(|hit| {
                    hit.1 == 0
                        && hit.0.chars().filter(char::is_ascii_digit).count() >= 3
                        && dates::dates(&rest).first().is_none_or(|date| date.start > 0)
                })
        }
        Topic::Name
        | Topic::LastName
        | Topic::FirstName
        | Topic::Sex
        | Topic::Address
        | Topic::City
        | Topic::State
        | Topic::Zip
        | Topic::Language
        | Topic::Org
        | Topic::Specialty
        | Topic::Service
        | Topic::Reason
        | Topic::Cpt
        | Topic::Urgency
        | Topic::Payer
        | Topic::Other
        | Topic::Heading => false,
    }
}

/// Whether the whole rest of a run is a value that its label may have lost its colon or gap before: a name, an address that
/// begins with a house number, a payer or a specialty.
pub fn reads_on(text: &str, value: usize, topic: Topic) -> bool {
    let rest: String = text.chars().skip(value).collect();
    let rest = rest.trim();
    let words = rest.split_whitespace().count();
    match topic {
        Topic::Name => (2..=6).contains(&words) && person(rest).is_some(),
        Topic::Address => {
            rest.starts_with(|c: char| c.is_ascii_digit())
                && words >= 3
                && rest.chars().any(char::is_alphabetic)
        }
        Topic::Sex => words == 1 && lexicon::sex(rest).is_some(),
        Topic::Payer => (1..=7).contains(&words) && payers::is_payer(rest),
        Topic::Specialty => (1..=3).contains(&words) && lexicon::specialty(rest).is_some(),
        Topic::Urgency => words == 1 && lexicon::urgency(rest).is_some(),
        Topic::Org => words >= 2 && lexicon::is_practice(rest),
        Topic::LastName
        | Topic::FirstName
        | Topic::Dob
        | Topic::Phone
        | Topic::Fax
        | Topic::Email
        | Topic::City
        | Topic::State
        | Topic::Zip
        | Topic::Language
        | Topic::Npi
        | Topic::Service
        | Topic::Reason
        | Topic::Icd
        | Topic::Cpt
        | Topic::Member
        | Topic::Group
        | Topic::Auth
        | Topic::Other
        | Topic::Heading => false,
    }
}

/// `Boise, ID 83704` names a state.
pub fn town(text: &str, start: usize, value: usize) -> bool {
    let before: String = text.chars().take(start).collect();
    let after: String = text.chars().skip(value).collect();
    let zip = after
        .trim_start()
        .chars()
        .take_while(char::is_ascii_digit)
        .count();
    before.trim_end().ends_with(',') && zip == 5 && value - start == 2
}

/// Whether the words before a label are a value of their own (a code, an option, a payer) and do not narrow the label.
pub fn stands_alone(text: &str, start: usize) -> bool {
    let before: String = text.chars().take(start).collect();
    let before = before.trim();
    payers::is_payer(before)
        || lexicon::urgency(before).is_some() && before.split_whitespace().count() == 1
        || before.chars().any(|c| c.is_ascii_digit())
}
