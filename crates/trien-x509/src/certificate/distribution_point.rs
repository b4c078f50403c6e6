//! Where a certificate says its revocation data and its issuer's certificate are (RFC 5280,
//! 4.2.1.13, 4.2.1.15, 4.2.2.1). Read when asked for; fetches nothing.

use trien_types::Limits;

use super::Certificate;
use crate::asn1::{Asn1Error, Element, ObjectIdentifier, Reader, Tag};
use crate::crl::{DistributionPointName, ReasonFlags};
use crate::general_name::{GeneralName, general_names};
use crate::oid;

/// One distribution point.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DistributionPoint {
    /// distributionPoint.
    pub name: Option<DistributionPointName>,
    /// reasons; without it the list there is about all of them.
    pub reasons: Option<ReasonFlags>,
    /// cRLIssuer; empty where the certificate's issuer issues the list.
    pub crl_issuer: Vec<GeneralName>,
}

/// One way of access (RFC 5280, 4.2.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct AccessDescription {
    /// What is there.
    pub method: AccessMethod,
    /// Where it is.
    pub location: GeneralName,
}

/// What an access description gives access to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccessMethod {
    /// id-ad-caIssuers: certificates of the issuer.
    CaIssuers,
    /// id-ad-ocsp: an OCSP responder.
    Ocsp,
    /// Any other.
    Other(ObjectIdentifier),
}

impl DistributionPoint {
    /// ```text
    /// DistributionPoint ::= SEQUENCE { distributionPoint [0] EXPLICIT DistributionPointName
    ///   OPTIONAL, reasons [1] ReasonFlags OPTIONAL, cRLIssuer [2] GeneralNames OPTIONAL }
    /// ```
    fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut reader = element.elements()?;
        let name = reader
            .optional(Tag::context(0))?
            .map(|wrapper| DistributionPointName::from_element(&wrapper))
            .transpose()?;
        let reasons = reader
            .optional(Tag::context(1))?
            .map(|element| ReasonFlags::from_element(&element))
            .transpose()?;
        let crl_issuer = match reader.optional(Tag::context(2))? {
            Some(names) => general_names(names.elements()?)?,
            None => Vec::new(),
        };
        reader.finish()?;
        Ok(Self {
            name,
            reasons,
            crl_issuer,
        })
    }
}

impl AccessDescription {
    /// `AccessDescription ::= SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName }`
    fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut reader = element.elements()?;
        let method = reader.expect(Tag::OBJECT_IDENTIFIER)?.object_identifier()?;
        let location = GeneralName::from_element(&reader.element()?)?;
        reader.finish()?;
        let method = match method.known() {
            Some(oid::ACCESS_CA_ISSUERS) => AccessMethod::CaIssuers,
            Some(oid::ACCESS_OCSP) => AccessMethod::Ocsp,
            _ => AccessMethod::Other(method),
        };
        Ok(Self { method, location })
    }
}

impl Certificate {
    /// CRL distribution points (RFC 5280, 4.2.1.13), none where the extension is not there.
    ///
    /// # Errors
    /// The extension is there and cannot be read.
    pub fn crl_distribution_points(&self) -> Result<Vec<DistributionPoint>, Asn1Error> {
        self.sequence_of(
            oid::CRL_DISTRIBUTION_POINTS,
            DistributionPoint::from_element,
        )
    }

    /// Freshest CRL (RFC 5280, 4.2.1.15): where delta lists are.
    ///
    /// # Errors
    /// The extension is there and cannot be read.
    pub fn freshest_crl(&self) -> Result<Vec<DistributionPoint>, Asn1Error> {
        self.sequence_of(oid::FRESHEST_CRL, DistributionPoint::from_element)
    }

    /// Authority information access (RFC 5280, 4.2.2.1).
    ///
    /// # Errors
    /// The extension is there and cannot be read.
    pub fn authority_information_access(&self) -> Result<Vec<AccessDescription>, Asn1Error> {
        self.sequence_of(
            oid::AUTHORITY_INFORMATION_ACCESS,
            AccessDescription::from_element,
        )
    }

    /// Whether the certificate's responder need not be asked about itself: id-pkix-ocsp-nocheck
    /// (RFC 6960, 4.2.2.2.1).
    #[must_use]
    pub fn ocsp_no_check(&self) -> bool {
        self.extension(oid::OCSP_NO_CHECK).is_some()
    }

    fn sequence_of<T>(
        &self,
        wanted: const_oid::ObjectIdentifier,
        read: impl Fn(&Element<'_>) -> Result<T, Asn1Error>,
    ) -> Result<Vec<T>, Asn1Error> {
        let Some(extension) = self.extension(wanted) else {
            return Ok(Vec::new());
        };
        let limits = Limits::default();
        let mut outer = Reader::new(&extension.value, &limits);
        let mut elements = outer.expect(Tag::SEQUENCE)?.elements()?;
        outer.finish()?;
        let mut all = Vec::new();
        while !elements.is_empty() {
            all.push(read(&elements.expect(Tag::SEQUENCE)?)?);
        }
        Ok(all)
    }
}
