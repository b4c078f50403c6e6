//! Which crate may import which, which crate keeps a foreign package to itself, and how long a
//! source file may be: read from the manifests and sources of the whole workspace.
//! Knows nothing of what the crates do.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "test code: a failure must stop the test, and a warning must be seen"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What a crate may import of this workspace.
enum Imports {
    /// Every library here. For code that only tests run.
    Any,
    /// These and no others.
    Only(&'static [&'static str]),
}

/// The import table of docs/ARCHITECTURE.md: arrows point at crates of earlier rows only. A new
/// arrow is a decision: change the table there and here, and say why in docs/adr/. A crate may
/// stand here before it exists (docs/adr/0001-crates-arrive-with-a-function.md).
const TABLE: &[(&str, Imports)] = &[
    ("trien-types", Imports::Only(&[])),
    ("trien-pdf", Imports::Only(&["trien-types"])),
    ("trien-x509", Imports::Only(&["trien-types"])),
    ("trien-cms", Imports::Only(&["trien-types", "trien-x509"])),
    ("trien-trust", Imports::Only(&["trien-types", "trien-x509"])),
    ("trien-policy", Imports::Only(&["trien-types"])),
    ("trien-token", Imports::Only(&["trien-types"])),
    ("trien-net", Imports::Only(&["trien-types"])),
    (
        "trien",
        Imports::Only(&[
            "trien-types",
            "trien-pdf",
            "trien-x509",
            "trien-cms",
            "trien-trust",
            "trien-policy",
            "trien-token",
            "trien-net",
        ]),
    ),
    ("trien-preview", Imports::Only(&["trien"])),
    (
        "trien-report",
        Imports::Only(&["trien", "trien-preview", "trien-types"]),
    ),
    (
        "triend",
        Imports::Only(&[
            "trien",
            "trien-preview",
            "trien-token",
            "trien-net",
            "trien-types",
        ]),
    ),
    ("trien-testkit", Imports::Any),
    // The examples are what a user copies from: the facade, for `verify` the reports, and for the
    // quickstart the test kit, which makes the keys and the record.
    (
        "trien-examples",
        Imports::Only(&["trien", "trien-report", "trien-testkit"]),
    ),
    ("xtask", Imports::Only(&[])),
];

/// Foreign packages that carry a layer's knowledge, and the crates whose knowledge it is. Only
/// imports that reach users count; tests may compare with anything.
const KEPT: &[(&[&str], &[&str])] = &[
    // Tokens are reached through one crate. The test kit fills SoftHSM's.
    (
        &["cryptoki", "cryptoki-sys"],
        &["trien-token", "trien-testkit"],
    ),
    // Parses every object when it opens a file and merges revisions: never under a verdict.
    (&["lopdf"], &["trien-testkit"]),
    // The PDF layer knows no hashes, judgement knows no keys, the daemon knows no crypto detail.
    (
        &["openssl"],
        &[
            "trien-x509",
            "trien-cms",
            "trien-trust",
            "trien-token",
            "trien",
            "trien-testkit",
        ],
    ),
    (&["cms", "rasn-cms"], &["trien-cms", "trien-testkit"]),
    (
        &["rasn", "rasn-pkix", "rasn-ocsp", "rasn-smime"],
        &["trien-x509", "trien-cms", "trien-trust", "trien-testkit"],
    ),
    // The one mapping of files stands in the facade (docs/adr/0003-one-mapping-of-files.md).
    (&["memmap2"], &["trien"]),
    // Bounds for zip archives stand in one place (docs/adr/0024-archives.md).
    (&["zip"], &["trien"]),
    (&["ureq"], &["trien-net"]),
    // Repairs silently and has no bounds: behind a process of its own, never under a verdict.
    (&["hayro"], &["trien-preview"]),
    (
        &["axum", "hyper", "tower-http"],
        &["triend", "trien-testkit"],
    ),
];

/// A crate of the workspace with what it imports outside its tests.
struct Package {
    name: String,
    imports: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned()
}

/// What `cargo metadata` says, which asks no network without dependencies.
fn packages() -> Vec<Package> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| Package {
            name: text(&package["name"]),
            // `kind` is null for a normal dependency, else "dev" or "build".
            imports: package["dependencies"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|dependency| dependency["kind"] != "dev")
                .map(|dependency| text(&dependency["name"]))
                .collect(),
        })
        .collect()
}

/// Each edge and each crate that the tables do not know.
fn offences(packages: &[Package]) -> Vec<String> {
    let members: BTreeSet<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut offences = Vec::new();
    for package in packages {
        let name = package.name.as_str();
        let Some((_, allowed)) = TABLE.iter().find(|(row, _)| *row == name) else {
            offences.push(format!("{name} has no row in the import table"));
            continue;
        };
        for import in package.imports.iter().map(String::as_str) {
            let is_allowed = match allowed {
                Imports::Any => true,
                Imports::Only(list) => list.contains(&import),
            };
            if members.contains(import) && !is_allowed {
                offences.push(format!("{name} may not import {import}"));
            }
            let keepers = KEPT.iter().find(|(kept, _)| kept.contains(&import));
            if keepers.is_some_and(|(_, crates)| !crates.contains(&name)) {
                offences.push(format!("{name} may not use the package {import}"));
            }
        }
    }
    offences
}

fn offences_of(edges: &[(&str, &[&str])]) -> Vec<String> {
    let packages: Vec<Package> = edges
        .iter()
        .map(|(name, imports)| Package {
            name: (*name).to_owned(),
            imports: imports.iter().map(|import| (*import).to_owned()).collect(),
        })
        .collect();
    offences(&packages)
}

#[test]
fn no_crate_imports_against_the_table() {
    let packages = packages();
    assert!(packages.iter().any(|package| package.name == "trien"));
    assert_eq!(offences(&packages), Vec::<String>::new());
}

#[test]
fn rows_of_the_table_import_earlier_rows_only() {
    let mut earlier = vec![];
    for (name, imports) in TABLE {
        assert!(!earlier.contains(name), "{name} stands twice in the table");
        if let Imports::Only(list) = imports {
            for import in *list {
                assert!(
                    earlier.contains(import),
                    "{name} imports {import}, which comes later"
                );
            }
        }
        earlier.push(name);
    }
}

#[test]
fn an_arrow_that_points_down_is_found() {
    let found = offences_of(&[
        ("trien-pdf", &["trien-x509"]),
        ("trien-x509", &["trien-types"]),
    ]);
    assert_eq!(found, ["trien-pdf may not import trien-x509"]);
}

#[test]
fn a_crate_without_a_row_is_found() {
    assert_eq!(
        offences_of(&[("trien-new", &[])]),
        ["trien-new has no row in the import table"]
    );
}

#[test]
fn the_test_kit_in_a_library_is_found() {
    let found = offences_of(&[("trien", &["trien-testkit"]), ("trien-testkit", &["trien"])]);
    assert_eq!(found, ["trien may not import trien-testkit"]);
}

#[test]
fn a_kept_package_elsewhere_is_found() {
    let found = offences_of(&[
        ("trien-policy", &["openssl", "serde"]),
        ("trien-cms", &["cms"]),
    ]);
    assert_eq!(found, ["trien-policy may not use the package openssl"]);
}

/// A longer file gets a second look: would two files say it better?
const LOOK: usize = 400;
/// A longer file, its tests not counted, needs a reason in [`EXCUSED`].
const LIMIT: usize = 700;
/// Files over [`LIMIT`] and why they are better whole.
const EXCUSED: &[(&str, &str)] = &[];

/// Every `.rs` file of the workspace outside test folders, with its path from the root.
fn sources() -> Vec<(String, String)> {
    let root = root();
    let mut folders = vec![root.join("crates"), root.join("examples")];
    let mut sources = vec![];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !matches!(name.as_str(), "tests" | "target") {
                    folders.push(path);
                }
            } else if name.ends_with(".rs") && name != "tests.rs" {
                let text = std::fs::read_to_string(&path).unwrap();
                let inside = path.strip_prefix(&root).unwrap().display().to_string();
                sources.push((inside, text));
            }
        }
    }
    sources.sort();
    sources
}

/// Lines of a file without its inline test modules, from `#[cfg(test)]` and `mod … {` in the first
/// column to the closing brace in the first column, as rustfmt sets them.
fn lines_without_tests(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let mut count = 0;
    let mut inside = false;
    for (number, line) in lines.iter().enumerate() {
        if *line == "#[cfg(test)]" {
            // Further attributes may stand between, and `mod tests;` is a file of its own.
            let next = lines[number..].iter().find(|line| line.starts_with("mod "));
            inside = next.is_some_and(|line| line.ends_with('{'));
        }
        if !inside {
            count += 1;
        }
        if inside && *line == "}" {
            inside = false;
        }
    }
    count
}

#[test]
fn source_files_are_read_in_one_sitting() {
    let sources = sources();
    assert!(
        sources
            .iter()
            .any(|(path, _)| path == "crates/trien/src/lib.rs")
    );
    let mut too_long = vec![];
    for (path, text) in &sources {
        let all = text.lines().count();
        let without_tests = lines_without_tests(text);
        let excused = EXCUSED.iter().any(|(excused, _)| excused == path);
        if without_tests > LIMIT && !excused {
            too_long.push(format!("{path}: {without_tests} lines without tests"));
        } else if all > LOOK && !excused {
            println!("WARNING: {path} has {all} lines: would two files say it better?");
        }
    }
    assert_eq!(too_long, Vec::<String>::new());
    for (path, reason) in EXCUSED {
        let source = sources.iter().find(|(source, _)| source == path);
        let still_long = source.is_some_and(|(_, text)| lines_without_tests(text) > LIMIT);
        assert!(
            still_long && !reason.is_empty(),
            "{path} needs no excuse, or has no reason"
        );
    }
}

#[test]
fn test_modules_do_not_count_as_source() {
    let text = "//! A.\nfn a() {\n}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
    assert_eq!(lines_without_tests(text), 5);
    let apart = "//! A.\n#[cfg(test)]\nmod tests;\nfn a() {}\n";
    assert_eq!(lines_without_tests(apart), 4);
}
