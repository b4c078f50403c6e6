//! Extensions of a list (RFC 5280, 5.2) that this crate reads.
//! Does not enforce them.

use trien_types::{Limits, UnixTime};

use super::number::CrlNumber;
use crate::asn1::{Asn1Error, Element, ObjectIdentifier, Reader, Tag, encode_tlv, sequence};
use crate::certificate::Extension;
use crate::general_name::{GeneralName, general_names};
use crate::name::DistinguishedName;
use crate::oid;
use crate::revocation_error::{RevocationError, RevocationErrorKind};

/// Which certificates a list is about (RFC 5280, 5.2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertificateScope {
    /// All.
    All,
    /// onlyContainsAttributeCerts.
    AttributeCertificates,
    /// onlyContainsCACerts.
    AuthorityCertificates,
    /// onlyContainsUserCerts.
    UserCertificates,
    /// More than one of them, which RFC 5280 forbids: no certificate is in the scope of all.
    Contradictory,
}

/// Reasons a list is about (RFC 5280, 4.2.1.13), bit 0 of the standard in the lowest place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReasonFlags(u16);

impl ReasonFlags {
    /// Every reason that RFC 5280 defines: bits 1 to 8; bit 0 is unused.
    pub const ALL: Self = Self(0b1_1111_1110);

    /// `ReasonFlags ::= BIT STRING`
    pub(crate) fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let bits = element.bits()?;
        let octet = |at| bits.get(at).copied().map_or(0, u8::reverse_bits);
        Ok(Self(u16::from_le_bytes([octet(0), octet(1)])))
    }

    /// The reasons in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The reasons in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every reason of `other` is among these.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether no reason is.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 & Self::ALL.0 == 0
    }

    /// The bits: bit n of the standard is bit n of the number.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }
}

/// Where a list is served (RFC 5280, 4.2.1.13).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DistributionPointName {
    /// fullName.
    Full(Vec<GeneralName>),
    /// nameRelativeToCRLIssuer, as received.
    RelativeToIssuer(Vec<u8>),
}

/// Issuing distribution point (RFC 5280, 5.2.5).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct IssuingDistributionPoint {
    /// distributionPoint.
    pub distribution_point: Option<DistributionPointName>,
    /// Which certificates it is about.
    pub scope: CertificateScope,
    /// onlySomeReasons; without it the list is about all of them.
    pub only_some_reasons: Option<ReasonFlags>,
    /// indirectCRL: entries may be about certificates of other issuers.
    pub indirect: bool,
}

impl IssuingDistributionPoint {
    /// ```text
    /// IssuingDistributionPoint ::= SEQUENCE {
    ///   distributionPoint [0] EXPLICIT DistributionPointName OPTIONAL,
    ///   onlyContainsUserCerts [1], onlyContainsCACerts [2] BOOLEAN DEFAULT FALSE,
    ///   onlySomeReasons [3] ReasonFlags OPTIONAL,
    ///   indirectCRL [4], onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
    /// ```
    fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut reader = element.elements()?;
        let distribution_point = reader
            .optional(Tag::context(0))?
            .map(|wrapper| DistributionPointName::from_element(&wrapper))
            .transpose()?;
        let flag = |reader: &mut Reader<'_>, number| {
            reader
                .optional(Tag::context(number))?
                .map_or(Ok(false), |element| element.boolean())
        };
        let user = flag(&mut reader, 1)?;
        let authority = flag(&mut reader, 2)?;
        let only_some_reasons = match reader.optional(Tag::context(3))? {
            Some(element) => Some(ReasonFlags::from_element(&element)?),
            None => None,
        };
        let indirect = flag(&mut reader, 4)?;
        let attribute = flag(&mut reader, 5)?;
        reader.finish()?;
        Ok(Self {
            distribution_point,
            scope: match (user, authority, attribute) {
                (false, false, false) => CertificateScope::All,
                (true, false, false) => CertificateScope::UserCertificates,
                (false, true, false) => CertificateScope::AuthorityCertificates,
                (false, false, true) => CertificateScope::AttributeCertificates,
                _ => CertificateScope::Contradictory,
            },
            only_some_reasons,
            indirect,
        })
    }
}

impl DistributionPointName {
    /// The full names this stands for; a relative one is completed by the name of `issuer`.
    ///
    /// # Errors
    /// A relative name is none.
    pub fn full_names(&self, issuer: &DistinguishedName) -> Result<Vec<GeneralName>, Asn1Error> {
        let relative = match self {
            Self::Full(names) => return Ok(names.clone()),
            Self::RelativeToIssuer(relative) => relative,
        };
        let limits = Limits::default();
        let attributes = Reader::new(relative, &limits).element()?.content();
        let above = Reader::new(issuer.as_der(), &limits)
            .expect(Tag::SEQUENCE)?
            .content();
        let name = sequence(&[above, &encode_tlv(0x31, &[attributes])]);
        let name = DistinguishedName::from_der(&name, &limits)?;
        Ok(vec![GeneralName::Directory(name)])
    }

    /// ```text
    /// DistributionPointName ::= CHOICE {
    ///   fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
    /// ```
    pub(crate) fn from_element(wrapper: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut reader = wrapper.elements()?;
        let name = match reader.optional(Tag::context(0))? {
            Some(full) => Self::Full(general_names(full.elements()?)?),
            None => Self::RelativeToIssuer(reader.expect(Tag::context(1))?.raw().to_vec()),
        };
        reader.finish()?;
        Ok(name)
    }
}

/// The extensions that this crate reads.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) authority_key_identifier: Option<Vec<u8>>,
    pub(super) delta_base: Option<CrlNumber>,
    pub(super) expired_certificates_since: Option<UnixTime>,
    pub(super) issuing_distribution_point: Option<IssuingDistributionPoint>,
    pub(super) number: Option<CrlNumber>,
    pub(super) unreadable: Vec<ObjectIdentifier>,
}

pub(super) fn is_known(extension: &ObjectIdentifier) -> bool {
    matches!(
        extension.known(),
        Some(
            oid::AUTHORITY_KEY_IDENTIFIER
                | oid::CRL_NUMBER
                | oid::DELTA_CRL_INDICATOR
                | oid::EXPIRED_CERTIFICATES_ON_CRL
                | oid::ISSUING_DISTRIBUTION_POINT
        )
    )
}

impl Known {
    /// `offset` is where the signed octets stand, for errors.
    pub(super) fn of(
        extensions: &[Extension],
        offset: usize,
        limits: &Limits,
    ) -> Result<Self, RevocationError> {
        let mut known = Self::default();
        for (position, extension) in extensions.iter().enumerate() {
            let earlier = extensions.iter().take(position);
            if is_known(&extension.oid) && earlier.clone().any(|other| other.oid == extension.oid) {
                let repeated = RevocationErrorKind::ExtensionRepeated(extension.oid.clone());
                return Err(RevocationError::new(offset, repeated));
            }
            if let Err(error) = known.read(extension, limits) {
                let scope = [oid::DELTA_CRL_INDICATOR, oid::ISSUING_DISTRIBUTION_POINT];
                if scope.iter().any(|scope| extension.oid == *scope) {
                    return Err(error.into());
                }
                known.unreadable.push(extension.oid.clone());
            }
        }
        Ok(known)
    }

    fn read(&mut self, extension: &Extension, limits: &Limits) -> Result<(), Asn1Error> {
        let mut reader = Reader::new(&extension.value, limits);
        match extension.oid.known() {
            Some(oid::AUTHORITY_KEY_IDENTIFIER) => {
                let mut inner = reader.expect(Tag::SEQUENCE)?.elements()?;
                let identifier = inner.optional(Tag::context(0))?;
                self.authority_key_identifier =
                    identifier.map(|element| element.content().to_vec());
            }
            Some(oid::CRL_NUMBER) => {
                self.number = Some(CrlNumber::from_element(&reader.expect(Tag::INTEGER)?)?);
            }
            Some(oid::DELTA_CRL_INDICATOR) => {
                self.delta_base = Some(CrlNumber::from_element(&reader.expect(Tag::INTEGER)?)?);
            }
            Some(oid::EXPIRED_CERTIFICATES_ON_CRL) => {
                let time = reader.expect(Tag::GENERALIZED_TIME)?.time()?;
                self.expired_certificates_since = Some(time);
            }
            Some(oid::ISSUING_DISTRIBUTION_POINT) => {
                let point = IssuingDistributionPoint::from_element(&reader.expect(Tag::SEQUENCE)?)?;
                self.issuing_distribution_point = Some(point);
            }
            _ => {}
        }
        Ok(())
    }
}
