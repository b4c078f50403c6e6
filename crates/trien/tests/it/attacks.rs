//! Every attack of the test kit beside its control, and what is said of each. What each is stands
//! in `testdata/attacks/manifest.json`; `cargo run -p trien-testkit --bin make-attacks FOLDER`
//! writes the files and that list.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;
use trien::Report;
use trien_testkit::attacks::{Attack, AttackKind, all, manifest};
use trien_testkit::pki::{PkiSettings, TestPki};

use crate::school::{kept_folder, pki, verify};

fn attacks() -> &'static [Attack] {
    static ATTACKS: OnceLock<Vec<Attack>> = OnceLock::new();
    ATTACKS.get_or_init(|| {
        let folder = kept_folder("foreign-keys");
        let foreign = TestPki::open_or_make(&folder, PkiSettings::default()).unwrap();
        all(pki(), &foreign)
    })
}

fn listed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/attacks/manifest.json")
}

/// What the manifest says of a file, taken from a report.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    document: String,
    signatures: Vec<String>,
    timestamps: Vec<String>,
    /// Where the attack is in who signed or when.
    because: Option<String>,
}

fn expected(attack: &Attack) -> Said {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Said {
        document: attack.document.to_owned(),
        signatures: attack.signatures.clone(),
        timestamps: words(attack.timestamps),
        because: attack.because.map(str::to_owned),
    }
}

fn said(report: &Report, attack: &Attack) -> Said {
    let report = serde_json::to_value(report.named("")).unwrap();
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let signatures = report["signatures"].as_array().unwrap();
    let lines = signatures.iter().map(|signature| {
        ["field", "integrity", "coverage", "changes"]
            .map(|key| word(&signature[key]))
            .join(" ")
    });
    let stamps = signatures
        .iter()
        .flat_map(|signature| signature["timestamps"].as_array().unwrap());
    let subs = signatures.iter().map(|s| word(&s["sub_indication"]));
    Said {
        document: word(&report["document"]["conclusion"]),
        signatures: lines.collect(),
        timestamps: stamps.map(|stamp| word(&stamp["status"])).collect(),
        because: attack.because.and_then(|because| {
            // Of several signatures, the one that the attack is about.
            subs.clone()
                .find(|sub| sub == because)
                .or(subs.clone().next_back())
        }),
    }
}

#[test]
fn every_attack_and_every_control_is_judged_as_the_catalogue_says() {
    let mut wrong = Vec::new();
    for attack in attacks() {
        let report = verify(&attack.file);
        let (said, expected) = (said(&report, attack), expected(attack));
        if said != expected {
            let changes: BTreeSet<String> = report
                .signatures
                .iter()
                .flat_map(|signature| &signature.facts.changes)
                .map(|change| format!("{:?} {:?} {:?}", change.kind, change.object, change.verdict))
                .collect();
            wrong.push(format!(
                "{} ({}): {said:?} instead of {expected:?}\n    {changes:?} {:?}",
                attack.id, attack.what, report.document
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}",
        wrong.len(),
        attacks().len(),
        wrong.join("\n")
    );
}

#[test]
fn the_list_in_the_repository_is_that_of_the_maker() {
    let text = std::fs::read_to_string(listed()).unwrap();
    let made: Vec<Value> = serde_json::from_str(&manifest(attacks())).unwrap();
    let kept: Vec<Value> = serde_json::from_str(&text).unwrap();
    for (made, kept) in made.iter().zip(&kept) {
        assert_eq!(made, kept, "run make-attacks and look at what differs");
    }
    assert_eq!(made.len(), kept.len());
    let ids: BTreeSet<&str> = attacks().iter().map(|attack| attack.id.as_str()).collect();
    assert_eq!(ids.len(), attacks().len(), "two files of one name");
}

#[test]
fn no_attack_passes_and_no_control_is_refused() {
    // Independent of the exact words: what a program that acts on the report would do, were every
    // certificate known to be good.
    for attack in attacks() {
        let report = serde_json::to_value(verify(&attack.file).named("")).unwrap();
        let signatures = report["signatures"].as_array().unwrap();
        let holds = |signature: &Value| {
            let stamps = signature["timestamps"].as_array().unwrap();
            signature["integrity"] == "intact"
                && signature["coverage"] != "broken"
                && signature["changes"] != "forbidden"
                && signature["sub_indication"] == "TRY_LATER"
                && stamps.iter().all(|stamp| stamp["status"] == "valid")
        };
        let passes = signatures.iter().all(holds);
        match attack.kind {
            AttackKind::Control => assert!(passes, "{} is refused", attack.id),
            _ => assert!(!passes, "{} passes", attack.id),
        }
    }
}

#[test]
fn c12_a_caller_loosens_and_tightens_what_follows_where_nobody_certified() {
    use trien::DocMdpPermission::{Annotations, FormsAndSignatures, NoChanges};
    let anchors = trien::trust::TrustAnchors::default();
    let judged = |id: &str, level| {
        let attack = attacks().iter().find(|attack| attack.id == id).unwrap();
        let mut verification = trien::Verification::new(&anchors, crate::school::SIGNED_AT);
        verification.uncertified = level;
        let report = trien::verify(&attack.file, &verification);
        trien_policy::ChangesFact::of(&report.signatures[0].facts.changes)
    };
    use trien_policy::ChangesFact::{Forbidden, Permitted};
    for (id, level, expected) in [
        ("c12-note", FormsAndSignatures, Forbidden),
        ("c12-note", Annotations, Permitted),
        ("c12-popup-with-look", Annotations, Forbidden),
        ("c11-filled", FormsAndSignatures, Permitted),
        ("c11-filled", NoChanges, Forbidden),
        ("c11-security-store", NoChanges, Permitted),
        // A certification is stricter than the caller.
        ("c2-note", Annotations, Forbidden),
    ] {
        assert_eq!(judged(id, level), expected, "{id} {level:?}");
    }
}

#[test]
fn a_forbidden_change_is_told_once_in_vietnamese_with_its_page() {
    let attack = attacks().iter().find(|attack| attack.id == "c12-note");
    let report = verify(&attack.unwrap().file);
    let facts = &report.signatures[0].facts;
    let kinds: Vec<&str> = facts
        .changes
        .iter()
        .map(|change| change.kind.as_str())
        .collect();
    // Of the look that comes with it nothing makes use.
    assert_eq!(kinds, ["annotation", "unreferenced-object"]);
    let told: Vec<&str> = report.signatures[0]
        .findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    let wanted = "Một chú thích đã được thêm, sửa hoặc xóa [Text, trang 1, đối tượng 60 0].";
    assert!(
        told.iter().any(|message| message.contains(wanted)),
        "{told:?}"
    );
}

#[test]
fn s2_a_field_filled_over_a_mark_is_told_with_page_and_rectangle_and_certified_it_may_not_be() {
    use trien_policy::{ChangeVerdict, ChangeWord, CoveredWord};
    let (permitted, forbidden) = (ChangeVerdict::Permitted, ChangeVerdict::Forbidden);
    for (id, verdict, covers) in [
        (
            "c11-fill-over-marks-told",
            permitted,
            Some(CoveredWord::Text),
        ),
        (
            "s2-fill-over-marks-certified",
            forbidden,
            Some(CoveredWord::Text),
        ),
        (
            "s2-fill-over-marks-without-look-certified",
            forbidden,
            Some(CoveredWord::Text),
        ),
        ("s2-fill-over-signature", forbidden, Some(CoveredWord::Mark)),
        ("c2-fill-over-line", permitted, None),
    ] {
        let attack = attacks().iter().find(|attack| attack.id == id).unwrap();
        let report = verify(&attack.file);
        let changes = &report.signatures[0].facts.changes;
        let filled = changes
            .iter()
            .find(|change| change.kind == ChangeWord::FieldFilled)
            .unwrap();
        assert_eq!(filled.field.as_deref(), Some("Diem"), "{id}");
        assert_eq!((filled.verdict, filled.covers), (verdict, covers), "{id}");
        assert_eq!(filled.page, Some(1), "{id}");
        assert!(filled.rectangle.is_some(), "{id}");
    }
}

#[test]
fn s2_a_look_that_lies_is_told_with_what_it_shows_and_a_font_that_may_lie_by_its_name() {
    use trien_policy::{ChangeWord, Language};
    for (id, old, new, shown, font) in [
        ("s2-fill-says-another", "Dat", "Gioi", Some("Kem"), None),
        ("s2-look-repointed", "Dat", "Dat", Some("Gioi"), None),
        (
            "s3-fill-font-embedded",
            "Dat",
            "Gioi",
            None,
            Some("AAAAAA+Arial"),
        ),
        (
            "s3-fill-font-type-1-prepared",
            "Dat",
            "6",
            None,
            Some("AAAAAA+A"),
        ),
        (
            "s3-fill-font-map-prepared",
            "Dat",
            "6",
            None,
            Some("Helvetica"),
        ),
    ] {
        let attack = attacks().iter().find(|attack| attack.id == id).unwrap();
        let report = verify(&attack.file);
        let first = &report.signatures[0];
        let mut changes = first.facts.changes.iter();
        let changed = changes.find(|change| change.kind == ChangeWord::FieldChanged);
        let changed = changed.unwrap_or_else(|| panic!("{id}: {:?}", first.facts.changes));
        let said = [
            &changed.old_value,
            &changed.new_value,
            &changed.shown_value,
            &changed.doubted_font,
        ];
        let said = said.map(|text| text.as_deref());
        assert_eq!(said, [Some(old), Some(new), shown, font], "{id}");
        let told = changed.values_sentence(Language::Vi).unwrap();
        assert!(told.contains(shown.or(font).unwrap()), "{told}");
        let mut findings = first.findings.iter();
        let finding = findings.find(|finding| finding.rule.to_string() == "pdf.changes");
        assert!(finding.unwrap().message.contains(&told), "{id}: {told}");
    }
}

#[test]
fn what_a_further_mark_lies_over_is_told_and_never_denied() {
    use trien_policy::{ChangeVerdict, ChangeWord, CoveredWord, Language, Outcome};
    for (id, covers) in [
        (
            "c5-prepared-signature-over-marks-certified",
            Some(CoveredWord::Text),
        ),
        (
            "c2-prepared-signature-over-marks-told",
            Some(CoveredWord::Text),
        ),
        ("c2-prepared-signature-over-line", None),
        (
            "c5-upright-mark-on-turned-page",
            Some(CoveredWord::Elsewhere),
        ),
        ("c2-upright-mark", None),
        ("c5-words-over-signature-certified", Some(CoveredWord::Mark)),
        (
            "c2-words-over-part-of-signature-told",
            Some(CoveredWord::PartOfMark),
        ),
        (
            "c5-words-over-free-text-certified",
            Some(CoveredWord::Annotation),
        ),
        ("c2-words-over-picture-told", Some(CoveredWord::Drawing)),
        ("c2-words-over-strokes-told", Some(CoveredWord::Drawing)),
        (
            "c2-words-over-slanted-line-told",
            Some(CoveredWord::Drawing),
        ),
        ("c2-words-over-rule", None),
        ("c2-words-over-scan-told", Some(CoveredWord::Scan)),
        ("c5-ground-over-scan-certified", Some(CoveredWord::Scan)),
        (
            "c5-words-over-drawn-letters-certified",
            Some(CoveredWord::Text),
        ),
        ("c2-words-beside-drawn-letters", None),
    ] {
        let attack = attacks().iter().find(|attack| attack.id == id).unwrap();
        let report = verify(&attack.file);
        let first = &report.signatures[0];
        let signed = first.facts.changes.iter().find(|change| {
            matches!(
                change.kind,
                ChangeWord::SignatureFieldAdded | ChangeWord::SignatureFieldFilled
            )
        });
        let signed = signed.unwrap();
        assert_eq!((signed.covers, signed.page), (covers, Some(1)), "{id}");
        assert!(signed.rectangle.is_some(), "{id}");
        let mut findings = first.findings.iter();
        let covering = findings.find(|finding| finding.rule.to_string() == "pdf.covering");
        let denied = covering.unwrap().outcome == Outcome::Pass;
        assert_eq!(denied, covers.is_none(), "{id}");
        if let (true, Some(covers)) = (signed.verdict == ChangeVerdict::Forbidden, covers) {
            let because = covers.sentence(Language::Vi);
            let mut findings = first.findings.iter();
            let changes = findings.find(|finding| finding.rule.to_string() == "pdf.changes");
            assert!(changes.unwrap().message.contains(because), "{id}");
        }
    }
}

#[test]
fn what_is_wrong_with_an_update_is_told_by_its_name() {
    use trien_policy::ChangeWord;
    for (id, word) in [
        ("b15-several-ends-of-line", ChangeWord::TrailingLineEnds),
        ("b15-zeros", ChangeWord::UnaccountedOctets),
        ("x4-size-leaves-out-objects", ChangeWord::SizeTooSmall),
        ("i2-table-of-short-entries", ChangeWord::StructureDamaged),
        ("i2-startxref-far", ChangeWord::StructureDamaged),
        ("i2-object-in-metadata", ChangeWord::StructureEmbedded),
        ("i2-object-in-trailer", ChangeWord::StructureEmbedded),
        ("f1-read-only", ChangeWord::FieldLocked),
        ("f1-filled-and-read-only", ChangeWord::FieldLocked),
        ("f1-read-only-by-signature", ChangeWord::FieldLocked),
        ("c10-link-of-script", ChangeWord::ActionAdded),
        ("c10-link-launches", ChangeWord::ActionAdded),
    ] {
        let attack = attacks().iter().find(|attack| attack.id == id).unwrap();
        let report = verify(&attack.file);
        let changes = &report.signatures[0].facts.changes;
        assert!(
            changes.iter().any(|change| change.kind == word),
            "{id}: {changes:?}"
        );
    }
}
