//! The shared fixtures `tests/wire/*.json`, through the replica. The same files
//! run through both JavaScript clients; those of extensions, `tests/wire/ours`,
//! through ours alone.
//!
//! `cases` hold what a client prints after each message. Of streams it prints
//! only what is new: what the page shows then is under `pages`.

use std::fs;
use std::path::Path;

use bennu_replica::Replica;
use serde_json::Value;

/// Runs one case: the first message joins, the others are merged.
fn run(case: &Value) -> Result<(), String> {
    let steps = case["steps"].as_array().ok_or("a case without steps")?;
    let mut replica: Option<Replica> = None;
    for (number, step) in steps.iter().enumerate() {
        let json = step["message"].to_string();
        let merged = match &mut replica {
            Some(replica) => replica.apply(&json),
            None => Replica::join(&json).map(|joined| replica = Some(joined)),
        };
        merged.map_err(|error| format!("step {number}: {error}"))?;
        let html = replica.as_ref().map(Replica::html);
        if html.as_deref() != step["html"].as_str() {
            return Err(format!("step {number}: {html:?}, not {}", step["html"]));
        }
    }
    Ok(())
}

#[test]
fn the_shared_fixtures_hold_for_the_replica() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/wire");
    let mut files: Vec<_> = [folder.clone(), folder.join("ours")]
        .iter()
        .flat_map(fs::read_dir)
        .flatten()
        .flatten()
        .map(|file| file.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    if files.is_empty() {
        println!("no fixtures in {}: nothing was checked", folder.display());
    }
    for path in files {
        let text = fs::read_to_string(&path).expect("a readable fixture");
        let fixture: Value = serde_json::from_str(&text).expect("a fixture is JSON");
        let cases = fixture["cases"].as_array().expect("a fixture has cases");
        for case in cases
            .iter()
            .chain(fixture["pages"].as_array().into_iter().flatten())
        {
            if let Err(problem) = run(case) {
                panic!("{}: {}: {problem}", path.display(), case["name"]);
            }
        }
    }
}
