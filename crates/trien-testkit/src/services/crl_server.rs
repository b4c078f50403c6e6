//! Distribution points of the test PKI's authorities on loopback: full, delta and indirect lists.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use openssl::x509::X509Name;
use trien_types::UnixTime;

use super::crl::{CrlPlan, CrlScope, issuing_distribution_point, make_crl, pem_crl};
use super::http::{Exchange, Reply};
use super::register::RevocationRegister;
use super::server::{Server, role_in, service_accessors, signer, updates};
use super::{Fault, ServiceError};
use crate::pki::{CertificatePlan, CertificatePurpose, Identity, Role, SubjectAttribute, TestPki};

const REPLY: &str = "application/pkix-crl";
/// Before every revocation.
const EVER: UnixTime = UnixTime::from_seconds(i64::MIN);

/// How octets are wrapped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CrlEncoding {
    /// As RFC 5280, 4.2.1.13 wants them.
    #[default]
    Der,
    /// As rootca.gov.vn serves them.
    Pem,
}

#[derive(Debug, Default)]
struct Settings {
    encoding: CrlEncoding,
    base: Option<UnixTime>,
    published: BTreeMap<String, Vec<u8>>,
}

/// Lists at `/crl/LABEL.crl` (full), `/crl/LABEL-delta.crl` (what was revoked since the full one)
/// and `/crl/indirect.crl` (all authorities', by an issuer of its own).
#[derive(Debug)]
pub struct CrlServer {
    server: Server,
    register: RevocationRegister,
    settings: Arc<Mutex<Settings>>,
}

service_accessors!(CrlServer);

impl CrlServer {
    /// Lists made from `register` as of `now`.
    ///
    /// # Errors
    /// Loopback cannot be used.
    pub fn start(register: RevocationRegister, now: UnixTime) -> Result<Self, ServiceError> {
        let settings: Arc<Mutex<Settings>> = Arc::default();
        let (known, chosen) = (register.clone(), Arc::clone(&settings));
        let server = Server::start(now, move |exchange, pki, now| {
            let (encoding, base) = {
                let settings = lock(&chosen);
                if let Some(octets) = settings.published.get(&exchange.path) {
                    return Ok(Reply::ok(REPLY, octets.clone()));
                }
                (settings.encoding, settings.base)
            };
            let list = list(exchange, pki, &known, now, base)?;
            Ok(list.map_or_else(
                || Reply::status(404),
                |der| match encoding {
                    CrlEncoding::Der => Reply::ok(REPLY, der),
                    CrlEncoding::Pem => Reply::ok("application/x-pem-file", pem_crl(&der)),
                },
            ))
        })?;
        Ok(Self {
            server,
            register,
            settings,
        })
    }

    /// Where the full list of `issuer` is.
    #[must_use]
    pub fn url(&self, issuer: Role) -> String {
        format!("{}/crl/{}.crl", self.server.base(), issuer.label())
    }

    /// Where the delta list of `issuer` is.
    #[must_use]
    pub fn delta_url(&self, issuer: Role) -> String {
        format!("{}/crl/{}-delta.crl", self.server.base(), issuer.label())
    }

    /// Where the indirect list is.
    #[must_use]
    pub fn indirect_url(&self) -> String {
        format!("{}/crl/indirect.crl", self.server.base())
    }

    /// Who is revoked.
    #[must_use]
    pub const fn register(&self) -> &RevocationRegister {
        &self.register
    }

    /// Wraps lists so from now on.
    pub fn encode_as(&self, encoding: CrlEncoding) {
        lock(&self.settings).encoding = encoding;
    }

    /// Full lists stay those of `base`; what comes later is on the delta lists alone.
    pub fn keep_base(&self, base: UnixTime) {
        lock(&self.settings).base = Some(base);
    }

    /// Serves these octets at `path`, such as `/crl/own.crl`, instead of a list made here.
    pub fn publish(&self, path: &str, octets: Vec<u8>) {
        let mut settings = lock(&self.settings);
        settings.published.insert(path.to_owned(), octets);
    }
}

/// The issuer of the indirect list: by the national root, no authority itself.
///
/// # Errors
/// OpenSSL fails.
pub fn indirect_crl_issuer(pki: &TestPki) -> Result<Identity, ServiceError> {
    Ok(pki.issue("indirect-crl-issuer", &indirect_plan())?)
}

/// DER of the name that a certificate's distribution point gives as `cRLIssuer`, to be set in
/// [`crate::pki::Pointers::crl_issuer`].
///
/// # Errors
/// OpenSSL fails.
pub fn indirect_crl_issuer_name() -> Result<Vec<u8>, ServiceError> {
    let mut name = X509Name::builder()?;
    for (attribute, value) in indirect_plan().subject {
        name.append_entry_by_text(attribute.oid(), &value)?;
    }
    Ok(name.build().to_der()?)
}

fn indirect_plan() -> CertificatePlan {
    let mut plan = CertificatePlan::signer(
        Role::NationalRoot,
        &[
            (SubjectAttribute::Country, "VN"),
            (SubjectAttribute::CommonName, "TEST CRL ISSUER – RS"),
        ],
    );
    plan.purpose = CertificatePurpose::CrlIssuer;
    plan
}

fn lock(settings: &Mutex<Settings>) -> MutexGuard<'_, Settings> {
    settings.lock().unwrap_or_else(PoisonError::into_inner)
}

fn list(
    exchange: &Exchange,
    pki: &TestPki,
    register: &RevocationRegister,
    now: UnixTime,
    base: Option<UnixTime>,
) -> Result<Option<Vec<u8>>, ServiceError> {
    let (this_update, next_update) = updates(exchange, now);
    let known_until = if exchange.has(&Fault::Stale) {
        this_update
    } else {
        now
    };
    let path = exchange.path.as_str();
    let (issuer, certificate_plan, plan) = if path == "/crl/indirect.crl" {
        let mut plan = CrlPlan::new(this_update);
        plan.revoked = register.revoked(None, EVER, known_until);
        plan.issuing_distribution_point = Some(issuing_distribution_point("", CrlScope::Indirect));
        (indirect_crl_issuer(pki)?, indirect_plan(), plan)
    } else if let Some(role) = role_in(path, "/crl/", "-delta.crl") {
        let issuer = pki.identity(role)?.clone();
        let name = issuer.certificate().subject_name().to_der()?;
        let from = base.unwrap_or(this_update);
        let mut plan = CrlPlan::new(this_update);
        plan.delta_base = CrlPlan::new(from).number;
        plan.revoked = register.revoked(Some(&name), from, known_until);
        (issuer, CertificatePlan::of(role), plan)
    } else if let Some(role) = role_in(path, "/crl/", ".crl") {
        let issuer = pki.identity(role)?.clone();
        let name = issuer.certificate().subject_name().to_der()?;
        let mut plan = CrlPlan::new(base.unwrap_or(this_update));
        plan.revoked = register.revoked(Some(&name), EVER, base.unwrap_or(known_until));
        (issuer, CertificatePlan::of(role), plan)
    } else {
        return Ok(None);
    };
    let plan = CrlPlan {
        next_update: Some(next_update),
        ..plan
    };
    // A list by an expired authority would have another issuer's key: only the key can be wrong.
    let signer = if exchange.has(&Fault::WrongKey) {
        signer(exchange, pki, issuer, &certificate_plan, now)?
    } else {
        issuer
    };
    make_crl(&signer, &plan).map(Some)
}
