//! What a signature says of its maker: the role claimed and the commitment, on the whole road and
//! before every judge.

use trien::{
    CommitmentType, Document, ErrorKind, Limits, Prepared, ResumeError, Signatory,
    SignatureRequest, SigningKey as _, propose,
};
use trien_testkit::pki::Role;
use trien_testkit::structures::{Structure, write};

use crate::judges::Case;
use crate::school::{
    SIGNED_AT, SIGNERS, assert_accepted, empty_page, key, plain_record, sign, verify,
};

fn stating(field: &str, role: &str, commitment: CommitmentType) -> SignatureRequest {
    SignatureRequest::new(field, SIGNED_AT)
        .in_role(role)
        .committing_to(commitment)
}

#[test]
fn role_and_commitment_travel_in_the_signature_and_every_judge_accepts_it() {
    let Some(mut file) = plain_record(Structure::ClassicTable) else {
        return;
    };
    let codes = ["giao-vien-chu-nhiem", "kt-pho-hieu-truong", "van-thu"];
    let commitments = [
        CommitmentType::ProofOfCreation,
        CommitmentType::ProofOfApproval,
        CommitmentType::ProofOfOrigin,
    ];
    for ((role, code), commitment) in SIGNERS.into_iter().zip(codes).zip(commitments) {
        let signatory = Signatory::from_code(code).unwrap();
        let request = stating(role.label(), &signatory.to_string(), commitment);
        file = sign(&file, &mut key(role), request).unwrap();
    }
    let report = verify(&file);
    assert_eq!(report.signatures.len(), 3);
    for ((signature, code), commitment) in report.signatures.iter().zip(codes).zip(commitments) {
        let signatory = Signatory::from_code(code).unwrap();
        assert_eq!(signature.facts.claimed_roles, [signatory.to_string()]);
        assert_eq!(signature.facts.commitments, [commitment.code()]);
        assert_eq!(signature.facts.deviations, Vec::<String>::new());
        assert_eq!(signature.facts.level.as_deref(), Some("PAdES-B-B"));
    }
    let fields = SIGNERS.map(Role::label);
    assert_accepted(&[Case::new("roles", file, &fields)], &[]);
}

#[test]
fn what_cannot_be_stated_is_refused_before_the_key_is_asked() {
    let file = write(&empty_page(), Structure::ClassicTable);
    let document = Document::open(&file, &Limits::default()).unwrap();
    let certificate = key(Role::Principal).certificate_path()[0].clone();
    let refused = |request| {
        propose(&document, &certificate, request)
            .unwrap_err()
            .into_kind()
    };
    for role in ["", "  ", "Hiệu\ntrưởng", &"x".repeat(513)] {
        let request = SignatureRequest::new("A", SIGNED_AT).in_role(role);
        assert!(matches!(refused(request), ErrorKind::ClaimedRoleUnusable));
    }
    let both = stating("A", "Hiệu trưởng", CommitmentType::ProofOfApproval).with_reason("x");
    assert!(matches!(refused(both), ErrorKind::ReasonBesideCommitment));
}

#[test]
fn a_stored_stage_with_a_role_is_taken_up_for_its_own_request_only() {
    let file = write(&empty_page(), Structure::ClassicTable);
    let document = Document::open(&file, &Limits::default()).unwrap();
    let mut key = key(Role::Principal);
    let path = key.certificate_path().to_vec();
    let request = stating("A", "Hiệu trưởng", CommitmentType::ProofOfApproval);
    let scheme = key.schemes()[0];
    let prepared = propose(&document, &path[0], request.clone())
        .unwrap()
        .prepare(&path, scheme)
        .unwrap();
    let json = prepared.to_json();
    let differs = |error| matches!(error, ResumeError::SignedAttributesDiffer);
    assert!(differs(Prepared::resume(&file, &json).unwrap_err()));
    let mut other = request.clone();
    other.claimed_role = Some("Giáo viên chủ nhiệm".into());
    assert!(differs(
        Prepared::resume_for(&file, &json, &other).unwrap_err()
    ));
    let mut elsewhere = request.clone();
    elsewhere.field = "B".into();
    let mut later = request.clone();
    later.signing_time = SIGNED_AT.plus_seconds(1);
    for other in [elsewhere, later] {
        let error = Prepared::resume_for(&file, &json, &other).unwrap_err();
        assert!(matches!(error, ResumeError::UpdateDiffers), "{error:?}");
    }
    let resumed = Prepared::resume_for(&file, &json, &request).unwrap();
    let signed = resumed.sign(&mut key).unwrap().finish().to_vec();
    let report = verify(&signed);
    assert_eq!(report.signatures[0].facts.claimed_roles, ["Hiệu trưởng"]);
}
