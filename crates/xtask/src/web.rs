//! The daemon's pages and its client for pages: TypeScript, HTML and CSS in `crates/triend/web`, built into
//! `crates/triend/assets`, which is part of the repository, so that building the daemon needs neither
//! npm nor a network; and the inspector's report, in `crates/trien-report/web`, likewise.
//! Names no registry: npm's own configuration says where packages come from.

mod client;
mod report;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::system;
use crate::workspace::{self, Workspace};

/// What is to be done with the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Work {
    /// Build them.
    Build,
    /// See whether what is committed is what they build to.
    Check,
    /// Test them in Chromium against the daemon; arguments for Playwright.
    Test(Vec<String>),
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Finding {
    /// All is well.
    Well,
    /// The committed files are not what the sources build to.
    Differs,
    /// The packages could not be installed; why was printed.
    Unavailable,
}

/// The folders of pages: each is built by itself.
const PAGES: &[&str] = &["consent"];

const SOURCES: &str = "crates/triend/web";
const ASSETS: &str = "crates/triend/assets";
const PLACE: &str = "target/web";

/// Ends with 0 where Node.js is as new as Playwright wants it; Debian 12 has an older one.
const NODE_IS_NEW: &str = "process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)";

/// The page that schools copy is JavaScript, with its types in comments.
const RECORDS_PAGE: &str = "examples/records-page/tsconfig.json";

/// What the tests start beside the daemon: the records page, and the judge of what it had signed.
const EXAMPLES: [&str; 8] = [
    "build",
    "--quiet",
    "--package",
    "trien-examples",
    "--example",
    "records-page",
    "--example",
    "verify",
];

/// What npm reads.
const PINS: &[&str] = &["package.json", "package-lock.json", ".npmrc"];

impl Work {
    /// Reads the arguments of `cargo xtask web`.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self, Failure> {
        match arguments.split_first() {
            None => Ok(Self::Build),
            Some((word, rest)) if word == "--test" => Ok(Self::Test(rest.to_vec())),
            Some((word, [])) if word == "--check" => Ok(Self::Check),
            Some((word, rest)) => Err(Failure::UnknownArgument(
                rest.first().unwrap_or(word).clone(),
            )),
        }
    }
}

/// Does it.
///
/// # Errors
/// The sources are not sound TypeScript, a test fails, or files cannot be read or written.
pub(crate) fn run(workspace: &Workspace, work: &Work) -> Result<Finding, Failure> {
    if provide(workspace)? == Finding::Unavailable {
        return Ok(Finding::Unavailable);
    }
    match work {
        Work::Test(_) if !system::succeeds("node", &["--eval", NODE_IS_NEW]) => {
            println!("SKIPPED: pages in Chromium: Playwright needs Node.js 20 or later");
            Ok(Finding::Unavailable)
        }
        Work::Test(arguments) => test(workspace, arguments).map(|()| Finding::Well),
        Work::Build | Work::Check => {
            let mut finding = Finding::Well;
            for page in PAGES.iter().chain(&[client::FOLDER]) {
                let built = match *page {
                    client::FOLDER => client::build(workspace)?,
                    page => build(workspace, page)?,
                };
                let place = format!("{ASSETS}/{page}");
                finding = finding.max(keep(workspace, work, &place, &built)?);
            }
            let built = report::build(workspace)?;
            Ok(finding.max(keep(workspace, work, report::ASSETS, &built)?))
        }
    }
}

/// Writes what was built, or says whether it is what is committed.
fn keep(
    workspace: &Workspace,
    work: &Work,
    place: &str,
    built: &BTreeMap<PathBuf, String>,
) -> Result<Finding, Failure> {
    let assets = workspace.path(place);
    if read_folder(&assets)? == *built {
        println!("xtask: {place} is what its sources build to.");
    } else if *work == Work::Check {
        println!("xtask: {place} is not what its sources build to: run cargo xtask web");
        return Ok(Finding::Differs);
    } else {
        replace_folder(&assets, built)?;
        println!("xtask: {place} is built.");
    }
    Ok(Finding::Well)
}

/// Sets up the pinned packages in `target/web`, unless they are there from the same pins.
fn provide(workspace: &Workspace) -> Result<Finding, Failure> {
    let place = workspace.path(PLACE);
    create(&place)?;
    let mut pins = String::new();
    for name in PINS {
        let pin = workspace::read_text(&workspace.path(SOURCES).join(name))?;
        write(&place.join(name), &pin)?;
        pins.push_str(&pin);
    }
    let stamp = place.join("installed-packages");
    if std::fs::read_to_string(&stamp).ok().as_deref() == Some(pins.as_str()) {
        return Ok(Finding::Well);
    }
    println!("xtask: installing the packages of {SOURCES}/package.json in {PLACE}.");
    let prefix = place.display().to_string();
    let npm = ["npm", "ci", "--prefix", &prefix, "--ignore-scripts"];
    if let Err(failure) = workspace::plain(workspace, &npm, &[]) {
        println!("xtask: {failure}.");
        println!("SKIPPED: the packages for the daemon's pages could not be installed");
        return Ok(Finding::Unavailable);
    }
    write(&stamp, &pins)?;
    Ok(Finding::Well)
}

/// The files of a page: scripts as compiled, the others as they are.
fn build(workspace: &Workspace, page: &str) -> Result<BTreeMap<PathBuf, String>, Failure> {
    let sources = workspace.path(SOURCES);
    let out = workspace.path(PLACE).join("out").join(page);
    remove(&out)?;
    node(
        workspace,
        "node_modules/typescript/bin/tsc",
        &[
            "--project",
            &sources
                .join(page)
                .join("tsconfig.json")
                .display()
                .to_string(),
            "--outDir",
            &out.display().to_string(),
        ],
        &[],
    )?;
    let mut built = read_folder(&out)?;
    for (name, text) in read_folder(&sources.join(page))? {
        let kind = name.extension().and_then(|extension| extension.to_str());
        if matches!(kind, Some("css" | "html" | "svg")) {
            built.insert(name, text);
        }
    }
    Ok(built)
}

/// Runs Playwright. Its tests are copied beside the packages that they import.
fn test(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    let place = workspace.path(PLACE);
    let tests = place.join("tests");
    let mut sources = read_folder(&workspace.path(SOURCES).join("tests"))?;
    sources.extend(read_folder(&workspace.path(report::TESTS))?);
    replace_folder(&tests, &sources)?;
    let root = workspace.path("").display().to_string();
    let project = tests.join("tsconfig.json").display().to_string();
    node(
        workspace,
        "node_modules/typescript/bin/tsc",
        &["--project", &project],
        &[],
    )?;
    node(
        workspace,
        "node_modules/typescript/bin/tsc",
        &["--project", RECORDS_PAGE],
        &[],
    )?;
    let desk = place.join("desk").display().to_string();
    let reports = place.join("reports").display().to_string();
    for words in [
        &["build", "--quiet", "--package", "triend"][..],
        &EXAMPLES,
        &[
            "run",
            "--quiet",
            "--package",
            "triend",
            "--example",
            "page-desk",
            &desk,
        ],
        &[
            "run",
            "--quiet",
            "--package",
            "trien-report",
            "--example",
            "sample-reports",
            &reports,
        ],
    ] {
        let mut cargo = workspace.cargo();
        if !workspace::status(cargo.args(words))?.success() {
            return Err(Failure::CommandFailed {
                command: format!("cargo {}", words.join(" ")),
            });
        }
    }
    let config = tests.join("playwright.config.ts").display().to_string();
    let mut words = vec!["test", "--config", &config];
    words.extend(arguments.iter().map(String::as_str));
    node(
        workspace,
        "node_modules/@playwright/test/cli.js",
        &words,
        &[("TRIEN_WORKSPACE", &root)],
    )
}

/// Runs a program of the packages.
fn node(
    workspace: &Workspace,
    script: &str,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Result<(), Failure> {
    let script = workspace.path(PLACE).join(script).display().to_string();
    let mut words = vec!["node", &script];
    words.extend(arguments);
    workspace::plain(workspace, &words, environment)
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
    let path = path.to_owned();
    move |source| Failure::File { path, source }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(failed(path))
}

fn create(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(failed(folder))
}

fn remove(folder: &Path) -> Result<(), Failure> {
    match std::fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(failed(folder)(source)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The files in a folder, without those in folders inside it; none where it is not there.
fn read_folder(folder: &Path) -> Result<BTreeMap<PathBuf, String>, Failure> {
    let mut files = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if let Some(name) = path.file_name().filter(|_| path.is_file()) {
            files.insert(name.into(), workspace::read_text(&path)?);
        }
    }
    Ok(files)
}

fn replace_folder(folder: &Path, files: &BTreeMap<PathBuf, String>) -> Result<(), Failure> {
    remove(folder)?;
    create(folder)?;
    files
        .iter()
        .try_for_each(|(name, text)| write(&folder.join(name), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Work, Failure> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Work::parse(&words)
    }

    #[test]
    fn what_is_asked_for_is_read_and_nothing_else() {
        assert_eq!(parsed(&[]).unwrap(), Work::Build);
        assert_eq!(parsed(&["--check"]).unwrap(), Work::Check);
        let test = Work::Test(vec!["-g".to_owned(), "pairing".to_owned()]);
        assert_eq!(parsed(&["--test", "-g", "pairing"]).unwrap(), test);
        assert!(parsed(&["--look"]).is_err());
        assert!(parsed(&["--check", "--test"]).is_err());
    }
}
