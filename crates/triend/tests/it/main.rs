//! Integration tests of the stores and of the program, a module per road. Real files, real
//! processes, keys and certificates of the test PKI.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_in_result,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "test code: a panic is a failed test, and skips are said aloud"
)]

use mimalloc::MiMalloc;
use zeroizing_alloc::ZeroAlloc;

/// As the program itself: what is measured here is what it costs there.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<MiMalloc> = ZeroAlloc(MiMalloc);

mod anchors_http;
mod backup;
mod consent_answers;
mod consent_page;
mod contract;
mod csc_desk;
mod csc_documents;
mod csc_ends;
mod csc_hashes;
mod csc_misuse;
mod csc_pyhanko;
mod door;
mod evidence;
mod files;
mod full;
mod heads;
mod http_gate;
mod http_log;
mod http_pairings;
mod http_senders;
mod http_server;
mod job_desk;
mod job_full;
mod job_kill;
mod job_refusals;
mod job_seen;
mod job_signing;
mod job_speed;
mod kill;
mod openapi;
mod previews;
mod program;
mod program_kill;
mod program_words;
mod register;
mod register_http;
mod running;
mod schemathesis;
mod school;
mod tampering;
mod verification_http;
mod worker_hostile;
mod worker_keys;
mod worker_pin;
mod worker_softhsm;
mod worker_speed;
