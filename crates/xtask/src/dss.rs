//! The EU's DSS library as a judge: built by Maven into `target/judges/dss` and asked about files.
//! Knows nothing of signatures: what DSS says is printed as it says it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::CANNOT_RUN;
use crate::failure::Failure;
use crate::judges::Judges;
use crate::system;
use crate::workspace::{self, Workspace, status};

/// The Maven project, below the root.
const PROJECT: &str = "fixtures/judges/dss";

/// Builds the judge, unless it was built from the same sources before.
///
/// # Errors
/// [`Failure::File`] where the sources cannot be read. A machine without Java or Maven, or a
/// repository that does not answer, is no error but [`Judges::Unavailable`], said aloud.
pub(crate) fn provide(workspace: &Workspace) -> Result<Judges, Failure> {
    let sources = sources(workspace)?;
    let stamp = workspace.path("target/judges/dss/built-from");
    if std::fs::read_to_string(&stamp).is_ok_and(|built| built == sources)
        && class_path(workspace).is_ok()
    {
        println!("xtask: DSS is set up in target/judges/dss.");
        return Ok(Judges::Ready);
    }
    if !(system::succeeds("java", &["-version"]) && system::succeeds("mvn", &["--version"])) {
        println!("SKIPPED: DSS: java and mvn are not both here, so DSS judges nothing");
        return Ok(Judges::Unavailable);
    }
    println!("xtask: building the DSS judge by Maven.");
    let command = [
        "mvn",
        "--quiet",
        "--batch-mode",
        "--file",
        "fixtures/judges/dss/pom.xml",
        "compile",
        "dependency:build-classpath",
    ];
    if let Err(failure) = workspace::plain(workspace, &command, &[]) {
        println!("xtask: {failure}.");
        println!("SKIPPED: DSS could not be built or fetched, so DSS judges nothing");
        return Ok(Judges::Unavailable);
    }
    std::fs::write(&stamp, sources).map_err(|source| Failure::File {
        path: stamp,
        source,
    })?;
    println!("xtask: DSS is set up.");
    Ok(Judges::Ready)
}

/// Builds the judge and has it print a table in Markdown; `arguments` are files and its options.
///
/// # Errors
/// As [`provide`], and where Java cannot be started. Exit status 77: there is no judge here.
pub(crate) fn judge(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode, Failure> {
    if provide(workspace)? == Judges::Unavailable {
        return Ok(ExitCode::from(CANNOT_RUN));
    }
    let mut java = std::process::Command::new("java");
    // Where the caller stands: the files are named from there.
    java.args(["-cp", &class_path(workspace)?, "trien.Main", "judge"])
        .arg("--markdown")
        .args(arguments);
    let code = status(&mut java)?.code();
    Ok(code
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Our classes and the libraries.
fn class_path(workspace: &Workspace) -> Result<String, Failure> {
    let libraries = workspace::read_text(&workspace.path("target/judges/dss/classpath"))?;
    // Maven's cache may have been emptied since.
    if let Some(lost) = libraries
        .trim()
        .split(':')
        .find(|path| !Path::new(path).is_file())
    {
        return Err(Failure::File {
            path: PathBuf::from(lost),
            source: std::io::ErrorKind::NotFound.into(),
        });
    }
    let classes = workspace.path("target/judges/dss/classes");
    Ok(format!("{}:{}", classes.display(), libraries.trim()))
}

/// Everything the judge is built from, in a fixed order.
fn sources(workspace: &Workspace) -> Result<String, Failure> {
    let project = workspace.path(PROJECT);
    let folder = project.join("src/main/java/trien");
    let listed = std::fs::read_dir(&folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = listed.map_err(|source| Failure::File {
        path: folder,
        source,
    })?;
    paths.push(project.join("pom.xml"));
    paths.sort();
    let mut text = String::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let content = workspace::read_text(&path)?;
        text.push_str(&format!("=== {name}\n{content}\n"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_judge_is_built_from_its_project_file_and_its_classes() {
        let sources = sources(&Workspace::find()).unwrap();
        for name in ["Judge.java", "Main.java", "Maker.java", "pom.xml"] {
            assert!(sources.contains(&format!("=== {name}\n")), "{name}");
        }
    }
}
