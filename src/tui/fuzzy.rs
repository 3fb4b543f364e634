//! Fuzzy matching of short lists: actions, names, views.
//!
//! Owns the matcher and the order of its answers. Must not be used over what is stored: that is the store's search.

use fuzzy_matcher::FuzzyMatcher as _;
use fuzzy_matcher::skim::SkimMatcherV2;

/// Those that match what is typed, the best first; all in their own order where nothing is typed.
pub fn rank<'a, T>(typed: &str, items: &'a [T], text: impl Fn(&T) -> &str) -> Vec<&'a T> {
    let typed = typed.trim();
    if typed.is_empty() {
        return items.iter().collect();
    }
    let matcher = SkimMatcherV2::default().ignore_case();
    let mut scored: Vec<(i64, &T)> = items
        .iter()
        .filter_map(|item| matcher.fuzzy_match(text(item), typed).map(|score| (score, item)))
        .collect();
    // A stable sort: equal answers keep the order of the list.
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_match_comes_first_and_order_is_kept_without_a_query() {
        let items = ["request info", "accept", "decline"];
        assert_eq!(
            rank("", &items, |item| item),
            [&"request info", &"accept", &"decline"]
        );
        assert_eq!(rank("acc", &items, |item| item), [&"accept"]);
        assert_eq!(rank("rqi", &items, |item| item), [&"request info"]);
        assert!(rank("zzz", &items, |item| item).is_empty());
    }
}
