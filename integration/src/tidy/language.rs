//! Language: words that make a reader stop, and what to write instead. `docs/STYLE.md` says why.

/// Words that are not used in comments, names, messages and documents, each with a better one.
const WORDS: [(&str, &str); 12] = [
    ("whoever", "the caller, anyone"),
    ("somebody", "someone, or say who"),
    ("nobody", "no one, or say what does not happen"),
    ("everybody", "everyone, or say who"),
    ("meanwhile", "while …, or first"),
    ("such as", "for example, like"),
    ("beside", "next to, with"),
    ("besides", "also"),
    ("so many", "say how many"),
    ("carried out", "applied (a command), executed (a batch)"),
    ("robbed", "taken"),
    ("what may wait", "queue limit"),
];

/// The uses of the words in a Markdown text, outside of its code spans: what the service says is a
/// contract, in answers that a page shows, too.
#[must_use]
pub fn wrong_words_of_document(text: &str) -> Vec<String> {
    let without_code = |line: &str| line.split('`').step_by(2).collect::<Vec<_>>().join("``");
    let lines: Vec<String> = text.lines().map(without_code).collect();
    wrong_words(&lines.join("\n"))
}

/// The uses of the words in code or configuration, each with its line and what to write instead.
/// Names count too: `nobody_pays` has the word `nobody`.
#[must_use]
pub fn wrong_words(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.to_lowercase().replace('_', " ");
        for (word, better) in WORDS {
            if has_word(&line, word) {
                wrong.push(format!("{number}: \"{word}\": write {better}"));
            }
        }
    }
    wrong
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let is_end = |it: Option<char>| it.is_none_or(|it| !it.is_alphanumeric());
        is_end(before) && is_end(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_found_in_text_and_in_names_and_not_inside_others() {
        for (word, _) in WORDS {
            let text = format!("fine\n// {word}.");
            assert_eq!(wrong_words(&text).len(), 1, "{word}");
        }
        assert_eq!(wrong_words("fn nobody_pays() {}").len(), 1);
        assert_eq!(wrong_words("Besides, that"), ["1: \"besides\": write also"]);
        assert_eq!(wrong_words("somebodys"), Vec::<String>::new());
        let document = "`nobody` of whoever";
        assert_eq!(wrong_words_of_document(document).len(), 1);
        let code = "let nobody = \"somebody\"; // whoever";
        assert_eq!(wrong_words(code).len(), 3);
    }
}
