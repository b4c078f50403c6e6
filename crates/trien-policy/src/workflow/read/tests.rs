use super::*;

const GOOD: &str = r#"id = "so"
title = "Sổ"
title_en = "Book"

[[step]]
id = "a"
title = "A"
title_en = "A"
signatories = ["giao-vien-bo-mon"]
field = "{role}-{n}"
count = { at_least = 2, at_most = 5 }

[[step]]
id = "b"
title = "B"
title_en = "B"
signatories = ["hieu-truong", "kt-pho-hieu-truong"]
field = "{role}"
commitment = "proof-of-approval"

[[step]]
id = "c"
title = "C"
title_en = "C"
act = "seal"
signatories = ["van-thu"]
field = "ConDau"
place = { kind = "page", page = -1, left_mm = 20, top_mm = 30 }
"#;

/// What is replaced by what, in which line, and what comes of it.
type Mistake = (&'static str, &'static str, usize, fn(&Kind) -> bool);

fn refused(from: &str, to: &str) -> WorkflowError {
    let text = GOOD.replacen(from, to, 1);
    assert_ne!(text, GOOD, "{from}");
    Workflow::from_toml(&text).unwrap_err()
}

#[test]
fn a_workflow_is_read_with_what_is_left_out_filled_in() {
    let workflow = Workflow::from_toml(GOOD).unwrap();
    let [a, b, c] = workflow.steps() else {
        panic!("three steps");
    };
    assert_eq!(
        a.count(),
        Count {
            at_least: 2,
            at_most: 5
        }
    );
    assert_eq!(a.fields().count(), 5);
    assert_eq!(
        b.fields().collect::<Vec<_>>(),
        ["HieuTruong", "KtPhoHieuTruong"]
    );
    assert_eq!(c.certificates(), [SignerKind::Organisation]);
    assert_eq!(c.before, BTreeSet::from([0, 1]));
    assert_eq!(b.commitment(), Some(CommitmentType::ProofOfApproval));
}

#[test]
fn each_mistake_is_named_with_its_line() {
    let form = |error: &WorkflowError| matches!(error.kind, Kind::Form(_));
    let cases: [Mistake; 16] = [
        ("id = \"so\"", "id = \"Sổ\"", 1, |kind| {
            matches!(kind, Kind::Id { .. })
        }),
        ("title = \"Sổ\"", "title = \" \"", 2, |kind| {
            *kind == Kind::Title
        }),
        ("id = \"b\"", "id = \"a\"", 14, |kind| {
            matches!(kind, Kind::StepRepeated { .. })
        }),
        ("\"giao-vien-bo-mon\"", "\"giao-vien\"", 9, |kind| {
            matches!(kind, Kind::UnknownSignatory { .. })
        }),
        ("[\"giao-vien-bo-mon\"]", "[]", 5, |kind| {
            matches!(kind, Kind::UnknownSignatory { .. })
        }),
        ("{role}-{n}", "{role}.{n}", 10, |kind| {
            matches!(kind, Kind::FieldName { .. })
        }),
        ("{role}-{n}", "{role}", 11, |kind| *kind == Kind::Count),
        ("at_most = 5", "at_most = 1", 11, |kind| {
            *kind == Kind::Count
        }),
        ("at_most = 5", "at_most = 65", 11, |kind| {
            *kind == Kind::Count
        }),
        ("at_least = 2", "at_least = 0", 11, |kind| {
            *kind == Kind::Count
        }),
        ("proof-of-approval", "approval", 19, |kind| {
            matches!(kind, Kind::UnknownCommitment { .. })
        }),
        ("field = \"ConDau\"", "field = \"HieuTruong\"", 21, |kind| {
            matches!(kind, Kind::FieldShared { .. })
        }),
        (
            "field = \"ConDau\"",
            "field = \"ConDau\"\nafter = [\"d\"]",
            28,
            |kind| matches!(kind, Kind::AfterUnknown { .. }),
        ),
        (
            "field = \"ConDau\"",
            "field = \"ConDau\"\nafter = [\"a\"]",
            21,
            |kind| matches!(kind, Kind::SealNotLast { .. }),
        ),
        (
            "act = \"seal\"",
            "act = \"seal\"\ncertificates = [\"person\"]",
            26,
            |kind| matches!(kind, Kind::KeyKind { .. }),
        ),
        ("left_mm = 20", "left_mm = 2001", 28, |kind| {
            matches!(kind, Kind::Place { .. })
        }),
    ];
    for (from, to, line, is_kind) in cases {
        let error = refused(from, to);
        assert!(is_kind(&error.kind), "{to}: {error:?}");
        assert_eq!(error.line, Some(line), "{to}: {error}");
    }
    let unknown = refused("field = \"ConDau\"", "field = \"ConDau\"\nfoo = 1");
    assert!(form(&unknown) && unknown.line == Some(28), "{unknown:?}");
    let broken = refused("id = \"so\"", "id = ");
    assert!(form(&broken) && broken.line == Some(1), "{broken:?}");
    let over = refused(
        "\"page\", page = -1, left_mm = 20, top_mm = 30",
        "\"over-signature\", step = \"d\"",
    );
    assert!(matches!(over.kind, Kind::Place { .. }), "{over:?}");
    assert!(form(&refused("page = -1", "page = \"last\"")));
    assert!(form(&refused("top_mm = 30", "top_mm = 30, x = 1")));
}

#[test]
fn a_person_after_the_seal_is_no_workflow() {
    let last = "\n[[step]]\nid = \"d\"\ntitle = \"D\"\ntitle_en = \"D\"\nsignatories = \
                [\"hieu-truong\"]\nfield = \"D\"\n";
    let error = Workflow::from_toml(&format!("{GOOD}{last}")).unwrap_err();
    assert_eq!(error.kind, Kind::SealNotLast { step: "d".into() });
}

#[test]
fn texts_and_chains_without_end_are_refused() {
    let long = format!("{GOOD}#{}", "x".repeat(MOST_OCTETS));
    assert_eq!(Workflow::from_toml(&long).unwrap_err().kind, Kind::TooLong);
    let mut many = GOOD.split("[[step]]").next().unwrap().to_owned();
    for number in 0..=MOST_STEPS {
        many.push_str(&format!(
            "[[step]]\nid = \"s{number}\"\ntitle = \"S\"\ntitle_en = \"S\"\nsignatories = \
             [\"hieu-truong\"]\nfield = \"S{number}\"\n"
        ));
    }
    assert_eq!(
        Workflow::from_toml(&many).unwrap_err().kind,
        Kind::StepCount
    );
    let none = "id = \"a\"\ntitle = \"A\"\ntitle_en = \"A\"\nstep = []\n";
    assert_eq!(Workflow::from_toml(none).unwrap_err().kind, Kind::StepCount);
}

#[test]
fn damaged_texts_are_refused_or_read_and_never_stop_the_program() {
    let mut read = 0;
    let mut refused = 0;
    for id in Workflow::ready_ids() {
        let text = Workflow::ready_text(id).unwrap();
        for (at, letter) in text.char_indices().step_by(5) {
            let (start, rest) = text.split_at(at);
            let rest = rest.strip_prefix(letter).unwrap();
            for other in ["", "\"", "9", "{n}", "\n", "\u{0}", "[[step]]\n"] {
                match Workflow::from_toml(&format!("{start}{other}{rest}")) {
                    Ok(_) => read += 1,
                    Err(error) => {
                        assert!(!error.to_string().is_empty());
                        refused += 1;
                    }
                }
            }
            assert!(Workflow::from_toml(start).is_err() || start.contains("[[step]]"));
        }
    }
    // Both ends are reached: titles and comments may say anything, names may not.
    assert!(read > 1_000 && refused > 3_000, "{read}, {refused}");
}
