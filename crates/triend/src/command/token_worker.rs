//! `token-worker`: one PKCS#11 module in this process, for the daemon at the other end of the
//! pipes. Started by the daemon, never by hand.

use std::path::PathBuf;

use clap::Args;
use triend::token_worker::run_token_worker;

use super::Ending;

#[derive(Args)]
pub(crate) struct TokenWorker {
    /// Mô-đun PKCS#11 / PKCS#11 module
    #[arg(long, value_name = "PATH")]
    module: PathBuf,
}

/// A worker that could not start has nobody to tell but its daemon, which sees it end.
pub(super) fn run(command: &TokenWorker) -> Ending {
    match run_token_worker(&command.module) {
        Ok(()) => Ending::Well,
        Err(_) => Ending::Unable,
    }
}
