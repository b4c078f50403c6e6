//! What a school's machine keeps for the law: who signs as what (TT 41/2017, art. 6 and 7.3), the
//! evidence that goes with records (art. 9, 10), and a log in which nothing can be changed unseen;
//! and the daemon that lets pages in a browser sign with the tokens of this machine.
//!
//! Knows nothing of how signatures are made or judged; that is [`trien`]. The stores read no clock:
//! time is an input. The program `triend` is this library at a command line.

pub mod anchors;
pub mod caller;
pub mod clock;
pub mod config;
pub mod consent;
pub mod csc;
pub mod daemon;
pub mod data_folder;
pub mod entry_json;
pub mod http;
pub mod instance;
pub mod job;
pub mod log_file;
pub mod pairing;
pub mod preview;
pub mod rate;
pub mod rejection;
pub mod secret;
pub mod stop;
pub mod store;
pub mod token_worker;
pub mod verification;
pub mod words;
