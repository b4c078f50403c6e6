//! HTTP for the services that signatures need: time stamps, OCSP, revocation lists, issuers'
//! certificates. Bounds on time, size, redirections and addresses; a cache on disk; one request
//! for the same thing at a time; several time-stamping authorities in turn.
//!
//! Knows nothing of what the octets mean: the caller says until when an answer may be kept, and
//! whether it is one. What was fetched is believed for its own signature, never for its way here.
//!
//! Every part is a [`trien_types::Transport`] around another one:
//!
//! ```
//! use trien_net::{HttpSettings, HttpTransport, SingleFlight};
//! let transport = SingleFlight::new(HttpTransport::new(HttpSettings::default()));
//! # let _: &dyn trien_types::Transport = &transport;
//! ```
//!
//! With all parts: [`FailOver`] around [`SingleFlight`] around [`CachedTransport`] around
//! [`HttpTransport`], or around [`Offline`] where nothing may be fetched.

mod address;
mod cache;
mod error;
mod fail_over;
mod gate;
mod http;
mod offline;
mod resolver;
mod settings;
mod single_flight;
mod url;

pub use address::{AddressPolicy, is_public};
pub use cache::{CacheError, CacheSettings, CachedTransport, Expired};
pub use error::{NetError, NetErrorKind};
pub use fail_over::{FailOver, FailOverError, FailOverSettings, FailedAttempt, any_answer};
pub use http::HttpTransport;
pub use offline::Offline;
pub use settings::{HttpSettings, PurposeSettings, ServerCertificate};
pub use single_flight::{SharedFailure, SingleFlight};
