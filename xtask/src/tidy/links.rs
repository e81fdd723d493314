//! Links between our documents: files exist, headings too.

use super::Finding;
use super::repository::{File, Repository};

pub(super) fn resolve(repository: &Repository) -> Vec<Finding> {
    let documents = repository
        .files()
        .iter()
        .filter(|file| file.has_extension("md"));
    documents
        .flat_map(|file| in_document(repository, file))
        .collect()
}

fn in_document(repository: &Repository, file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, target) in targets(&file.text) {
        // A scheme or a path of rustdoc is checked elsewhere.
        if target.contains(':') || target.starts_with("//") {
            continue;
        }
        let (path, heading) = target.split_once('#').unwrap_or((target, ""));
        let path = if path.is_empty() {
            file.path.clone()
        } else {
            join(&file.path, path)
        };
        if !repository.has(&path) {
            let message = format!("links to {target}, but there is no {path}");
            findings.push(Finding::new(&file.path, line, message));
            continue;
        }
        let Some(linked) = repository
            .file(&path)
            .filter(|linked| linked.has_extension("md"))
        else {
            continue;
        };
        if !heading.is_empty() && !anchors(&linked.text).iter().any(|anchor| anchor == heading) {
            let message = format!("links to {target}, but {path} has no such heading");
            findings.push(Finding::new(&file.path, line, message));
        }
    }
    findings
}

/// The path that `link` means in the document at `from`.
fn join(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The lines (from 1) that are prose, with their inline code blanked.
fn prose(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        (!fenced && !fence).then(|| (at + 1, without_code(line)))
    })
}

fn without_code(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    let paired = parts.len() - usize::from(parts.len().is_multiple_of(2));
    let keep = |at: usize| at.is_multiple_of(2) || at >= paired;
    parts
        .iter()
        .enumerate()
        .map(|(at, part)| if keep(at) { *part } else { "code" })
        .collect()
}

/// Line and target of each link.
fn targets(text: &str) -> Vec<(usize, &str)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (line, prose) in prose(text) {
        let original = lines[line - 1];
        for (at, _) in prose.match_indices("](") {
            let rest = &prose[at + 2..];
            let target = rest.split([')', ' ']).next().unwrap_or_default();
            // The same text in the document, so that the borrow outlives the blanked line.
            found.extend(
                original
                    .find(target)
                    .map(|at| (line, &original[at..at + target.len()])),
            );
        }
        if let Some((label, target)) = original
            .split_once("]: ")
            .filter(|_| prose.starts_with('['))
        {
            let footnote = label.starts_with("[^");
            found.extend((!footnote).then(|| (line, target.trim().trim_matches(['<', '>']))));
        }
    }
    found.retain(|(_, target)| !target.is_empty());
    found
}

/// The anchors that a forge makes of the headings.
fn anchors(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        let title = line.trim_start_matches('#');
        if fenced || title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let kept = title
            .trim()
            .chars()
            .filter(|l| l.is_alphanumeric() || "_- ".contains(*l));
        let plain: String = kept.collect::<String>().to_lowercase().replace(' ', "-");
        let same = |anchor: &String| {
            anchor.strip_prefix(&plain).is_some_and(|rest| {
                rest.is_empty()
                    || rest
                        .strip_prefix('-')
                        .is_some_and(|n| n.parse::<u32>().is_ok())
            })
        };
        let before = found.iter().filter(|anchor| same(anchor)).count();
        found.push(if before == 0 {
            plain
        } else {
            format!("{plain}-{before}")
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_becomes_the_anchor_that_a_forge_makes() {
        let text = "# One & `two`: three?\n```\n# code\n```\n## Same\n## Same\n";
        assert_eq!(anchors(text), ["one--two-three", "same", "same-1"]);
    }

    #[test]
    fn links_to_what_is_not_there_are_found() {
        let repository = Repository::of(&[
            (
                "a.md",
                "[b](docs/b.md#here) [c](docs/b.md#gone)\n`[x](y)` [d](d.md)\n[w](https://w)\n",
            ),
            (
                "docs/b.md",
                "## Here\n[a](../a.md), [self](#here)\n```\n[z](z)\n```\n[r]: gone.md\n",
            ),
        ]);
        let found: Vec<_> = resolve(&repository)
            .iter()
            .map(|finding| format!("{}:{}", finding.file, finding.line))
            .collect();
        assert_eq!(found, ["a.md:1", "a.md:2", "docs/b.md:6"]);
    }
}
