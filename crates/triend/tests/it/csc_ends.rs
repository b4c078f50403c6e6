//! How a consent over the API of the Cloud Signature Consortium ends where nothing is signed: its
//! caller goes away, calls wrongly, or is no longer paired; and what stands in the log where it is.

use std::io::Write as _;
use std::net::TcpStream;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use triend::store::{Actor, Store};

use crate::csc_desk::{
    Desk, RSA_SHA256, SHA256, V1, V2, Window, a_thousand_hashes, hash, hash_of, hash_of_octets,
};
use crate::job_desk::letter;
use crate::school::START;

const AUTHORIZE: &str = "/credentials/authorize";
const SIGN: &str = "/signatures/signHash";
const SIGN_DOCUMENTS: &str = "/csc/v2/signatures/signDoc";

fn wish(desk: &Desk) -> Value {
    json!({"credentialID": desk.credential(), "numSignatures": 1, "hash": [hash(1)]})
}

fn waits_for(window: &Window<'_>, code: &str) {
    for _ in 0..6_000 {
        if window.outcome() == ("stopped".to_owned(), code.to_owned()) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("{:?}", window.outcome());
}

#[test]
fn a_caller_that_goes_away_while_its_key_opens_leaves_the_token_to_others() {
    let Some(desk) = Desk::new() else { return };
    let wish = wish(&desk);
    let mut stream = TcpStream::connect(("127.0.0.1", desk.port)).unwrap();
    let body = wish.to_string();
    let request = format!(
        "POST {V1}{AUTHORIZE} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: {}\r\n\
         Content-Type: application/json\r\nAuthorization: Bearer {}\r\n\r\n{body}",
        desk.port,
        body.len(),
        desk.callers[0]
    );
    stream.write_all(request.as_bytes()).unwrap();
    let window = desk.window();
    // The driver takes its time, as a card does: the caller is gone before the key is open.
    desk.signal_workers("-STOP");
    window.agree();
    drop(stream);
    std::thread::sleep(std::time::Duration::from_millis(300));
    desk.signal_workers("-CONT");
    waits_for(&window, "cancelled");
    // Another caller gets the token, and nobody can take back what is over.
    let (reply, _) = desk.asking(1, &format!("{V1}{AUTHORIZE}"), &wish, Window::agree);
    reply.sad();
    assert_eq!(window.cancel(), 409);
}

#[test]
fn a_call_that_is_refused_does_not_say_that_the_consent_is_over() {
    let Some(desk) = Desk::new() else { return };
    let wish = wish(&desk);
    let (reply, window) = desk.asking(0, &format!("{V1}{AUTHORIZE}"), &wish, Window::agree);
    let order = json!({"credentialID": wish["credentialID"], "SAD": reply.sad(),
        "hash": [hash(1)], "signAlgo": RSA_SHA256});
    let mut wrong = order.clone();
    wrong["hashAlgo"] = "1.3.14.3.2.26".into();
    assert_eq!(desk.call(&format!("{V1}{SIGN}"), &wrong).status, 400);
    let outcome = window.shows()["outcome"].take();
    assert_eq!(
        (&outcome["state"], &outcome["stopped"]),
        (&json!("underway"), &Value::Null)
    );
    assert_eq!(outcome["refused"]["code"], "request-malformed");
    // It can still be taken back, and is over with that.
    assert_eq!(window.cancel(), 204);
    let over = ("stopped".to_owned(), "cancelled".to_owned());
    assert_eq!(window.outcome(), over);
    assert_eq!(desk.call(&format!("{V1}{SIGN}"), &order).status, 400);
    assert_eq!(window.outcome(), over, "what has ended stays so");
}

/// The call that was refused once ended the window while the key of the first one was closed.
#[test]
fn of_many_calls_with_the_same_data_one_signs_and_the_window_says_so() {
    let Some(desk) = Desk::new() else { return };
    let wish = wish(&desk);
    for _ in 0..3 {
        let (reply, window) = desk.asking(0, &format!("{V1}{AUTHORIZE}"), &wish, Window::agree);
        let order = json!({"credentialID": wish["credentialID"], "SAD": reply.sad(),
            "hash": [hash(1)], "signAlgo": RSA_SHA256});
        let replies: Vec<u16> = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..20)
                .map(|_| scope.spawn(|| desk.call(&format!("{V1}{SIGN}"), &order).status))
                .collect();
            let replies = calls.into_iter().map(|call| call.join().unwrap());
            replies.collect()
        });
        let signed = replies.iter().filter(|status| **status == 200);
        assert_eq!(signed.count(), 1, "{replies:?}");
        let outcome = window.shows()["outcome"].take();
        assert_eq!(outcome["state"], "done", "{outcome}");
    }
}

#[test]
fn documents_signed_under_activation_data_stand_in_the_log() {
    let Some(desk) = Desk::new() else { return };
    let id = desk.credential();
    let logged = || {
        let store = Store::open(&desk.folder.path().join("data"), START).unwrap();
        let entries = store.audit_entries(1, 1_000).unwrap();
        let signed = entries
            .iter()
            .filter(|entry| entry.action == "digests.signed");
        signed.count()
    };
    let digest = hash_of_octets(&Sha256::digest(letter()));
    let document = json!({"document": hash_of_octets(letter()), "signature_format": "P",
        "conformance_level": "Ades-B-B", "signAlgo": RSA_SHA256});
    let sad = desk.agreed(
        V2,
        &json!({"credentialID": id, "numSignatures": 1, "hashes": [digest]}),
    );
    let order = json!({"credentialID": id, "SAD": sad, "documents": [document]});
    desk.call(SIGN_DOCUMENTS, &order).ok();
    assert_eq!(logged(), 1);
    let hashes = [hash_of(1, 32), hash_of(2, 32)];
    let sad = desk.agreed(
        V2,
        &json!({"credentialID": id, "numSignatures": 2, "hashes": hashes}),
    );
    let digests = json!([{"hashes": hashes, "hashAlgorithmOID": SHA256,
        "signature_format": "P", "signAlgo": RSA_SHA256}]);
    let order = json!({"credentialID": id, "SAD": sad, "documentDigests": digests});
    desk.call(SIGN_DOCUMENTS, &order).ok();
    assert_eq!(logged(), 2);
}

#[test]
fn a_consent_taken_back_while_documents_are_signed_gives_nothing_out() {
    let Some(desk) = Desk::new() else { return };
    let id = desk.credential();
    let hashes = a_thousand_hashes();
    let wish = json!({"credentialID": id, "numSignatures": 1_000, "hashes": hashes});
    let (reply, window) = desk.asking(0, &format!("{V2}{AUTHORIZE}"), &wish, Window::agree);
    let digests = json!([{"hashes": hashes, "hashAlgorithmOID": SHA256,
        "signature_format": "P", "signAlgo": RSA_SHA256}]);
    let order = json!({"credentialID": id, "SAD": reply.sad(), "documentDigests": digests});
    let reply = std::thread::scope(|scope| {
        let signing = scope.spawn(|| desk.call(SIGN_DOCUMENTS, &order));
        std::thread::sleep(std::time::Duration::from_millis(150));
        assert_eq!(window.cancel(), 204);
        signing.join().unwrap()
    });
    assert!(reply.json["SignatureObject"].is_null(), "{reply:?}");
    assert_eq!(reply.status, 400);
}

#[test]
fn a_caller_whose_pairing_ends_gets_no_answer_from_the_window_that_waits() {
    let Some(desk) = Desk::new() else { return };
    let wish = wish(&desk);
    std::thread::scope(|scope| {
        let call = scope.spawn(|| desk.call(&format!("{V1}{AUTHORIZE}"), &wish));
        let window = desk.window();
        // As the command line does it, beside the program that runs.
        let mut store = Store::open(&desk.folder.path().join("data"), START).unwrap();
        let id = store.pairings().unwrap()[0].id;
        store.end_pairing(id, Actor::Administrator, START).unwrap();
        let reply = call.join().unwrap();
        assert_eq!(reply.refused().1, "access_denied", "{reply:?}");
        assert_eq!(
            window.outcome(),
            ("stopped".to_owned(), "pairing-ended".to_owned())
        );
        assert_eq!(window.shows()["seconds_left"], Value::Null);
    });
}
