//! OCSP responders of the test PKI's authorities on loopback (RFC 6960, A.1).

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use openssl::base64;
use trien_types::UnixTime;
use trien_x509::CertStatus;

use super::http::{Exchange, Reply};
use super::ocsp::{OcspPlan, OcspRequest, OcspStatusPlan, make_ocsp, ocsp_refusal, read_request};
use super::register::RevocationRegister;
use super::server::{Server, claimed, role_in, service_accessors, signer, updates};
use super::{Fault, ServiceError};
use crate::pki::{CertificatePlan, CertificatePurpose, Identity, Role, TestPki};

/// `OCSPResponseStatus` malformedRequest and tryLater.
const MALFORMED_REQUEST: u8 = 1;
const TRY_LATER: u8 = 3;
const REPLY: &str = "application/ocsp-response";

/// Who signs the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OcspSigning {
    /// The authority itself.
    Authority,
    /// A responder whose own certificate has no no-check and points to services.
    CheckedResponder,
    /// A responder with no-check (RFC 6960, 4.2.2.2.1).
    Responder,
}

impl OcspSigning {
    const ALL: [Self; 3] = [Self::Authority, Self::CheckedResponder, Self::Responder];

    const fn number(self) -> u8 {
        match self {
            Self::Authority => 0,
            Self::CheckedResponder => 1,
            Self::Responder => 2,
        }
    }

    fn of_number(number: u8) -> Self {
        let found = Self::ALL.into_iter().find(|one| one.number() == number);
        found.unwrap_or(Self::Responder)
    }
}

/// Responders at `/ocsp/LABEL`, one for each authority, by POST and GET. The nonce is repeated.
#[derive(Debug)]
pub struct OcspServer {
    server: Server,
    register: RevocationRegister,
    signing: Arc<AtomicU8>,
}

service_accessors!(OcspServer);

impl OcspServer {
    /// Responders that answer from `register` and claim `now`.
    ///
    /// # Errors
    /// Loopback cannot be used.
    pub fn start(register: RevocationRegister, now: UnixTime) -> Result<Self, ServiceError> {
        let signing = Arc::new(AtomicU8::new(OcspSigning::Responder.number()));
        let (known, chosen) = (register.clone(), Arc::clone(&signing));
        let server = Server::start(now, move |exchange, pki, now| {
            let signing = OcspSigning::of_number(chosen.load(Ordering::Relaxed));
            respond(exchange, pki, now, &known, signing)
        })?;
        Ok(Self {
            server,
            register,
            signing,
        })
    }

    /// Where to ask about certificates that `issuer` issued.
    #[must_use]
    pub fn url(&self, issuer: Role) -> String {
        format!("{}/ocsp/{}", self.server.base(), issuer.label())
    }

    /// Who is revoked.
    #[must_use]
    pub const fn register(&self) -> &RevocationRegister {
        &self.register
    }

    /// Lets `signing` sign from now on; responders with no-check do at first.
    pub fn sign_by(&self, signing: OcspSigning) {
        self.signing.store(signing.number(), Ordering::Relaxed);
    }
}

fn respond(
    exchange: &Exchange,
    pki: &TestPki,
    now: UnixTime,
    register: &RevocationRegister,
    signing: OcspSigning,
) -> Result<Reply, ServiceError> {
    let Some((role, body)) = authority_and_body(exchange) else {
        return Ok(Reply::status(404));
    };
    if exchange.method == "POST" && exchange.content_type != "application/ocsp-request" {
        return Ok(Reply::status(415));
    }
    if exchange.has(&Fault::Refuse) {
        return Ok(Reply::ok(REPLY, ocsp_refusal(TRY_LATER)));
    }
    let Ok(request) = read_request(&body) else {
        return Ok(Reply::ok(REPLY, ocsp_refusal(MALFORMED_REQUEST)));
    };
    let issuer = pki.identity(role)?;
    let responder = responder(exchange, pki, role, signing, now)?;
    let mut plan = answer(exchange, &request, issuer, &responder, register, now)?;
    if signing == OcspSigning::Authority {
        plan.certificates.clear();
    }
    Ok(Reply::ok(REPLY, make_ocsp(&responder, &plan)?))
}

/// `/ocsp/LABEL` with a body, or `/ocsp/LABEL/BASE64` without one.
fn authority_and_body(exchange: &Exchange) -> Option<(Role, Vec<u8>)> {
    if exchange.method == "POST" {
        return Some((
            role_in(&exchange.path, "/ocsp/", "")?,
            exchange.body.clone(),
        ));
    }
    let (label, encoded) = exchange.path.strip_prefix("/ocsp/")?.split_once('/')?;
    let role = Role::all().into_iter().find(|role| role.label() == label)?;
    let text = encoded
        .replace("%2B", "+")
        .replace("%2F", "/")
        .replace("%3D", "=");
    Some((role, base64::decode_block(&text).ok()?))
}

fn responder(
    exchange: &Exchange,
    pki: &TestPki,
    authority: Role,
    signing: OcspSigning,
    now: UnixTime,
) -> Result<Identity, ServiceError> {
    let delegated = [Role::PublicOcspResponder, Role::GovernmentOcspResponder]
        .into_iter()
        .find(|responder| responder.issuer() == authority);
    let (sound, plan) = match (signing, delegated) {
        (OcspSigning::Responder, Some(role)) => {
            (pki.identity(role)?.clone(), CertificatePlan::of(role))
        }
        (OcspSigning::CheckedResponder, Some(role)) => {
            let mut plan = CertificatePlan::of(role);
            plan.purpose = CertificatePurpose::CheckedOcspResponder;
            let name = format!("checked-{}", role.label());
            (pki.issue(&name, &plan)?, plan)
        }
        _ => {
            let plan = CertificatePlan::of(authority);
            (pki.identity(authority)?.clone(), plan)
        }
    };
    signer(exchange, pki, sound, &plan, now)
}

fn answer(
    exchange: &Exchange,
    request: &OcspRequest,
    issuer: &Identity,
    responder: &Identity,
    register: &RevocationRegister,
    now: UnixTime,
) -> Result<OcspPlan, ServiceError> {
    let name = issuer.certificate().subject_name().to_der()?;
    let (this_update, next_update) = updates(exchange, now);
    let mut statuses = Vec::new();
    for asked in &request.certificates {
        let status = if exchange.has(&Fault::UnknownStatus) {
            CertStatus::Unknown
        } else {
            register.status(&name, &asked.serial, now)
        };
        let mut certificate = asked.clone();
        if exchange.has(&Fault::WrongImprint) {
            // The serial number stands last in a CertID, so its last octet is the CertID's last.
            if let (Some(last), Some(last_of_serial)) =
                (certificate.der.last_mut(), certificate.serial.last_mut())
            {
                *last ^= 1;
                *last_of_serial ^= 1;
            }
        }
        let mut plan = OcspStatusPlan::new(certificate, status, this_update);
        plan.next_update = Some(next_update);
        statuses.push(plan);
    }
    let nonce = if exchange.has(&Fault::WrongNonce) {
        Some(b"another nonce".to_vec())
    } else {
        request.nonce.clone()
    };
    let produced_at = if exchange.has(&Fault::Stale) {
        this_update
    } else {
        claimed(exchange, now)
    };
    Ok(OcspPlan {
        produced_at,
        statuses,
        nonce,
        responder_id: super::ResponderIdForm::Key,
        certificates: vec![responder.certificate_der()?],
    })
}
