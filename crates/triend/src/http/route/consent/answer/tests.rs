use super::*;

fn given(json: &str) -> Given<'_> {
    serde_json::from_str(json).unwrap()
}

fn pairing() -> Subject {
    Subject::Pairing {
        origin: None,
        name: "A".to_owned(),
    }
}

fn signing() -> Subject {
    Subject::Signing {
        job: "j".to_owned(),
    }
}

fn approval(subject: &Subject, given: Given<'_>) -> Result<Approval, Rejection> {
    super::approval(subject, given).map(|(_, approval)| approval)
}

fn code(result: Result<Approval, Rejection>) -> Code {
    result.unwrap_err().code()
}

#[test]
fn unknown_members_and_words_are_refused() {
    for json in [
        r#"{"answer":"yes"}"#,
        r#"{"answer":"approved","PIN":"1"}"#,
        r#"{"answer":"approved","moved":[{"document":1,"page":0,"left":1,"bottom":1,"x":1}]}"#,
        r#"{}"#,
        "[]",
    ] {
        assert!(serde_json::from_str::<Given<'_>>(json).is_err(), "{json}");
    }
}

#[test]
fn a_pairing_takes_neither_pin_nor_certificate_nor_marks() {
    assert!(approval(&pairing(), given(r#"{"answer":"approved"}"#)).is_ok());
    for json in [
        r#"{"answer":"approved","pin":"1234"}"#,
        r#"{"answer":"approved","certificate":"00"}"#,
        r#"{"answer":"approved","final_try":true}"#,
        r#"{"answer":"approved","moved":[{"document":1,"page":0,"left":1,"bottom":1}]}"#,
    ] {
        assert_eq!(
            code(approval(&pairing(), given(json))),
            Code::RequestMalformed
        );
    }
}

#[test]
fn signing_needs_a_certificate_and_takes_marks_that_lie_on_a_page() {
    let id = "ab".repeat(32);
    let with = |rest: &str| format!(r#"{{"answer":"approved","certificate":"{id}"{rest}}}"#);
    let moved = r#","pin":"1234","moved":[{"document":2,"page":1,"left":10.5,"bottom":20}]"#;
    let approved = approval(&signing(), given(&with(moved))).unwrap();
    assert_eq!(approved.certificate.unwrap().to_string(), id);
    assert!(approved.pin.is_some());
    assert_eq!(approved.moved.first().unwrap().document, 2);
    assert_eq!(
        code(approval(&signing(), given(r#"{"answer":"approved"}"#))),
        Code::CertificateUnknown
    );
    for mark in [
        r#"{"document":0,"page":0,"left":1,"bottom":1}"#,
        r#"{"document":1,"page":0,"left":1e9,"bottom":1}"#,
    ] {
        let json = with(&format!(r#","moved":[{mark}]"#));
        assert_eq!(
            code(approval(&signing(), given(&json))),
            Code::RequestMalformed
        );
    }
}

#[test]
fn digests_are_signed_with_the_credential_that_was_asked_for_and_no_other() {
    let credential = CertificateId::from_sha256([7; 32]);
    let digests = Subject::Digests {
        credential,
        description: String::new(),
        digests: vec!["00".to_owned()],
        names: Vec::new(),
    };
    let approved = approval(&digests, given(r#"{"answer":"approved","pin":"1"}"#)).unwrap();
    assert_eq!(approved.certificate, Some(credential));
    let other = format!(
        r#"{{"answer":"approved","certificate":"{}"}}"#,
        "08".repeat(32)
    );
    assert_eq!(
        code(approval(&digests, given(&other))),
        Code::CertificateUnknown
    );
}

#[test]
fn an_anchor_needs_the_last_eight_digits_of_its_fingerprint() {
    let anchor = Subject::Anchor {
        certificate: b"der".to_vec(),
        change: crate::consent::AnchorChange::Add,
    };
    let whole = view::fingerprint(b"der");
    let last = whole.get(56..).unwrap();
    let (front, back) = last.split_at(4);
    for typed in [
        last.to_owned(),
        last.to_uppercase(),
        format!(" {front} {back}"),
        format!("{front}:{back}"),
    ] {
        let json = format!(r#"{{"answer":"approved","fingerprint":"{typed}"}}"#);
        assert!(approval(&anchor, given(&json)).is_ok(), "{typed}");
    }
    for typed in ["", "0", whole.as_str(), whole.get(..8).unwrap()] {
        let json = format!(r#"{{"answer":"approved","fingerprint":"{typed}"}}"#);
        assert_eq!(
            code(approval(&anchor, given(&json))),
            Code::FingerprintDiffers
        );
    }
    assert_eq!(
        code(approval(&anchor, given(r#"{"answer":"approved"}"#))),
        Code::FingerprintDiffers
    );
}
