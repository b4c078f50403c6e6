//! What is plugged in, as the user is shown it before signing.
//! Judges no certificate.

use std::path::PathBuf;

use sha2::{Digest as _, Sha256};
use trien_token::{
    KeyLink, LoginRequirement, PinState, ProtectedAuthenticationPath, certificate_path,
};
use trien_types::{CertificateId, SignatureScheme};

use super::error::{Asked, TokenServiceError};
use super::message::{ListedCertificate, ListedToken, TokenName};

/// A module and its tokens, or why it shows none.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ModuleReport {
    /// The module's file.
    pub path: PathBuf,
    /// The certification authority or chip maker known by this file name.
    pub name: Option<&'static str>,
    /// The tokens that are plugged in; or why the module could not be asked.
    pub tokens: Result<Vec<TokenReport>, TokenServiceError>,
}

impl ModuleReport {
    /// The tokens, none if the module failed.
    pub fn tokens(&self) -> impl Iterator<Item = &TokenReport> {
        self.tokens.iter().flatten()
    }
}

/// A token that is plugged in, as it describes itself.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TokenReport {
    /// The label given at initialisation.
    pub label: String,
    /// The manufacturer of the chip or of its software.
    pub manufacturer: String,
    /// The model.
    pub model: String,
    /// The serial number, which tells tokens of one label apart.
    pub serial_number: String,
    /// What the flags say of the PIN: [`PinState::Initialised`] is no promise.
    pub pin_state: PinState,
    /// Whether keys need a login.
    pub login: LoginRequirement,
    /// Whether the token has a pad or window of its own for the PIN.
    pub protected_authentication_path: ProtectedAuthenticationPath,
    /// The fewest and the most octets of a PIN, as the driver has them: see
    /// [`TokenReport::takes_pin_of`].
    pub pin_octets: (u64, u64),
    /// The certificates that can be read without a PIN, or why none could be.
    pub certificates: Result<Vec<CertificateReport>, TokenServiceError>,
}

impl TokenReport {
    /// Whether a PIN of so many octets can be the token's. Drivers that say nothing that makes
    /// sense are not held to it.
    #[must_use]
    pub fn takes_pin_of(&self, octets: usize) -> bool {
        let (least, most) = self.pin_octets;
        let octets = u64::try_from(octets).unwrap_or(u64::MAX);
        most == 0 || most < least || (least..=most).contains(&octets)
    }

    /// The certificates whose private key is on the token, or may show after login.
    pub fn signing_certificates(&self) -> impl Iterator<Item = &CertificateReport> {
        self.certificates
            .iter()
            .flatten()
            .filter(|certificate| certificate.may_sign())
    }

    pub(super) fn name(&self) -> TokenName {
        TokenName {
            label: self.label.clone(),
            manufacturer: self.manufacturer.clone(),
            model: self.model.clone(),
            serial_number: self.serial_number.clone(),
        }
    }

    pub(super) fn of_listed(token: ListedToken, asked: &Asked<'_>) -> Self {
        let ListedToken {
            name,
            pin_state,
            login,
            protected_authentication_path,
            pin_octets,
            certificates,
        } = token;
        Self {
            label: name.label,
            manufacturer: name.manufacturer,
            model: name.model,
            serial_number: name.serial_number,
            pin_state,
            login,
            protected_authentication_path,
            pin_octets,
            certificates: certificates
                .map(reports)
                .map_err(|fault| TokenServiceError::of_fault(fault, asked)),
        }
    }
}

/// A certificate on a token.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateReport {
    /// SHA-256 of the certificate's octets, computed here.
    pub id: CertificateId,
    /// DER octets of the certificate, then of its issuers as far as they are on the token. Never
    /// empty.
    pub certificate_path: Vec<Vec<u8>>,
    /// `CKA_LABEL`, empty if missing.
    pub label: String,
    /// Its private key.
    pub key_link: KeyLink,
    /// The schemes that its key signs with, the preferred one first.
    pub schemes: Vec<SignatureScheme>,
    /// Those under which a digest computed elsewhere can be signed.
    pub digest_schemes: Vec<SignatureScheme>,
}

impl CertificateReport {
    /// Whether its private key is on the token, or may show after login, and knows a scheme.
    #[must_use]
    pub fn may_sign(&self) -> bool {
        let has_key = !matches!(self.key_link, KeyLink::Missing | KeyLink::Conflicting);
        has_key && !self.schemes.is_empty()
    }

    /// The certificate's DER octets.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        self.certificate_path.first().map_or(&[], Vec::as_slice)
    }
}

fn reports(listed: Vec<ListedCertificate>) -> Vec<CertificateReport> {
    let pool: Vec<Vec<u8>> = listed.iter().map(|held| held.der.clone()).collect();
    let reports = listed.into_iter().map(|held| CertificateReport {
        id: CertificateId::from_sha256(Sha256::digest(&held.der).into()),
        certificate_path: certificate_path(&held.der, &pool),
        label: held.label,
        key_link: held.key_link,
        schemes: held.schemes,
        digest_schemes: held.digest_schemes,
    });
    reports.collect()
}
