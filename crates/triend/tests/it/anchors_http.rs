//! Trust anchors over HTTP: seen by whoever is paired, added and removed by the person alone.

use serde_json::{Value, json};
use trien_testkit::pki::Role as Holder;
use triend::consent::{AnchorChange, Answer, Approval, Outcome, Subject};
use triend::store::ContentHash;

use crate::door::{Door, names};
use crate::school::{certificate, pki};

fn pem(holder: Holder) -> String {
    let pem = pki().identity(holder).unwrap().certificate_pem().unwrap();
    String::from_utf8(pem).unwrap()
}

fn fingerprint(holder: Holder) -> String {
    ContentHash::of(&certificate(holder)).to_string()
}

fn addition(holder: Holder) -> Value {
    json!({ "certificate": pem(holder), "fingerprint": fingerprint(holder) })
}

const ROOT: Holder = Holder::NationalRoot;

#[tokio::test]
async fn a_root_is_trusted_once_the_person_agrees_and_until_the_person_agrees_again() {
    let door = Door::new();
    let empty = json!({ "anchors": [], "problems": [] });
    assert_eq!(door.get("/v1/anchors").await.ok(), empty);

    let body = addition(ROOT);
    let (reply, _) = tokio::join!(door.post("/v1/anchors", &body), door.refuse(1));
    assert_eq!(reply.code(), "consent-refused");
    assert_eq!(door.get("/v1/anchors").await.ok(), empty);

    let (reply, ask) = tokio::join!(door.post("/v1/anchors", &body), door.approve(2));
    let added = reply.ok();
    assert_eq!(added["fingerprint"], fingerprint(ROOT));
    let Subject::Anchor {
        certificate: der,
        change: AnchorChange::Add,
    } = ask.subject
    else {
        panic!("{ask:?}");
    };
    assert_eq!(der, certificate(ROOT));
    let listed = door.get("/v1/anchors").await.ok();
    assert_eq!(listed["anchors"], json!([added]));
    let actor = format!("pairing:{}", door.pairing.number());
    assert_eq!(door.log(1), [(actor.clone(), "anchor.added".to_owned())]);
    let reply = door.post("/v1/anchors", &body).await;
    assert_eq!(
        (reply.status.as_u16(), reply.code()),
        (409, "anchor-refused")
    );

    let path = format!("/v1/anchors/{}", fingerprint(ROOT));
    let delete = || door.send("DELETE", &path, ("", Vec::new()));
    let (reply, _) = tokio::join!(delete(), door.refuse(3));
    assert_eq!(reply.code(), "consent-refused");
    let (reply, ask) = tokio::join!(delete(), door.approve(4));
    reply.ok();
    let removed = AnchorChange::Remove;
    assert!(matches!(ask.subject, Subject::Anchor { change, .. } if change == removed));
    assert_eq!(door.get("/v1/anchors").await.ok(), empty);
    assert_eq!(door.log(1), [(actor, "anchor.removed".to_owned())]);
    assert_eq!(delete().await.code(), "anchor-unknown");
    assert_eq!(names(&door.data().join("anchors")), Vec::<String>::new());
}

#[tokio::test]
async fn bounds_are_written_and_read_as_the_folder_reads_them() {
    let door = Door::new();
    let mut body = addition(ROOT);
    body["purpose"] = "time-stamping".into();
    body["trusted_until"] = "2030-12-31T23:59:59+07:00".into();
    let (reply, _) = tokio::join!(door.post("/v1/anchors", &body), door.approve(1));
    let added = reply.ok();
    assert_eq!(added["trusted_until"], "2030-12-31T23:59:59+07:00");
    assert_eq!(
        door.get("/v1/anchors").await.ok()["anchors"],
        json!([added])
    );
    let path = format!("/v1/anchors/{}", fingerprint(ROOT));
    let (reply, _) = tokio::join!(
        door.send("DELETE", &path, ("", Vec::new())),
        door.approve(2)
    );
    reply.ok();
    assert_eq!(names(&door.data().join("anchors")), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_the_certificate_that_was_published_asks_nobody() {
    let door = Door::new();
    let other = fingerprint(Holder::GovernmentAuthority);
    let mut body = addition(ROOT);
    body["fingerprint"] = other.as_str().into();
    let reply = door.post("/v1/anchors", &body).await;
    assert_eq!(reply.code(), "fingerprint-differs");
    let two = format!("{}{}", pem(ROOT), pem(Holder::GovernmentAuthority));
    for certificate in ["", "no certificate", "AAAA", two.as_str()] {
        body["certificate"] = certificate.into();
        let reply = door.post("/v1/anchors", &body).await;
        assert_eq!(reply.code(), "request-malformed", "{certificate:.20}");
    }
    for path in [&other[1..], "x", &other] {
        let path = format!("/v1/anchors/{path}");
        let reply = door.send("DELETE", &path, ("", Vec::new())).await;
        assert_eq!(reply.code(), "anchor-unknown");
    }
    assert_eq!(door.windows(), 0);
}

#[tokio::test]
async fn a_root_that_shares_its_file_is_left_to_the_administrator() {
    let door = Door::new();
    let both = format!("{}{}", pem(ROOT), pem(Holder::GovernmentAuthority));
    let file = door.data().join("anchors/both.pem");
    std::fs::write(&file, both).unwrap();
    std::fs::write(door.data().join("anchors/broken.pem"), "nothing").unwrap();
    let listed = door.get("/v1/anchors").await.ok();
    assert_eq!(listed["anchors"].as_array().unwrap().len(), 2);
    assert_eq!(listed["problems"][0]["file"], "broken.pem");
    let text = listed.to_string();
    assert!(!text.contains(door.data().to_str().unwrap()), "{text}");
    let path = format!("/v1/anchors/{}", fingerprint(ROOT));
    let reply = door.send("DELETE", &path, ("", Vec::new())).await;
    assert_eq!(reply.code(), "anchor-refused");
    assert_eq!(door.windows(), 0);
    assert!(file.exists());
}

#[tokio::test]
async fn a_root_that_could_not_be_removed_is_not_said_to_be() {
    let door = Door::new();
    let adding = addition(ROOT);
    let (reply, session) = tokio::join!(door.post("/v1/anchors", &adding), async {
        let (_, session) = door.asked(1).await;
        let yes = Answer::Approved(Box::<Approval>::default());
        door.daemon.asks().answer(&session, yes).unwrap();
        session
    });
    reply.ok();
    assert_eq!(door.daemon.asks().outcome(&session), Some(Outcome::Done));
    let path = format!("/v1/anchors/{}", fingerprint(ROOT));
    let anchors = door.data().join("anchors");
    let (reply, session) = tokio::join!(door.send("DELETE", &path, ("", Vec::new())), async {
        let (_, session) = door.asked(2).await;
        // What lies there is gone before the answer, and a file is in the place of the folder.
        std::fs::remove_dir_all(&anchors).unwrap();
        std::fs::write(&anchors, "").unwrap();
        let yes = Answer::Approved(Box::<Approval>::default());
        door.daemon.asks().answer(&session, yes).unwrap();
        session
    });
    assert!(!reply.status.is_success(), "{}", reply.body);
    let Some(Outcome::Failed(why)) = door.daemon.asks().outcome(&session) else {
        panic!("{:?}", door.daemon.asks().outcome(&session));
    };
    assert_eq!(why.code().name(), reply.code());
}
