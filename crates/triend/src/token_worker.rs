//! Tokens through worker processes: one child per PKCS#11 module, which this process feeds over
//! pipes and kills when it hangs. A driver that crashes, hangs or overwrites memory costs a clear
//! error, not the daemon.
//!
//! Knows nothing of PDF, jobs, origins or consent.
//!
//! ```no_run
//! use triend::token_worker::{TokenService, TokenServiceSettings};
//! use trien_token::{FinalTry, Pin, PinSource};
//! use trien_types::SigningKey as _;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let service = TokenService::new(TokenServiceSettings::new(Vec::new())?);
//! for module in service.tokens() {
//!     for certificate in module.tokens().flat_map(|token| token.signing_certificates()) {
//!         let pin = PinSource::Pin(Pin::read_line(std::fs::File::open("pin.txt")?)?);
//!         let mut key = service.open_key(&certificate.id, pin, FinalTry::Refuse)?;
//!         let scheme = key.schemes()[0];
//!         let value = key.sign(scheme, b"signed attributes")?;
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The worker is the same program with the hidden command `token-worker`, which calls
//! [`run_token_worker`]. The PIN crosses one pipe in one frame, is wiped on both sides, and stands
//! in no argument, variable or file; [`forbid_core_dumps`] keeps it out of core dumps too.

mod child;
mod error;
mod fault;
mod frame;
mod key;
mod message;
mod module;
mod process;
mod report;
mod reservation;
mod service;
mod settings;
mod spawn;
mod supervision;
mod watch;
pub mod words;
mod worker;

pub use child::run_token_worker;
pub use error::{FailedCall, KeyFault, TokenServiceError, WorkerEnd};
pub use key::{PendingSignature, WorkerKey};
pub use process::forbid_core_dumps;
pub use report::{CertificateReport, ModuleReport, TokenReport};
pub use service::TokenService;
pub use settings::{ModuleSearch, TimeLimits, TokenServiceSettings};
pub use watch::{TokenChange, TokenWatch};
