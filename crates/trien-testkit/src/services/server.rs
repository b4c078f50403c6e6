//! What every service has: an address, a clock, a script of faults, a log, and the PKI it speaks
//! for once there is one.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use trien_types::UnixTime;

use super::http::{Exchange, HttpServer, Reply};
use super::{Fault, FaultScript, RequestLog, ServiceClock, ServiceError};
use crate::pki::{Identity, Role, TestPki, Validity};

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;
const YEAR: i64 = 365 * DAY;
/// Vietnam is so many seconds ahead of UTC.
const VIETNAM_AHEAD: i64 = 7 * 3_600;

/// A service on loopback.
#[derive(Debug)]
pub(super) struct Server {
    http: HttpServer,
    clock: ServiceClock,
    pki: Arc<OnceLock<Arc<TestPki>>>,
}

impl Server {
    /// Listens; answers 503 until [`Server::serve`] says for whom.
    pub(super) fn start(
        now: UnixTime,
        respond: impl Fn(&Exchange, &TestPki, UnixTime) -> Result<Reply, ServiceError>
        + Send
        + Sync
        + 'static,
    ) -> Result<Self, ServiceError> {
        let clock = ServiceClock::at(now);
        let pki: Arc<OnceLock<Arc<TestPki>>> = Arc::default();
        let (shown, known) = (clock.clone(), Arc::clone(&pki));
        let http = HttpServer::start(move |exchange| match known.get() {
            None => Ok(Reply::status(503)),
            Some(pki) => respond(&exchange, pki, shown.time()),
        })?;
        Ok(Self { http, clock, pki })
    }

    /// Speaks for `pki` from now on. A server speaks for one PKI; further calls change nothing.
    pub(super) fn serve(&self, pki: Arc<TestPki>) {
        let _first = self.pki.set(pki);
    }

    pub(super) fn base(&self) -> String {
        self.http.base()
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.http.address()
    }

    pub(super) const fn clock(&self) -> &ServiceClock {
        &self.clock
    }

    pub(super) const fn faults(&self) -> &FaultScript {
        self.http.script()
    }

    pub(super) const fn log(&self) -> &RequestLog {
        self.http.log()
    }
}

/// The accessors that all servers share.
macro_rules! service_accessors {
    ($server:ty) => {
        impl $server {
            /// `http://127.0.0.1:PORT`
            #[must_use]
            pub fn base(&self) -> String {
                self.server.base()
            }

            /// Where it listens.
            #[must_use]
            pub fn address(&self) -> std::net::SocketAddr {
                self.server.address()
            }

            /// The moment it claims.
            #[must_use]
            pub fn clock(&self) -> &crate::services::ServiceClock {
                self.server.clock()
            }

            /// What it shall do wrong.
            #[must_use]
            pub fn faults(&self) -> &crate::services::FaultScript {
                self.server.faults()
            }

            /// Which requests came in.
            #[must_use]
            pub fn log(&self) -> &crate::services::RequestLog {
                self.server.log()
            }

            /// Speaks for `pki` from now on; until then it answers with status 503. A server
            /// speaks for one PKI: further calls change nothing.
            pub fn serve(&self, pki: std::sync::Arc<crate::pki::TestPki>) {
                self.server.serve(pki);
            }
        }
    };
}
pub(super) use service_accessors;

/// The role whose label stands in `path` after `prefix` and before `suffix`.
pub(super) fn role_in(path: &str, prefix: &str, suffix: &str) -> Option<Role> {
    let label = path.strip_prefix(prefix)?.strip_suffix(suffix)?;
    Role::all().into_iter().find(|role| role.label() == label)
}

/// The moment a faulty answer claims.
pub(super) fn claimed(exchange: &Exchange, now: UnixTime) -> UnixTime {
    if exchange.has(&Fault::FromFuture) {
        now.plus_seconds(DAY)
    } else if exchange.has(&Fault::LocalTimeAsUtc) {
        now.plus_seconds(VIETNAM_AHEAD)
    } else {
        now
    }
}

/// `thisUpdate` and `nextUpdate` of an answer that holds for a day.
pub(super) fn updates(exchange: &Exchange, now: UnixTime) -> (UnixTime, UnixTime) {
    let this_update = if exchange.has(&Fault::Stale) {
        now.plus_seconds(DAY.saturating_mul(-22))
    } else {
        claimed(exchange, now)
    };
    (this_update, this_update.plus_seconds(DAY))
}

/// Who signs: `sound`, or the faulty stand-in of it that the script asks for.
pub(super) fn signer(
    exchange: &Exchange,
    pki: &TestPki,
    sound: Identity,
    plan: &crate::pki::CertificatePlan,
    now: UnixTime,
) -> Result<Identity, ServiceError> {
    if exchange.has(&Fault::WrongKey) {
        let stranger = pki.issue("stranger", &plan.clone().with_key(sound_kind(&sound)))?;
        return Ok(sound.with_key_of(&stranger));
    }
    if exchange.has(&Fault::ExpiredSigner) {
        let validity = Validity::new(
            now.plus_seconds(YEAR.saturating_mul(-3)),
            now.plus_seconds(YEAR.saturating_mul(-1)),
        );
        let name = format!("expired-{}", sound.name());
        return Ok(pki.issue(&name, &plan.clone().with_validity(validity))?);
    }
    Ok(sound)
}

/// The kind of key that makes the same algorithm identifier as `identity`'s.
fn sound_kind(identity: &Identity) -> crate::pki::KeyKind {
    use crate::pki::KeyKind;
    use openssl::pkey::Id;
    let key = identity.key();
    match (key.id(), key.bits()) {
        (Id::ED25519, _) => KeyKind::Ed25519,
        (Id::ED448, _) => KeyKind::Ed448,
        (Id::EC, 0..=256) => KeyKind::P256,
        (Id::EC, 257..=384) => KeyKind::P384,
        (Id::EC, _) => KeyKind::P521,
        _ => KeyKind::Rsa2048,
    }
}
