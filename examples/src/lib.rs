//! What the example programs share: the clock at their edge, error chains, the words they print.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "programs print; the library they show does not"
)]

mod causes;
mod doubted_clock;
mod ending;
mod extending;
mod keys;
mod levels;
mod mark;
mod mark_words;
mod raising;
mod renewal;
mod sealing;
mod signing;
mod trouble;
mod words;
mod workflows;

use mimalloc::MiMalloc;

/// A verdict is made of thousands of small pieces: docs/adr/0027-an-allocator-for-programs.md.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

pub use causes::{anchor_words, file_words, unread_evidence};
pub use doubted_clock::clock_doubt;
pub use ending::{Ending, clock, parsed, print_chain};
pub use extending::{ExtendArguments, run_extend};
pub use keys::KeyArguments;
pub use levels::{LevelName, ServiceArguments, online};
pub use mark::{FontMissing, mark_drawing};
pub use mark_words::mark_words;
pub use sealing::{SealArguments, SealServices, check_seal_key, seal_report};
pub use signing::{Act, SigningArguments, printable, run_signing};
pub use words::{
    LanguageName, change_line, document_words, indication_words, revision_lines, signature_lines,
    verdict_words,
};
pub use workflows::{NoWorkflow, workflow_lines, workflow_named};
