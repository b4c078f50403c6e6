//! Test vectors that come from a package index: the certificates and CRLs of NIST's PKITS.
//! Names no index: pip's own configuration says where packages come from.

use std::path::Path;

use crate::failure::Failure;
use crate::workspace::{self, Workspace};

/// What stands in the output where the vectors could not be had.
const SKIPPED: &str = "SKIPPED: PKITS could not be fetched, so no test of this run uses it";

/// Where the package keeps the suite.
const SUITE: &str = "cryptography_vectors/x509/PKITS_data";

/// Puts the suite into `target/judges/pkits` from the pin in `fixtures/judges/vectors.txt`, unless
/// it came from the same pin before. Needs the virtual environment of the judges.
///
/// # Errors
/// [`Failure::File`] where files cannot be read, moved or written. An index that does not answer
/// is no error: that is said and the tests go on.
pub(crate) fn provide(workspace: &Workspace) -> Result<(), Failure> {
    let pins_path = workspace.path("fixtures/judges/vectors.txt");
    let pins = workspace::read_text(&pins_path)?;
    let suite = workspace.path("target/judges/pkits");
    let stamp = suite.join("installed-vectors.txt");
    if std::fs::read_to_string(&stamp).ok().as_deref() == Some(pins.as_str()) {
        println!("xtask: PKITS is set up in target/judges/pkits.");
        return Ok(());
    }
    let python = workspace.path("target/judges/venv/bin/python");
    if !python.is_file() {
        println!("{SKIPPED}: target/judges/venv is not there");
        return Ok(());
    }
    println!("xtask: setting up PKITS in target/judges/pkits.");
    let package = workspace.path("target/judges/vectors");
    remove(&package)?;
    if let Err(failure) = install(workspace, &python, &package, &pins_path) {
        println!("xtask: {failure}.");
        println!("{SKIPPED}");
        return remove(&package);
    }
    remove(&suite)?;
    create(&suite)?;
    for folder in ["certs", "crls"] {
        let from = package.join(SUITE).join(folder);
        let to = suite.join(folder);
        std::fs::rename(&from, to).map_err(|source| Failure::File { path: from, source })?;
    }
    // The package holds a hundred megabytes of other vectors.
    remove(&package)?;
    std::fs::write(&stamp, pins).map_err(|source| Failure::File {
        path: stamp,
        source,
    })
}

fn install(
    workspace: &Workspace,
    python: &Path,
    package: &Path,
    pins: &Path,
) -> Result<(), Failure> {
    let python = python.display().to_string();
    let package = package.display().to_string();
    let pins = pins.display().to_string();
    let pip = [
        python.as_str(),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--quiet",
        "--retries",
        "1",
        "--no-deps",
        "--no-compile",
        "--target",
        &package,
        "--requirement",
        &pins,
    ];
    workspace::plain(workspace, &pip, &[])
}

fn create(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|source| Failure::File {
        path: folder.to_owned(),
        source,
    })
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
