//! CMS signatures as PDF carries them (RFC 5652, 5035, CAdES attributes) and time-stamp tokens
//! (RFC 3161): read them (BER too), verify them, build them.
//!
//! Knows nothing of PDF beyond the names of the /SubFilter values, and nothing of trust: whose
//! certificate a signer presents, and whether it is believed, is decided elsewhere.
//!
//! - Reading: [`SignatureContents::parse`] takes what stands in /Contents,
//!   [`SignedData::parse`] one CMS structure, [`TimeStampToken::parse`] a token.
//! - Verifying: [`SignatureContents::verify`] answers with a [`Verdict`]; only it can make a
//!   [`SignerIntact`].
//! - Building: [`SignedAttributes::for_pades`] → sign its octets → [`SignedDataBuilder`].

mod attribute;
mod build;
mod contents;
mod deviation;
mod error;
mod oid;
mod signed_data;
mod signer_info;
mod spans;
mod sub_filter;
mod time_stamp;
mod verdict;
mod verify;

pub use attribute::{
    Attribute, AttributeError, AttributeErrorKind, Attributes, EssCertificateId,
    claimed_role_attribute, commitment_attribute,
};
pub use build::{BuildError, SignedAttributes, SignedDataBuilder, attribute, cms_octets_estimate};
pub use contents::SignatureContents;
pub use deviation::Deviation;
pub use error::{CmsError, CmsErrorKind};
pub use signed_data::{SignedData, Trailing};
pub use signer_info::{SignerIdentifier, SignerInfo};
pub use spans::SignedSpans;
pub use sub_filter::SubFilter;
pub use time_stamp::{
    AcceptedTimeStamp, Accuracy, TimeStampFailure, TimeStampFault, TimeStampIntact,
    TimeStampRefusal, TimeStampRequest, TimeStampResponseError, TimeStampStatus, TimeStampToken,
    TimeStampVerification, TstInfo, token_of_response,
};
pub use verdict::{BrokenBecause, SignerIntact, UnsupportedBecause, Verdict};
