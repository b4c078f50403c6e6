//! The judges that come from a package index rather than from the system: pyHanko, Schemathesis and
//! veraPDF.
//! Names no index: pip's own configuration says where packages come from.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::needs;
use crate::system;
use crate::workspace::{self, Workspace};

/// Whether the tests can ask a judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judges {
    /// It is set up below `target/judges`.
    Ready,
    /// It could not be installed; why was printed.
    Unavailable,
}

/// What stands in the summary of a test run that had to do without pyHanko.
pub(crate) const SKIPPED: &str =
    "SKIPPED: pyHanko could not be installed, so no test of this run asked it";

/// Sets up the virtual environment `target/judges/venv` from `fixtures/judges/requirements.txt`,
/// unless it was made from the same pins before.
///
/// The place does not follow `CARGO_TARGET_DIR`: the tests look for it beside the sources.
///
/// # Errors
/// [`Failure::File`] where the pins cannot be read or the stamp not be written. An index that does
/// not answer is no error but [`Judges::Unavailable`].
pub(crate) fn provide(workspace: &Workspace) -> Result<Judges, Failure> {
    let pins_path = workspace.path("fixtures/judges/requirements.txt");
    let pins = workspace::read_text(&pins_path)?;
    let folder = workspace.path("target/judges");
    let environment = folder.join("venv");
    let stamp = folder.join("installed-requirements.txt");
    let installed = std::fs::read_to_string(&stamp).ok();
    if installed.as_deref() == Some(pins.as_str()) && answers(&environment) {
        println!("xtask: pyHanko is set up in target/judges/venv.");
        return Ok(Judges::Ready);
    }
    println!("xtask: setting up pyHanko in target/judges/venv.");
    // Its neighbours in the folder are other judges.
    remove(&environment)?;
    if let Err(failure) = install(workspace, &environment, &pins_path) {
        println!("xtask: {failure}.");
        println!("xtask: the package index may be unreachable from here.");
        println!("{SKIPPED}");
        return Ok(Judges::Unavailable);
    }
    std::fs::write(&stamp, pins).map_err(|source| Failure::File {
        path: stamp,
        source,
    })?;
    println!("xtask: pyHanko is set up.");
    Ok(Judges::Ready)
}

fn install(workspace: &Workspace, environment: &Path, pins: &Path) -> Result<(), Failure> {
    make_environment(workspace, environment, pins)?;
    if answers(environment) {
        return Ok(());
    }
    Err(Failure::CommandFailed {
        command: pyhanko(environment).display().to_string(),
    })
}

/// A virtual environment with what the pins name.
fn make_environment(workspace: &Workspace, environment: &Path, pins: &Path) -> Result<(), Failure> {
    // The set-up step saw it a moment ago; without it the first command says so.
    let python = needs::python_with_venv().unwrap_or("python3");
    let environment_text = environment.display().to_string();
    workspace::plain(workspace, &[python, "-m", "venv", &environment_text], &[])?;
    let own_python = environment.join("bin/python").display().to_string();
    let pins = pins.display().to_string();
    let pip = [
        own_python.as_str(),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--quiet",
        // One retry: a machine without a network must not wait for five.
        "--retries",
        "1",
        "--requirement",
        &pins,
    ];
    workspace::plain(workspace, &pip, &[])
}

/// Sets up Schemathesis in `target/judges/schemathesis`: no need of the tests, which skip aloud. It has
/// an environment of its own, since its packages and pyHanko's are pinned apart.
///
/// # Errors
/// [`Failure::File`] where the pins cannot be read or the stamp not be written.
pub(crate) fn provide_schemathesis(workspace: &Workspace) -> Result<(), Failure> {
    let pins_path = workspace.path("fixtures/judges/schemathesis-requirements.txt");
    let pins = workspace::read_text(&pins_path)?;
    let environment = workspace.path("target/judges/schemathesis");
    let stamp = workspace.path("target/judges/installed-schemathesis.txt");
    let program = environment.join("bin/schemathesis");
    let installed = std::fs::read_to_string(&stamp).ok();
    let is_there = || system::succeeds(&program, &["--version"]);
    if installed.as_deref() == Some(pins.as_str()) && is_there() {
        println!("xtask: Schemathesis is set up.");
        return Ok(());
    }
    println!("xtask: setting up Schemathesis in target/judges/schemathesis.");
    remove(&environment)?;
    let made = make_environment(workspace, &environment, &pins_path);
    if made.is_ok() && is_there() {
        return std::fs::write(&stamp, pins).map_err(|source| Failure::File {
            path: stamp,
            source,
        });
    }
    if let Err(failure) = made {
        println!("xtask: {failure}.");
    }
    remove(&environment)?;
    println!(
        "SKIPPED: Schemathesis could not be installed, so the daemon's description is not tried"
    );
    Ok(())
}

/// Fetches veraPDF by Maven, where Java and Maven are: no need of the tests, which skip aloud.
///
/// # Errors
/// Never for want of veraPDF: that is said and the tests go on.
pub(crate) fn provide_verapdf(workspace: &Workspace) -> Result<(), Failure> {
    let classpath = workspace.path("target/judges/verapdf.classpath");
    if classpath.is_file() {
        println!("xtask: veraPDF is set up.");
        return Ok(());
    }
    if !(system::succeeds("java", &["-version"]) && system::succeeds("mvn", &["--version"])) {
        println!("SKIPPED: veraPDF: java and mvn are not both here, so PDF/A is not judged");
        return Ok(());
    }
    println!("xtask: setting up veraPDF by Maven.");
    let output = format!("-Dmdep.outputFile={}", classpath.display());
    let command = [
        "mvn",
        "--quiet",
        "--batch-mode",
        "--file",
        "crates/trien-testkit/judges/verapdf/pom.xml",
        "dependency:build-classpath",
        &output,
    ];
    if let Err(failure) = workspace::plain(workspace, &command, &[]) {
        println!("xtask: {failure}.");
        println!("SKIPPED: veraPDF could not be fetched, so PDF/A is not judged");
    }
    Ok(())
}

fn pyhanko(environment: &Path) -> PathBuf {
    environment.join("bin/pyhanko")
}

/// A virtual environment breaks when its folder moves or its Python goes: ask it, don't look.
fn answers(environment: &Path) -> bool {
    system::succeeds(pyhanko(environment), &["--version"])
}

fn remove(folder: &Path) -> Result<(), Failure> {
    match std::fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(Failure::File {
            path: folder.to_owned(),
            source,
        }),
        Ok(()) | Err(_) => Ok(()),
    }
}
