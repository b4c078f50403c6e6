//! What a token shall hold, and the text in which a plan travels to the filling process.
//! Does nothing with a token.

use std::fmt;

use openssl::hash::{MessageDigest, hash};
use trien_types::{decode_hex, encode_hex};

use super::TokenError;
use crate::pki::Identity;

/// Whether a key asks for the PIN again at each signature (`CKA_ALWAYS_AUTHENTICATE`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContextLogin {
    /// Once per session is enough.
    NotAsked,
    /// Each signature needs `C_Login(CKU_CONTEXT_SPECIFIC)`.
    Asked,
}

/// A private key object.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct KeyObject {
    pub(super) id: Vec<u8>,
    pub(super) label: String,
    pub(super) login: ContextLogin,
    pub(super) pkcs8: Vec<u8>,
}

/// A certificate object.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct CertificateObject {
    pub(super) id: Vec<u8>,
    pub(super) label: String,
    pub(super) der: Vec<u8>,
}

/// What one token shall hold.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenPlan {
    pub(super) label: String,
    pub(super) pin: String,
    pub(super) keys: Vec<KeyObject>,
    pub(super) certificates: Vec<CertificateObject>,
}

impl fmt::Debug for TokenPlan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TokenPlan")
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

impl TokenPlan {
    /// An empty token: a label of at most 32 octets, a PIN of 4 to 255.
    #[must_use]
    pub fn new(label: &str, pin: &str) -> Self {
        Self {
            label: label.to_owned(),
            pin: pin.to_owned(),
            keys: Vec::new(),
            certificates: Vec::new(),
        }
    }

    /// Adds the key and the certificate of `identity`, under one `CKA_ID`: the SHA-1 of its
    /// public key, as PKCS#11 v3.0, 4.6.3 suggests.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn with_identity(
        self,
        identity: &Identity,
        login: ContextLogin,
    ) -> Result<Self, TokenError> {
        let public = identity
            .key()
            .public_key_to_der()
            .map_err(TokenError::OpenSsl)?;
        let id = hash(MessageDigest::sha1(), &public).map_err(TokenError::OpenSsl)?;
        self.with_identity_under(&id, identity, login)
    }

    /// The same under a `CKA_ID` of the caller's choice; some tokens leave it empty (FIELD.md 2).
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn with_identity_under(
        mut self,
        id: &[u8],
        identity: &Identity,
        login: ContextLogin,
    ) -> Result<Self, TokenError> {
        self.keys.push(KeyObject {
            id: id.to_owned(),
            label: identity.name().to_owned(),
            login,
            pkcs8: identity.key_pkcs8()?,
        });
        self.certificates.push(CertificateObject {
            id: id.to_owned(),
            label: identity.name().to_owned(),
            der: identity.certificate_der()?,
        });
        Ok(self)
    }

    /// Adds the key of `identity` without its certificate, as a half-finished issuance leaves it.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn with_key(mut self, id: &[u8], identity: &Identity) -> Result<Self, TokenError> {
        self.keys.push(KeyObject {
            id: id.to_owned(),
            label: identity.name().to_owned(),
            login: ContextLogin::NotAsked,
            pkcs8: identity.key_pkcs8()?,
        });
        Ok(self)
    }

    /// Adds a certificate without a key, such as an issuer's.
    #[must_use]
    pub fn with_certificate(mut self, label: &str, der: &[u8]) -> Self {
        self.certificates.push(CertificateObject {
            id: Vec::new(),
            label: label.to_owned(),
            der: der.to_owned(),
        });
        self
    }
}

/// One line per token and object, each value in hexadecimal digits or `-` when empty; the last
/// line is `end`, so that a cut list is noticed.
pub(super) fn to_list(module: &str, plans: &[TokenPlan]) -> String {
    let hex = |octets: &[u8]| {
        if octets.is_empty() {
            "-".to_owned()
        } else {
            encode_hex(octets)
        }
    };
    let mut lines = vec![format!("module {}", hex(module.as_bytes()))];
    for plan in plans {
        lines.push(format!(
            "token {} {}",
            hex(plan.label.as_bytes()),
            hex(plan.pin.as_bytes())
        ));
        for key in &plan.keys {
            let word = match key.login {
                ContextLogin::NotAsked => "key",
                ContextLogin::Asked => "key-with-context-login",
            };
            lines.push(format!(
                "{word} {} {} {}",
                hex(&key.id),
                hex(key.label.as_bytes()),
                hex(&key.pkcs8)
            ));
        }
        for certificate in &plan.certificates {
            lines.push(format!(
                "certificate {} {} {}",
                hex(&certificate.id),
                hex(certificate.label.as_bytes()),
                hex(&certificate.der)
            ));
        }
    }
    lines.push("end\n".to_owned());
    lines.join("\n")
}

/// Reads what [`to_list`] writes: the module's path and the plans.
pub(super) fn from_list(list: &str) -> Result<(String, Vec<TokenPlan>), TokenError> {
    let mut module = None;
    let mut plans: Vec<TokenPlan> = Vec::new();
    let mut count = 0_usize;
    for (line, number) in list.lines().zip(1..) {
        count = number;
        let malformed = || TokenError::ListMalformed { line: number };
        let mut words = line.split(' ');
        let word = words.next().unwrap_or_default();
        let mut values = Vec::new();
        for value in words {
            values.push(if value == "-" {
                Vec::new()
            } else {
                decode_hex(value).map_err(|_| malformed())?
            });
        }
        let text = |octets: &Vec<u8>| String::from_utf8(octets.clone()).map_err(|_| malformed());
        match (word, values.as_slice()) {
            ("module", [path]) => module = Some(text(path)?),
            ("token", [label, pin]) => plans.push(TokenPlan::new(&text(label)?, &text(pin)?)),
            ("key" | "key-with-context-login", [id, label, pkcs8]) => {
                let login = if word == "key" {
                    ContextLogin::NotAsked
                } else {
                    ContextLogin::Asked
                };
                plans
                    .last_mut()
                    .ok_or_else(malformed)?
                    .keys
                    .push(KeyObject {
                        id: id.clone(),
                        label: text(label)?,
                        login,
                        pkcs8: pkcs8.clone(),
                    });
            }
            ("certificate", [id, label, der]) => {
                let plan = plans.last_mut().ok_or_else(malformed)?;
                plan.certificates.push(CertificateObject {
                    id: id.clone(),
                    label: text(label)?,
                    der: der.clone(),
                });
            }
            ("end", []) => {
                return module.map(|module| (module, plans)).ok_or_else(malformed);
            }
            _ => return Err(malformed()),
        }
    }
    Err(TokenError::ListMalformed { line: count })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> TokenPlan {
        let mut plan = TokenPlan::new("Con dau", "1234").with_certificate("issuer", &[0x30, 0]);
        plan.keys.push(KeyObject {
            id: Vec::new(),
            label: "khóa".to_owned(),
            login: ContextLogin::Asked,
            pkcs8: vec![1, 2, 3],
        });
        plan
    }

    #[test]
    fn a_list_reads_back_as_the_plans_it_was_written_from() {
        let plans = [plan(), TokenPlan::new("empty", "9999")];
        let (module, read) = from_list(&to_list("/lib/module.so", &plans)).unwrap();
        assert_eq!(module, "/lib/module.so");
        assert!(read == plans);
    }

    #[test]
    fn a_cut_list_is_refused_with_its_line() {
        let list = to_list("m", &[plan()]);
        let cut = list.strip_suffix("end\n").unwrap();
        let error = from_list(cut).unwrap_err();
        assert!(
            matches!(error, TokenError::ListMalformed { line: 4 }),
            "{error:?}"
        );
    }

    #[test]
    fn a_plan_never_prints_its_pin() {
        assert!(!format!("{:?}", plan()).contains("1234"));
    }
}
