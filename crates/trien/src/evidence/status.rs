//! The status of every certificate on a path, from OCSP responders first and lists second
//! (RFC 6960; RFC 5280, 5), and of those who sign these in turn.

use std::collections::{HashMap, HashSet};

use trien_trust::revocation::{
    EvidenceId, RevocationEvidence, SignerRole, StatedStatus, StatusAnswer, StatusAt,
    StatusStatement, StatusSubject,
};
use trien_trust::{Budget, CertificationPath};
use trien_types::{CertificateId, Limits, Purpose, UnixTime};
use trien_x509::{AccessMethod, Certificate, ocsp_request};

use super::choice::{choose, is_good_as_of, is_settled, speaks_of};
use super::fetch::{Fetched, Fetcher};
use super::missing::{FetchAttempt, FetchFailure, Missing, MissingReason};
use super::paths::{addresses, find, list_addresses};
use super::subject::{Pool, Subject};
use super::{Evidence, EvidenceSearch};

/// By how much a responder's clock may be ahead of ours, or behind it.
const CLOCK_TOLERANCE_SECONDS: i64 = 300;

/// Certificates whose status is asked for in one document: 100 signatures with six certificates
/// each have 600, most of them the same.
const MOST_QUESTIONS: usize = 4_096;

/// What has been found so far.
pub(super) struct Collection<'s> {
    search: EvidenceSearch<'s>,
    limits: &'s Limits,
    fetcher: Fetcher<'s>,
    pool: Pool,
    /// Questions that were answered, well or not.
    asked: HashSet<(CertificateId, UnixTime)>,
    certificates: Vec<Certificate>,
    used: Vec<EvidenceId>,
    missing: Vec<Missing>,
    /// What came from where: one list may be asked about many certificates.
    lists: HashMap<String, EvidenceId>,
}

/// A path whose certificates' status is to be known at a time.
struct Task {
    path: CertificationPath,
    time: UnixTime,
    /// Whether the issuer says that the first certificate's status need not be asked for.
    first: First,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    Asked,
    Exempt,
}

impl<'s> Collection<'s> {
    pub(super) fn new(search: &EvidenceSearch<'s>, limits: &'s Limits, pool: Pool) -> Self {
        Self {
            search: *search,
            limits,
            fetcher: Fetcher::new(search.transport),
            pool,
            asked: HashSet::new(),
            certificates: Vec::new(),
            used: Vec::new(),
            missing: Vec::new(),
            lists: HashMap::new(),
        }
    }

    pub(super) fn finish(self, keys: Vec<String>) -> Evidence {
        let statuses = &self.pool.statuses;
        let octets = |id: &EvidenceId| statuses.octets(*id).map(<[u8]>::to_vec);
        let (crls, ocsps): (Vec<EvidenceId>, Vec<EvidenceId>) = self
            .used
            .iter()
            .partition(|id| statuses.crl(**id).is_some());
        Evidence {
            certificates: self.certificates,
            crls: crls.iter().filter_map(octets).collect(),
            ocsps: ocsps.iter().filter_map(octets).collect(),
            missing: self.missing,
            keys,
        }
    }

    /// Finds a path for the subject and the status of every certificate on it.
    pub(super) fn prove(&mut self, subject: &Subject) {
        let Some(certificate) = &subject.certificate else {
            self.missing.push(Missing {
                field: subject.field.clone(),
                certificate: None,
                subject: String::new(),
                reason: MissingReason::SignerUnknown,
                attempts: Vec::new(),
            });
            return;
        };
        self.keep(certificate);
        let mut attempts = Vec::new();
        let path = find(
            certificate,
            &mut self.pool,
            self.search.anchors,
            (subject.time, subject.purpose),
            &mut self.fetcher,
            &mut attempts,
        );
        let path = match path {
            Ok(path) => path,
            Err(failure) => {
                let reason = MissingReason::NoPath(failure);
                self.miss(&subject.field, certificate, reason, attempts);
                return;
            }
        };
        let mut tasks = vec![Task {
            path,
            time: subject.time,
            first: First::Asked,
        }];
        while let Some(task) = tasks.pop() {
            self.prove_path(&subject.field, &task, &mut tasks);
        }
    }

    fn prove_path(&mut self, field: &str, task: &Task, tasks: &mut Vec<Task>) {
        for certificate in task.path.certificates() {
            self.keep(certificate);
        }
        let exempt = usize::from(task.first == First::Exempt);
        for question in StatusSubject::on(&task.path).skip(exempt) {
            let certificate = question.certificate();
            if self.asked.len() >= MOST_QUESTIONS {
                self.miss(field, certificate, MissingReason::TooMany, Vec::new());
                return;
            }
            if self.asked.insert((certificate.id(), task.time)) {
                self.ask(field, question, task.time, tasks);
            }
        }
    }

    /// Asks for the status of one certificate, of the pool first. A statement that was made
    /// before the time it is needed for is kept only when there is no newer one to be had, from
    /// a responder or a list: a list that is still in force may have been overtaken.
    fn ask(
        &mut self,
        field: &str,
        question: StatusSubject<'_>,
        time: UnixTime,
        tasks: &mut Vec<Task>,
    ) {
        let mut attempts = Vec::new();
        let mut asked = Asked::No;
        let mut answer = self.answer(question);
        if !is_settled(&answer, time) {
            self.fetch_ocsp(question, time, &mut attempts, &mut asked);
            answer = self.answer(question);
        }
        // A responder's clock may be a little behind: its answer of now is new enough.
        let almost = time.plus_seconds(CLOCK_TOLERANCE_SECONDS.saturating_neg());
        if !is_settled(&answer, time) && !is_good_as_of(&answer, time, almost) {
            self.fetch_lists(question, time, &mut attempts, &mut asked);
            answer = self.answer(question);
        }
        let chosen = choose(&answer, time);
        for statement in &chosen {
            self.use_statement(statement, time, tasks);
        }
        let reason = match answer.status_at(time) {
            StatusAt::Good => return,
            StatusAt::Revoked(revocation) | StatusAt::OnHold(revocation) => {
                MissingReason::Revoked(revocation)
            }
            StatusAt::Unknown => MissingReason::Unknown,
            StatusAt::NotStated if asked == Asked::No => MissingReason::NoAddress,
            StatusAt::NotStated => MissingReason::NoStatus,
            // The enum is open to more; what is not known to be good is missing.
            _ => MissingReason::NoStatus,
        };
        self.miss(field, question.certificate(), reason, attempts);
    }

    /// What the pool says of the certificate, without what comes from the future.
    fn answer(&self, question: StatusSubject<'_>) -> StatusAnswer {
        let statuses: &RevocationEvidence = &self.pool.statuses;
        let mut answer = statuses.ask(question, &self.pool.certificates, &Budget::default());
        let now = self.now();
        answer
            .statements
            .retain(|statement| statement.this_update <= now);
        answer
    }

    fn now(&self) -> UnixTime {
        self.search.time.plus_seconds(CLOCK_TOLERANCE_SECONDS)
    }

    fn fetch_ocsp(
        &mut self,
        question: StatusSubject<'_>,
        time: UnixTime,
        attempts: &mut Vec<FetchAttempt>,
        asked: &mut Asked,
    ) {
        for url in addresses(question.certificate(), &AccessMethod::Ocsp) {
            *asked = Asked::Yes;
            let failure = match ocsp_request(question.certificate(), question.issuer()) {
                Some(request) => {
                    let fetched = self.fetcher.fetch(Purpose::Ocsp, &url, &request);
                    self.take(question, time, (Purpose::Ocsp, &url), fetched)
                }
                None => Some(FetchFailure::NoRequest),
            };
            let Some(failure) = failure else { return };
            attempts.push(FetchAttempt {
                purpose: Purpose::Ocsp,
                url,
                failure,
            });
        }
    }

    fn fetch_lists(
        &mut self,
        question: StatusSubject<'_>,
        time: UnixTime,
        attempts: &mut Vec<FetchAttempt>,
        asked: &mut Asked,
    ) {
        for url in list_addresses(question.certificate()) {
            *asked = Asked::Yes;
            let known = self.lists.get(&url).copied();
            let failure = match known {
                Some(id) => self.objection(question, time, id),
                None => {
                    let fetched = self.fetcher.fetch(Purpose::Crl, &url, &[]);
                    self.take(question, time, (Purpose::Crl, &url), fetched)
                }
            };
            if let Some(failure) = failure {
                attempts.push(FetchAttempt {
                    purpose: Purpose::Crl,
                    url,
                    failure,
                });
            }
            // Lists may each be about some of the reasons, or old: on until all are known.
            if is_settled(&self.answer(question), time) {
                return;
            }
        }
    }

    /// Takes an answer into the pool; says why it is of no use, if it is not.
    fn take(
        &mut self,
        question: StatusSubject<'_>,
        time: UnixTime,
        (purpose, url): (Purpose, &str),
        fetched: Fetched,
    ) -> Option<FetchFailure> {
        let octets = match fetched {
            Fetched::Answer(octets) => octets,
            Fetched::Failed(error) => return Some(FetchFailure::Transport(error)),
            Fetched::AskedBefore => return Some(FetchFailure::AskedBefore),
            Fetched::TooMany => return Some(FetchFailure::TooMany),
        };
        let statuses = &mut self.pool.statuses;
        let id = if purpose == Purpose::Crl {
            let id = statuses.add_crl(&octets, self.limits);
            self.lists.insert(url.to_owned(), id);
            id
        } else {
            statuses.add_ocsp_response(&octets, self.limits)
        };
        self.objection(question, time, id)
    }

    /// Why this evidence of the pool is of no use for the question, if it is not.
    fn objection(
        &self,
        question: StatusSubject<'_>,
        time: UnixTime,
        id: EvidenceId,
    ) -> Option<FetchFailure> {
        let statuses = &self.pool.statuses;
        if let Some(kept) = statuses.unreadable().iter().find(|kept| kept.id == id) {
            return Some(FetchFailure::Unreadable(kept.error.clone()));
        }
        let answer = statuses.ask(question, &self.pool.certificates, &Budget::default());
        let of_it = |statement: &&StatusStatement| {
            statement.evidence.iter().any(|evidence| evidence.id == id)
        };
        let Some(statement) = answer.statements.iter().find(of_it) else {
            let rejected = answer.rejected.into_iter().find(|one| one.id == id);
            return rejected.map(|rejected| FetchFailure::Rejected(rejected.reason));
        };
        if statement.this_update > self.now() {
            return Some(FetchFailure::FromTheFuture {
                this_update: statement.this_update,
            });
        }
        if !speaks_of(statement, time) && statement.status == StatedStatus::Good {
            return Some(FetchFailure::Stale {
                this_update: statement.this_update,
                next_update: statement.next_update,
            });
        }
        None
    }

    /// Notes that the evidence rests on a statement, and what that rests on in turn.
    fn use_statement(
        &mut self,
        statement: &StatusStatement,
        time: UnixTime,
        tasks: &mut Vec<Task>,
    ) {
        for evidence in &statement.evidence {
            if !self.used.contains(&evidence.id) {
                self.used.push(evidence.id);
            }
        }
        self.keep(&statement.signer.certificate);
        if let Some(path) = &statement.signer.path {
            tasks.push(Task {
                path: path.clone(),
                time,
                first: if statement.signer.role == SignerRole::DelegatedResponderNoCheck {
                    First::Exempt
                } else {
                    First::Asked
                },
            });
        }
    }

    fn keep(&mut self, certificate: &Certificate) {
        let id = certificate.id();
        if !self.certificates.iter().any(|known| known.id() == id) {
            self.certificates.push(certificate.clone());
        }
    }

    fn miss(
        &mut self,
        field: &str,
        certificate: &Certificate,
        reason: MissingReason,
        attempts: Vec<FetchAttempt>,
    ) {
        self.missing.push(Missing {
            field: field.to_owned(),
            certificate: Some(certificate.id()),
            subject: certificate.subject().to_string(),
            reason,
            attempts,
        });
    }
}

/// Whether any place was asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Yes,
    No,
}
