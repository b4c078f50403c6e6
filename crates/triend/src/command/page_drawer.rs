//! The hidden command that draws one page and ends.

use clap::Args;

use super::Ending;

/// Arguments of the drawing process.
#[derive(Debug, Args)]
pub(crate) struct PageDrawer {
    #[arg(long)]
    page: usize,
    #[arg(long)]
    width: u16,
    #[arg(long, default_value_t = triend::preview::LONGEST_SECONDS)]
    seconds: u64,
}

pub(crate) fn run(arguments: &PageDrawer) -> Ending {
    match triend::preview::run_page_drawer(arguments.page, arguments.width, arguments.seconds) {
        Ok(()) => Ending::Well,
        Err(fault) => Ending::Other(fault.status()),
    }
}
