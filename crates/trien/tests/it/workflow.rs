//! Steps of a workflow on real documents: what the rules are told of earlier signers, and a stage
//! that is taken up again.

use std::collections::BTreeSet;
use std::sync::Arc;

use trien::trust::TrustAnchors;
use trien::{
    Document, ErrorKind, Limits, Prepared, ResumeError, Signatory, SignatureRequest, SigningKey,
    SuppliedEvidence, Workflow, WorkflowConclusion, judge_workflow, propose,
};
use trien_testkit::pki::{PkiSettings, Role, TestPki};
use trien_testkit::structures::{Structure, write};
use trien_types::Role as SchoolRole;

use crate::school::{SIGNED_AT, anchors, empty_page, key, key_of, pki, verify};

fn letter() -> Arc<Workflow> {
    Arc::new(Workflow::ready("cong-van-di").unwrap().unwrap())
}

const PRINCIPAL: (&str, Signatory) = ("nguoi-co-tham-quyen", Signatory::own(SchoolRole::Principal));
const CLERK: (&str, Signatory) = ("con-dau", Signatory::own(SchoolRole::Clerk));

/// A request for a step, checked with the anchors of the test PKI and the authorities' certificates.
fn request(file: &[u8], who: (&str, Signatory)) -> SignatureRequest {
    let document = Document::open(file, &Limits::default()).unwrap();
    let mut supplied = SuppliedEvidence::default();
    for role in [Role::PublicAuthority, Role::GovernmentAuthority] {
        let authority = pki().identity(role).unwrap();
        supplied.add_certificate(&authority.certificate_der().unwrap());
    }
    SignatureRequest::for_step(&document, &letter(), who, SIGNED_AT)
        .unwrap()
        .checked_with(anchors().clone(), supplied)
}

fn signed(file: &[u8], key: &mut dyn SigningKey, request: SignatureRequest) -> Vec<u8> {
    crate::school::sign(file, key, request).unwrap()
}

/// The rules that refuse.
fn refused(file: &[u8], certificate: &[u8], request: SignatureRequest) -> BTreeSet<&'static str> {
    let document = Document::open(file, &Limits::default()).unwrap();
    let error = propose(&document, certificate, request).unwrap_err();
    let refusal = error.refusal().unwrap();
    refusal
        .grounds()
        .map(|ground| ground.rule.as_str())
        .collect()
}

fn certificate(role: Role) -> Vec<u8> {
    pki().identity(role).unwrap().certificate_der().unwrap()
}

#[test]
fn a_step_is_signed_in_its_field_and_role_and_the_next_one_builds_on_it() {
    let file = write(&empty_page(), Structure::ClassicTable);
    let seal = certificate(Role::SchoolSeal);
    let early = refused(&file, &seal, request(&file, CLERK));
    assert_eq!(early, BTreeSet::from(["nd30.32.2d", "workflow.order"]));
    let file = signed(&file, &mut key(Role::Principal), request(&file, PRINCIPAL));
    let twice = refused(
        &file,
        &certificate(Role::Principal),
        request(&file, PRINCIPAL),
    );
    let ids = BTreeSet::from(["workflow.signed-twice", "workflow.step-done"]);
    assert_eq!(twice, ids);
    let file = signed(&file, &mut key(Role::SchoolSeal), request(&file, CLERK));
    let report = verify(&file);
    let judged = judge_workflow(&report, &letter());
    // No list was supplied here: nobody's status is known, and that is said.
    assert_eq!(judged.conclusion, WorkflowConclusion::Unconfirmed);
    let fields: Vec<&str> = report
        .signatures
        .iter()
        .map(|one| one.facts.field.as_str())
        .collect();
    assert_eq!(fields, ["HieuTruong", "ConDau"]);
}

#[test]
fn the_seal_is_not_put_on_a_stranger_s_signature() {
    // A whole PKI of somebody's own, with the same names: only its root tells it.
    let folder = tempfile::tempdir().unwrap();
    let own = TestPki::open_or_make(folder.path(), PkiSettings::default()).unwrap();
    let mut stranger = key_of(own.identity(Role::Principal).unwrap());
    let file = write(&empty_page(), Structure::ClassicTable);
    let mut forged = request(&file, PRINCIPAL);
    forged.anchors = TrustAnchors::default();
    let file = signed(&file, &mut stranger, forged);
    let ids = refused(&file, &certificate(Role::SchoolSeal), request(&file, CLERK));
    assert_eq!(ids, BTreeSet::from(["workflow.earlier-trusted"]));
    let judged = judge_workflow(&verify(&file), &letter());
    assert_eq!(judged.conclusion, WorkflowConclusion::Incomplete);
}

#[test]
fn a_stored_stage_of_a_step_is_asked_of_the_rules_again() {
    let file = write(&empty_page(), Structure::ClassicTable);
    let mut key = key(Role::Principal);
    let path = key.certificate_path().to_vec();
    let request = request(&file, PRINCIPAL);
    let document = Document::open(&file, &Limits::default()).unwrap();
    let json = propose(&document, &path[0], request.clone())
        .unwrap()
        .prepare(&path, key.schemes()[0])
        .unwrap()
        .to_json();
    Prepared::resume_for(&file, &json, &request)
        .unwrap()
        .sign(&mut key)
        .unwrap();
    // The workflow was changed meanwhile: the principal's field is another's now.
    let mut changed = request;
    let text = Workflow::ready_text("cong-van-di").unwrap();
    let text = text.replace("\"hieu-truong\", ", "");
    let workflow = Arc::new(Workflow::from_toml(&text).unwrap());
    changed.workflow.as_mut().unwrap().workflow = workflow;
    let error = Prepared::resume_for(&file, &json, &changed).unwrap_err();
    assert!(matches!(error, ResumeError::Refused(_)), "{error:?}");
}

#[test]
fn a_step_or_role_that_the_workflow_has_not_is_no_request() {
    let file = write(&empty_page(), Structure::ClassicTable);
    let document = Document::open(&file, &Limits::default()).unwrap();
    let teacher = Signatory::own(SchoolRole::SubjectTeacher);
    for who in [("to-truong", PRINCIPAL.1), (PRINCIPAL.0, teacher)] {
        let error = SignatureRequest::for_step(&document, &letter(), who, SIGNED_AT).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::NoAssignment(_)),
            "{error:?}"
        );
    }
}
