//! Templates and texts: the embedded ones, and a clinic's own over them.
//!
//! Owns the table of what is embedded, and the checks of a template that need no configuration. Must not know sections.

use super::problem::Problem;
use super::reader;
use super::targets::longer_than_lower;
use crate::domain::template::Template;
use crate::domain::texts::{FALLBACK_LANGUAGE, TextSource, Texts};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

macro_rules! embedded {
    ($dir:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../assets/", $dir, "/", $name, ".toml")))),*]
    };
}

/// The built-in templates, by key.
const TEMPLATES: &[(&str, &str)] = embedded!(
    "templates":
    "cardiology",
    "dermatology",
    "endocrinology",
    "gastroenterology",
    "hematology",
    "nephrology",
    "neurology",
    "ophthalmology",
    "orthopedics",
    "otolaryngology",
    "pulmonology",
    "rheumatology",
    "urology",
);

/// The built-in texts, by language.
const MESSAGES: &[(&str, &str)] = embedded!("messages": "en", "es");

/// Templates and texts, checked.
#[derive(Clone, Debug)]
pub struct Assets {
    /// By key.
    pub templates: Arc<BTreeMap<String, Template>>,
    /// All languages.
    pub texts: Texts,
}

struct Source {
    /// A template's key or a language: the file's name without its ending.
    stem: String,
    file: PathBuf,
    toml: String,
}

impl Assets {
    /// The built-in ones, with those of the directories over them; an empty path is none.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn load(templates: &Path, messages: &Path) -> Result<Assets, Vec<Problem>> {
        let mut problems = Vec::new();
        let sources = sources("templates", TEMPLATES, templates, &mut problems);
        let templates = Arc::new(read_templates(&sources, &mut problems));
        let texts = texts(messages, &mut problems);
        if problems.is_empty() {
            Ok(Assets { templates, texts })
        } else {
            Err(problems)
        }
    }
}

/// The built-in texts alone are right, as a test holds; a clinic's own over them are looked at before anything is done.
fn texts(own: &Path, problems: &mut Vec<Problem>) -> Texts {
    if own.as_os_str().is_empty() {
        return Texts::trusted(MESSAGES);
    }
    let sources = sources("messages", MESSAGES, own, problems);
    read_texts(&sources, problems)
}

/// The embedded files, then those of a directory.
fn sources(what: &str, embedded: &[(&str, &str)], dir: &Path, problems: &mut Vec<Problem>) -> Vec<Source> {
    let built_in = embedded.iter().map(|(stem, toml)| Source {
        stem: (*stem).to_owned(),
        file: Path::new("built-in").join(what).join(format!("{stem}.toml")),
        toml: (*toml).to_owned(),
    });
    let own = if dir.as_os_str().is_empty() {
        Vec::new()
    } else {
        in_directory(dir, problems)
    };
    built_in.chain(own).collect()
}

/// The TOML files of a directory, in the order of their names.
fn in_directory(dir: &Path, problems: &mut Vec<Problem>) -> Vec<Source> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => {
            problems.push(Problem {
                file: dir.to_owned(),
                line: None,
                key: String::new(),
                reason: format!("cannot be read: {error}"),
                fix: "name a directory, or leave the key out for the built-in ones".to_owned(),
            });
            return Vec::new();
        }
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    files
        .into_iter()
        .filter_map(|file| {
            let stem = file.file_stem()?.to_string_lossy().into_owned();
            match reader::text_of(&file) {
                Ok(toml) => Some(Source { stem, file, toml }),
                Err(problem) => {
                    problems.push(problem);
                    None
                }
            }
        })
        .collect()
}

fn read_texts(sources: &[Source], problems: &mut Vec<Problem>) -> Texts {
    let sources: Vec<TextSource<'_>> = sources
        .iter()
        .map(|source| TextSource {
            file: source.file.to_string_lossy(),
            language: &source.stem,
            toml: &source.toml,
        })
        .collect();
    Texts::read(&sources).unwrap_or_else(|errors| {
        problems.extend(errors.into_iter().map(|error| Problem {
            reason: error.fault.to_string(),
            file: error.file.into(),
            line: error.line,
            key: error.key,
            fix: String::new(),
        }));
        Texts::default()
    })
}

fn read_templates(sources: &[Source], problems: &mut Vec<Problem>) -> BTreeMap<String, Template> {
    let mut templates = BTreeMap::new();
    for source in sources {
        let (template, lines, found) = reader::read::<Template>(&source.toml, &source.file);
        problems.extend(found);
        let Some(template) = template else { continue };
        check(&template, &source.stem, &mut |key, reason, fix| {
            problems.push(lines.problem(&source.file, &[key], reason, fix));
        });
        templates.insert(source.stem.clone(), template);
    }
    check_names(&templates, sources, problems);
    templates
}

/// What must hold in a template by itself.
fn check(template: &Template, stem: &str, note: &mut impl FnMut(String, String, &str)) {
    if template.key != stem {
        let reason = format!("`{}` is not the file's name, `{stem}`", template.key);
        note("key".into(), reason, "name the file after its key");
    }
    if template.services.is_empty() {
        let fix = "name at least one: the first is meant where a referral names none";
        note("services".into(), "has no service".into(), fix);
    }
    let mut keys = BTreeSet::new();
    for (place, requirement) in template.requirements.iter().enumerate() {
        let at = format!("requirements[{place}]");
        if !keys.insert(&requirement.key) {
            let reason = format!("`{}` is there twice", requirement.key);
            note(
                format!("{at}.key"),
                reason,
                "give each requirement a key of its own",
            );
        }
        if !requirement.label.contains_key(FALLBACK_LANGUAGE) {
            let reason = "has no English label".to_owned();
            note(
                format!("{at}.label"),
                reason,
                "add `en`: providers read it in requests",
            );
        }
        for service in &requirement.services {
            if !template.services.contains(service) {
                let reason = format!("`{service}` is not among the template's services");
                note(
                    format!("{at}.services"),
                    reason,
                    "write it as it stands in `services`",
                );
            }
        }
    }
    let mut keys = BTreeSet::new();
    for (place, task) in template.tasks.iter().enumerate() {
        if !keys.insert(&task.key) {
            let reason = format!("`{}` is there twice", task.key);
            note(
                format!("tasks[{place}].key"),
                reason,
                "give each task a key of its own",
            );
        }
    }
    for (milestone, higher, lower) in longer_than_lower(&template.sla) {
        let reason = format!("{} has a longer target than {}", higher.code(), lower.code());
        let key = format!("sla.{}.{}", milestone.code(), higher.code());
        note(key, reason, "shorten it, or lengthen the lower priority's");
    }
}

/// A name that a referrer may use leads to one template.
fn check_names(templates: &BTreeMap<String, Template>, sources: &[Source], problems: &mut Vec<Problem>) {
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for (key, template) in templates {
        let names = std::iter::once(&template.specialty)
            .chain(&template.aliases)
            .chain(std::iter::once(&template.key));
        for name in names {
            let owner = *owners.entry(crate::domain::text::fold(name)).or_insert(key);
            if owner != key {
                let file = sources.iter().rev().find(|source| source.stem == *key);
                problems.push(Problem {
                    file: file.map(|source| source.file.clone()).unwrap_or_default(),
                    line: None,
                    key: "aliases".into(),
                    reason: format!("`{name}` already leads to `{owner}`"),
                    fix: "keep it in one of the two".into(),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_is_right() {
        let mut problems = Vec::new();
        let texts = read_texts(
            &sources("messages", MESSAGES, Path::new(""), &mut problems),
            &mut problems,
        );
        assert!(problems.is_empty(), "{problems:?}");
        let trusted = Texts::trusted(MESSAGES);
        assert_eq!(
            texts.languages().collect::<Vec<_>>(),
            trusted.languages().collect::<Vec<_>>()
        );
    }
}
