//! Set-up and chores of this repository: what `cargo xtask …` does.
//! Knows nothing of PDF, signatures or tokens, and depends on the standard library alone, so that
//! it builds in seconds on a machine that has nothing else yet.

#![expect(
    clippy::print_stdout,
    reason = "a program for people: what it says is its output"
)]
#![expect(
    clippy::print_stderr,
    reason = "a program for people: what went wrong goes to standard error"
)]

mod chores;
mod demo_daemon;
mod dss;
mod failure;
mod fuzz;
mod judges;
mod needs;
mod outcome;
mod peers;
mod setup;
mod system;
mod vectors;
mod web;
mod workspace;

use std::process::ExitCode;

use failure::Failure;
use needs::Purpose;
use setup::Installing;
use workspace::Workspace;

/// What a command ends with that lacks on this machine what it needs, as in `.ci/run`.
const CANNOT_RUN: u8 = 77;

const HELP: &str = "\
cargo xtask COMMAND [--no-install] [ARGUMENTS]

  demo      sets up what signing needs, builds the examples and runs quickstart:
            a school record is signed, countersigned, sealed and verified in target/demo
  demo-daemon
            the signing daemon to try as a person: makes software tokens and a class of forty
            records, starts triend and a records page, and says what to click
  test      sets up everything, the foreign judges too, and runs every test: the daemon's pages in
            Chromium, then the workspace; with ARGUMENTS `cargo test` alone, which they go to
  fuzz      makes seeds and runs the fuzz targets, 20 seconds each; ARGUMENTS name targets and
            the time: [TARGET]... [--seconds N]
  judges    sets up the foreign judges only (pyHanko, veraPDF, DSS and Schemathesis in
            target/judges) and the test vectors of NIST's PKITS
  judge-dss asks the EU's DSS library about files and prints a table in Markdown; ARGUMENTS:
            [--anchors DIR] [--known DIR] [--at TIME] [--online] FILE...
  judge-levels
            has pyHanko and DSS sign at each level of PAdES, compares their verdicts on all files
            with ours, and writes docs/LEVELS.md
  huge      signs and verifies a file of 11 GiB, made as a hole, and says how long it took and how
            much memory; ARGUMENTS: another number of GiB
  peers     makes large and small files, runs our programs and those of others side by side on
            them, and writes the table in docs/PERFORMANCE.md; leave the machine alone meanwhile
  profile   counts the instructions of the loops by callgrind and writes them into
            docs/PERFORMANCE.md; with the name of a loop, draws its flame graph by perf in
            target/profiles
  web       builds the daemon's pages into crates/triend/assets and the inspector's report into
            crates/trien-report/assets; --check says whether what is committed is what they build
            to; --test runs their tests in Chromium, further ARGUMENTS go to Playwright
  setup     sets up what `test` needs, without running anything
  help      prints this text

What is missing is installed on Debian and Ubuntu as root or with a sudo that asks no password;
elsewhere, or with --no-install, the line to run is printed instead.

Exit status: 0 done; 1 a step failed or something is missing; 2 the command line was not understood.
`demo` passes on the exit status of quickstart; `fuzz`, `judge-dss`, `judge-levels` and `web` end with
77 where what they need cannot be installed.
";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
enum Command {
    Demo(Vec<String>),
    DemoDaemon,
    Fuzz(fuzz::Plan),
    Help,
    Huge(Vec<String>),
    JudgeDss(Vec<String>),
    JudgeLevels,
    Judges,
    Peers,
    Profile(Vec<String>),
    Setup,
    Test(Vec<String>),
    Web(web::Work),
}

fn main() -> ExitCode {
    let (command, installing) = match parse(std::env::args().skip(1)) {
        Ok(parsed) => parsed,
        Err(failure) => {
            eprintln!("xtask: {failure}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match execute(&command, installing) {
        Ok(status) => status,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            if let Some(source) = std::error::Error::source(&failure) {
                eprintln!("xtask: because: {source}");
            }
            ExitCode::FAILURE
        }
    }
}

/// `--no-install` counts up to the first `--`, which ends our own arguments.
fn parse(arguments: impl Iterator<Item = String>) -> Result<(Command, Installing), Failure> {
    let mut arguments = arguments;
    let Some(name) = arguments.next() else {
        return Ok((Command::Help, Installing::WhereAllowed));
    };
    let mut installing = Installing::WhereAllowed;
    let mut rest = Vec::new();
    while let Some(argument) = arguments.next() {
        if argument == "--no-install" {
            installing = Installing::Never;
            continue;
        }
        let ours_end_here = argument == "--";
        rest.push(argument);
        if ours_end_here {
            rest.extend(arguments);
            break;
        }
    }
    let command = match name.as_str() {
        "demo" => Command::Demo(rest),
        "fuzz" => Command::Fuzz(fuzz::Plan::parse(&rest)?),
        "huge" => Command::Huge(rest),
        "judge-dss" => Command::JudgeDss(rest),
        "profile" => Command::Profile(rest),
        "test" => Command::Test(rest),
        "web" => Command::Web(web::Work::parse(&rest)?),
        "help" | "-h" | "--help" => Command::Help,
        "demo-daemon" | "judge-levels" | "judges" | "peers" | "setup" => {
            if let Some(unexpected) = rest.first() {
                return Err(Failure::UnknownArgument(unexpected.clone()));
            }
            match name.as_str() {
                "demo-daemon" => Command::DemoDaemon,
                "judge-levels" => Command::JudgeLevels,
                "judges" => Command::Judges,
                "peers" => Command::Peers,
                _ => Command::Setup,
            }
        }
        _ => return Err(Failure::UnknownCommand(name)),
    };
    Ok((command, installing))
}

fn execute(command: &Command, installing: Installing) -> Result<ExitCode, Failure> {
    let workspace = Workspace::find();
    match command {
        Command::Help => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo(arguments) => {
            setup::provide(&workspace, Purpose::Demo, installing)?;
            chores::demo(&workspace, arguments)
        }
        Command::DemoDaemon => {
            setup::provide(&workspace, Purpose::Demo, installing)?;
            demo_daemon::run(&workspace)
        }
        Command::Fuzz(plan) => {
            setup::provide(&workspace, Purpose::Demo, installing)?;
            fuzz::fuzz(&workspace, plan)
        }
        Command::Huge(arguments) => {
            setup::provide(&workspace, Purpose::Demo, installing)?;
            peers::huge(&workspace, arguments)
        }
        Command::JudgeDss(arguments) => dss::judge(&workspace, arguments),
        Command::JudgeLevels => {
            setup::provide(&workspace, Purpose::Test, installing)?;
            let pyhanko = judges::provide(&workspace)?;
            let dss = dss::provide(&workspace)?;
            if pyhanko == judges::Judges::Unavailable || dss == judges::Judges::Unavailable {
                return Ok(ExitCode::from(CANNOT_RUN));
            }
            chores::levels(&workspace)
        }
        Command::Judges => {
            setup::provide(&workspace, Purpose::Test, installing)?;
            let pyhanko = judges::provide(&workspace)?;
            judges::provide_verapdf(&workspace)?;
            judges::provide_schemathesis(&workspace)?;
            dss::provide(&workspace)?;
            vectors::provide(&workspace)?;
            match pyhanko {
                judges::Judges::Ready => Ok(ExitCode::SUCCESS),
                judges::Judges::Unavailable => Ok(ExitCode::FAILURE),
            }
        }
        Command::Peers => {
            setup::provide(&workspace, Purpose::Test, installing)?;
            judges::provide(&workspace)?;
            peers::run(&workspace)
        }
        Command::Profile(arguments) => {
            setup::provide(&workspace, Purpose::Demo, installing)?;
            peers::profile(&workspace, arguments)
        }
        Command::Setup => {
            setup::provide(&workspace, Purpose::Test, installing)?;
            judges::provide(&workspace)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Web(work) => {
            setup::provide(&workspace, Purpose::Test, installing)?;
            Ok(match web::run(&workspace, work)? {
                web::Finding::Well => ExitCode::SUCCESS,
                web::Finding::Differs => ExitCode::FAILURE,
                web::Finding::Unavailable => ExitCode::from(CANNOT_RUN),
            })
        }
        Command::Test(arguments) => test(&workspace, arguments, installing),
    }
}

/// Sets up everything and runs every test, or those that the arguments name.
fn test(
    workspace: &Workspace,
    arguments: &[String],
    installing: Installing,
) -> Result<ExitCode, Failure> {
    setup::provide(workspace, Purpose::Test, installing)?;
    let judges = judges::provide(workspace)?;
    judges::provide_verapdf(workspace)?;
    judges::provide_schemathesis(workspace)?;
    dss::provide(workspace)?;
    vectors::provide(workspace)?;
    // First, so that the totals of the tests stay the last line. Arguments are cargo's.
    let pages = match arguments {
        [] => web::run(workspace, &web::Work::Test(Vec::new())),
        _ => Ok(web::Finding::Well),
    };
    if let Err(failure) = &pages {
        println!("xtask: FAILED: pages in Chromium: {failure}");
    }
    let tested = chores::tests(workspace, judges, arguments)?;
    Ok(if pages.is_ok() {
        tested
    } else {
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<(Command, Installing), Failure> {
        parse(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn arguments_of_test_reach_cargo_in_order() {
        let (command, installing) = parsed(&["test", "-p", "trien", "--", "one_name"]).unwrap();
        let expected = ["-p", "trien", "--", "one_name"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(command, Command::Test(expected));
        assert_eq!(installing, Installing::WhereAllowed);
    }

    #[test]
    fn no_install_is_ours_before_the_two_dashes_only() {
        let (command, installing) = parsed(&["test", "--no-install", "x"]).unwrap();
        assert_eq!(command, Command::Test(vec!["x".to_owned()]));
        assert_eq!(installing, Installing::Never);
        let (command, installing) = parsed(&["test", "--", "--no-install"]).unwrap();
        let expected = ["--", "--no-install"].map(str::to_owned).to_vec();
        assert_eq!(command, Command::Test(expected));
        assert_eq!(installing, Installing::WhereAllowed);
    }

    #[test]
    fn an_unknown_command_or_argument_is_refused() {
        assert!(
            matches!(parsed(&["tests"]), Err(Failure::UnknownCommand(name)) if name == "tests")
        );
        assert!(matches!(
            parsed(&["judges", "now"]),
            Err(Failure::UnknownArgument(name)) if name == "now"
        ));
    }

    #[test]
    fn no_command_asks_for_help() {
        assert_eq!(parsed(&[]).unwrap().0, Command::Help);
    }
}
