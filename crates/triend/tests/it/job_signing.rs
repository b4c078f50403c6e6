//! Jobs from the request to the signed documents, over the routes, on `SoftHSM` tokens.

use std::path::PathBuf;

use serde_json::json;
use trien_testkit::pki::Role;
use trien_testkit::services::{Fault, LiveServices, TimeStampServer};
use trien_testkit::tokens::{TEST_PIN, TokenPlan};
use trien_token::PinState;
use triend::consent::{Answer, MovedMark};

use crate::job_desk::{
    Desk, anchor_folder, anchors, anchors_in, approved, drawer, errors, key_folder, letter, states,
    verified,
};
use crate::school::pki;
use crate::worker_hostile::{compile, held};
use crate::worker_softhsm::Drawer;

const MANY: &str = "Học bạ";

#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::too_many_lines,
    reason = "one job from its request to its removal"
)]
async fn forty_documents_are_signed_with_one_pin() {
    let Some(desk) = Desk::new() else { return };
    let names: Vec<String> = (1..=40)
        .map(|number| format!("{MANY} {number}.pdf"))
        .collect();
    let documents: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), letter())).collect();
    let place = json!({"left": 20, "top": 200});
    let mark = json!({"kind": "information", "place": place, "movable": true});
    let signature = json!({"level": "b-b", "act": "personal", "reason": "Phát hành", "mark": mark});
    let entries = |desk: &Desk| {
        desk.daemon
            .with_store_blocking(|store, _| store.audit_entries(1, 1_000).unwrap())
    };
    let before = entries(&desk).len();
    let address = desk.create(&documents, signature).await;
    let waiting = desk.until(&address, &["awaiting-consent"]).await;
    let shown = &waiting["documents"][7]["mark"];
    assert_eq!(
        (&shown["page"], &shown["movable"]),
        (&json!(0), &json!(true))
    );
    assert!(
        (shown["left"].as_f64().unwrap() - 56.7).abs() < 0.1,
        "{shown}"
    );
    assert_eq!(waiting["documents"][7]["pages"], 1);
    // The certificate was not checked up to a root: the rules say so, in both languages.
    let warnings = waiting["documents"][7]["warnings"].as_array().unwrap();
    assert!(!warnings.is_empty());
    for warning in warnings {
        assert_ne!(warning["message"], warning["message_en"], "{warning}");
    }
    // One is moved in the window.
    let mut moved = MovedMark::default();
    moved.document = 8;
    moved.left = 100.0;
    moved.bottom = 50.0;
    let Answer::Approved(mut approval) = approved(Role::Principal, TEST_PIN) else {
        unreachable!()
    };
    approval.moved = vec![moved];
    desk.answer(&address, Answer::Approved(approval)).await;
    let job = desk.until_over(&address).await;
    assert_eq!(job["state"], "finished", "{job}");
    assert_eq!((&job["signed"], &job["failed"]), (&json!(40), &json!(0)));
    let (anchors, fields) = (anchors(), "PAdES-B-B");
    for number in 1..=40 {
        let reply = desk
            .call("GET", &format!("{address}/documents/{number}"))
            .await;
        let disposition = reply.headers["content-disposition"].to_str().unwrap();
        assert!(
            disposition.contains(&format!("%20{number}.pdf")),
            "{disposition}"
        );
        assert!(reply.octets.starts_with(letter()));
        let found = verified(&reply.octets, &anchors, &desk.daemon);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("Trien-") && found[0].ends_with(fields),
            "{found:?}"
        );
        let rectangle = rectangle(&reply.octets);
        assert_eq!(
            rectangle.starts_with("[100 50 "),
            number == 8,
            "{rectangle}"
        );
    }
    // One entry, and no names in the database's log.
    let after = entries(&desk);
    let signed: Vec<_> = after[before..]
        .iter()
        .filter(|entry| entry.action == "job.signed")
        .collect();
    assert_eq!(signed.len(), 1);
    assert!(
        signed[0].actor.starts_with("pairing:"),
        "{}",
        signed[0].actor
    );
    assert!(
        desk.daemon
            .with_store_blocking(|store, _| store.check_audit().unwrap().is_intact())
    );
    // Collected: nothing is left, neither files nor names.
    let spool = desk.spool_of(&address);
    assert!(spool.exists());
    let collected = desk.call("POST", &format!("{address}/collected")).await;
    assert_eq!(collected.is_ok().json()["state"], "removed");
    assert!(!spool.exists());
    assert_eq!(desk.call("GET", &address).await.code(), "job-unknown");
    let database = std::fs::read(desk.folder.join("data/triend.sqlite")).unwrap();
    assert!(
        !database
            .windows(MANY.len())
            .any(|octets| octets == MANY.as_bytes())
    );
}

/// `/Rect` of the last widget in a file, as it stands there.
fn rectangle(octets: &[u8]) -> String {
    let appended = String::from_utf8_lossy(&octets[letter().len()..]).into_owned();
    let (_, behind) = appended.split_once("/Rect").unwrap();
    let (rectangle, _) = behind.split_once(']').unwrap();
    rectangle.trim().to_owned()
}

#[test]
fn documents_fail_by_themselves_and_only_those_are_tried_again() {
    let Some(drawer) = drawer() else { return };
    let authority =
        TimeStampServer::start(Role::TimeStampAuthority, crate::job_desk::now()).unwrap();
    authority.serve(std::sync::Arc::new(
        trien_testkit::pki::TestPki::open_or_make(
            &key_folder(),
            trien_testkit::pki::PkiSettings::default(),
        )
        .unwrap(),
    ));
    let url = authority.url();
    crate::job_desk::runtime().block_on(async {
        let desk = Desk::with(drawer, |config| config.time_stamp_authorities = vec![url]).unwrap();
        // A file whose signature was broken: nobody signs behind it.
        let mut broken = signed_elsewhere();
        let at = broken.len() / 3;
        broken[at] ^= 1;
        let documents: [(&str, &[u8]); 8] = [
            ("1", letter()),
            ("2", b"no PDF at all"),
            ("3", letter()),
            ("4", &broken),
            ("5", letter()),
            ("6", letter()),
            ("7", letter()),
            ("8", letter()),
        ];
        authority.faults().next([Fault::HttpStatus(503)]);
        authority.faults().next([Fault::Garbage]);
        let address = desk.create(&documents, json!({"level": "b-t"})).await;
        let waiting = desk.until(&address, &["awaiting-consent"]).await;
        assert_eq!(errors(&waiting)[1], "not-a-pdf");
        assert_eq!(errors(&waiting)[3], "signing-refused");
        let said = &waiting["documents"][3]["error"];
        assert_ne!(said["message"], said["message_en"]);
        let job = desk.approve(&address).await;
        assert_eq!(
            (&job["state"], &job["signed"]),
            (&json!("finished"), &json!(4))
        );
        let unstamped = errors(&job)
            .into_iter()
            .filter(|code| *code == "time-stamp-unavailable")
            .count();
        assert_eq!(unstamped, 2, "{job}");
        let spool = desk.spool_of(&address);
        let written = |number: usize| {
            let path = spool.join(format!("{number}.out.pdf"));
            std::fs::metadata(path)
                .and_then(|file| file.modified())
                .ok()
        };
        let first: Vec<_> = (1..=8).map(written).collect();
        let retry = desk.call("POST", &format!("{address}/retries")).await;
        retry.is_ok();
        let job = desk.approve(&address).await;
        assert_eq!(job["signed"], 6, "{job}");
        assert_eq!(states(&job)[1], "refused");
        assert_eq!(states(&job)[3], "refused");
        for (number, before) in (1..=8).zip(first) {
            if before.is_some() {
                assert_eq!(written(number), before, "signed twice");
            }
            if ![2, 4].contains(&number) {
                let signed = desk.result(&address, number).await;
                let found = verified(&signed, &anchors(), &desk.daemon);
                assert!(found[0].ends_with("PAdES-B-T"), "{found:?}");
            }
        }
        // The two that cannot be signed may be tried for ever, and are refused before a PIN.
        desk.call("POST", &format!("{address}/retries"))
            .await
            .is_ok();
        let job = desk.until_over(&address).await;
        assert_eq!(job["signed"], 6);
    });
}

fn signed_elsewhere() -> Vec<u8> {
    let identity = pki().identity(Role::HomeroomTeacher).unwrap();
    let mut key =
        trien_token::SoftKey::new(identity.key().to_owned(), &identity.path_der().unwrap())
            .unwrap();
    let limits = trien::Limits::default();
    let document = trien::Document::open(letter(), &limits).unwrap();
    let request = trien::SignatureRequest::new("GVCN", crate::job_desk::now());
    trien::sign(&document, &mut key, request).unwrap().to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_pin_is_tried_once_and_the_right_one_signs_later() {
    let Some(desk) = Desk::new() else { return };
    let documents: Vec<(&str, &[u8])> = (0..5).map(|_| ("a", letter())).collect();
    let address = desk.create(&documents, json!({"level": "b-b"})).await;
    desk.answer(&address, approved(Role::Principal, "87654321"))
        .await;
    let job = desk.until_over(&address).await;
    assert_eq!(job["state"], "stopped");
    assert_eq!(job["stopped"]["code"], "pin-incorrect");
    assert_eq!(errors(&job), ["pin-incorrect"; 5]);
    let flags = |desk: &Desk| {
        let modules = desk.daemon.tokens().refresh();
        modules[0].tokens().next().unwrap().pin_state
    };
    assert_eq!(flags(&desk), PinState::CountLow);
    // The log has that it was, and nothing of the PIN.
    let last = desk
        .daemon
        .with_store_blocking(|store, _| store.last_audit_entry().unwrap());
    assert_eq!(last.action, "pin.incorrect");
    assert!(last.actor.starts_with("pairing:"), "{}", last.actor);
    desk.call("POST", &format!("{address}/retries"))
        .await
        .is_ok();
    let job = desk.approve(&address).await;
    assert_eq!(
        (&job["state"], &job["signed"]),
        (&json!("finished"), &json!(5))
    );
    assert_eq!(flags(&desk), PinState::Initialised);
    // Logged out: the next job is not signed without a PIN.
    let address = desk.create(&documents, json!({"level": "b-b"})).await;
    desk.answer(&address, approved(Role::Principal, "87654321"))
        .await;
    let job = desk.until_over(&address).await;
    assert_eq!(job["stopped"]["code"], "pin-incorrect");
}

#[test]
fn every_level_is_reached_with_the_authorities_of_the_configuration() {
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
    let folder = anchor_folder(pki, "triend-live-anchors");
    let (url, anchors) = (services.time_stamps.url(), folder.clone());
    crate::job_desk::runtime().block_on(async {
        let desk = Desk::with(drawer, |config| {
            config.time_stamp_authorities = vec![url];
            config.anchors = Some(anchors);
        })
        .unwrap();
        for (level, reached) in [("b-t", "B-T"), ("b-lt", "B-LT"), ("b-lta", "B-LTA")] {
            let documents: Vec<(&str, &[u8])> = (0..3).map(|_| ("a", letter())).collect();
            let address = desk.create(&documents, json!({"level": level})).await;
            desk.until(&address, &["awaiting-consent"]).await;
            let certificate = desk.show(&address).await["documents"][0]["warnings"].clone();
            assert_eq!(certificate, json!([]), "the path was checked");
            let Answer::Approved(mut approval) = approved(Role::Principal, TEST_PIN) else {
                unreachable!()
            };
            let modules = desk.daemon.tokens().tokens();
            let token = modules[0].tokens().next().unwrap();
            approval.certificate = Some(token.signing_certificates().next().unwrap().id);
            desk.answer(&address, Answer::Approved(approval)).await;
            let job = desk.until_over(&address).await;
            assert_eq!(
                (&job["state"], &job["signed"]),
                (&json!("finished"), &json!(3)),
                "{job}"
            );
            let signed = desk.result(&address, 2).await;
            let found = verified(&signed, &anchors_in(&folder), &desk.daemon);
            assert!(found[0].ends_with(reached), "{found:?}");
        }
    });
}

/// A desk whose token makes five signatures and then waits until this file is removed.
fn held_desk() -> Option<(Desk, PathBuf)> {
    let drawer = drawer()?;
    let module = compile(&drawer, "HELD_AFTER_FIVE")?;
    let held = held(&drawer);
    std::fs::write(&held, b"").unwrap();
    Some((Desk::through(module, drawer), held))
}

/// Whoever was told that a job was over found the log without it, or its state overwritten later.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_said_to_be_over_stands_in_the_store_and_in_the_log() {
    let Some(desk) = Desk::new() else { return };
    for _ in 0..5 {
        let address = desk
            .create(&[("a", letter())], json!({"level": "b-b"}))
            .await;
        let job = desk.job(&address);
        let mut changes = job.watch();
        desk.answer(&address, approved(Role::Principal, TEST_PIN))
            .await;
        while !job.state().is_over() {
            changes.changed().await.unwrap();
        }
        let (row, last) = desk.daemon.with_store_blocking(|store, _| {
            let rows = store.jobs().unwrap();
            let row = rows.into_iter().find(|row| address.ends_with(&row.id));
            (row.unwrap(), store.last_audit_entry().unwrap())
        });
        assert_eq!(row.state, "finished");
        assert_eq!(last.action, "job.signed");
        desk.call("POST", &format!("{address}/collected"))
            .await
            .is_ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_cancelled_in_the_middle_and_the_rest_signed_later() {
    let Some((desk, held)) = held_desk() else {
        return;
    };
    let documents: Vec<(&str, &[u8])> = (0..60).map(|_| ("a", letter())).collect();
    let address = desk.create(&documents, json!({"level": "b-b"})).await;
    desk.answer(&address, approved(Role::Principal, TEST_PIN))
        .await;
    while desk.show(&address).await["signed"].as_u64().unwrap() < 3 {}
    desk.job(&address).cancel();
    std::fs::remove_file(held).unwrap();
    let job = desk.until_over(&address).await;
    assert_eq!(job["state"], "cancelled", "{job}");
    let signed = job["signed"].as_u64().unwrap();
    assert!((3..60).contains(&signed), "{signed}");
    let rest = errors(&job)
        .iter()
        .filter(|code| **code == "cancelled")
        .count();
    assert_eq!(usize::try_from(signed).unwrap() + rest, 60);
    desk.call("POST", &format!("{address}/retries"))
        .await
        .is_ok();
    let job = desk.approve(&address).await;
    assert_eq!(job["signed"], 60);
    // Cancelled by removing it: nothing is left when its threads have ended.
    let spool = desk.spool_of(&address);
    let address = desk.create(&documents, json!({"level": "b-b"})).await;
    let other = desk.spool_of(&address);
    desk.answer(&address, approved(Role::Principal, TEST_PIN))
        .await;
    desk.call("DELETE", &address).await.is_ok();
    assert_eq!(desk.call("GET", &address).await.code(), "job-unknown");
    for _ in 0..6_000 {
        if !other.exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(!other.exists() && spool.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_taken_away_stops_the_job_with_what_is_done_kept() {
    let Some((desk, held)) = held_desk() else {
        return;
    };
    let documents: Vec<(&str, &[u8])> = (0..60).map(|_| ("a", letter())).collect();
    let address = desk.create(&documents, json!({"level": "b-b"})).await;
    desk.answer(&address, approved(Role::Principal, TEST_PIN))
        .await;
    while desk.show(&address).await["signed"].as_u64().unwrap() < 3 {}
    let tokens = desk.token_folder();
    let away = tokens.with_extension("away");
    std::fs::rename(&tokens, &away).unwrap();
    std::fs::remove_file(held).unwrap();
    let job = desk.until_over(&address).await;
    println!("{} {} {}", job["state"], job["stopped"], job["signed"]);
    assert_eq!(job["state"], "stopped", "{job}");
    let code = job["stopped"]["code"].as_str().unwrap();
    assert!(["token-removed", "token-failed"].contains(&code), "{code}");
    let signed = job["signed"].as_u64().unwrap();
    assert!((3..60).contains(&signed), "{signed}");
    std::fs::rename(&away, &tokens).unwrap();
    // SoftHSM does not see in one process that a folder came back.
    let desk = desk.restarted();
    let kept = desk.show(&address).await;
    assert_eq!(kept["signed"], signed, "{kept}");
    desk.call("POST", &format!("{address}/retries"))
        .await
        .is_ok();
    let job = desk.approve(&address).await;
    assert_eq!(job["signed"], 60, "{}", job["stopped"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_stands_under_the_title_and_a_step_signs_in_its_role() {
    let Some(desk) = Desk::new() else { return };
    let handwriting = trien_testkit::records::Picture::handwriting(11, 300);
    use base64::Engine as _;
    let image = base64::engine::general_purpose::STANDARD.encode(handwriting.to_png().unwrap());
    let place = json!({"below": "HIỆU TRƯỞNG", "page": "last"});
    let mark = json!({"kind": "image", "image": image, "size": 40, "place": place});
    let signature = json!({"level": "b-b", "workflow": "cong-van-di", "step": "thu-truong",
        "role": "hieu-truong", "mark": mark});
    let workflow = trien::Workflow::ready("cong-van-di").unwrap().unwrap();
    let step = workflow
        .steps()
        .iter()
        .find(|step| step.act() == trien::SigningAct::Personal)
        .unwrap();
    let mut signature = signature;
    signature["step"] = json!(step.id());
    let address = desk.create(&[("a", letter())], signature).await;
    let job = desk.approve(&address).await;
    assert_eq!(job["signed"], 1, "{job}");
    let mark = &job["documents"][0]["mark"];
    assert_eq!(mark["page"], 0);
    assert!(mark["width"].as_f64().unwrap() > 20.0);
    let signed = desk.result(&address, 1).await;
    let found = verified(&signed, &anchors(), &desk.daemon);
    assert_eq!(found.len(), 1);
}

/// Octets that are the same but for a name: as another program would have them signed.
fn swapped() -> Vec<u8> {
    let mut octets = letter().to_vec();
    let last = octets.len() - 1;
    octets[last] ^= 1;
    octets
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_another_program_changes_in_the_spool_is_not_signed() {
    let Some(desk) = Desk::new() else { return };
    let documents: Vec<(&str, &[u8])> = ["a.pdf", "b.pdf", "c.pdf", "d.pdf"]
        .iter()
        .map(|name| (*name, letter()))
        .collect();
    let address = desk.create(&documents, json!({"level": "b-b"})).await;
    desk.until(&address, &["awaiting-consent"]).await;
    // It was shown: now the copy that is to be signed is written over, or another put in its place.
    let spool = desk.spool_of(&address);
    std::fs::write(spool.join("1.out.part"), swapped()).unwrap();
    std::fs::write(spool.join("other"), swapped()).unwrap();
    std::fs::rename(spool.join("other"), spool.join("2.out.part")).unwrap();
    std::fs::write(spool.join("3.out.part"), b"%PDF-1.7").unwrap();
    let job = desk.approve(&address).await;
    assert_eq!(
        states(&job),
        ["failed", "failed", "failed", "signed"],
        "{job}"
    );
    let changed = "document-changed";
    assert_eq!(errors(&job), [changed, changed, changed, "-"], "{job}");
    let error = &job["documents"][0]["error"];
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("đã bị chương trình khác thay đổi")
    );
    assert!(desk.result(&address, 4).await.starts_with(letter()));
    for number in 1..=3 {
        let path = format!("{address}/documents/{number}");
        assert_eq!(desk.call("GET", &path).await.code(), "job-state");
        assert!(!spool.join(format!("{number}.out.pdf")).exists());
    }
    // What came is there still, and is signed when it is tried again; what was changed is not.
    std::fs::write(spool.join("2.in.pdf"), swapped()).unwrap();
    desk.call("POST", &format!("{address}/retries"))
        .await
        .is_ok();
    let job = desk.approve(&address).await;
    assert_eq!(
        states(&job),
        ["signed", "refused", "signed", "signed"],
        "{job}"
    );
    assert_eq!(errors(&job), ["-", changed, "-", "-"], "{job}");
}
