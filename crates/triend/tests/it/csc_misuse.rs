//! What the API of the Cloud Signature Consortium refuses, with its words, and what of it the
//! person is shown.

use serde_json::{Value, json};
use trien_testkit::pki::Role;

use crate::csc_desk::{
    Desk, RSA_SHA256, Reply, SHA256, SHA384, V1, V2, Window, a_thousand_hashes, expired, hash,
    hash_of,
};
use crate::worker_softhsm::plan;

const SIGN: &str = "/signatures/signHash";
const AUTHORIZE: &str = "/credentials/authorize";

/// `base` with other members; null takes one away.
fn with(base: &Value, changes: Value) -> Value {
    let mut body = base.clone();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[track_caller]
fn is_request_error(reply: &Reply, description: &str) {
    assert_eq!(reply.refused(), (400, "invalid_request", description));
    assert_eq!(reply.json.as_object().unwrap().len(), 2, "{reply:?}");
}

/// Members that make a wish for two digests wrong, and what is said of it.
type Wrong = Vec<(Value, &'static str)>;

fn wrong_counts(id: &str) -> Wrong {
    vec![
        (
            json!({"credentialID": null}),
            "Missing (or invalid type) string parameter credentialID",
        ),
        (
            json!({"credentialID": 7}),
            "Missing (or invalid type) string parameter credentialID",
        ),
        (
            json!({"credentialID": "0".repeat(64)}),
            "Invalid parameter credentialID",
        ),
        (
            json!({"credentialID": id.to_uppercase()}),
            "Invalid parameter credentialID",
        ),
        (
            json!({"numSignatures": null}),
            "Missing (or invalid type) integer parameter numSignatures",
        ),
        (
            json!({"numSignatures": "2"}),
            "Missing (or invalid type) integer parameter numSignatures",
        ),
        (
            json!({"numSignatures": 0}),
            "Invalid value for parameter numSignatures",
        ),
        (
            json!({"numSignatures": -1}),
            "Invalid value for parameter numSignatures",
        ),
        (
            json!({"numSignatures": 1}),
            "Invalid value for parameter numSignatures",
        ),
        (
            json!({"numSignatures": 3}),
            "Invalid value for parameter numSignatures",
        ),
        (
            json!({"numSignatures": 1_001}),
            "Numbers of signatures is too high",
        ),
    ]
}

fn wrong_hashes() -> Wrong {
    let many: Vec<u16> = (0..1_001).collect();
    vec![
        (
            json!({"hash": null}),
            "Missing (or invalid type) array parameter hash",
        ),
        (
            json!({"hash": hash(1)}),
            "Missing (or invalid type) array parameter hash",
        ),
        (
            json!({"hash": many}),
            "Missing (or invalid type) array parameter hash",
        ),
        (json!({"hash": []}), "Empty hash array"),
        (
            json!({"hash": [hash(1), "*"]}),
            "Invalid Base64 hash string parameter",
        ),
        (
            json!({"hash": [hash(1), hash(1)]}),
            "Invalid parameter hash",
        ),
        (
            json!({"hash": [hash_of(1, 20), hash_of(2, 20)]}),
            "Invalid digest value length",
        ),
        (
            json!({"hash": [hash(1), hash_of(2, 48)]}),
            "Invalid digest value length",
        ),
        (json!({"hashAlgo": SHA384}), "Invalid digest value length"),
        (
            json!({"hashAlgo": "1.3.14.3.2.26"}),
            "Invalid parameter hashAlgo",
        ),
        (
            json!({"hashes": [hash(1), hash(3)]}),
            "Parameters hash and hashes differ",
        ),
        (
            json!({"hashAlgo": SHA256, "hashAlgorithmOID": SHA384}),
            "Parameters hashAlgo and hashAlgorithmOID differ",
        ),
        (
            json!({"description": "x".repeat(501)}),
            "Invalid parameter description",
        ),
        (json!({"PIN": "12345678"}), "Invalid parameter PIN"),
        (json!({"OTP": "1"}), "Invalid parameter OTP"),
        (
            json!({"authData": [{"id": "PIN", "value": "12345678"}]}),
            "Invalid parameter authData",
        ),
    ]
}

#[test]
fn what_cannot_be_consented_to_opens_no_window_and_says_why() {
    let Some(desk) = Desk::new() else { return };
    let id = desk.credential();
    let wish = json!({"credentialID": id, "numSignatures": 2, "hash": [hash(1), hash(2)]});
    for (changes, expected) in wrong_counts(&id).into_iter().chain(wrong_hashes()) {
        let body = with(&wish, changes);
        is_request_error(&desk.call(&format!("{V1}{AUTHORIZE}"), &body), expected);
    }
    assert_eq!(desk.unseen_windows(), 0);
    assert!(!desk.log().contains("12345678"));
}

fn wrong_orders(sad: &str, other: &str) -> Wrong {
    vec![
        (
            json!({"SAD": null}),
            "Missing (or invalid type) string parameter SAD",
        ),
        (json!({"SAD": "A".repeat(43)}), "Invalid parameter SAD"),
        (json!({"SAD": format!("{sad}=")}), "Invalid parameter SAD"),
        (json!({"SAD": ""}), "Invalid parameter SAD"),
        (json!({"credentialID": other}), "Invalid parameter SAD"),
        (
            json!({"hash": [hash(3)]}),
            "Hash is not authorized by the SAD.",
        ),
        (
            json!({"hash": [hash(1), hash(2), hash(3)]}),
            "Hash is not authorized by the SAD.",
        ),
        (
            json!({"hash": [hash(1), hash(1)]}),
            "Invalid parameter hash",
        ),
        (
            json!({"hash": [hash_of(1, 31)]}),
            "Invalid digest value length",
        ),
        (
            json!({"hash": [hash_of(1, 48)]}),
            "Invalid digest value length",
        ),
        (
            json!({"hash": ["AA"]}),
            "Invalid Base64 hash string parameter",
        ),
        (json!({"hash": []}), "Empty hash array"),
        (
            json!({"signAlgo": null}),
            "Missing (or invalid type) string parameter signAlgo",
        ),
        (
            json!({"signAlgo": "1.2.840.10045.4.3.2"}),
            "Invalid parameter signAlgo",
        ),
        // sha1WithRSAEncryption, Ed25519.
        (
            json!({"signAlgo": "1.2.840.113549.1.1.5"}),
            "Invalid parameter signAlgo",
        ),
        (
            json!({"signAlgo": "1.3.101.112"}),
            "Invalid parameter signAlgo",
        ),
        (json!({"hashAlgo": SHA384}), "Invalid parameter hashAlgo"),
        (
            json!({"operationMode": "A"}),
            "Invalid parameter operationMode",
        ),
        (json!({"PIN": "12345678"}), "Invalid parameter PIN"),
    ]
}

#[test]
fn activation_data_is_for_its_caller_credential_digests_and_algorithm_alone() {
    let Some(desk) = Desk::with(&[plan(Role::Principal), plan(Role::SchoolSeal)], "") else {
        return;
    };
    let list = desk
        .call(&format!("{V1}/credentials/list"), &json!({}))
        .ok();
    let [id, other] = [0, 1].map(|at| list["credentialIDs"][at].as_str().unwrap().to_owned());
    let wish = json!({"credentialID": id, "numSignatures": 2, "hash": [hash(1), hash(2)]});
    let (reply, window) = desk.asking(0, &format!("{V1}{AUTHORIZE}"), &wish, Window::agree);
    let sad = reply.sad();
    let order = json!({"credentialID": id, "SAD": sad, "hash": [hash(1)], "hashAlgo": SHA256,
        "signAlgo": RSA_SHA256});
    let [v1, v2] = [V1, V2].map(|version| format!("{version}{SIGN}"));
    is_request_error(&desk.by(1, &v1, &order), "Invalid parameter SAD");
    for (changes, expected) in wrong_orders(&sad, &other) {
        is_request_error(&desk.call(&v1, &with(&order, changes)), expected);
    }
    let foreign = with(&order, json!({"hash": [hash(3)]}));
    is_request_error(
        &desk.call(&v2, &foreign),
        "Hash is not authorized by the SAD",
    );
    // A client shows nothing of it: the window does, and says that the consent goes on.
    assert_eq!(window.outcome().0, "underway");
    let refused = window.shows()["outcome"]["refused"]["code"].take();
    assert_eq!(refused, "activation-differs");
    // Nothing was spent by any of it, and it is spent by the first that is right.
    desk.call(&v2, &order).ok();
    is_request_error(&desk.call(&v1, &order), "SAD expired");
}

#[test]
fn a_person_who_refuses_cancels_or_mistypes_leaves_nothing_to_sign_with() {
    let Some(desk) = Desk::new() else { return };
    let id = desk.credential();
    let wish = json!({"credentialID": id, "numSignatures": 1, "hash": [hash(1)]});
    let [v1, v2] = [V1, V2].map(|version| format!("{version}{AUTHORIZE}"));
    let (reply, _) = desk.asking(0, &v1, &wish, Window::refuse);
    assert_eq!(reply.refused(), (400, "access_denied", "The user said no."));
    for (path, error, description) in [
        (&v1, "invalid_pin", "The PIN is invalid"),
        (
            &v2,
            "invalid_authentication_data",
            "The authentication data is invalid",
        ),
    ] {
        let (reply, window) = desk.asking(0, path, &wish, |window| window.type_pin("87654321"));
        assert_eq!(reply.refused(), (400, error, description));
        assert_eq!(
            window.outcome(),
            ("stopped".to_owned(), "pin-incorrect".to_owned())
        );
    }
    let (reply, window) = desk.asking(0, &v1, &wish, Window::agree);
    let sad = reply.sad();
    assert_eq!(window.cancel(), 204);
    assert_eq!(
        window.outcome(),
        ("stopped".to_owned(), "cancelled".to_owned())
    );
    assert_eq!(window.cancel(), 409);
    let order = json!({"credentialID": id, "SAD": sad, "hash": [hash(1)], "signAlgo": RSA_SHA256});
    is_request_error(&desk.call(&format!("{V1}{SIGN}"), &order), "SAD expired");
    // A second question of one caller waits for nobody: it is refused while the first is open.
    std::thread::scope(|scope| {
        let first = scope.spawn(|| desk.call(&v1, &wish));
        let window = desk.window();
        let second = desk.call(&v1, &wish);
        assert_eq!(
            (second.status, second.refused().1),
            (429, "too_many_requests")
        );
        window.refuse();
        assert_eq!(first.join().unwrap().refused().1, "access_denied");
    });
    assert!(!desk.log().contains("87654321"));
}

#[test]
fn an_expired_certificate_is_told_to_the_client_and_shown_to_the_person() {
    let (token, _) = expired();
    let Some(desk) = Desk::with(&[token], "") else {
        return;
    };
    let id = desk.credential();
    let one = desk
        .call(
            &format!("{V2}/credentials/info"),
            &json!({"credentialID": id}),
        )
        .ok();
    assert_eq!(one["cert"]["status"], "expired");
    let list = json!({"onlyValid": true});
    let list = desk.call(&format!("{V2}/credentials/list"), &list).ok();
    assert_eq!(list["credentialIDs"], json!([]));
    let wish = json!({"credentialID": id, "numSignatures": 1, "hash": [hash(1)]});
    let reply = desk.call(&format!("{V1}{AUTHORIZE}"), &wish);
    is_request_error(
        &reply,
        "Signing certificate 'O=Ủy ban nhân dân Quận Thử Nghiệm,CN=Phạm Đức Thắng (THỬ NGHIỆM)' \
         is expired.",
    );
    let window = desk.window();
    assert_eq!(
        window.outcome(),
        ("stopped".to_owned(), "certificate-expired".to_owned())
    );
    let shown = window.shows();
    assert_eq!(
        (&shown["answered"], &shown["seconds_left"]),
        (&json!(true), &Value::Null)
    );
}

#[test]
fn strangers_other_methods_and_other_bodies_are_refused_in_the_form_of_the_api() {
    let Some(desk) = Desk::new() else { return };
    let id = desk.credential();
    for version in [V1, V2] {
        let path = |method: &str| format!("{version}/{method}");
        for method in [
            "credentials/list",
            "credentials/info",
            "credentials/authorize",
            "credentials/extendTransaction",
            "signatures/signHash",
            "signatures/timestamp",
            "auth/login",
            "nothing",
        ] {
            let reply = desk.stranger(&path(method), &json!({"credentialID": id}));
            assert_eq!(
                (reply.status, reply.refused().1),
                (401, "invalid_token"),
                "{method}"
            );
        }
        for method in [
            "auth/login",
            "auth/revoke",
            "credentials/sendOTP",
            "nothing/at/all",
        ] {
            let reply = desk.call(&path(method), &json!({}));
            assert_eq!(
                (reply.status, reply.refused().1),
                (501, "not_implemented"),
                "{method}"
            );
        }
        // There is nobody to stamp.
        let stamp = json!({"hash": hash(1), "hashAlgo": SHA256});
        assert_eq!(desk.call(&path("signatures/timestamp"), &stamp).status, 501);
    }
    // Version 1 has no documents.
    assert_eq!(
        desk.call(&format!("{V1}/signatures/signDoc"), &json!({}))
            .status,
        501
    );
    let word = format!("Authorization: Bearer {}\r\n", desk.callers[0]);
    for (line, kind, body, code) in [
        ("POST", "application/json", "[]", 400),
        ("POST", "application/json", "{\"a\":1,\"a\":2}", 400),
        ("POST", "application/json", &"x".repeat(2 << 20), 400),
        ("POST", "text/plain", "{}", 400),
        ("GET", "application/json", "", 405),
    ] {
        let headers = format!("{word}Content-Type: {kind}\r\n");
        let line = format!("{line} {V1}/credentials/list");
        let (status, text) = desk.send(&line, &headers, body);
        let reply: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (status, &reply["error"]),
            (code, &json!("invalid_request")),
            "{line} {kind}"
        );
        assert!(reply["error_description"].is_string(), "{text}");
    }
    assert_eq!(desk.unseen_windows(), 0);
}

#[test]
fn a_consent_taken_back_while_the_token_signs_gives_nothing_out() {
    let Some(desk) = Desk::new() else { return };
    let id = desk.credential();
    let hashes = a_thousand_hashes();
    let wish = json!({"credentialID": id, "numSignatures": 1_000, "hash": hashes});
    let (reply, window) = desk.asking(0, &format!("{V1}{AUTHORIZE}"), &wish, Window::agree);
    let sad = reply.sad();
    let order = json!({"credentialID": id, "SAD": sad, "hash": hashes, "signAlgo": RSA_SHA256});
    let reply = std::thread::scope(|scope| {
        let signing = scope.spawn(|| desk.call(&format!("{V1}{SIGN}"), &order));
        std::thread::sleep(std::time::Duration::from_millis(150));
        assert_eq!(window.cancel(), 204);
        signing.join().unwrap()
    });
    assert!(reply.json["signatures"].is_null(), "{reply:?}");
    assert_eq!(reply.status, 400);
    is_request_error(&desk.call(&format!("{V1}{SIGN}"), &order), "SAD expired");
}

#[test]
fn a_tokens_process_that_dies_ends_the_transaction_and_says_so_in_the_window() {
    let Some(desk) = Desk::new() else { return };
    let id = desk.credential();
    let wish = json!({"credentialID": id, "numSignatures": 2, "hash": [hash(1), hash(2)]});
    let (reply, window) = desk.asking(0, &format!("{V1}{AUTHORIZE}"), &wish, Window::agree);
    let sad = reply.sad();
    desk.kill_workers();
    let order = json!({"credentialID": id, "SAD": sad, "hash": [hash(1)], "signAlgo": RSA_SHA256});
    let reply = desk.call(&format!("{V1}{SIGN}"), &order);
    assert_eq!(
        (reply.status, reply.refused().1),
        (503, "temporarily_unavailable"),
        "{reply:?}"
    );
    assert_eq!(
        window.outcome(),
        ("stopped".to_owned(), "token-failed".to_owned())
    );
    is_request_error(&desk.call(&format!("{V1}{SIGN}"), &order), "SAD expired");
    // The next consent gets a new process.
    let sad = desk.agreed(V1, &wish);
    let order = with(&order, json!({"SAD": sad}));
    desk.call(&format!("{V1}{SIGN}"), &order).ok();
}
