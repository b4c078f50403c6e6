//! Register, evidence and log over HTTP: nobody reads or writes them without the right to, and every
//! entry is in the log with the pairing that made it.

use serde_json::{Value, json};
use trien_testkit::pki::Role as Holder;
use triend::caller::Right;
use triend::consent::Subject;
use triend::store::ContentHash;

use crate::door::Door;
use crate::school::{certificate, crl, pki, time_stamp};

fn base64(octets: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(octets)
}

fn principal() -> Value {
    json!({
        "person": "Nguyễn Thị Hòa", "body": "Trường THCS Thái Học", "role": "hieu-truong",
        "certificate": base64(&certificate(Holder::Principal)),
        "from": "2026-09-05T00:00:00+07:00", "decision": "12/QĐ",
    })
}

fn clerk() -> Value {
    let pem = pki().identity(Holder::SchoolSeal).unwrap();
    let pem = String::from_utf8(pem.certificate_pem().unwrap()).unwrap();
    json!({
        "person": "Trần Văn Thư", "body": "Trường THCS Thái Học", "role": "van-thu",
        "certificate": pem, "from": "2026-09-05T00:00:00+07:00",
    })
}

#[tokio::test]
async fn a_pairing_has_no_right_to_the_records_until_the_person_gives_it() {
    let door = Door::new();
    for path in [
        "/v1/register/signers",
        "/v1/register/seals",
        "/v1/evidence/records",
        "/v1/evidence/records/1",
        "/v1/evidence/records/1/completeness",
        "/v1/audit",
        "/v1/audit/head",
    ] {
        assert_eq!(door.get(path).await.code(), "right-missing", "{path}");
    }
    let decision = json!({ "decision": "1/QĐ" });
    for (path, body) in [
        ("/v1/register/signers", principal()),
        ("/v1/evidence/records/1/destruction", decision.clone()),
    ] {
        assert_eq!(door.post(path, &body).await.code(), "right-missing");
    }
    assert_eq!(door.windows(), 0);

    // Asked for, refused: nothing changes. Asked for, given: reading alone.
    let wish = json!({ "rights": ["records-read"] });
    let (reply, ask) = tokio::join!(door.post("/v1/rights", &wish), door.refuse(1));
    assert_eq!(reply.code(), "consent-refused");
    let caller = ask.caller.unwrap();
    assert_eq!((caller.pairing, caller.rights.len()), (door.pairing, 0));
    assert_eq!(door.get("/v1/rights").await.ok(), json!({ "rights": [] }));
    let (reply, ask) = tokio::join!(door.post("/v1/rights", &wish), door.approve(2));
    assert_eq!(reply.ok(), json!({ "rights": ["records-read"] }));
    assert!(matches!(ask.subject, Subject::Rights { rights } if rights.len() == 1));
    assert_eq!(
        door.get("/v1/register/signers").await.ok(),
        json!({ "signers": [] })
    );
    let refused = door.post("/v1/register/signers", &principal()).await;
    assert_eq!(refused.code(), "right-missing");
    let given = (
        format!("pairing:{}", door.pairing.number()),
        "pairing.right-granted".to_owned(),
    );
    assert_eq!(door.log(1), [given]);
    // What is there is not asked for again.
    door.post("/v1/rights", &wish).await.ok();
    assert_eq!(door.windows(), 2);
    for wrong in [
        json!({ "rights": [] }),
        json!({ "rights": ["all"] }),
        json!({}),
    ] {
        let reply = door.post("/v1/rights", &wrong).await;
        assert_eq!(reply.code(), "request-malformed");
    }
}

#[tokio::test]
async fn signers_and_seals_are_entered_ended_and_refused_as_at_the_command_line() {
    let door = Door::new();
    door.grant(&[Right::WriteRecords]);
    assert_eq!(
        door.post("/v1/register/signers", &principal()).await.ok(),
        json!({ "id": 1 })
    );
    assert_eq!(
        door.post("/v1/register/signers", &clerk()).await.ok(),
        json!({ "id": 2 })
    );
    let again = door.post("/v1/register/signers", &principal()).await;
    assert_eq!(
        (again.status.as_u16(), again.code()),
        (409, "entry-refused")
    );
    let message = again.body["error"]["message"].as_str().unwrap();
    assert!(message.contains("đã có"), "{message}");

    let seal = json!({ "device": "CON-DAU-1", "clerk": 2, "decision": "7/QĐ",
        "from": "2026-09-06T00:00:00+07:00" });
    door.post("/v1/register/seals", &seal).await.ok();
    let to_principal = json!({ "device": "CON-DAU-2", "clerk": 1, "decision": "7/QĐ" });
    let reply = door.post("/v1/register/seals", &to_principal).await;
    assert_eq!(reply.code(), "entry-refused");
    let held = door
        .get("/v1/register/seals?at=2026-10-01T00:00:00%2B07:00")
        .await
        .ok();
    assert_eq!(held["seals"].as_array().unwrap().len(), 1);
    let back = json!({ "until": "2026-10-01T00:00:00+07:00" });
    door.post("/v1/register/seals/1/return", &back).await.ok();

    let end = json!({ "until": "2027-01-01T00:00:00+07:00", "decision": "99/QĐ" });
    door.post("/v1/register/signers/1/end", &end).await.ok();
    let reply = door.post("/v1/register/signers/1/end", &end).await;
    assert_eq!(reply.code(), "entry-refused");
    for missing in ["77", "0", "-1", "x", "99999999999999999999"] {
        let path = format!("/v1/register/signers/{missing}/end");
        assert_eq!(door.post(&path, &end).await.code(), "entry-unknown");
    }
    let fingerprint = ContentHash::of(&certificate(Holder::Principal));
    let found = door
        .get(&format!("/v1/register/signers?certificate={fingerprint}"))
        .await
        .ok();
    assert_eq!(found["signers"][0]["end_decision"], "99/QĐ");
    let later = door
        .get("/v1/register/signers?at=2027-02-01T00:00:00%2B07:00")
        .await
        .ok();
    assert_eq!(later["signers"].as_array().unwrap().len(), 1);
    let log = door.log(5);
    let actor = format!("pairing:{}", door.pairing.number());
    assert!(log.iter().all(|(by, _)| *by == actor), "{log:?}");
    assert_eq!(log[4].1, "register.signer-ended");

    // A pairing that has ended writes nothing, also where it came in before.
    let id = door.pairing;
    let refused = door.daemon.with_store_blocking(|store, now| {
        let administrator = triend::store::Actor::Administrator;
        store.end_pairing(id, administrator, now).unwrap();
        let signer = triend::store::SignerId::from_number(2);
        store.end_signer(
            signer,
            now.plus_seconds(1 << 30),
            None,
            triend::store::Actor::Pairing(id),
            now,
        )
    });
    assert!(refused.is_err());
    assert_eq!(door.log(1)[0].1, "pairing.ended");
    assert_eq!(door.get("/v1/audit").await.code(), "origin-foreign");
}

#[tokio::test]
async fn evidence_is_kept_completed_withdrawn_and_destroyed_only_with_the_persons_yes() {
    let door = Door::new();
    door.grant(&[Right::WriteRecords]);
    let document = b"%PDF-1.7 cong van di";
    let sha256 = ContentHash::of(document).to_string();
    let signer = ContentHash::of(&certificate(Holder::Principal)).to_string();
    let record = json!({ "direction": "outgoing", "sha256": sha256, "number": "12", "symbol": "CV",
        "items": [
            { "kind": "responsibility", "certificate": signer, "role": "hieu-truong" },
            { "kind": "signer-certificate",
              "certificate": base64(&certificate(Holder::Principal)) },
            { "kind": "crl", "der": base64(&crl()) },
        ] });
    assert_eq!(
        door.post("/v1/evidence/records", &record).await.ok(),
        json!({ "id": 1 })
    );
    let found = door.get("/v1/evidence/records/1/completeness").await.ok();
    assert_eq!(found["complete"], false);
    assert_eq!(found["missing"].as_array().unwrap().len(), 2);
    let rest = json!({ "items": [
        { "kind": "practice-statement", "url": "https://ca.gov.vn/cps.pdf", "sha256": sha256 },
        { "kind": "time-stamp-at-signing", "der": base64(&time_stamp(document)) },
    ] });
    door.post("/v1/evidence/records/1/items", &rest).await.ok();
    let shown = door.get("/v1/evidence/records/1").await.ok();
    assert_eq!(shown["completeness"]["complete"], true);
    assert_eq!(shown["items"].as_array().unwrap().len(), 5);
    let wrong = json!({ "items": [{ "kind": "crl", "der": base64(b"no list") }] });
    let reply = door.post("/v1/evidence/records/1/items", &wrong).await;
    assert_eq!(reply.code(), "request-malformed");
    let listed = door
        .get(&format!("/v1/evidence/records?document={sha256}"))
        .await
        .ok();
    assert_eq!(listed["records"][0]["symbol"], "CV");

    let notice = json!({ "notice": "3/TB-THCS" });
    door.post("/v1/evidence/records/1/withdrawal", &notice)
        .await
        .ok();
    let reply = door
        .post("/v1/evidence/records/1/withdrawal", &notice)
        .await;
    assert_eq!(reply.code(), "entry-refused");
    let report = json!({ "reference": "4/BC" });
    door.post("/v1/evidence/records/1/withdrawal-reports", &report)
        .await
        .ok();

    let decision = json!({ "decision": "5/QĐ-HUY" });
    let path = "/v1/evidence/records/1/destruction";
    let (reply, _) = tokio::join!(door.post(path, &decision), door.refuse(1));
    assert_eq!(reply.code(), "consent-refused");
    let shown = door.get("/v1/evidence/records/1").await.ok();
    assert_eq!(shown["record"]["state"], "kept");
    let (reply, ask) = tokio::join!(door.post(path, &decision), door.approve(2));
    assert_eq!(reply.ok()["items"], 5);
    assert!(matches!(ask.subject, Subject::Destruction { items: 5, .. }));
    let shown = door.get("/v1/evidence/records/1").await.ok();
    assert_eq!(shown["completeness"], Value::Null);
    assert_eq!(shown["withdrawal"]["reports"][0]["reference"], "4/BC");
    assert_eq!(door.post(path, &decision).await.code(), "entry-refused");
    assert_eq!(door.windows(), 2);
    let actor = format!("pairing:{}", door.pairing.number());
    assert!(door.log(14).iter().all(|(by, _)| *by == actor));
}

#[tokio::test]
async fn the_log_is_read_in_pages_and_its_head_is_what_the_check_takes() {
    let door = Door::new();
    door.grant(&[Right::ReadRecords, Right::WriteRecords]);
    door.post("/v1/register/signers", &principal()).await.ok();
    let all = door.get("/v1/audit").await.ok();
    let last = all["last"].as_i64().unwrap();
    assert_eq!(all["entries"].as_array().unwrap().len() as i64, last);
    let page = door
        .get(&format!("/v1/audit?first={last}&count=5"))
        .await
        .ok();
    assert_eq!(page["entries"][0]["action"], "register.signer-added");
    for wrong in ["first=0", "count=0", "count=1001", "first=x", "page=1"] {
        let reply = door.get(&format!("/v1/audit?{wrong}")).await;
        assert_eq!(reply.code(), "request-malformed", "{wrong}");
    }
    let head = door.get("/v1/audit/head").await.ok().to_string();
    let head = triend::store::AuditHead::from_json(head.as_bytes()).unwrap();
    let faults = door
        .daemon
        .with_store_blocking(|store, _| store.check_audit_against(&[head]).unwrap().faults);
    assert_eq!(faults, vec![]);
}
