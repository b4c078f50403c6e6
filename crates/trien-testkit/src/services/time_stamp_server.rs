//! A time-stamping authority on loopback (RFC 3161, 3.4).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use trien_types::{Digest, UnixTime};

use super::http::{Exchange, Reply};
use super::server::{Server, claimed, service_accessors, signer};
use super::time_stamp::{
    Certificates, QueryFault, TEST_POLICY, TimeStampPlan, make_time_stamp, read_query,
    time_stamp_refusal, time_stamp_response,
};
use super::{Fault, ServiceError};
use crate::pki::{CertificatePlan, Role, TestPki};

/// `PKIStatus` rejection.
const REJECTION: u64 = 2;
/// The bit of `PKIFailureInfo` for systemFailure.
const SYSTEM_FAILURE: u8 = 25;
/// A status that RFC 3161 does not list.
const UNLISTED: u64 = 6;
const REPLY: &str = "application/timestamp-reply";

/// A time-stamping authority: posts to `/tsa` get a token. The nonce is repeated, certReq is
/// honoured, only [`TEST_POLICY`] is accepted.
#[derive(Debug)]
pub struct TimeStampServer {
    server: Server,
}

service_accessors!(TimeStampServer);

impl TimeStampServer {
    /// An authority that signs as `role` and claims `now`.
    ///
    /// # Errors
    /// Loopback cannot be used.
    pub fn start(role: Role, now: UnixTime) -> Result<Self, ServiceError> {
        let number = Arc::new(AtomicU64::new(1));
        let server = Server::start(now, move |exchange, pki, now| {
            respond(exchange, pki, now, role, &number)
        })?;
        Ok(Self { server })
    }

    /// Where to post to.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/tsa", self.server.base())
    }
}

fn respond(
    exchange: &Exchange,
    pki: &TestPki,
    now: UnixTime,
    role: Role,
    number: &AtomicU64,
) -> Result<Reply, ServiceError> {
    // FIELD.md 5: tsa.ca.gov.vn answers a GET with 403.
    if exchange.method != "POST" {
        return Ok(Reply::status(403));
    }
    if exchange.path != "/tsa" {
        return Ok(Reply::status(404));
    }
    if exchange.content_type != "application/timestamp-query" {
        return Ok(Reply::status(415));
    }
    if exchange.has(&Fault::Refuse) {
        return Ok(Reply::ok(
            REPLY,
            time_stamp_refusal(REJECTION, SYSTEM_FAILURE),
        ));
    }
    if exchange.has(&Fault::UnknownStatus) {
        return Ok(Reply::ok(
            REPLY,
            time_stamp_refusal(UNLISTED, SYSTEM_FAILURE),
        ));
    }
    let query = match read_query(&exchange.body) {
        Ok(query)
            if query
                .policy
                .as_deref()
                .is_none_or(|policy| policy == TEST_POLICY) =>
        {
            query
        }
        Ok(_) => return Ok(refused(QueryFault::UnacceptedPolicy)),
        Err(fault) => return Ok(refused(fault)),
    };
    let sound = pki.identity(role)?.clone();
    let authority = signer(exchange, pki, sound, &CertificatePlan::of(role), now)?;
    let mut plan = TimeStampPlan::new(query.imprint, claimed(exchange, now));
    if exchange.has(&Fault::Stale) {
        plan.gen_time = now.plus_seconds(super::server::DAY.saturating_mul(-22));
    }
    plan.serial = number.fetch_add(1, Ordering::Relaxed);
    plan.nonce = query.nonce;
    if exchange.has(&Fault::WrongNonce) {
        plan.nonce = Some(vec![0x2A]);
    }
    if exchange.has(&Fault::WrongImprint) {
        let turned = plan.imprint.as_octets().iter().map(|octet| !octet);
        if let Ok(other) = Digest::new(plan.imprint.algorithm(), turned.collect()) {
            plan.imprint = other;
        }
    }
    if query.certificates == Certificates::Wanted {
        plan = plan.with_path_of(&authority)?;
    }
    let token = make_time_stamp(&authority, &plan)?;
    Ok(Reply::ok(REPLY, time_stamp_response(&token)))
}

fn refused(fault: QueryFault) -> Reply {
    Reply::ok(REPLY, time_stamp_refusal(REJECTION, fault.failure_bit()))
}
