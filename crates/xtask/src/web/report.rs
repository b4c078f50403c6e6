//! `report.js` and `report.css`: the modules of `crates/trien-report/web/report` as one script, which
//! stands in each report.
//! Knows nothing of the daemon's pages.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{PLACE, node, remove};
use crate::failure::Failure;
use crate::workspace::{self, Workspace};

const SOURCES: &str = "crates/trien-report/web/report";

/// The tests of the reports, run beside those of the daemon's pages.
pub(super) const TESTS: &str = "crates/trien-report/web/tests";

/// Where what is built is committed.
pub(super) const ASSETS: &str = "crates/trien-report/assets";

/// Checks the types and builds both files.
pub(super) fn build(workspace: &Workspace) -> Result<BTreeMap<PathBuf, String>, Failure> {
    let sources = workspace.path(SOURCES);
    let out = workspace.path(PLACE).join("out").join("report");
    remove(&out)?;
    let project = sources.join("tsconfig.json").display().to_string();
    node(
        workspace,
        "node_modules/typescript/bin/tsc",
        &["--project", &project],
        &[],
    )?;
    let script = out.join("report.js");
    let entry = sources.join("report.ts").display().to_string();
    let outfile = format!("--outfile={}", script.display());
    let words = [
        &entry,
        "--bundle",
        "--format=iife",
        "--target=es2022",
        "--charset=utf8",
        "--minify-whitespace",
        "--minify-syntax",
        "--log-level=warning",
        &outfile,
    ];
    node(workspace, "node_modules/esbuild/bin/esbuild", &words, &[])?;
    Ok(BTreeMap::from([
        ("report.js".into(), workspace::read_text(&script)?),
        (
            "report.css".into(),
            workspace::read_text(&sources.join("report.css"))?,
        ),
    ]))
}
