//! The program at a command line: the daemon, and what an administrator does beside it.
//! Knows no rules of its own; reads the clock, once.
//!
//! Exit status: 0 done or nothing found, 1 checked and something is missing or not as it was
//! written, 2 could not be done; after 2 nothing has changed.

mod command;

use std::process::ExitCode;

use mimalloc::MiMalloc;
use zeroizing_alloc::ZeroAlloc;

/// A PIN passes through buffers of packages that know nothing of it: memory is overwritten when it
/// is given back.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<MiMalloc> = ZeroAlloc(MiMalloc);

fn main() -> ExitCode {
    let language = command::language_asked_for(std::env::args_os());
    let ending = match command::parse(language) {
        Ok(arguments) => command::run(&arguments),
        Err(error) => command::tell_misread(&error, language),
    };
    ending.into()
}
