//! Bounds on requests, as data.

use std::num::NonZeroUsize;
use std::time::Duration;

use trien_types::Purpose;

use crate::AddressPolicy;

/// Whether the certificate of an https server must be in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerCertificate {
    /// Any certificate will do: what comes is believed for its own signature, as over http.
    DangerNotVerified,
    /// It must be valid for the host under the system's roots.
    Verified,
}

/// Bounds on the requests of one purpose. Start from [`PurposeSettings::of`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PurposeSettings {
    /// From the first octet out to the last octet in, redirections included; waiting for a turn is
    /// not.
    pub time_out: Duration,
    /// For name and connection together.
    pub connect_time_out: Duration,
    /// Octets of an answer, unpacked.
    pub answer_octets: u64,
    /// Requests under way at a time; further ones wait for their turn.
    pub at_once: NonZeroUsize,
    /// What is asked of an https server.
    pub server_certificate: ServerCertificate,
}

const fn count(number: usize) -> NonZeroUsize {
    match NonZeroUsize::new(number) {
        Some(number) => number,
        None => NonZeroUsize::MIN,
    }
}

const MIB: u64 = 1024 * 1024;

impl PurposeSettings {
    /// What is customary for `purpose`.
    #[must_use]
    pub const fn of(purpose: Purpose) -> Self {
        let customary = Self {
            time_out: Duration::from_secs(20),
            connect_time_out: Duration::from_secs(10),
            // Answers have 2 to 8 kB, certificates up to 3.
            answer_octets: MIB,
            at_once: count(8),
            // FIELD: rootca.gov.vn is served with the wrong intermediate (docs/adr).
            server_certificate: ServerCertificate::DangerNotVerified,
        };
        match purpose {
            Purpose::TimeStamp => Self {
                // FIELD: tsa.ca.gov.vn takes 2 to 131 s, and no more than 4 at a time are wise.
                time_out: Duration::from_secs(150),
                at_once: count(4),
                server_certificate: ServerCertificate::Verified,
                ..customary
            },
            Purpose::Crl => Self {
                // `Limits::crl_octets`; 30 MB over a school's 4 Mbit/s line take a minute.
                time_out: Duration::from_secs(90),
                answer_octets: 64 * MIB,
                ..customary
            },
            // Purposes to come get the small bounds.
            Purpose::Ocsp | Purpose::IssuerCertificate | _ => customary,
        }
    }
}

/// How requests are made. Start from [`HttpSettings::default`] and change what must differ.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpSettings {
    /// Time stamps.
    pub time_stamp: PurposeSettings,
    /// OCSP.
    pub ocsp: PurposeSettings,
    /// Revocation lists.
    pub crl: PurposeSettings,
    /// Issuers' certificates.
    pub issuer_certificate: PurposeSettings,
    /// Where connections may lead.
    pub addresses: AddressPolicy,
    /// Redirections followed for one request. Real services need one, from http to https.
    pub redirects: u32,
    /// A proxy's address, such as `http://proxy.example:3128`. None is taken from the
    /// environment. A proxy looks names up itself, so that [`HttpSettings::addresses`] then holds
    /// for addresses given as numbers alone.
    pub proxy: Option<String>,
}

impl HttpSettings {
    /// Those of one purpose.
    #[must_use]
    pub const fn of(&self, purpose: Purpose) -> &PurposeSettings {
        match purpose {
            Purpose::TimeStamp => &self.time_stamp,
            Purpose::Crl => &self.crl,
            Purpose::IssuerCertificate => &self.issuer_certificate,
            Purpose::Ocsp | _ => &self.ocsp,
        }
    }
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            time_stamp: PurposeSettings::of(Purpose::TimeStamp),
            ocsp: PurposeSettings::of(Purpose::Ocsp),
            crl: PurposeSettings::of(Purpose::Crl),
            issuer_certificate: PurposeSettings::of(Purpose::IssuerCertificate),
            addresses: AddressPolicy::PublicOnly,
            redirects: 3,
            proxy: None,
        }
    }
}
