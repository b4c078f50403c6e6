//! One complete path put before OpenSSL, and the purpose of the certificate at its start.
//! Looks for no other path and compares no time.

use std::collections::HashMap;
use std::num::NonZeroUsize;

use openssl::error::ErrorStack;
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::{X509CheckFlags, X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509StoreContext, X509StoreContextRef, X509VerifyResult};
use trien_types::{CertificateId, Remembered};
use trien_x509::const_oid::ObjectIdentifier as Oid;
use trien_x509::{Certificate, KeyUsage};

use super::PathFailureReason as Reason;
use super::{InitialPolicies, extensions, openssl_code, policies};
use crate::purpose::PathPurpose;

const KEY_USAGE: Oid = Oid::new_unwrap("2.5.29.15");
const EXTENDED_KEY_USAGE: Oid = Oid::new_unwrap("2.5.29.37");
/// id-kp-timeStamping (RFC 5280, 4.2.1.12).
const TIME_STAMPING: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.3.8");

/// What a certificate may be for and yet sign no document: a web server's, a program's, a stamping
/// authority's, a responder's (RFC 5280, 4.2.1.12). Purposes of people are too many to list.
const FOR_OTHERS: [Oid; 4] = [
    SERVER_AUTHENTICATION,
    CODE_SIGNING,
    TIME_STAMPING,
    OCSP_SIGNING,
];

/// id-kp-serverAuth (RFC 5280, 4.2.1.12).
const SERVER_AUTHENTICATION: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.3.1");
/// id-kp-codeSigning.
const CODE_SIGNING: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.3.3");
/// id-kp-OCSPSigning (RFC 6960, 4.2.2.2).
const OCSP_SIGNING: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.3.9");

/// OpenSSL's form of certificates, read once per search.
#[derive(Default)]
pub(super) struct OpenSslCertificates(HashMap<CertificateId, Option<X509>>);

impl OpenSslCertificates {
    fn read(&mut self, certificate: &Certificate) -> Result<X509, Reason> {
        self.0
            .entry(certificate.id())
            .or_insert_with(|| X509::from_der(certificate.as_der()).ok())
            .clone()
            .ok_or(Reason::CertificateNotRead {
                certificate: certificate.id(),
            })
    }
}

/// What OpenSSL said of paths of which no policy was demanded: no time and no more than the
/// certificates enters into it.
static SAID: Remembered<Vec<CertificateId>, Result<(), Reason>> = Remembered::new(MOST_SAID);

/// Paths of all that sign in a large archive. 0.3 MB.
const MOST_SAID: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();

/// Whether OpenSSL accepts exactly this path, the anchor last, at whatever time.
pub(super) fn verify(
    path: &[&Certificate],
    certificates: &mut OpenSslCertificates,
    initial: &InitialPolicies,
) -> Result<(), Reason> {
    if !initial.demands_nothing() {
        return verify_anew(path, certificates, initial);
    }
    let ids: Vec<CertificateId> = path.iter().map(|certificate| certificate.id()).collect();
    if let Some(known) = SAID.find(&ids) {
        return known;
    }
    let verdict = verify_anew(path, certificates, initial);
    SAID.keep(ids, verdict.clone());
    verdict
}

fn verify_anew(
    path: &[&Certificate],
    certificates: &mut OpenSslCertificates,
    initial: &InitialPolicies,
) -> Result<(), Reason> {
    let converted = path
        .iter()
        .map(|certificate| certificates.read(certificate))
        .collect::<Result<Vec<X509>, Reason>>()?;
    let verdict = ask(path, &converted, initial);
    // What OpenSSL leaves in the thread's queue must not turn up in the next error.
    drop(ErrorStack::get());
    verdict.unwrap_or_else(|_| Err(refused()))
}

/// OpenSSL gave no reason, or could not even be asked.
fn refused() -> Reason {
    let result = X509VerifyResult::APPLICATION_VERIFICATION;
    Reason::Other {
        code: result.as_raw(),
        text: result.error_string(),
    }
}

fn ask(
    path: &[&Certificate],
    converted: &[X509],
    initial: &InitialPolicies,
) -> Result<Result<(), Reason>, ErrorStack> {
    let (Some(target), Some(anchor)) = (converted.first(), converted.last()) else {
        return Ok(Err(refused()));
    };
    let mut parameters = X509VerifyParam::new()?;
    parameters.set_flags(
        // Anchors need not be self-signed.
        X509VerifyFlags::PARTIAL_CHAIN
            // DEVIATION from PACKAGES.md 3: no time is set. OpenSSL would name expiry before a
            // broken constraint, and takes the last second of a validity for expired, which
            // RFC 5280, 4.1.2.5 includes.
            | X509VerifyFlags::NO_CHECK_TIME
            // Decided by `extensions`, which knows one more than OpenSSL.
            | X509VerifyFlags::IGNORE_CRITICAL
            // RFC 5280, 6.1: policies are processed; none is demanded from here.
            | X509VerifyFlags::POLICY_CHECK,
    )?;
    // A person's common name is no host name, whatever it looks like.
    parameters.set_hostflags(X509CheckFlags::NEVER_CHECK_SUBJECT);
    // SHA-1 and RSA-1024 are for policy to judge at the time that counts.
    parameters.set_auth_level(0);
    let mut store = X509StoreBuilder::new()?;
    store.set_param(&parameters)?;
    store.add_cert(anchor.clone())?;
    let store = store.build();
    let mut between = Stack::new()?;
    for certificate in converted
        .iter()
        .skip(1)
        .take(converted.len().saturating_sub(2))
    {
        between.push(certificate.clone())?;
    }
    X509StoreContext::new()?.init(&store, target, &between, |context| {
        let result = match context.verify_cert() {
            Ok(true) => X509VerifyResult::OK,
            Ok(false) | Err(_) if context.error() != X509VerifyResult::OK => context.error(),
            Ok(false) | Err(_) => X509VerifyResult::APPLICATION_VERIFICATION,
        };
        Ok(conclude(result, context, path, converted, initial))
    })
}

fn conclude(
    result: X509VerifyResult,
    context: &X509StoreContextRef,
    path: &[&Certificate],
    converted: &[X509],
    initial: &InitialPolicies,
) -> Result<(), Reason> {
    let (followed, complete) = context.chain().map_or((0, false), |chain| {
        let followed = chain
            .iter()
            .zip(converted)
            .take_while(|(theirs, ours)| **theirs == ***ours)
            .count();
        (
            followed,
            followed == path.len() && chain.len() == path.len(),
        )
    });
    if !complete {
        let last = path.get(followed.saturating_sub(1));
        return Err(
            last.map_or_else(refused, |certificate| Reason::IssuerNotLinked {
                certificate: certificate.id(),
            }),
        );
    }
    extensions::in_order(path)?;
    if result == X509VerifyResult::OK && initial.demands_nothing() {
        return Ok(());
    }
    if result == X509VerifyResult::OK || openssl_code::is_missing_policy(result) {
        return policies::refused_at(path, initial).map_or(Ok(()), |certificate| {
            Err(Reason::PolicyNotPermitted {
                certificate: certificate.id(),
            })
        });
    }
    let depth = usize::try_from(context.error_depth()).unwrap_or(0);
    let issuer = path.get(depth.saturating_add(1)).map(|issuer| issuer.id());
    let at = path.get(depth).or(path.first());
    Err(at.map_or_else(refused, |at| openssl_code::reason(result, at, issuer)))
}

/// Whether the certificate's key usages allow `purpose`. A usage that is there and cannot be read
/// allows nothing.
///
/// RFC 5280, 4.2.1.3: signing needs digitalSignature or contentCommitment, a revocation list
/// cRLSign, where the extension is there. RFC 3161, 2.3 and RFC 6960, 4.2.2.2: time stamps and
/// OCSP responses need their extended key usage; that the former's is critical and the only one
/// is checked with the token. A key that is for these two alone signs no document.
pub(super) fn fits(target: &Certificate, purpose: PathPurpose) -> Result<(), Reason> {
    let unreadable = target
        .unreadable_extensions()
        .iter()
        .any(|oid| *oid == KEY_USAGE || *oid == EXTENDED_KEY_USAGE);
    let uses = |wanted: &[KeyUsage]| {
        target
            .key_usage()
            .is_none_or(|usage| wanted.iter().any(|wanted| usage.contains(*wanted)))
    };
    let signs = [KeyUsage::DIGITAL_SIGNATURE, KeyUsage::CONTENT_COMMITMENT];
    let purposes = target.extended_key_usage().map(|usage| &usage.purposes);
    let is_for = |wanted: Oid| {
        purposes.is_some_and(|purposes| purposes.iter().any(|purpose| *purpose == wanted))
    };
    let only_for_others = purposes.is_some_and(|purposes| {
        !purposes.is_empty()
            && purposes
                .iter()
                .all(|purpose| FOR_OTHERS.iter().any(|other| *purpose == *other))
    });
    let fits = match purpose {
        PathPurpose::CrlSigning => uses(&[KeyUsage::CRL_SIGN]),
        PathPurpose::DocumentSigning => uses(&signs) && !only_for_others,
        PathPurpose::OcspSigning => uses(&signs) && is_for(OCSP_SIGNING),
        PathPurpose::TimeStamping => uses(&signs) && is_for(TIME_STAMPING),
    };
    if fits && !unreadable {
        Ok(())
    } else {
        Err(Reason::KeyUsageForbids {
            certificate: target.id(),
        })
    }
}
