//! A page: its blocks of commands, each with the answer below it.

/// A block of commands, and the answer that the page promises.
pub(super) struct Step {
    /// Where it begins.
    pub(super) line: usize,
    pub(super) script: String,
    pub(super) answer: Option<Promised>,
}

/// What a page promises about an answer. `…` stands for what it leaves out.
pub(super) enum Promised {
    Json(String),
    Text(String),
}

impl Step {
    /// The flags of the service that this block starts; `None` if it does something else.
    pub(super) fn flags_of_service(&self) -> Option<Vec<String>> {
        let command = self.script.replace("\\\n", " ");
        let command = command.replace("cargo run --release --", "wallet-api");
        let mut words = command.split_whitespace();
        let is_service = words.next() == Some("wallet-api");
        let flags: Vec<String> = words.map(str::to_owned).collect();
        // A command of the binary comes before its flags.
        let is_command = flags.first().is_some_and(|word| !word.starts_with('-'));
        (is_service && !is_command && command.trim().lines().count() == 1).then_some(flags)
    }
}

/// The steps of a page. Blocks within lists are prose.
///
/// # Errors
/// An answer has no call, or two answers have one; or a call is within a list.
pub(super) fn steps(text: &str) -> Result<Vec<Step>, String> {
    let mut steps: Vec<Step> = Vec::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((line, fence)) = lines.next() {
        if fence.trim_start().starts_with("```sh") && fence.starts_with(' ') {
            return Err(format!("{line}: a call within a list is not run"));
        }
        let Some(language) = fence.strip_prefix("```") else {
            continue;
        };
        let block = lines.by_ref().map(|(_, text)| text);
        let block: Vec<&str> = block.take_while(|text| *text != "```").collect();
        let block = block.join("\n");
        let promised = match language {
            "sh" => {
                steps.push(Step {
                    line,
                    script: block,
                    answer: None,
                });
                continue;
            }
            "json" => Promised::Json(block),
            "text" => Promised::Text(block),
            _ => continue,
        };
        match steps.last_mut() {
            Some(step) if step.answer.is_none() => step.answer = Some(promised),
            _ => return Err(format!("{line}: an answer without a call")),
        }
    }
    Ok(steps)
}

#[test]
fn the_blocks_of_a_page_are_calls_with_their_answers() {
    let page = "```sh\nwallet-api --demo \\\n  --port 1\n```\ntext\n```sh\nwallet-api verify\n```\n\
                ```text\nproved\n```\n```rust\n```\n```sh\ncargo run --release -- --demo\n```\n";
    let steps = steps(page).unwrap_or_default();
    let flags: Vec<_> = steps.iter().map(Step::flags_of_service).collect();
    let words = |words: &[&str]| Some(words.iter().map(|&word| word.to_owned()).collect());
    assert_eq!(
        flags,
        [words(&["--demo", "--port", "1"]), None, words(&["--demo"])]
    );
    assert_eq!(steps[1].line, 6);
    assert!(matches!(&steps[1].answer, Some(Promised::Text(text)) if text == "proved"));
}

#[test]
fn what_would_not_be_run_or_compared_is_refused() {
    let twice = "```sh\ntrue\n```\n```text\n```\n```json\n{}\n```\n";
    for (page, expected) in [
        (twice, "6: an answer without a call"),
        (
            "- item\n\n  ```sh\n  true\n  ```\n",
            "3: a call within a list is not run",
        ),
    ] {
        assert_eq!(steps(page).err().as_deref(), Some(expected));
    }
}
