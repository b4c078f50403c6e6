//! `trien.js` and `trien.d.ts`: the modules of `crates/triend/web/client` as one file each, so that a
//! school copies one.
//! Knows none of the pages.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{PLACE, SOURCES, node, read_folder, remove};
use crate::failure::Failure;
use crate::workspace::{self, Workspace};

/// The folder of its sources and, among the assets, of what they build to.
pub(super) const FOLDER: &str = "client";

/// The modules, each before those that import it, as they are read in one file.
const MODULES: [&str; 5] = ["model", "failure", "reach", "job", "trien"];

/// Checks the types and builds both files.
pub(super) fn build(workspace: &Workspace) -> Result<BTreeMap<PathBuf, String>, Failure> {
    let sources = workspace.path(SOURCES).join(FOLDER);
    let out = workspace.path(PLACE).join("out").join(FOLDER);
    remove(&out)?;
    let types = out.join("types");
    let (project, types_word) = (
        sources.join("tsconfig.json").display().to_string(),
        types.display().to_string(),
    );
    let words = ["--project", &project, "--outDir", &types_word];
    node(workspace, "node_modules/typescript/bin/tsc", &words, &[])?;
    let script = out.join("trien.js");
    let entry = sources.join("trien.ts").display().to_string();
    let outfile = format!("--outfile={}", script.display());
    let words = [
        &entry,
        "--bundle",
        "--format=esm",
        "--target=es2022",
        "--charset=utf8",
        "--log-level=warning",
        &outfile,
    ];
    node(workspace, "node_modules/esbuild/bin/esbuild", &words, &[])?;
    let declarations = read_folder(&types)?;
    let mut modules = Vec::new();
    for module in MODULES {
        let text = declarations.get(&PathBuf::from(format!("{module}.d.ts")));
        modules.push(text.map_or("", String::as_str));
    }
    Ok(BTreeMap::from([
        ("trien.js".into(), workspace::read_text(&script)?),
        ("trien.d.ts".into(), joined(&modules)),
    ]))
}

/// Declarations of several modules as those of one: what they import from each other stands in it.
fn joined(modules: &[&str]) -> String {
    let mut text = String::from("// The types of trien.js: see there.\n");
    for line in modules.iter().flat_map(|module| module.lines()) {
        let of_another = line.starts_with("import ")
            || (line.starts_with("export ") && line.contains(" from \"./"))
            || line == "export {};";
        // What stands before the first declaration of `trien.ts` is for readers of the sources.
        if !of_another && !line.starts_with("//") {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_joined_without_what_they_import_from_each_other() {
        let model = "/** A. */\nexport interface A {\n    b: string;\n}\n";
        let main = "import type { A } from \"./model.js\";\nexport * from \"./model.js\";\n\
                    export declare function a(): A;\nexport {};\n";
        let expected = "// The types of trien.js: see there.\n/** A. */\nexport interface A {\n    \
                        b: string;\n}\nexport declare function a(): A;\n";
        assert_eq!(joined(&[model, main]), expected);
    }
}
