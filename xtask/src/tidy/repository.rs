//! The text files of the repository, with what the rules ask of them.

use std::ffi::OsStr;
use std::path::Path;
use std::{fs, io};

use super::scan::{Language, Scanned, scan};

/// What nobody writes by hand: folders, and a linked working tree's `.git`, which is a file.
const SKIPPED: [&str; 5] = [
    ".git",
    "target",
    "node_modules",
    "output",
    "proptest-regressions",
];

pub(super) struct Repository {
    files: Vec<File>,
    /// Every path, text or not, folders too: what a link may point to.
    paths: Vec<String>,
}

pub(super) struct File {
    /// From the repository's top, with `/`.
    pub(super) path: String,
    pub(super) text: String,
    /// `None` where the rules for code don't apply.
    pub(super) code: Option<Scanned>,
}

impl Repository {
    pub(super) fn read(root: &Path) -> io::Result<Self> {
        let mut repository = Self {
            files: Vec::new(),
            paths: Vec::new(),
        };
        repository.walk(root, "")?;
        repository
            .files
            .sort_by(|one, other| one.path.cmp(&other.path));
        Ok(repository)
    }

    fn walk(&mut self, root: &Path, folder: &str) -> io::Result<()> {
        for entry in fs::read_dir(root.join(folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() {
                name.clone()
            } else {
                format!("{folder}/{name}")
            };
            if SKIPPED.contains(&name.as_str()) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                self.walk(root, &path)?;
                self.paths.push(path);
            } else {
                // What isn't text has no rules; what was deleted meanwhile neither.
                if let Ok(text) = fs::read_to_string(root.join(&path)) {
                    self.files.push(File::new(path.clone(), text));
                }
                self.paths.push(path);
            }
        }
        Ok(())
    }

    pub(super) fn files(&self) -> &[File] {
        &self.files
    }

    /// The files under a folder (or the one file) of that path.
    pub(super) fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a File> {
        self.files
            .iter()
            .filter(move |file| is_under(&file.path, folder))
    }

    pub(super) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    pub(super) fn has(&self, path: &str) -> bool {
        path.is_empty() || self.paths.iter().any(|known| known == path)
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File::new((*path).to_owned(), (*text).to_owned());
        let files: Vec<File> = files.iter().map(file).collect();
        let paths = files.iter().map(|file| file.path.clone()).collect();
        Self { files, paths }
    }
}

pub(super) fn is_under(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl File {
    fn new(path: String, text: String) -> Self {
        let extension = Path::new(&path).extension().and_then(OsStr::to_str);
        let language = match extension {
            Some("rs") => Some(Language::Rust),
            Some("ts" | "mts" | "js" | "mjs") => Some(Language::Script),
            Some("css") => Some(Language::Css),
            _ => None,
        };
        // Built files are nobody's prose.
        let built = path.starts_with("crates/bennu/assets/") || path.contains("/dist/");
        let code = language
            .filter(|_| !built)
            .map(|language| scan(&text, language));
        Self { path, text, code }
    }

    pub(super) fn has_extension(&self, wanted: &str) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|extension| extension == wanted)
    }

    /// Whether all of it is there for testing or measuring.
    pub(super) fn is_test(&self) -> bool {
        let mut parts = self.path.rsplit('/');
        let name = parts.next().unwrap_or_default();
        name == "tests.rs"
            || [".test.", ".spec."].iter().any(|mark| name.contains(mark))
            || parts.any(|folder| matches!(folder, "tests" | "test" | "benches" | "fuzz"))
    }

    /// The lines (from 1) that belong to tests.
    pub(super) fn is_test_line(&self, line: usize) -> bool {
        self.is_test()
            || self.code.as_ref().is_some_and(|code| {
                code.test_modules()
                    .iter()
                    .any(|module| module.contains(&line))
            })
    }
}
