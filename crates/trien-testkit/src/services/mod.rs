//! The services that signatures need, on 127.0.0.1: a time-stamping authority, OCSP responders,
//! distribution points of revocation lists, issuers' certificates. They speak for the test PKI,
//! claim the moment they are told, and do wrong what a script asks for.
//! [`make_time_stamp`], [`make_ocsp`] and [`make_crl`] give the same octets without a server.
//!
//! Knows nothing of clients. The requests are read with `trien-x509`'s ASN.1 reader; the answers
//! are written here, apart from the code under test.

mod body;
mod clock;
mod crl;
mod crl_server;
mod error;
mod fault;
mod http;
mod issuer_server;
mod log;
mod ocsp;
mod ocsp_server;
mod openssl_programs;
mod register;
mod server;
mod sign;
mod time_stamp;
mod time_stamp_server;

use std::path::Path;
use std::sync::Arc;

use trien_types::UnixTime;

pub use clock::ServiceClock;
pub use crl::{
    CrlPlan, CrlScope, RevokedCertificate, issuing_distribution_point, make_crl, pem_crl,
};
pub use crl_server::{CrlEncoding, CrlServer, indirect_crl_issuer, indirect_crl_issuer_name};
pub use error::ServiceError;
pub use fault::{Fault, FaultScript, Framing, Hold};
pub use issuer_server::{CertificateEncoding, IssuerServer, certificates_only};
pub use log::{LoggedRequest, RequestLog};
pub use ocsp::{
    OcspCertId, OcspPlan, OcspStatusPlan, ResponderIdForm, make_ocsp, make_ocsp_request,
    ocsp_refusal,
};
pub use ocsp_server::{OcspServer, OcspSigning};
pub use openssl_programs::{OpensslOcspServer, OpensslTimeStampServer, OpensslTlsServer};
pub use register::RevocationRegister;
pub use time_stamp::{
    TEST_POLICY, TimeStampPlan, make_time_stamp, time_stamp_refusal, time_stamp_response,
};
pub use time_stamp_server::TimeStampServer;
pub use trien_x509::RevocationReason;

use crate::pki::{PkiSettings, Role, Services, TestPki};

/// All services, and a test PKI whose certificates point to them.
#[derive(Debug)]
#[non_exhaustive]
pub struct LiveServices {
    /// The PKI they speak for.
    pub pki: Arc<TestPki>,
    /// The government's time-stamping authority.
    pub time_stamps: TimeStampServer,
    /// The public authority's.
    pub public_time_stamps: TimeStampServer,
    /// OCSP responders.
    pub ocsp: OcspServer,
    /// Revocation lists.
    pub crls: CrlServer,
    /// Issuers' certificates.
    pub issuers: IssuerServer,
    /// Who is revoked, for responders and lists.
    pub register: RevocationRegister,
}

impl LiveServices {
    /// Starts all services at `now`, with keys from the folder `keys` as
    /// [`TestPki::open_or_make`] takes it.
    ///
    /// # Errors
    /// Loopback or the folder cannot be used, or OpenSSL fails.
    pub fn start(keys: &Path, now: UnixTime) -> Result<Self, ServiceError> {
        Self::start_with(keys, PkiSettings::default(), now)
    }

    /// As [`LiveServices::start`], with the validities of `settings`.
    ///
    /// # Errors
    /// Loopback or the folder cannot be used, or OpenSSL fails.
    pub fn start_with(
        keys: &Path,
        settings: PkiSettings,
        now: UnixTime,
    ) -> Result<Self, ServiceError> {
        let register = RevocationRegister::default();
        let time_stamps = TimeStampServer::start(Role::TimeStampAuthority, now)?;
        let public_time_stamps = TimeStampServer::start(Role::PublicTimeStampAuthority, now)?;
        let ocsp = OcspServer::start(register.clone(), now)?;
        let crls = CrlServer::start(register.clone(), now)?;
        let issuers = IssuerServer::start(now)?;
        let services = Services::Each {
            crl: crls.base(),
            ocsp: ocsp.base(),
            issuer_certificate: issuers.base(),
        };
        let settings = PkiSettings {
            services,
            ..settings
        };
        let pki = Arc::new(TestPki::open_or_make(keys, settings)?);
        time_stamps.serve(Arc::clone(&pki));
        public_time_stamps.serve(Arc::clone(&pki));
        ocsp.serve(Arc::clone(&pki));
        crls.serve(Arc::clone(&pki));
        issuers.serve(Arc::clone(&pki));
        Ok(Self {
            pki,
            time_stamps,
            public_time_stamps,
            ocsp,
            crls,
            issuers,
            register,
        })
    }

    /// Sets every clock.
    pub fn set_time(&self, now: UnixTime) {
        for clock in [
            self.time_stamps.clock(),
            self.public_time_stamps.clock(),
            self.ocsp.clock(),
            self.crls.clock(),
            self.issuers.clock(),
        ] {
            clock.set(now);
        }
    }
}
