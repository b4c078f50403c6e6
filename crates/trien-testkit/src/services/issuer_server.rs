//! Issuers' certificates on loopback, where certificates point to them (RFC 5280, 4.2.2.1).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use trien_types::UnixTime;
use trien_x509::asn1::{encode_tlv, sequence, set_of, unsigned_integer};

use super::ServiceError;
use super::crl::pem;
use super::http::Reply;
use super::server::{Server, role_in, service_accessors};
use super::time_stamp::SIGNED_DATA;
use crate::pki::Role;

/// 1.2.840.113549.1.7.1, id-data
const DATA: &[u8] = &[0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1];

/// How certificates are wrapped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateEncoding {
    /// One certificate in DER.
    #[default]
    Der,
    /// One certificate in PEM.
    Pem,
    /// The issuer and those above it in a PKCS#7 without signers, as rootca.gov.vn serves .p7b.
    Pkcs7,
}

#[derive(Debug, Default)]
struct Settings {
    encoding: CertificateEncoding,
    published: BTreeMap<String, Vec<u8>>,
}

/// Certificates at `/issuer/LABEL.cer`.
#[derive(Debug)]
pub struct IssuerServer {
    server: Server,
    settings: Arc<Mutex<Settings>>,
}

service_accessors!(IssuerServer);

impl IssuerServer {
    /// A server whose clock shows `now`, for nothing yet.
    ///
    /// # Errors
    /// Loopback cannot be used.
    pub fn start(now: UnixTime) -> Result<Self, ServiceError> {
        let settings: Arc<Mutex<Settings>> = Arc::default();
        let chosen = Arc::clone(&settings);
        let server = Server::start(now, move |exchange, pki, _| {
            let encoding = {
                let settings = lock(&chosen);
                if let Some(octets) = settings.published.get(&exchange.path) {
                    return Ok(Reply::ok("application/octet-stream", octets.clone()));
                }
                settings.encoding
            };
            let Some(role) = role_in(&exchange.path, "/issuer/", ".cer") else {
                return Ok(Reply::status(404));
            };
            let issuer = pki.identity(role)?;
            Ok(match encoding {
                CertificateEncoding::Der => {
                    Reply::ok("application/pkix-cert", issuer.certificate_der()?)
                }
                CertificateEncoding::Pem => Reply::ok(
                    "application/x-pem-file",
                    pem("CERTIFICATE", &issuer.certificate_der()?),
                ),
                CertificateEncoding::Pkcs7 => Reply::ok(
                    "application/pkcs7-mime",
                    certificates_only(&issuer.path_der()?),
                ),
            })
        })?;
        Ok(Self { server, settings })
    }

    /// Where the certificate of `issuer` is.
    #[must_use]
    pub fn url(&self, issuer: Role) -> String {
        format!("{}/issuer/{}.cer", self.server.base(), issuer.label())
    }

    /// Wraps certificates so from now on.
    pub fn encode_as(&self, encoding: CertificateEncoding) {
        lock(&self.settings).encoding = encoding;
    }

    /// Serves these octets at `path`, such as `/issuer/own.cer`.
    pub fn publish(&self, path: &str, octets: Vec<u8>) {
        let mut settings = lock(&self.settings);
        settings.published.insert(path.to_owned(), octets);
    }
}

/// DER of a `SignedData` that holds certificates and no signer (RFC 8551, 3.8).
#[must_use]
pub fn certificates_only(certificates: &[Vec<u8>]) -> Vec<u8> {
    let mut set = set_of(certificates);
    if let Some(tag) = set.first_mut() {
        *tag = 0xA0;
    }
    let signed_data = sequence(&[
        &unsigned_integer(1),
        &set_of(&[]),
        &sequence(&[DATA]),
        &set,
        &set_of(&[]),
    ]);
    sequence(&[SIGNED_DATA, &encode_tlv(0xA0, &[&signed_data])])
}

fn lock(settings: &Mutex<Settings>) -> MutexGuard<'_, Settings> {
    settings.lock().unwrap_or_else(PoisonError::into_inner)
}
