//! Evidence that is missing, false, stale or from the future: it is never stored, the extension is
//! refused with a list of what is missing, and only who asks for it gets an incomplete file.

use trien::trust::revocation::RejectionReason;
use trien::{
    Document, EvidenceSearch, Extended, ExtensionError, ExtensionErrorKind, ExtensionLevel,
    ExtensionRequest, FetchFailure, Limits, Missing, MissingReason, Purpose, SignatureRequest,
    TimeStampAuthority, Transport, extend,
};
use trien_testkit::pki::{CertificatePlan, Pointers, Role};
use trien_testkit::services::{CertificateEncoding, CrlEncoding, Fault, LiveServices, OcspSigning};
use trien_testkit::structures::{Structure, write};
use trien_x509::{Certificate, RevocationReason};

use crate::client::{Client, Unplugged};
use crate::levels::{basic, request, services, stamped, store};
use crate::school::{SIGNED_AT, anchors, empty_page};

fn small() -> Vec<u8> {
    write(&empty_page(), Structure::ClassicTable)
}

fn to_lt<'b>(
    services: &LiveServices,
    file: &'b [u8],
    transport: &dyn Transport,
) -> Result<Extended<'b>, ExtensionError> {
    let request = request(services, ExtensionLevel::BLt, SIGNED_AT, transport);
    extend(file, &request, &Limits::default())
}

/// What a refused extension lists.
fn missing(services: &LiveServices, file: &[u8], transport: &dyn Transport) -> Vec<Missing> {
    let error = to_lt(services, file, transport).unwrap_err();
    let said = error.to_string();
    assert!(
        said.starts_with("evidence is missing; HieuTruong: "),
        "{said}"
    );
    assert!(!error.missing().is_empty());
    let ExtensionErrorKind::Incomplete(missing) = error.into_kind() else {
        panic!("{said}")
    };
    missing
}

fn certificate(services: &LiveServices, role: Role) -> Certificate {
    let der = services.pki.identity(role).unwrap().certificate_der();
    Certificate::from_der(der.unwrap()).unwrap()
}

#[test]
fn nothing_is_written_without_a_network_unless_incomplete_evidence_is_asked_for_by_name() {
    let services = services(SIGNED_AT);
    let t = stamped(&services, &small(), SIGNED_AT, &Client::default());
    let missing = missing(&services, &t, &Unplugged);
    let principal = certificate(&services, Role::Principal);
    let of_principal = missing
        .iter()
        .find(|one| one.certificate == Some(principal.id()))
        .unwrap();
    assert!(matches!(of_principal.reason, MissingReason::NoStatus));
    let tried: Vec<(Purpose, &str)> = of_principal
        .attempts
        .iter()
        .map(|attempt| (attempt.purpose, attempt.url.as_str()))
        .collect();
    let ocsp = services.ocsp.url(Role::GovernmentAuthority);
    let crl = services.crls.url(Role::GovernmentAuthority);
    assert_eq!(
        tried,
        [(Purpose::Ocsp, ocsp.as_str()), (Purpose::Crl, crl.as_str())]
    );
    // The principal, its issuer, and the authority of the time stamp.
    assert_eq!(missing.len(), 3, "{missing:?}");
    let wanted = request(&services, ExtensionLevel::BLt, SIGNED_AT, &Unplugged)
        .accepting_incomplete_evidence();
    let extended = extend(&t, &wanted, &Limits::default()).unwrap();
    assert_eq!(extended.missing.len(), 3);
    let store = store(&extended.document.to_vec());
    assert!(store.ocsps.is_empty() && store.crls.is_empty());
    assert_eq!(store.certificates.len(), 4);
}

#[test]
fn a_false_responder_is_not_believed_and_the_list_stands_in() {
    let services = services(SIGNED_AT);
    let t = stamped(&services, &small(), SIGNED_AT, &Client::default());
    for fault in [
        Fault::Garbage,
        Fault::WrongKey,
        Fault::WrongImprint,
        Fault::Refuse,
        Fault::ExpiredSigner,
        Fault::FromFuture,
        Fault::Stale,
        Fault::CutOff,
    ] {
        services.ocsp.faults().always([fault.clone()]);
        let lt = to_lt(&services, &t, &Client::default()).unwrap();
        let store = store(&lt.document.to_vec());
        assert!(store.ocsps.is_empty(), "{fault:?}");
        assert!(!store.crls.is_empty(), "{fault:?}");
    }
}

#[test]
fn false_lists_are_named_with_their_fault_and_not_stored() {
    let services = services(SIGNED_AT);
    let t = stamped(&services, &small(), SIGNED_AT, &Client::default());
    let issuer = certificate(&services, Role::GovernmentAuthority);
    type Expected = fn(&FetchFailure) -> bool;
    let cases: [(Fault, Expected); 5] = [
        (Fault::Garbage, |failure| {
            matches!(failure, FetchFailure::Unreadable(_))
        }),
        (Fault::WrongKey, |failure| {
            matches!(
                failure,
                FetchFailure::Rejected(RejectionReason::SignatureNotShown { .. })
            )
        }),
        (Fault::FromFuture, |failure| {
            matches!(failure, FetchFailure::FromTheFuture { .. })
        }),
        (Fault::Stale, |failure| {
            matches!(failure, FetchFailure::Stale { .. })
        }),
        (Fault::CutOff, |failure| {
            matches!(failure, FetchFailure::Transport(_))
        }),
    ];
    for (fault, expected) in cases {
        services.crls.faults().always([fault.clone()]);
        let missing = missing(&services, &t, &Client::default());
        let of_issuer = missing
            .iter()
            .find(|one| one.certificate == Some(issuer.id()))
            .unwrap();
        let attempts = &of_issuer.attempts;
        assert!(
            attempts.iter().any(|attempt| expected(&attempt.failure)),
            "{fault:?}: {attempts:?}"
        );
    }
    // The list of another issuer at the right place.
    services.crls.faults().clear();
    let path = format!("/crl/{}.crl", Role::GovernmentRoot.label());
    let other = services.pki.identity(Role::NationalRoot).unwrap();
    let plan = trien_testkit::services::CrlPlan::new(SIGNED_AT);
    let list = trien_testkit::services::make_crl(other, &plan).unwrap();
    services.crls.publish(&path, list);
    let missing = missing(&services, &t, &Client::default());
    assert!(missing.iter().all(|one| {
        one.attempts.iter().any(|attempt| {
            matches!(
                attempt.failure,
                FetchFailure::Rejected(RejectionReason::IssuerDoesNotFit)
            )
        })
    }));
}

#[test]
fn a_list_in_pem_is_stored_in_der() {
    let services = services(SIGNED_AT);
    services.crls.encode_as(CrlEncoding::Pem);
    services.ocsp.faults().always([Fault::HangUp]);
    let t = stamped(&services, &small(), SIGNED_AT, &Client::default());
    let lt = to_lt(&services, &t, &Client::default()).unwrap();
    let store = store(&lt.document.to_vec());
    assert_eq!(store.crls.len(), 2);
    assert!(
        store
            .crls
            .iter()
            .all(|list| list.octets.starts_with(&[0x30]))
    );
}

#[test]
fn a_revoked_signer_is_said_and_never_archived_in_silence() {
    let services = services(SIGNED_AT);
    let t = stamped(&services, &small(), SIGNED_AT, &Client::default());
    let principal = services.pki.identity(Role::Principal).unwrap();
    let yesterday = SIGNED_AT.plus_seconds(-86_400);
    services
        .register
        .revoke(principal, yesterday, RevocationReason::KeyCompromise)
        .unwrap();
    let missing = missing(&services, &t, &Client::default());
    let [one] = missing.as_slice() else {
        panic!("{missing:?}")
    };
    assert!(matches!(
        one.reason,
        MissingReason::Revoked(revocation) if revocation.time == Some(yesterday)
    ));
}

#[test]
fn a_responder_without_no_check_is_asked_about_too() {
    let services = services(SIGNED_AT);
    services.ocsp.sign_by(OcspSigning::CheckedResponder);
    let t = stamped(&services, &small(), SIGNED_AT, &Client::default());
    let client = Client::default();
    let lt = to_lt(&services, &t, &client).unwrap();
    assert!(lt.missing.is_empty());
    let whole = store(&lt.document.to_vec());
    assert!(whole.ocsps.len() + whole.crls.len() >= 3, "{whole:?}");
}

/// Signed with the leaf's certificate alone in the CMS.
fn leaf_only(services: &LiveServices, identity: &trien_testkit::pki::Identity) -> Vec<u8> {
    let leaf = vec![identity.certificate_der().unwrap()];
    let mut key = trien::token::SoftKey::new(identity.key().to_owned(), &leaf).unwrap();
    let file = small();
    let document = Document::open(&file, &Limits::default()).unwrap();
    let request = SignatureRequest::new("HieuTruong", SIGNED_AT);
    let authority = TimeStampAuthority::at(services.time_stamps.url());
    let client = Client::default();
    let stamped =
        trien::sign_and_timestamp(&document, &mut key, request, &client, &authority).unwrap();
    stamped.finish().to_vec()
}

#[test]
fn issuers_are_fetched_in_every_form_they_are_served_in() {
    let services = services(SIGNED_AT);
    let signer = services.pki.identity(Role::Principal).unwrap();
    let t = leaf_only(&services, signer);
    for encoding in [
        CertificateEncoding::Der,
        CertificateEncoding::Pem,
        CertificateEncoding::Pkcs7,
    ] {
        services.issuers.encode_as(encoding);
        let client = Client::default();
        let lt = to_lt(&services, &t, &client).unwrap();
        let issuer = certificate(&services, Role::GovernmentAuthority);
        let store = store(&lt.document.to_vec());
        assert!(
            store
                .certificates
                .iter()
                .any(|datum| *datum.octets == *issuer.as_der()),
            "{encoding:?}"
        );
        let fetched = client.asked();
        let issuers = fetched
            .iter()
            .filter(|(purpose, _)| *purpose == Purpose::IssuerCertificate);
        assert_eq!(issuers.count(), 1, "{encoding:?}: {fetched:?}");
    }
}

#[test]
fn addresses_of_issuers_that_lead_in_a_circle_end() {
    let services = services(SIGNED_AT);
    // Its issuer is said to be at an address that serves the certificate itself.
    let url = format!(
        "{}/round.cer",
        services
            .issuers
            .url(Role::GovernmentAuthority)
            .rsplit_once('/')
            .unwrap()
            .0
    );
    let mut pointers = Pointers::default();
    pointers.issuer_certificates = vec![url.clone()];
    let plan = CertificatePlan::of(Role::Principal).with_pointers(pointers);
    let identity = services.pki.issue("Principal-round", &plan).unwrap();
    services
        .issuers
        .publish("/issuer/round.cer", identity.certificate_der().unwrap());
    let t = leaf_only(&services, &identity);
    let client = Client::default();
    let missing = missing(&services, &t, &client);
    assert!(
        missing
            .iter()
            .any(|one| matches!(one.reason, MissingReason::NoPath(_)))
    );
    let asked = client
        .asked()
        .into_iter()
        .filter(|(_, asked)| *asked == url);
    assert_eq!(asked.count(), 1);
}

#[test]
fn a_broken_or_unsigned_file_is_not_extended() {
    let services = services(SIGNED_AT);
    let client = Client::default();
    let search = EvidenceSearch::new(anchors(), SIGNED_AT, &client);
    let wanted = ExtensionRequest::new(ExtensionLevel::BLt, search);
    let limits = Limits::default();
    let plain = small();
    let error = extend(&plain, &wanted, &limits).unwrap_err();
    assert!(matches!(error.kind(), ExtensionErrorKind::NotSigned));
    let mut broken = basic(&services, &plain, SIGNED_AT);
    let at = broken.windows(8).position(|window| window == b"MediaBox");
    broken[at.unwrap() + 10] ^= 1;
    let error = extend(&broken, &wanted, &limits).unwrap_err();
    let ExtensionErrorKind::NotIntact(objections) = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(objections[0].field, "HieuTruong");
    let cut = &basic(&services, &plain, SIGNED_AT)[..plain.len() + 300];
    assert!(extend(cut, &wanted, &limits).is_err());
    assert!(extend(b"no PDF", &wanted, &limits).is_err());
    assert!(client.asked().is_empty());
}
