//! The ready workflows from end to end: a test PKI, a SoftHSM token for each person, a record for
//! each workflow; everybody signs in order, role and place, and the record is held against its
//! workflow. With `--show-refusals`, all that must not be signed is tried as well, and is refused
//! with the certificate alone, before any PIN is asked for.
//!
//! `workflow [NAME...] [--folder DIR] [--show-refusals]`; all workflows where none is named. Exit
//! status: 0 when every record is complete and valid and every wrong attempt was refused by the
//! right rule, 2 otherwise.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program prints; the library it shows does not"
)]

mod cast;
mod record;
mod refusals;
mod road;

use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use clap::Parser;
use trien::{
    DocumentConclusion, Language, MappedFile, SuppliedEvidence, UnixTime, Verification, Workflow,
    WorkflowConclusion, judge_workflow,
};
use trien_examples::{Ending, clock, document_words, print_chain, workflow_lines};
use trien_testkit::tokens::{CONFIG_VARIABLE, FillRequest, fill_if_asked};

use cast::{Cast, JUDGED_AFTER};
use refusals::Tally;
use road::Stage;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// Tells the child that the tokens are there, and since when.
const NOW_VARIABLE: &str = "TRIEN_WORKFLOW_NOW";

/// Chạy các quy trình ký có sẵn từ đầu đến cuối trên SoftHSM. Runs the ready workflows from end to
/// end on SoftHSM tokens.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Tên quy trình; mặc định: tất cả / names of workflows; all of them when none is named
    names: Vec<String>,
    /// Thư mục kết quả / folder for keys, tokens and records
    #[arg(long, value_name = "DIR", default_value = "target/workflow")]
    folder: PathBuf,
    /// Thử cả những việc không được ký / try what must not be signed as well
    #[arg(long)]
    show_refusals: bool,
}

fn main() -> ExitCode {
    match run() {
        Ok(ending) => ending.into(),
        Err(error) => {
            print_chain("workflow", error.as_ref());
            Ending::Unable.into()
        }
    }
}

fn run() -> Outcome<Ending> {
    // SoftHSM takes its configuration from the environment when it is loaded: this program fills
    // the tokens and uses them in children of its own that have it.
    if fill_if_asked()? == FillRequest::Filled {
        return Ok(Ending::Well);
    }
    let arguments = Arguments::parse();
    if let Some(since) = std::env::var_os(NOW_VARIABLE) {
        let since: i64 = since.to_string_lossy().parse()?;
        return walk(&arguments, UnixTime::from_seconds(since));
    }
    let now = clock();
    let config = cast::set_up(&arguments.folder, now)?;
    let status = Command::new(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        .env(CONFIG_VARIABLE, config)
        .env(NOW_VARIABLE, now.seconds().to_string())
        .status()?;
    Ok(if status.success() {
        Ending::Well
    } else {
        Ending::Unable
    })
}

fn walk(arguments: &Arguments, now: UnixTime) -> Outcome<Ending> {
    let cast = Cast::open(&arguments.folder, now)?;
    let mut names: Vec<&str> = arguments.names.iter().map(String::as_str).collect();
    if names.is_empty() {
        names.extend(Workflow::ready_ids());
    }
    let mut complete = 0_usize;
    let mut tally = Tally::default();
    for name in &names {
        let workflow = Arc::new(trien_examples::workflow_named(name)?);
        println!("\n{} ({name})", workflow.title(Language::Vi));
        let folder = arguments.folder.join(name);
        let stages = road::sign_in_order(&cast, &workflow, &folder)?;
        if is_complete(&cast, &workflow, &stages)? {
            complete = complete.saturating_add(1);
        }
        if arguments.show_refusals {
            refusals::try_everything(&cast, &workflow, &stages, &mut tally)?;
        }
    }
    println!(
        "\n{complete}/{all} hồ sơ ký đủ, đúng quy trình và hợp lệ / {complete} of {all} records \
         complete and valid",
        all = names.len()
    );
    if arguments.show_refusals {
        println!(
            "{tried} lần thử sai, {refused} bị từ chối đúng quy tắc trước khi hỏi PIN / {tried} wrong \
             attempts, {refused} refused by the right rule before the PIN",
            tried = tally.tried,
            refused = tally.refused
        );
    }
    Ok(if complete == names.len() && tally.refused == tally.tried {
        Ending::Well
    } else {
        Ending::Unable
    })
}

/// Verifies the last stage as somebody else would, later, with newer lists, and prints what is
/// said.
fn is_complete(cast: &Cast, workflow: &Workflow, stages: &[Stage]) -> Outcome<bool> {
    let last = stages.last().ok_or("no stage")?;
    let file = MappedFile::open(&last.path)?;
    let mut verification = Verification::new(&cast.anchors, cast.now.plus_seconds(JUDGED_AFTER));
    verification.supplied = SuppliedEvidence::clone(&cast.later_evidence);
    let report = trien::verify(&file, &verification);
    let judged = judge_workflow(&report, workflow);
    println!(
        "  {}: {}",
        last.path.display(),
        document_words(report.conclusion, report.language)
    );
    for line in workflow_lines(&judged, report.language) {
        println!("{line}");
    }
    Ok(report.conclusion == DocumentConclusion::Valid
        && judged.conclusion == WorkflowConclusion::Complete)
}
