//! Where the work of a row goes: instructions by callgrind, which are the same on every run, and a
//! flame graph by perf. Changes nothing but `docs/PERFORMANCE.md` and `target/profiles`.

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use super::{FOLDER, PAGE, table};
use crate::CANNOT_RUN;
use crate::failure::Failure;
use crate::system;
use crate::workspace::{Workspace, plain, read_text};

const BEGIN: &str = "<!-- cargo xtask profile: begin -->";
const END: &str = "<!-- cargo xtask profile: end -->";

/// Where flame graphs are put.
const PROFILES: &str = "target/profiles";

/// Programs of the package `inferno` that perf's samples go through.
const INFERNO: &str = "target/tools/bin";

/// A loop that `measure` runs: its name, the words before and behind the number of rounds, and the
/// rounds of two counted runs, whose difference leaves out what is done once.
struct Loop {
    name: &'static str,
    before: &'static [&'static str],
    rounds: [u64; 2],
    /// For a flame graph: a few seconds.
    sampled: u64,
}

const LOOPS: [Loop; 6] = [
    Loop {
        name: "one",
        before: &["verify", ".", "one"],
        rounds: [40, 80],
        sampled: 8_000,
    },
    Loop {
        name: "ten",
        before: &["verify", ".", "ten"],
        rounds: [40, 80],
        sampled: 1_500,
    },
    Loop {
        name: "three",
        before: &["verify", ".", "three"],
        rounds: [40, 80],
        sampled: 4_000,
    },
    Loop {
        name: "pages",
        before: &["verify", ".", "pages/2.pdf"],
        rounds: [1, 3],
        sampled: 40,
    },
    Loop {
        name: "stream",
        before: &["verify", ".", "stream/2.pdf"],
        rounds: [1, 3],
        sampled: 100,
    },
    Loop {
        name: "sign",
        before: &["sign", "."],
        rounds: [20, 60],
        sampled: 4_000,
    },
];

/// With the name of a loop its flame graph; without one, the instructions of all, written into the
/// page.
///
/// # Errors
/// A step of our own fails. Exit status 77: perf or valgrind is not here.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode, Failure> {
    let wanted = match arguments {
        [] => None,
        [name] => Some(
            LOOPS
                .iter()
                .find(|one| one.name == name)
                .ok_or_else(|| Failure::UnknownArgument(name.clone()))?,
        ),
        [_, other, ..] => return Err(Failure::UnknownArgument(other.clone())),
    };
    super::build(workspace)?;
    if !workspace.path(FOLDER).join("one").is_dir() {
        super::make_files(workspace)?;
    }
    match wanted {
        Some(wanted) => flame_graph(workspace, wanted),
        None => instructions(workspace),
    }
}

fn words(measure: &str, of: &Loop, rounds: u64) -> Vec<String> {
    let mut words = vec![measure.to_owned()];
    words.extend(of.before.iter().map(|word| (*word).to_owned()));
    words.push(rounds.to_string());
    words
}

fn instructions(workspace: &Workspace) -> Result<ExitCode, Failure> {
    if !system::succeeds("valgrind", &["--version"]) {
        println!(
            "SKIPPED: valgrind is not here (Debian: valgrind), so no instructions are counted"
        );
        return Ok(ExitCode::from(CANNOT_RUN));
    }
    let measure = super::measure(workspace);
    let mut lines = Vec::new();
    for of in &LOOPS {
        let [few, more] = of.rounds;
        let counted = count(workspace, &words(&measure, of, few))
            .zip(count(workspace, &words(&measure, of, more)));
        let Some((start, end)) = counted else {
            return Err(Failure::Unfinished(format!(
                "callgrind did not say how many instructions `{}` took",
                of.name
            )));
        };
        let rounds = more.saturating_sub(few).max(1);
        let each = end
            .saturating_sub(start)
            .checked_div(rounds)
            .unwrap_or_default();
        let line = format!("| `{}` | {} |", of.name, thousands(each));
        println!("{line}");
        lines.push(line);
    }
    let table = format!(
        "| loop | instructions a round |\n|---|---|\n{}\n",
        lines.join("\n")
    );
    let path = workspace.path(PAGE);
    let page = table::placed(&read_text(&path)?, BEGIN, END, &table).ok_or_else(|| {
        Failure::Unfinished(format!("{PAGE} has lost the lines {BEGIN} and {END}"))
    })?;
    std::fs::write(&path, page).map_err(|source| Failure::File { path, source })?;
    Ok(ExitCode::SUCCESS)
}

/// Instructions of a whole process under callgrind.
fn count(workspace: &Workspace, words: &[String]) -> Option<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(words)
        .current_dir(workspace.path(FOLDER))
        .stdin(Stdio::null())
        .output()
        .ok()?;
    collected(&String::from_utf8_lossy(&output.stderr))
}

fn collected(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once("Collected : ")?;
    rest.split_whitespace().next()?.parse().ok()
}

/// With a comma before each three digits.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        let behind = digits.len().saturating_sub(place);
        if place > 0 && behind.is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn flame_graph(workspace: &Workspace, of: &Loop) -> Result<ExitCode, Failure> {
    if !system::succeeds("perf", &["--version"]) {
        println!("SKIPPED: perf is not here (Debian: linux-perf), so there is no flame graph");
        return Ok(ExitCode::from(CANNOT_RUN));
    }
    let tools = workspace.path(INFERNO);
    if !tools.join("inferno-flamegraph").is_file() {
        println!("xtask: installing inferno in target/tools.");
        let root = workspace
            .path("target/tools")
            .to_string_lossy()
            .into_owned();
        let install = [
            "cargo", "install", "--quiet", "--locked", "--root", &root, "inferno",
        ];
        plain(workspace, &install, &[])?;
    }
    let folder = workspace.path(PROFILES);
    std::fs::create_dir_all(&folder).map_err(|source| Failure::File {
        path: folder.clone(),
        source,
    })?;
    let name = |ending: &str| -> PathBuf { folder.join(format!("{}.{ending}", of.name)) };
    let (samples, picture) = (name("perf"), name("svg"));
    let quoted = |path: &std::path::Path| format!("'{}'", path.display());
    let script = format!(
        "cd {} && perf record --quiet -F 499 --call-graph dwarf,16384 -o {} -- {} > /dev/null && \
         perf script -i {} | {} 2> /dev/null | {} --title 'trien: {}' > {}",
        quoted(&workspace.path(FOLDER)),
        quoted(&samples),
        words(&super::measure(workspace), of, of.sampled).join(" "),
        quoted(&samples),
        quoted(&tools.join("inferno-collapse-perf")),
        quoted(&tools.join("inferno-flamegraph")),
        of.name,
        quoted(&picture),
    );
    plain(workspace, &["sh", "-c", &script], &[])?;
    println!("xtask: {} is the flame graph.", picture.display());
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read_from_what_callgrind_says() {
        let text = "==1== Events    : Ir\n==1== Collected : 249424709\n==1== \n";
        assert_eq!(collected(text), Some(249_424_709));
        assert_eq!(collected("valgrind: failed"), None);
    }

    #[test]
    fn numbers_have_commas() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(1_234), "1,234");
        assert_eq!(thousands(12_345_678), "12,345,678");
    }
}
