//! Revocation lists on demand (RFC 5280, 5): full, delta, indirect, DER and PEM.
//! Checks nothing, so that a list can be as wrong as a test needs it.

use openssl::base64;
use openssl::x509::X509Ref;
use trien_types::UnixTime;
use trien_x509::RevocationReason;
use trien_x509::asn1::{encode_tlv, octet_string, sequence, unsigned_integer};

use super::ServiceError;
use super::sign::{algorithm, sign};
use crate::der;
use crate::pki::Identity;

/// One revoked certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevokedCertificate {
    /// Content octets of the serial number.
    pub serial: Vec<u8>,
    /// When it was revoked.
    pub time: UnixTime,
    /// Why; `None` writes no reason.
    pub reason: Option<RevocationReason>,
    /// Since when the key may have been misused (RFC 5280, 5.3.2).
    pub invalidity: Option<UnixTime>,
    /// DER of the name of the certificate's issuer, for indirect lists (RFC 5280, 5.3.3).
    pub issuer: Option<Vec<u8>>,
}

impl RevokedCertificate {
    /// `certificate`, revoked at `time` for `reason`.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn new(
        certificate: &X509Ref,
        time: UnixTime,
        reason: RevocationReason,
    ) -> Result<Self, ServiceError> {
        Ok(Self {
            serial: serial(certificate)?,
            time,
            reason: Some(reason),
            invalidity: None,
            issuer: None,
        })
    }

    /// The same with the name of its issuer, for indirect lists.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn issued_by(self, issuer: &X509Ref) -> Result<Self, ServiceError> {
        Ok(Self {
            issuer: Some(issuer.subject_name().to_der()?),
            ..self
        })
    }
}

/// What a list shall say. Start from [`CrlPlan::new`] and change what a test needs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CrlPlan {
    /// When it was issued.
    pub this_update: UnixTime,
    /// By when the next one will be; `None` leaves it out.
    pub next_update: Option<UnixTime>,
    /// CRL number; `None` leaves it out.
    pub number: Option<u64>,
    /// Makes it a delta list over the full list with this number.
    pub delta_base: Option<u64>,
    /// DER of an `IssuingDistributionPoint`, as [`issuing_distribution_point`] makes it.
    pub issuing_distribution_point: Option<Vec<u8>>,
    /// expiredCertsOnCRL (X.509, 9.5.2.8).
    pub expired_certificates_since: Option<UnixTime>,
    /// Who is revoked.
    pub revoked: Vec<RevokedCertificate>,
}

/// What an issuing distribution point says of its list (RFC 5280, 5.2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CrlScope {
    /// All certificates of the issuer.
    All,
    /// Those of authorities only.
    AuthorityCertificates,
    /// Those of others than authorities only.
    UserCertificates,
    /// Certificates of other issuers too: an indirect list.
    Indirect,
}

impl CrlPlan {
    /// A list of `this_update`, good for a day, with its seconds as number, on which nobody is.
    #[must_use]
    pub fn new(this_update: UnixTime) -> Self {
        Self {
            this_update,
            next_update: Some(this_update.plus_seconds(86_400)),
            number: u64::try_from(this_update.seconds()).ok(),
            delta_base: None,
            issuing_distribution_point: None,
            expired_certificates_since: None,
            revoked: Vec::new(),
        }
    }

    /// The same with one more revoked certificate.
    #[must_use]
    pub fn with(mut self, revoked: RevokedCertificate) -> Self {
        self.revoked.push(revoked);
        self
    }
}

/// DER of an `IssuingDistributionPoint` that names `url`, unless it is empty.
#[must_use]
pub fn issuing_distribution_point(url: &str, scope: CrlScope) -> Vec<u8> {
    let name = encode_tlv(0xA0, &[&encode_tlv(0x86, &[url.as_bytes()])]);
    let name = encode_tlv(0xA0, &[&name]);
    let flag: &[u8] = match scope {
        CrlScope::All => &[],
        CrlScope::UserCertificates => &[0x81, 1, 0xFF],
        CrlScope::AuthorityCertificates => &[0x82, 1, 0xFF],
        CrlScope::Indirect => &[0x84, 1, 0xFF],
    };
    sequence(&[if url.is_empty() { &[] } else { &name }, flag])
}

/// DER of a list by `issuer`.
///
/// ```text
/// TBSCertList ::= SEQUENCE { version v2, signature, issuer, thisUpdate, nextUpdate OPTIONAL,
///   revokedCertificates SEQUENCE OF SEQUENCE { … } OPTIONAL, crlExtensions [0] EXPLICIT }
/// ```
///
/// # Errors
/// OpenSSL refuses to sign.
pub fn make_crl(issuer: &Identity, plan: &CrlPlan) -> Result<Vec<u8>, ServiceError> {
    let entries: Vec<u8> = plan.revoked.iter().flat_map(entry).collect();
    let revoked = if entries.is_empty() {
        Vec::new()
    } else {
        sequence(&[&entries])
    };
    let tbs = sequence(&[
        &unsigned_integer(1),
        &algorithm(issuer)?,
        &issuer.certificate().subject_name().to_der()?,
        &der::time(plan.this_update),
        &plan.next_update.map_or_else(Vec::new, der::time),
        &revoked,
        &encode_tlv(0xA0, &[&sequence(&[&extensions(issuer, plan)])]),
    ]);
    let signed = sign(issuer, &tbs)?;
    let value = encode_tlv(0x03, &[&[0], &signed.value]);
    Ok(sequence(&[&tbs, &signed.algorithm, &value]))
}

/// A list wrapped in PEM, as rootca.gov.vn serves it.
#[must_use]
pub fn pem_crl(der: &[u8]) -> Vec<u8> {
    pem("X509 CRL", der)
}

pub(super) fn pem(label: &str, der: &[u8]) -> Vec<u8> {
    let mut text = format!("-----BEGIN {label}-----\n");
    for (position, character) in base64::encode_block(der).chars().enumerate() {
        if position > 0 && position % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str(&format!("\n-----END {label}-----\n"));
    text.into_bytes()
}

/// Content octets of a certificate's serial number: positive, so a zero may lead.
pub(super) fn serial(certificate: &X509Ref) -> Result<Vec<u8>, ServiceError> {
    let mut octets = certificate.serial_number().to_bn()?.to_vec();
    if octets.first().is_none_or(|first| first & 0x80 != 0) {
        octets.insert(0, 0);
    }
    Ok(octets)
}

/// `CRLReason`, the number behind the name.
pub(super) fn reason_number(reason: RevocationReason) -> u8 {
    match reason {
        RevocationReason::KeyCompromise => 1,
        RevocationReason::CaCompromise => 2,
        RevocationReason::AffiliationChanged => 3,
        RevocationReason::Superseded => 4,
        RevocationReason::CessationOfOperation => 5,
        RevocationReason::CertificateHold => 6,
        RevocationReason::RemoveFromCrl => 8,
        RevocationReason::PrivilegeWithdrawn => 9,
        RevocationReason::AaCompromise => 10,
        RevocationReason::Unlisted(number) => u8::try_from(number).unwrap_or(7),
        RevocationReason::Unspecified | _ => 0,
    }
}

fn entry(revoked: &RevokedCertificate) -> Vec<u8> {
    let mut extensions = Vec::new();
    if let Some(reason) = revoked.reason {
        let value = [0x0A, 1, reason_number(reason)];
        extensions.extend(extension(21, Critical::No, &value));
    }
    if let Some(time) = revoked.invalidity {
        extensions.extend(extension(24, Critical::No, &der::generalized_time(time)));
    }
    if let Some(issuer) = &revoked.issuer {
        let names = sequence(&[&encode_tlv(0xA4, &[issuer])]);
        extensions.extend(extension(29, Critical::Yes, &names));
    }
    let list = sequence(&[&extensions]);
    sequence(&[
        &encode_tlv(0x02, &[&revoked.serial]),
        &der::time(revoked.time),
        if extensions.is_empty() { &[] } else { &list },
    ])
}

fn extensions(issuer: &Identity, plan: &CrlPlan) -> Vec<u8> {
    let mut extensions = Vec::new();
    if let Some(key) = issuer.certificate().subject_key_id() {
        let value = sequence(&[&encode_tlv(0x80, &[key.as_slice()])]);
        extensions.extend(extension(35, Critical::No, &value));
    }
    if let Some(number) = plan.number {
        extensions.extend(extension(20, Critical::No, &unsigned_integer(number)));
    }
    if let Some(base) = plan.delta_base {
        extensions.extend(extension(27, Critical::Yes, &unsigned_integer(base)));
    }
    if let Some(point) = &plan.issuing_distribution_point {
        extensions.extend(extension(28, Critical::Yes, point));
    }
    if let Some(since) = plan.expired_certificates_since {
        extensions.extend(extension(60, Critical::No, &der::generalized_time(since)));
    }
    extensions
}

enum Critical {
    No,
    Yes,
}

/// 2.5.29.`number`
fn extension(number: u8, critical: Critical, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = match critical {
        Critical::No => &[],
        Critical::Yes => &[0x01, 1, 0xFF],
    };
    sequence(&[&[0x06, 3, 0x55, 0x1D, number], flag, &octet_string(value)])
}
