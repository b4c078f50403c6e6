//! Verification over HTTP: the report is the one that the library gives and the example prints; files
//! leave nothing behind; sizes, types and names are checked.

use std::sync::Arc;

use serde_json::{Value, json};
use trien::trust::TrustAnchors;
use trien::{
    Document, Language, Limits, MappedFile, Profile, SchoolKind, Signatory, SignatureRequest,
    SuppliedEvidence, Verification, Workflow, judge_workflow,
};
use trien_testkit::pki::Role;
use trien_types::Role as SchoolRole;

use crate::door::{Door, names};
use crate::job_desk::{anchor_folder, anchors, letter};
use crate::school::{START, pki};

/// What the letter's workflow is called.
const LETTER: &str = "cong-van-di";
const PRINCIPAL: (&str, SchoolRole) = ("nguoi-co-tham-quyen", SchoolRole::Principal);
const CLERK: (&str, SchoolRole) = ("con-dau", SchoolRole::Clerk);

fn door() -> Door {
    Door::with(|config| config.anchors = Some(anchor_folder(pki(), "triend-anchors")))
}

/// Signed as a step of the letter's workflow.
fn signed(file: &[u8], role: Role, (step, signer): (&str, SchoolRole)) -> Vec<u8> {
    let identity = pki().identity(role).unwrap();
    let path = identity.path_der().unwrap();
    let mut key = trien_token::SoftKey::new(identity.key().to_owned(), &path).unwrap();
    let document = Document::open(file, &Limits::default()).unwrap();
    let workflow = Arc::new(Workflow::ready(LETTER).unwrap().unwrap());
    let mut supplied = SuppliedEvidence::default();
    for issuer in &path {
        supplied.add_certificate(issuer);
    }
    let who = (step, Signatory::own(signer));
    let request = SignatureRequest::for_step(&document, &workflow, who, START)
        .unwrap()
        .checked_with(anchors(), supplied);
    trien::sign(&document, &mut key, request).unwrap().to_vec()
}

fn moment() -> String {
    START.to_rfc3339(trien::UtcOffset::UTC).replace('+', "%2B")
}

/// What the example prints for this file, but for its name.
fn expected(file: &[u8], profile: trien::ProfileChoice, anchors: &TrustAnchors) -> Value {
    let mut verification = Verification::new(anchors, START);
    verification.profile = profile;
    verification.language = Language::En;
    serde_json::to_value(trien::verify(file, &verification).named("thu.pdf")).unwrap()
}

#[tokio::test]
async fn the_report_is_the_librarys_under_the_rules_the_time_and_the_language_asked_for() {
    let door = door();
    let file = signed(letter(), Role::Principal, PRINCIPAL);
    let public = trien::ProfileChoice::InForce(SchoolKind::Public);
    for (asked, profile) in [
        ("", public.clone()),
        ("&profile=public", public),
        ("&profile=tt41_2017", Profile::tt41_2017().into()),
        ("&profile=nd23_2025", Profile::nd23_2025().into()),
    ] {
        let path = format!(
            "/v1/verifications?name=thu.pdf&lang=en&time={}{asked}",
            moment()
        );
        let report = door.post_pdf(&path, file.clone()).await.ok();
        assert_eq!(report, expected(&file, profile, &anchors()), "{asked}");
        assert_eq!(report["schema"], "trien.verify/1");
        assert_eq!(report["signatures"][0]["integrity"], "intact");
    }
    // A plus that nobody encoded is a blank on its way.
    let path = "/v1/verifications?time=2026-09-05T08:00:00+07:00";
    let report = door.post_pdf(path, file.clone()).await.ok();
    assert_eq!(report["signatures"][0]["integrity"], "intact");
    // What is in the folder now counts, and no file is left.
    let left: Vec<String> = names(&door.data());
    assert!(
        left.iter()
            .all(|name| name.starts_with("triend") || name == "spool" || name == "anchors"),
        "{left:?}"
    );
}

#[tokio::test]
async fn broken_files_and_what_is_no_pdf_are_verdicts() {
    let door = door();
    let mut broken = signed(letter(), Role::Principal, PRINCIPAL);
    let place = broken
        .windows(9)
        .position(|word| word == b"/MediaBox")
        .unwrap();
    broken[place + 1] = b'm';
    let report = door.post_pdf("/v1/verifications", broken).await.ok();
    assert_eq!(report["document"]["conclusion"], "invalid");
    for octets in [b"no PDF".to_vec(), Vec::new(), vec![0; 1 << 20]] {
        let report = door.post_pdf("/v1/verifications", octets).await.ok();
        assert_eq!(report["document"]["conclusion"], "unreadable");
    }
    let report = door
        .post_pdf("/v1/verifications", letter().to_vec())
        .await
        .ok();
    assert_eq!(report["document"]["conclusion"], "unsigned");
}

#[tokio::test]
async fn what_cannot_be_done_as_asked_is_refused_before_anything_is_judged() {
    let door = Door::with(|config| config.limits.document_octets = 1 << 16);
    for (query, code) in [
        ("profile=x", "request-malformed"),
        ("time=yesterday", "request-malformed"),
        ("lang=fr", "request-malformed"),
        ("online=yes", "request-malformed"),
        ("colour=1", "request-malformed"),
        ("name=a%0Ab", "request-malformed"),
        (
            "time=2026-01-01T00:00:00Z&time=2026-01-01T00:00:00Z",
            "request-malformed",
        ),
        ("workflow=x", "workflow-unknown"),
    ] {
        let path = format!("/v1/verifications?{query}");
        let reply = door.post_pdf(&path, letter().to_vec()).await;
        assert_eq!(reply.code(), code, "{query}");
    }
    let reply = door
        .post_pdf("/v1/verifications", vec![b' '; (1 << 16) + 1])
        .await;
    assert_eq!(
        (reply.status.as_u16(), reply.code()),
        (413, "body-too-large")
    );
    for address in [
        json!({ "url": "https://a.example" }),
        json!({ "path": "/etc/passwd" }),
    ] {
        let reply = door.post("/v1/verifications", &address).await;
        assert_eq!(reply.code(), "content-type-wrong");
    }
    let reply = door
        .post_pdf("/v1/workflows/x/states", letter().to_vec())
        .await;
    assert_eq!(reply.code(), "workflow-unknown");
    assert_eq!(door.get("/v1/workflows/x").await.code(), "workflow-unknown");
}

#[tokio::test]
async fn a_workflow_says_what_is_signed_what_is_next_and_who_may() {
    let door = door();
    let all = door.get("/v1/workflows").await.ok();
    let ids = all["workflows"].as_array().unwrap();
    assert_eq!(ids.len(), Workflow::ready_ids().len());
    let one = door.get(&format!("/v1/workflows/{LETTER}")).await.ok();
    assert!(ids.contains(&one));
    let path = format!("/v1/workflows/{LETTER}/states?time={}", moment());
    let state = |file: &[u8]| door.post_pdf(&path, file.to_vec());
    let steps = |state: &Value| -> Vec<String> {
        let next = state["next"].as_array().unwrap().iter();
        next.map(|step| step["step"].as_str().unwrap().to_owned())
            .collect()
    };

    let fresh = state(letter()).await.ok();
    let due = steps(&fresh);
    assert!(
        due.contains(&PRINCIPAL.0.to_owned()) && !due.contains(&CLERK.0.to_owned()),
        "{due:?}"
    );
    let next = fresh["next"].as_array().unwrap();
    let turn = next
        .iter()
        .find(|step| step["step"] == PRINCIPAL.0)
        .unwrap();
    let principal = turn["signatories"].as_array().unwrap().iter();
    let principal = principal
        .clone()
        .find(|one| one["role"] == "hieu-truong")
        .unwrap();
    assert_eq!(turn["act"], "personal");

    let file = signed(letter(), Role::Principal, PRINCIPAL);
    let begun = state(&file).await.ok();
    assert_eq!(steps(&begun), [CLERK.0]);
    let field = &begun["report"]["signatures"][0]["field"];
    assert_eq!(field, &principal["field"]);
    assert_eq!(begun["report"]["workflow"]["conclusion"], "incomplete");

    let file = signed(&file, Role::SchoolSeal, CLERK);
    let done = state(&file).await.ok();
    assert_eq!(steps(&done), Vec::<String>::new());
    // The same as the report beside it says, and as the library says.
    let mut verification = Verification::new(door_anchors(), START);
    verification.profile = trien::ProfileChoice::InForce(SchoolKind::Public);
    let report = trien::verify(&file, &verification);
    let workflow = Workflow::ready(LETTER).unwrap().unwrap();
    let judged = serde_json::to_value(judge_workflow(&report, &workflow)).unwrap();
    assert_eq!(done["report"]["workflow"], judged);
    let path = format!("/v1/verifications?time={}&workflow={LETTER}", moment());
    let beside = door.post_pdf(&path, file).await.ok();
    assert_eq!(beside["workflow"], judged);
}

fn door_anchors() -> &'static TrustAnchors {
    static ANCHORS: std::sync::OnceLock<TrustAnchors> = std::sync::OnceLock::new();
    ANCHORS.get_or_init(anchors)
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_judged_in_their_turn_and_none_is_lost() {
    let door = Arc::new(door());
    let file = signed(letter(), Role::Principal, PRINCIPAL);
    let calls: Vec<_> = (0..40)
        .map(|_| {
            let (door, file) = (Arc::clone(&door), file.clone());
            tokio::spawn(async move { door.post_pdf("/v1/verifications", file).await })
        })
        .collect();
    let (mut judged, mut waited) = (0, 0);
    for call in calls {
        let reply = call.await.unwrap();
        match reply.status.as_u16() {
            200 => judged += 1,
            429 => waited += 1,
            other => panic!("{other} {}", reply.body),
        }
    }
    println!("{judged} judged at once, {waited} told to wait");
    assert!(judged >= 16, "{judged}");
    let after = door.post_pdf("/v1/verifications", file).await;
    assert_eq!(after.status.as_u16(), 200);
}

#[test]
fn a_file_without_a_name_is_mapped() {
    use std::io::Write as _;
    let mut file = tempfile::tempfile_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    assert!(MappedFile::map(&file).unwrap().is_empty());
    file.write_all(b"%PDF").unwrap();
    let map = MappedFile::map(&file).unwrap();
    drop(file);
    assert_eq!(&*map, b"%PDF");
}
