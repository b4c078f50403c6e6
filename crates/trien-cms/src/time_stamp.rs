//! Time-stamp tokens (RFC 3161, RFC 5816): read, verify, ask for one.
//! Does not know whether the authority is trusted or which time the token proves in the end.

mod refusal;
mod request;
mod response;
mod tst_info;
mod verification;

use trien_types::Limits;
use trien_x509::Certificate;

use crate::error::{CmsError, CmsErrorKind};
use crate::oid;
use crate::signed_data::SignedData;
use crate::spans::SignedSpans;
use crate::verdict::{BrokenBecause, SignerIntact, Stop};
use crate::verify::{SignedAttributesRule, verify_signer};

pub use refusal::{TimeStampFailure, TimeStampRefusal};
pub use request::TimeStampRequest;
pub use response::{AcceptedTimeStamp, TimeStampResponseError, token_of_response};
pub use tst_info::{Accuracy, TstInfo};
pub use verification::{TimeStampFault, TimeStampIntact, TimeStampStatus, TimeStampVerification};

/// A token: a SignedData over a TSTInfo. [`TimeStampToken::verify`] comes next.
#[derive(Debug, Clone)]
pub struct TimeStampToken {
    signed_data: SignedData,
    tst_info: TstInfo,
}

impl TimeStampToken {
    /// Reads a token; zeros may pad it.
    ///
    /// # Errors
    /// The octets are no SignedData over a TSTInfo, or reach a limit.
    pub fn parse(octets: &[u8], limits: &Limits) -> Result<Self, CmsError> {
        let signed_data = SignedData::parse(octets, limits)?;
        if *signed_data.content_type() != oid::ID_CT_TST_INFO {
            let found = signed_data.content_type().clone();
            return Err(CmsError::new(0, CmsErrorKind::NotATimeStamp(found)));
        }
        let content = signed_data
            .content()
            .ok_or(CmsError::new(0, CmsErrorKind::TimeStampWithoutContent))?;
        let tst_info = TstInfo::parse(content, limits)?;
        Ok(Self {
            signed_data,
            tst_info,
        })
    }

    /// The CMS structure.
    #[must_use]
    pub const fn signed_data(&self) -> &SignedData {
        &self.signed_data
    }

    /// What the authority states.
    #[must_use]
    pub const fn tst_info(&self) -> &TstInfo {
        &self.tst_info
    }

    /// Verifies the token over what it is said to cover. `additional` are certificates found
    /// elsewhere: a token need not bring the authority's (RFC 3161, 2.4.1, certReq).
    #[must_use]
    pub fn verify(
        &self,
        stamped: &dyn SignedSpans,
        additional: &[Certificate],
    ) -> TimeStampVerification {
        TimeStampVerification::new(
            self.tst_info.clone(),
            self.verify_signer_over(stamped, additional)
                .and_then(|intact| {
                    let faults = self.faults(intact.certificate(), stamped)?;
                    Ok((intact, faults))
                }),
        )
    }

    /// The value over the TSTInfo, and the authority's certificate bound by ESS
    /// (RFC 3161, 2.4.2; ATTACKS T4).
    fn verify_signer(&self, additional: &[Certificate]) -> Result<SignerIntact, Stop> {
        let content = self.signed_data.content().unwrap_or_default().to_vec();
        verify_signer(
            &self.signed_data,
            &content,
            additional,
            SignedAttributesRule::Required,
        )
    }

    /// As [`TimeStampToken::verify_signer`]; what is not supported does not hide an imprint of
    /// other data.
    pub(crate) fn verify_signer_over(
        &self,
        stamped: &dyn SignedSpans,
        additional: &[Certificate],
    ) -> Result<SignerIntact, Stop> {
        let verified = self.verify_signer(additional);
        if matches!(verified, Err(Stop::Unsupported(_)))
            && matches!(verification::imprint_holds(self, stamped), Ok(false))
        {
            return Err(BrokenBecause::ImprintDiffers.into());
        }
        verified
    }

    /// What else is wrong with the token, given its authority's certificate.
    pub(crate) fn faults(
        &self,
        authority: &Certificate,
        stamped: &dyn SignedSpans,
    ) -> Result<Vec<TimeStampFault>, Stop> {
        verification::faults(self, authority, stamped)
    }
}
