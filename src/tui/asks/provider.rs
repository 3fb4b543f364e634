//! A new referring provider, of a referral being made.

use super::records::name_of;
use crate::domain::command::{NewOrganization, NewPractitioner};
use crate::domain::person::is_npi;
use crate::tui::action::Action;
use crate::tui::form::{Composed, Form, Wrong, text_with};

/// The form of a new provider and the practice.
pub fn new_provider(known: &NewPractitioner, practice: &NewOrganization) -> Form {
    let text = |value: &Option<String>| text_with(value.clone().unwrap_or_default());
    Form::new(Action::New, "New provider", |form, _, _| {
        let npi = form.filled("npi");
        if npi.as_deref().is_some_and(|npi| !is_npi(npi)) {
            return Err(Wrong::new("npi", "not an NPI: ten digits with a check digit"));
        }
        let mut name = name_of(&form.value("name"));
        name.suffix = form.value("credentials").trim().to_owned();
        let person = NewPractitioner {
            name,
            npi,
            phone: form.filled("phone"),
            fax: form.filled("fax"),
            email: form.filled("email"),
        };
        let practice = NewOrganization {
            name: form.value("practice").trim().to_owned(),
            phone: person.phone.clone(),
            fax: person.fax.clone(),
            ..NewOrganization::default()
        };
        Ok(Composed::Provider(person, practice))
    })
    .field("name", "name", text_with(known.name.filed()))
    .required()
    .hint("family name, given names")
    .field("credentials", "credentials", text_with(&known.name.suffix))
    .field("npi", "NPI", text(&known.npi))
    .field("phone", "phone", text(&known.phone))
    .field("fax", "fax", text(&known.fax))
    .field("email", "e-mail", text(&known.email))
    .field("practice", "practice", text_with(&practice.name))
}
