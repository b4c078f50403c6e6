//! The fuzz targets of `fuzz/`, run for some seconds each with seeds made here.
//! Knows which seeds and which dictionary a target takes, and nothing of what a target does.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitCode, Stdio};

use crate::CANNOT_RUN;
use crate::failure::Failure;
use crate::system;
use crate::workspace::{Workspace, plain, status};

/// Installed where there is none. Raise it with `libfuzzer-sys` in `fuzz/Cargo.toml`.
const CARGO_FUZZ_VERSION: &str = "0.13.2";

/// Seconds for each target where nothing else is asked: a smoke, which finds what is shallow.
const SMOKE_SECONDS: u32 = 20;

/// Targets at a time: more would starve each other on small machines.
const AT_A_TIME: usize = 2;

/// One target with what it is fed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Target {
    name: &'static str,
    /// Folder of its seeds in `target/fuzz-seeds`.
    seeds: &'static str,
    /// File in `fuzz/dictionaries`.
    dictionary: &'static str,
}

const fn target(name: &'static str, seeds: &'static str, dictionary: &'static str) -> Target {
    Target {
        name,
        seeds,
        dictionary,
    }
}

/// Every target of `fuzz/Cargo.toml`.
const TARGETS: [Target; 20] = [
    target("anchor_file", "anchor", "asn1.dict"),
    target("byte_range", "pdf", "pdf.dict"),
    target("certificate", "certificate", "asn1.dict"),
    target("cms", "cms", "asn1.dict"),
    target("crl", "crl", "asn1.dict"),
    target("font", "font", "font.dict"),
    target("image", "image", "image.dict"),
    target("object", "object", "pdf.dict"),
    target("ocsp", "ocsp", "asn1.dict"),
    target("open", "pdf", "pdf.dict"),
    target("page_content", "pdf", "pdf.dict"),
    target("prepared", "prepared", "pdf.dict"),
    target("private_key", "private_key", "asn1.dict"),
    target("profile", "profile", "profile.dict"),
    target("revision_diff", "pdf", "pdf.dict"),
    target("security_store", "pdf", "pdf.dict"),
    target("time_stamp", "time_stamp", "asn1.dict"),
    target("update_round_trip", "pdf", "pdf.dict"),
    target("verify_facade", "pdf", "pdf.dict"),
    target("xref", "xref", "pdf.dict"),
];

/// Which targets to run, and for how long each.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    targets: Vec<Target>,
    seconds: u32,
}

impl Plan {
    /// Reads `[TARGET]… [--seconds N]`; no target means all.
    ///
    /// # Errors
    /// [`Failure::UnknownArgument`].
    pub(crate) fn parse(arguments: &[String]) -> Result<Self, Failure> {
        let mut targets = Vec::new();
        let mut seconds = SMOKE_SECONDS;
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "--seconds" {
                let number = rest.next().and_then(|text| text.parse().ok());
                seconds = number
                    .filter(|number| *number > 0)
                    .ok_or_else(|| Failure::UnknownArgument(argument.clone()))?;
                continue;
            }
            let known = TARGETS.iter().find(|target| target.name == argument);
            targets.push(*known.ok_or_else(|| Failure::UnknownArgument(argument.clone()))?);
        }
        if targets.is_empty() {
            targets = TARGETS.to_vec();
        }
        Ok(Self { targets, seconds })
    }
}

/// Makes seeds, builds the targets and runs them, two at a time.
///
/// # Errors
/// Where seeds cannot be made, the targets not be built, or a program not be started. A crash is
/// no error but the exit status.
pub(crate) fn fuzz(workspace: &Workspace, plan: &Plan) -> Result<ExitCode, Failure> {
    if !provide(workspace) {
        return Ok(ExitCode::from(CANNOT_RUN));
    }
    make_seeds(workspace)?;
    println!("xtask: building the targets.");
    // No sanitizer: those need a nightly compiler, and the crates have no unsafe code to watch.
    plain(workspace, &["cargo", "fuzz", "build", "-s", "none"], &[])?;
    let logs = workspace.path("target/fuzz-logs");
    create(&logs)?;
    let mut crashed = 0_usize;
    for group in plan.targets.chunks(AT_A_TIME) {
        let mut running = Vec::new();
        for target in group {
            running.push((target, start(workspace, *target, plan.seconds)?));
        }
        for (target, (mut child, log)) in running {
            let ended = child.wait().map_err(|source| Failure::CommandNotStarted {
                command: target.name.to_owned(),
                source,
            })?;
            let said = read(&log);
            println!("{:>18}: {}", target.name, summary(&said));
            if !ended.success() {
                crashed = crashed.saturating_add(1);
                println!(
                    "xtask: {} stopped; the end of {}:",
                    target.name,
                    log.display()
                );
                let lines: Vec<&str> = said.lines().collect();
                let tail = lines.len().saturating_sub(LINES_SHOWN);
                for line in lines.get(tail..).unwrap_or_default() {
                    println!("  {line}");
                }
            }
        }
    }
    if crashed == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "xtask: {crashed} of {} targets stopped. Each input is in fuzz/artifacts/TARGET; run it \
         alone with `cargo fuzz run -s none TARGET FILE`, then make it a test of its crate \
         (docs/FUZZING.md).",
        plan.targets.len()
    );
    Ok(ExitCode::FAILURE)
}

/// Lines of a log that tell how a target stopped.
const LINES_SHOWN: usize = 40;

/// Octets of a log that are read: its end, where the figures and a crash stand.
const LOG_OCTETS: u64 = 64 * 1024;

/// Whether the targets can be built here; why not was printed.
fn provide(workspace: &Workspace) -> bool {
    if !system::succeeds("c++", &["--version"]) {
        println!("SKIPPED: fuzz targets: libFuzzer needs a C++ compiler (Debian package g++)");
        return false;
    }
    if system::succeeds("cargo", &["fuzz", "--version"]) {
        return true;
    }
    println!("xtask: installing cargo-fuzz {CARGO_FUZZ_VERSION}.");
    let mut install = workspace.cargo();
    install.args(["install", "--quiet", "--locked", "cargo-fuzz"]);
    install.args(["--version", CARGO_FUZZ_VERSION]);
    if status(&mut install).is_ok_and(|status| status.success()) {
        return true;
    }
    println!("SKIPPED: fuzz targets: cargo-fuzz could not be installed from here");
    false
}

/// Own files, and those of a corpus beside the repository, which is read in place.
fn make_seeds(workspace: &Workspace) -> Result<(), Failure> {
    println!("xtask: making seeds in target/fuzz-seeds.");
    let folder = workspace.path("target/fuzz-seeds");
    let mut make = workspace.cargo();
    make.args(["run", "--quiet", "--locked", "--package", "trien-testkit"]);
    make.args(["--bin", "make-seeds", "--"]).arg(&folder);
    let corpus = workspace.path("../shared/corpus");
    if corpus.is_dir() {
        make.arg(&corpus);
    } else {
        println!("SKIPPED: seeds from the corpus: no ../shared/corpus beside the repository");
    }
    if status(&mut make)?.success() {
        return Ok(());
    }
    Err(Failure::CommandFailed {
        command: "cargo run --package trien-testkit --bin make-seeds".to_owned(),
    })
}

fn create(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|source| Failure::File {
        path: folder.to_owned(),
        source,
    })
}

/// Starts one target; what it says goes into a log.
fn start(workspace: &Workspace, target: Target, seconds: u32) -> Result<(Child, PathBuf), Failure> {
    let corpus = workspace.path("fuzz/corpus").join(target.name);
    create(&corpus)?;
    let seeds = workspace.path("target/fuzz-seeds").join(target.seeds);
    let dictionary = workspace.path("fuzz/dictionaries").join(target.dictionary);
    let log = workspace
        .path("target/fuzz-logs")
        .join(format!("{}.log", target.name));
    let unwritable = |source| Failure::File {
        path: log.clone(),
        source,
    };
    let output = File::create(&log).map_err(unwritable)?;
    let errors = output.try_clone().map_err(unwritable)?;
    let mut run = workspace.cargo();
    run.args(["fuzz", "run", "-s", "none", target.name])
        .arg(&corpus)
        .arg(&seeds)
        .arg("--")
        .arg(format!("-dict={}", dictionary.display()))
        .arg(format!("-max_total_time={seconds}"))
        // An input may take a second and 2 GiB: more is a fault like a crash.
        .args(["-timeout=10", "-rss_limit_mb=2048", "-max_len=49152"])
        .arg("-print_final_stats=1")
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors);
    let child = run.spawn().map_err(|source| Failure::CommandNotStarted {
        command: format!("cargo fuzz run {}", target.name),
        source,
    })?;
    Ok((child, log))
}

/// The end of a log; a log that cannot be read says nothing.
fn read(log: &Path) -> String {
    let mut said = Vec::new();
    let read = File::open(log).and_then(|mut file| {
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(LOG_OCTETS)))?;
        file.take(LOG_OCTETS).read_to_end(&mut said)
    });
    drop(read);
    String::from_utf8_lossy(&said).into_owned()
}

/// Runs, coverage and peak memory out of what libFuzzer says at its end.
fn summary(log: &str) -> String {
    let after = |mark: &str| {
        let (_, rest) = log.rsplit_once(mark)?;
        rest.split_whitespace().next()
    };
    format!(
        "{} runs, {} edges, {} MB",
        after("stat::number_of_executed_units:").unwrap_or("?"),
        after(" cov: ").unwrap_or("?"),
        after("stat::peak_rss_mb:").unwrap_or("?")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn without_arguments_every_target_gets_a_smoke() {
        let plan = Plan::parse(&[]).unwrap();
        assert_eq!((plan.targets.len(), plan.seconds), (TARGETS.len(), 20));
    }

    #[test]
    fn targets_and_seconds_may_be_named() {
        let plan = Plan::parse(&words(&["crl", "--seconds", "90", "xref"])).unwrap();
        let names: Vec<&str> = plan.targets.iter().map(|target| target.name).collect();
        assert_eq!((names, plan.seconds), (vec!["crl", "xref"], 90));
        for wrong in [
            &["crls"][..],
            &["--seconds"],
            &["--seconds", "0"],
            &["--seconds", "x"],
        ] {
            assert!(matches!(
                Plan::parse(&words(wrong)),
                Err(Failure::UnknownArgument(_))
            ));
        }
    }

    #[test]
    fn the_table_names_the_targets_of_the_manifest() {
        let manifest = Workspace::find().path("fuzz/Cargo.toml");
        let manifest = std::fs::read_to_string(manifest).unwrap();
        let declared: Vec<&str> = manifest
            .split("[[bin]]")
            .skip(1)
            .filter_map(|bin| bin.split('"').nth(1))
            .collect();
        let named: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        assert_eq!(declared, named);
    }

    #[test]
    fn the_end_of_a_log_is_summed_up() {
        let log = "#9 NEW cov: 12 ft: 3\n#10\tDONE   cov: 947 ft: 4693 corp: 2\n\
                   stat::number_of_executed_units: 7167580\nstat::peak_rss_mb:              32\n";
        assert_eq!(summary(log), "7167580 runs, 947 edges, 32 MB");
        assert_eq!(summary("nothing"), "? runs, ? edges, ? MB");
    }
}
