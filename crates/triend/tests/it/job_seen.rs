//! What was shown before the PIN is what is signed: documents that come late, that change, or whose
//! warnings nobody read, are not.

use std::time::Duration;

use serde_json::{Value, json};
use trien_testkit::pki::Role;
use trien_testkit::services::LiveServices;
use trien_testkit::tokens::{TEST_PIN, TokenPlan};
use triend::caller::{Caller, Origin};
use triend::consent::{Answer, Outcome};
use triend::secret::Secret;
use triend::store::{Actor, ShortText};

use crate::http_gate::{PAGE, window_secret};
use crate::job_desk::{
    Desk, anchor_folder, approved, drawer, errors, key_folder, letter, runtime, states,
};
use crate::worker_softhsm::{Drawer, plan};

/// A page with a script that runs when it is opened.
fn scripted() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ];
    let mut pdf = "%PDF-1.7\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (object, number) in objects.iter().zip(1..) {
        table += &format!("{:010} 00000 n \n", pdf.len());
        pdf += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = pdf.len();
    pdf += &format!("xref\n0 4\n{table}trailer<</Size 4/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    pdf.into_bytes()
}

/// A job of two documents without their octets.
async fn empty_job(desk: &Desk) -> String {
    let body = json!({"documents": [{"name": "1.pdf"}, {"name": "2.pdf"}],
        "signature": {"level": "b-b"}});
    let reply = desk.post("/v1/jobs", &body).await;
    reply.is_ok();
    format!("/v1/jobs/{}", reply.json()["job"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_comes_again_while_its_job_begins_is_examined_or_not_taken() {
    // Two may sign, and nobody says which: the rules are asked before one is chosen.
    let plans = [plan(Role::Principal), plan(Role::HomeroomTeacher)];
    let Some(drawer) = Drawer::with(&plans) else {
        return;
    };
    let desk = Desk::with(drawer, |_| {}).unwrap();
    assert!(!desk.daemon.tokens().refresh().is_empty());
    let scripted = scripted();
    for round in 0..24_u64 {
        let address = empty_job(&desk).await;
        let (first, second) = (
            format!("{address}/documents/1"),
            format!("{address}/documents/2"),
        );
        desk.put(&first, letter()).await.is_ok();
        let late = |after: u64| {
            let (desk, second, scripted) = (&desk, &second, &scripted);
            async move {
                tokio::time::sleep(Duration::from_micros(300 * after + 50 * round)).await;
                desk.put(second, scripted).await
            }
        };
        tokio::join!(
            desk.put(&second, letter()),
            late(0),
            late(3),
            late(9),
            late(20)
        );
        let waiting = desk
            .until(&address, &["awaiting-consent", "finished", "stopped"])
            .await;
        let lies_there = std::fs::read(desk.spool_of(&address).join("2.in.pdf")).unwrap();
        let shown = waiting["documents"][1].clone();
        assert_eq!(shown["state"], "received", "{waiting}");
        assert_eq!(
            (&shown["error"], &shown["pages"]),
            (&Value::Null, &json!(1))
        );
        let is_scripted = lies_there == scripted;
        let says_so = shown["warnings"]
            .to_string()
            .contains("pictures do not show");
        assert_eq!(is_scripted, says_so, "{shown}");
        if round % 8 == 0 {
            let job = desk.approve(&address).await;
            assert_eq!(states(&job), ["signed"; 2], "{job}");
            assert!(desk.result(&address, 2).await.starts_with(&lies_there));
        }
        desk.call("DELETE", &address).await.is_ok();
    }
}

#[test]
fn a_warning_that_came_after_the_window_was_opened_is_read_before_anything_is_signed() {
    let services = LiveServices::start(&key_folder(), crate::job_desk::now()).unwrap();
    let pki = &services.pki;
    let authority = pki.identity(Role::Principal.issuer()).unwrap();
    let plan = TokenPlan::new("P", TEST_PIN)
        .with_identity(
            pki.identity(Role::Principal).unwrap(),
            trien_testkit::tokens::ContextLogin::NotAsked,
        )
        .unwrap()
        .with_certificate(authority.name(), &authority.certificate_der().unwrap());
    let Some(drawer) = Drawer::with(&[plan]) else {
        return;
    };
    let folder = anchor_folder(pki, "triend-seen-anchors");
    let anchors = folder.clone();
    runtime().block_on(async {
        let desk = Desk::with(drawer, |config| config.anchors = Some(anchors)).unwrap();
        let documents: [(&str, &[u8]); 2] = [("a", letter()), ("b", letter())];
        let address = desk.create(&documents, json!({"level": "b-b"})).await;
        let waiting = desk.until(&address, &["awaiting-consent"]).await;
        let seen = waiting["documents"][0]["warnings"].clone();
        // The roots are gone: the rules now warn of what they did not warn of in the window.
        for entry in std::fs::read_dir(&folder).unwrap() {
            std::fs::remove_file(entry.unwrap().path()).unwrap();
        }
        let answer = || {
            let Answer::Approved(mut approval) = approved(Role::Principal, TEST_PIN) else {
                unreachable!()
            };
            let modules = desk.daemon.tokens().tokens();
            let token = modules[0].tokens().next().unwrap();
            approval.certificate = Some(token.signing_certificates().next().unwrap().id);
            Answer::Approved(approval)
        };
        desk.answer(&address, answer()).await;
        let job = desk.until_over(&address).await;
        assert_eq!(errors(&job), ["document-unseen"; 2], "{job}");
        // Tried again, it is in the window, and can be signed.
        let retry = desk.call("POST", &format!("{address}/retries")).await;
        retry.is_ok();
        let waiting = desk.until(&address, &["awaiting-consent"]).await;
        assert_ne!(waiting["documents"][0]["warnings"], seen);
        desk.answer(&address, answer()).await;
        let job = desk.until_over(&address).await;
        assert_eq!(states(&job), ["signed"; 2], "{job}");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_pairing_ends_is_not_signed_whoever_answers_its_window() {
    let Some(drawer) = drawer() else { return };
    let desk = Desk::with(drawer, |_| {}).unwrap();
    let address = desk
        .create(&[("a", letter())], json!({"level": "b-b"}))
        .await;
    let first = desk.job(&address);
    desk.until(&address, &["awaiting-consent"]).await;
    let secret = Secret::parse(&window_secret(&desk.folder, 1)).unwrap();
    let (_, session) = desk.daemon.asks().exchange(&secret).unwrap();
    desk.daemon.with_store_blocking(|store, now| {
        let id = store.pairings().unwrap()[0].id;
        store.end_pairing(id, Actor::Administrator, now).unwrap();
    });
    // Whether it is taken or comes too late, it is no answer.
    let yes = approved(Role::Principal, TEST_PIN);
    let _ = desk.daemon.asks().answer(&session, yes);
    while !first.state().is_over() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let job = first.to_json();
    assert_eq!(job["state"], "stopped", "{job}");
    assert_eq!(job["stopped"]["code"], "pairing-ended");
    assert_eq!(job["signed"], 0);
    let Some(Outcome::Failed(why)) = desk.daemon.asks().outcome(&session) else {
        panic!("{:?}", desk.daemon.asks().outcome(&session));
    };
    assert_eq!(why.code().name(), "pairing-ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_revoked_page_left_is_its_own_once_it_is_paired_again_and_a_programs_is_removed() {
    let Some(desk) = Desk::new() else { return };
    let documents: [(&str, &[u8]); 1] = [("a", letter())];
    let of_program = desk.create(&documents, json!({"level": "b-b"})).await;
    desk.approve(&of_program).await;
    let pair_page = || {
        desk.daemon.with_store_blocking(|store, now| {
            let (origin, name) = (Origin::parse(PAGE), ShortText::new("Sổ điểm").unwrap());
            triend::pairing::pair(store, origin, name, Actor::Administrator, now).unwrap();
        });
        let origin = Origin::parse(PAGE).unwrap();
        desk.daemon.caller_of_origin(&origin).unwrap().unwrap()
    };
    let revoke = |id| {
        desk.daemon
            .with_store_blocking(|store, now| store.end_pairing(id, Actor::Administrator, now))
            .unwrap();
    };
    let first = pair_page();
    let description = json!({"documents": [{"name": "1.pdf"}], "signature": {"level": "b-b"}});
    let description: triend::job::JobDescription = serde_json::from_value(description).unwrap();
    let new = description.checked().unwrap();
    let job = desk
        .daemon
        .jobs()
        .create(&desk.daemon, &first, new)
        .unwrap();
    let id = job.id().to_string();
    let found = |caller: &Caller| desk.daemon.jobs().of_caller(&desk.daemon, &id, caller);
    revoke(first.pairing);
    let program = desk.job(&of_program).pairing();
    let other = desk.daemon.with_store_blocking(|store, now| {
        let (origin, name) = (
            Origin::parse("https://khac.example"),
            ShortText::new("B").unwrap(),
        );
        triend::pairing::pair(store, origin.clone(), name, Actor::Administrator, now).unwrap();
        origin.unwrap()
    });
    let other = desk.daemon.caller_of_origin(&other).unwrap().unwrap();
    assert_eq!(found(&other).unwrap_err().code().name(), "job-unknown");
    let second = pair_page();
    assert_ne!(first.pairing, second.pairing);
    assert_eq!(found(&second).unwrap().pairing(), second.pairing);
    assert_eq!(found(&other).unwrap_err().code().name(), "job-unknown");
    // A program that is paired again is another one.
    revoke(program);
    let spool = desk.spool_of(&of_program);
    assert!(spool.exists());
    desk.daemon.jobs().sweep(&desk.daemon);
    assert!(!spool.exists());
    assert!(found(&second).is_ok());
}
