//! Which module may import which: the floors of a crate, each of which imports only what stands
//! below it. They are named in ARCHITECTURE.md too, with the reason of each circle that is left.

use std::collections::HashSet;

use super::Finding;
use super::repository::Repository;

/// The modules of one folder.
struct House {
    /// The folder, which is a crate's `src` or a module in it.
    folder: &'static str,
    /// The folder's module, as a path in its crate.
    module: &'static [&'static str],
    /// From the lowest floor to the highest. A room is one module, or several that are one thing
    /// and may import each other.
    floors: &'static [&'static [Room]],
}

type Room = &'static [&'static str];

const HOUSES: [House; 3] = [
    House {
        folder: "crates/bennu-core/src",
        module: &[],
        floors: &[
            &[&["digits"], &["hash"], &["index"], &["scan"]],
            &[
                &["escape"],
                &["json"],
                &["operations"],
                &["placement"],
                &["template"],
            ],
            &[&["tape"], &["prints"]],
            &[&["memo"]],
            // A trait and what its callers write through.
            &[&["render", "rendered"]],
            &[
                &["binding"],
                &["html"],
                &["long_text"],
                &["stream"],
                &["url"],
            ],
            &[&["attributes"], &["splice"], &["sink"]],
            &[&["diff"]],
            &[&["rerender"], &["wire"]],
        ],
    },
    House {
        folder: "crates/bennu/src/channel",
        module: &["channel"],
        floors: &[
            &[&["budget"], &["websocket"]],
            &[&["frame"], &["outbox"], &["rate"]],
            &[&["connection"]],
        ],
    },
    House {
        folder: "crates/bennu/src/session",
        module: &["session"],
        floors: &[
            &[&["erased"], &["mailbox"], &["sender"], &["token"]],
            &[&["family"], &["navigation"]],
            &[&["peer"]],
            // Components may place child views, which have parts that stand as components do.
            &[&["departure"], &["components", "nest"]],
            &[&["refusal"], &["turn"]],
            &[&["client"], &["join"]],
            &[&["task"]],
            &[&["channels"]],
        ],
    },
];

/// Each module of a house has its place, and imports run down.
pub(super) fn imports_run_down(repository: &Repository) -> Vec<Finding> {
    (HOUSES.iter())
        .flat_map(|house| in_house(house, repository))
        .collect()
}

fn in_house(house: &House, repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    let exports = house.exports(repository);
    for file in repository.under(house.folder) {
        let Some(name) = house.module_of(&file.path) else {
            continue;
        };
        let Some(code) = &file.code else { continue };
        if file.is_test() {
            continue;
        }
        let Some(place) = house.place(name) else {
            let message = format!("`{name}` stands on no floor: give it one in `{}`", file!());
            findings.push(Finding::new(&file.path, 0, message));
            continue;
        };
        let mut said = HashSet::new();
        for (line, path) in paths(&code.code, &house.modules_of(&file.path)) {
            let Some(path) = path.strip_prefix(house.module) else {
                continue;
            };
            let Some(&first) = path.first() else { continue };
            let target = match house.place(first) {
                Some(_) => first,
                None => match exports.iter().find(|(item, _)| *item == first) {
                    Some((_, module)) => *module,
                    None => continue,
                },
            };
            let Some(below) = house.place(target) else {
                continue;
            };
            let is_said = !said.insert((line, target));
            if below != place && below.0 >= place.0 && !file.is_test_line(line) && !is_said {
                let message = format!(
                    "`{name}` imports `{target}`, which does not stand on a lower floor: move \
                     what both need below them"
                );
                findings.push(Finding::new(&file.path, line, message));
            }
        }
    }
    findings
}

impl House {
    /// Floor and room of a module.
    fn place(&self, name: &str) -> Option<(usize, usize)> {
        (0..).zip(self.floors).find_map(|(floor, rooms)| {
            let room = rooms.iter().position(|room| room.contains(&name))?;
            Some((floor, room))
        })
    }

    /// The module of this house to which a file belongs; none for the one that holds all.
    fn module_of<'p>(&self, path: &'p str) -> Option<&'p str> {
        let path = path.strip_prefix(self.folder)?.strip_prefix('/')?;
        let name = path.split('/').next()?.trim_end_matches(".rs");
        (!matches!(name, "lib" | "main" | "mod")).then_some(name)
    }

    /// A file's module, as a path in its crate.
    fn modules_of<'p>(&self, path: &'p str) -> Vec<&'p str>
    where
        Self: 'p,
    {
        let inside = path[self.folder.len()..].trim_start_matches('/');
        let names = inside.trim_end_matches(".rs").split('/');
        let names = names.filter(|name| *name != "mod");
        self.module.iter().copied().chain(names).collect()
    }

    /// What the house's own module exports, with the module where it stands.
    fn exports<'r>(&self, repository: &'r Repository) -> Vec<(&'r str, &'r str)> {
        let mut found = Vec::new();
        for root in ["lib.rs", "mod.rs"] {
            let file = repository.file(&format!("{}/{root}", self.folder));
            let Some(code) = file.and_then(|file| file.code.as_ref()) else {
                continue;
            };
            for (at, _) in code.code.match_indices("use ") {
                let mut paths = Vec::new();
                tree(&code.code[at + 4..], &[], &mut paths);
                found.extend((paths.iter()).filter_map(|path| match path.as_slice() {
                    [module, .., item] => Some((*item, *module)),
                    _ => None,
                }));
            }
        }
        found
    }
}

/// The paths that begin with `crate` or `super`, as paths from the crate's root, with their lines.
fn paths<'c>(code: &'c str, module: &[&'c str]) -> Vec<(usize, Vec<&'c str>)> {
    let mut found = Vec::new();
    for root in ["crate::", "super::"] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|before| before.is_alphanumeric() || "_:$".contains(before)) {
                continue;
            }
            let (mut from, mut rest) = (Vec::new(), &code[at + root.len()..]);
            if root == "super::" {
                from = module[..module.len().saturating_sub(1)].to_vec();
                while let Some(more) = rest.strip_prefix("super::") {
                    from.pop();
                    rest = more;
                }
            }
            let line = code[..at].lines().count().max(1);
            let mut paths = Vec::new();
            tree(rest, &from, &mut paths);
            found.extend(paths.into_iter().map(|path| (line, path)));
        }
    }
    found
}

/// Reads one tree of a `use`, adds its paths, and returns what follows it.
fn tree<'c>(code: &'c str, before: &[&'c str], found: &mut Vec<Vec<&'c str>>) -> &'c str {
    let mut path = before.to_vec();
    let mut code = code.trim_start();
    loop {
        if let Some(mut inside) = code.strip_prefix('{') {
            while !inside.is_empty() && !inside.starts_with('}') {
                inside = tree(inside, &path, found).trim_start();
                inside = inside.strip_prefix(',').unwrap_or(inside).trim_start();
            }
            return inside.strip_prefix('}').unwrap_or(inside);
        }
        let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
        let end = code.find(|letter| !is_name(letter)).unwrap_or(code.len());
        if end == 0 {
            // A glob, or something that no import has.
            found.push(path);
            let mut rest = code.chars();
            rest.next();
            return rest.as_str();
        }
        path.push(&code[..end]);
        code = &code[end..];
        match code.strip_prefix("::") {
            Some(rest) => code = rest,
            None => break,
        }
    }
    found.push(path);
    code.split_once(" as ")
        .filter(|(before, _)| before.is_empty())
        .map_or(code, |(_, name)| {
            name.trim_start_matches(|letter: char| letter.is_alphanumeric() || letter == '_')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSE: House = House {
        folder: "crates/a/src/house",
        module: &["house"],
        floors: &[&[&["low"]], &[&["one", "other"], &["apart"]], &[&["high"]]],
    };

    #[track_caller]
    fn check(path: &str, code: &str, expected: &[&str]) {
        let root =
            "mod low;\npub use low::Item;\npub(crate) use high::deep::{First, Last as End};\n";
        let path = format!("crates/a/src/house/{path}");
        let repository = Repository::of(&[("crates/a/src/house/mod.rs", root), (&path, code)]);
        let findings = in_house(&HOUSE, &repository);
        let found: Vec<_> = (findings.iter())
            .map(|finding| {
                let target = finding.message.split('`').nth(3).unwrap_or_default();
                format!("{} {target}", finding.line)
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_import_of_a_higher_floor_or_of_another_room_is_found() {
        check(
            "one.rs",
            "use crate::house::low::X;\nuse super::other;\n",
            &[],
        );
        check(
            "one.rs",
            "use crate::house::{\n    low::X, high::{self, Y},\n};\n",
            &["1 high"],
        );
        check(
            "one/part.rs",
            "use super::super::apart::X;\nuse super::high;\n",
            &["1 apart"],
        );
        check(
            "low.rs",
            "fn a() {\n    crate::house::one::b();\n}\n",
            &["2 one"],
        );
        check(
            "low.rs",
            "use crate::elsewhere::high;\n// use super::high;\n",
            &[],
        );
        check(
            "low.rs",
            "#[cfg(test)]\nmod tests {\n    use super::super::high;\n}\n",
            &[],
        );
        check(
            "high.rs",
            "use super::{apart::*, low as ground, one};\n",
            &[],
        );
    }

    #[test]
    fn what_the_house_exports_stands_where_it_comes_from() {
        check(
            "one.rs",
            "use super::Item;\nuse crate::house::First;\n",
            &["2 high"],
        );
        check("low.rs", "use super::{Item, Last};\n", &["1 high"]);
    }

    #[test]
    fn a_module_without_a_floor_is_found() {
        check("new.rs", "", &["0 xtask/src/tidy/floors.rs"]);
    }
}
