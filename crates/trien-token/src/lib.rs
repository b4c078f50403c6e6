//! Keys on PKCS#11 tokens, and soft keys: finding modules, listing certificates without a PIN,
//! signing with one try of the PIN.
//!
//! Knows nothing of PDF, CMS or trust.
//!
//! ```no_run
//! use std::path::Path;
//! use trien_token::{CertificateSelector, FinalTry, Module, Pin, PinSource};
//! use trien_types::SigningKey;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let pin = Pin::read_line(std::fs::File::open("pin.txt")?)?;
//! let token = Module::load(Path::new("/usr/lib/softhsm/libsofthsm2.so"))?.token_labelled("Seal")?;
//! let mut key =
//!     token.open_key(&CertificateSelector::Only, PinSource::Pin(pin), FinalTry::Refuse)?;
//! let scheme = key.schemes()[0];
//! let value = key.sign(scheme, b"signed attributes")?;
//! # Ok(())
//! # }
//! ```

mod call;
mod certificate_order;
mod error;
mod find;
mod inventory;
mod key_link;
mod key_session;
mod known_modules;
mod mechanism;
mod module;
mod module_file;
mod objects;
mod pin;
mod public_key;
#[expect(
    unsafe_code,
    reason = "cryptoki offers neither C_Sign by itself nor attributes into buffers of our own size"
)]
mod raw;
mod soft_key;
mod token;
mod token_key;
mod verification_key;
mod worker;

pub use call::CallError;
pub use certificate_order::certificate_path;
pub use error::TokenError;
pub use find::{ModuleLocation, ModuleOrigin, find_modules};
pub use inventory::{Inventory, TokenCertificate, UnlinkedKey};
pub use key_link::{KeyLink, PrivateKeys};
pub use known_modules::known_module_name;
pub use module::Module;
pub use module_file::{Machine, ModuleFileError, check_module_file};
pub use pin::{FinalTry, MAX_PIN_OCTETS, Pin, PinError, PinSource, PinState};
pub use soft_key::{SoftKey, SoftKeyError};
pub use token::{
    CertificateSelector, LoginRequirement, ProtectedAuthenticationPath, Token, TokenInfo,
};
pub use token_key::{SigningInput, TokenKey};
pub use verification_key::{VerificationKey, digest_of};
