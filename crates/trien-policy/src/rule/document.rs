//! Rules about what the document shows beside what was signed.

use super::{Checked, Level, NO_DETAIL, Rule, RuleId};
use crate::judged::Judged;
use crate::language::{Detail, Sentence};
use crate::{
    ChangeFact, ChangeVerdict, ChangeWord, ChangesFact, Conclusion, CoverageFact, FailedBecause,
    IndeterminateBecause, Language, SignatureKindFact,
};

/// ISO 32000-2, 12.8.1: the signed spans are a whole revision but for the value itself.
pub(crate) const COVERAGE: Rule<Judged> = Rule {
    id: RuleId::new("pdf.coverage"),
    clause: "ISO 32000-2, 12.8.1",
    level: Level::Fail,
    check: coverage,
    pass: Sentence {
        vi: "Chữ ký bao phủ trọn vẹn văn bản tại thời điểm ký.",
        en: "The signature covers the whole document as it was when signed.",
    },
    fail: Sentence {
        vi: "Chữ ký không bao phủ trọn vẹn văn bản: có phần nằm ngoài chữ ký. Không sử dụng văn bản này.",
        en: "The signature does not cover a whole state of the document. Do not use this document.",
    },
    cannot_tell: Sentence {
        vi: "Không xác định được phạm vi chữ ký.",
        en: "What the signature covers cannot be told.",
    },
};

fn coverage(judged: &Judged) -> Checked {
    match judged.signature.coverage {
        CoverageFact::WholeFile | CoverageFact::Revision => Checked::PASS,
        CoverageFact::Broken => {
            Checked::fail(Conclusion::Failed(FailedBecause::FormatFailure), NO_DETAIL)
        }
    }
}

/// ISO 32000-2, 12.8.2.2.1: who certifies signs first; what a later certification allows was not
/// known to those who had signed before (ATTACKS.md, C7).
pub(crate) const CERTIFICATION_FIRST: Rule<Judged> = Rule {
    id: RuleId::new("pdf.certification-first"),
    clause: "ISO 32000-2, 12.8.2.2.1",
    level: Level::Fail,
    check: certification_first,
    pass: Sentence {
        vi: "Chữ ký chứng nhận là chữ ký đầu tiên.",
        en: "The certification is the first signature.",
    },
    fail: Sentence {
        vi: "Văn bản được chứng nhận sau khi đã có người ký: không rõ chứng nhận áp dụng cho ai. Hãy hỏi lại người ký.",
        en: "The document was certified after others had signed: what it means for them is not clear. Ask the signers.",
    },
    cannot_tell: Sentence {
        vi: "Không xác định được thứ tự chứng nhận.",
        en: "The order of certification cannot be told.",
    },
};

fn certification_first(judged: &Judged) -> Checked {
    if judged.signature.kind != SignatureKindFact::Certification {
        Checked::NOT_APPLICABLE
    } else if judged.earlier_approvals == 0 {
        Checked::PASS
    } else {
        Checked::fail(
            Conclusion::Indeterminate(IndeterminateBecause::SigConstraintsFailure),
            NO_DETAIL,
        )
    }
}

/// ISO 32000-2, 12.8.2: nothing but what is permitted follows the signature.
pub(crate) const CHANGES: Rule<Judged> = Rule {
    id: RuleId::new("pdf.changes"),
    clause: "ISO 32000-2, 12.8.2",
    level: Level::Fail,
    check: changes,
    pass: Sentence {
        vi: "Sau khi ký, văn bản không thay đổi ngoài những gì được phép thêm vào sau chữ ký này.",
        en: "Since this signature nothing changed but what may follow it.",
    },
    fail: Sentence {
        vi: "Văn bản đã bị thay đổi sau chữ ký này: nội dung đang hiển thị không chắc là nội dung đã ký. Không sử dụng văn bản này.",
        en: "The document was changed after this signature: what it shows is not provably what was signed. Do not use it.",
    },
    cannot_tell: Sentence {
        vi: "Không xác định được các thay đổi sau khi ký.",
        en: "What changed since cannot be told.",
    },
};

fn changes(judged: &Judged) -> Checked {
    let changes = &judged.signature.changes;
    match ChangesFact::of(changes) {
        // Without a signed revision there is nothing that later ones could be compared with.
        ChangesFact::None | ChangesFact::Permitted
            if judged.signature.coverage == CoverageFact::Broken =>
        {
            Checked::cannot_tell(
                Conclusion::Indeterminate(IndeterminateBecause::Generic),
                NO_DETAIL,
            )
        }
        ChangesFact::None | ChangesFact::Permitted => Checked::PASS,
        ChangesFact::Forbidden => {
            let forbidden = changes
                .iter()
                .filter(|c| c.verdict == ChangeVerdict::Forbidden);
            let mut sentences: Vec<[String; 2]> = Vec::new();
            for change in forbidden {
                let said = [Language::Vi, Language::En].map(|language| told(change, language));
                if !sentences.contains(&said) {
                    sentences.push(said);
                }
                if sentences.len() >= SHOWN_CHANGES {
                    break;
                }
            }
            let (vi, en): (Vec<String>, Vec<String>) =
                sentences.into_iter().map(|[vi, en]| (vi, en)).unzip();
            let detail = Detail::Words {
                vi: vi.join(" "),
                en: en.join(" "),
            };
            // M16: what is encrypted may have changed or not.
            if is_only_unknown(changes) {
                return Checked::cannot_tell(
                    Conclusion::Indeterminate(IndeterminateBecause::Generic),
                    Some(detail),
                );
            }
            Checked::fail(
                Conclusion::Indeterminate(IndeterminateBecause::SigConstraintsFailure),
                Some(detail),
            )
        }
    }
}

/// Whether nothing speaks against the changes but that some cannot be read without the password, or
/// that a limit was reached in what was signed.
pub(crate) fn is_only_unknown(changes: &[ChangeFact]) -> bool {
    let mut forbidden = changes
        .iter()
        .filter(|change| change.verdict == ChangeVerdict::Forbidden);
    forbidden.all(|change| matches!(change.kind, ChangeWord::Encrypted | ChangeWord::Unexamined))
}

/// ATTACKS.md, C5: what a later mark lies over may have said something else. On certified and
/// sealed documents that is forbidden ([`CHANGES`]); on others people are told to look.
pub(crate) const COVERING: Rule<Judged> = Rule {
    id: RuleId::new("pdf.covering"),
    clause: "ISO 32000-2, 12.8.2.2",
    level: Level::Warn,
    check: covering,
    pass: Sentence {
        vi: "Không có hình chữ ký hoặc ô điền thêm sau nào nằm trên nội dung đã ký.",
        en: "No look of a later signature or filled field lies over what was signed.",
    },
    fail: Sentence {
        vi: "Hình của chữ ký hoặc ô điền thêm sau nằm trên nội dung đã ký: hãy xem trang được nêu và so với bản gốc.",
        en: "The look of a later signature or filled field lies over what was signed: look at the page that is named and compare it with the original.",
    },
    cannot_tell: Sentence {
        vi: "Không xác định được hình của chữ ký hoặc ô điền thêm sau có nằm trên nội dung đã ký không.",
        en: "Whether the look of a later signature or filled field lies over what was signed cannot be told.",
    },
};

/// What happened and where, and what it lies over.
fn told(change: &ChangeFact, language: Language) -> String {
    let sentence = change.sentence(language);
    let covers = change.covers.map(|covers| covers.sentence(language));
    let is_wrong = change.shown_value.is_some() || change.doubted_font.is_some();
    let values = change.values_sentence(language).filter(|_| is_wrong);
    let mut told = sentence;
    for more in covers.into_iter().chain(values.as_deref()) {
        told.push(' ');
        told.push_str(more);
    }
    told
}

fn covering(judged: &Judged) -> Checked {
    let covering = |change: &&ChangeFact| change.covers.is_some();
    let Some(change) = judged.signature.changes.iter().find(covering) else {
        return Checked::PASS;
    };
    let detail = Detail::Words {
        vi: told(change, Language::Vi),
        en: told(change, Language::En),
    };
    Checked::fail(
        Conclusion::Indeterminate(IndeterminateBecause::SigConstraintsFailure),
        Some(detail),
    )
}

/// Changes named in the sentence; the list of changes has them all.
const SHOWN_CHANGES: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::facts::{judged, judged_with};
    use crate::{ChangeFact, ChangeWord, Outcome};

    #[test]
    fn spans_that_are_no_whole_revision_fail() {
        assert_eq!(coverage(&judged()).outcome, Outcome::Pass);
        let broken = judged_with(|facts| facts.coverage = CoverageFact::Broken);
        assert_eq!(
            coverage(&broken).conclusion,
            Conclusion::Failed(FailedBecause::FormatFailure)
        );
    }

    #[test]
    fn c7_a_certification_after_an_approval_is_unclear() {
        assert_eq!(
            certification_first(&judged()).outcome,
            Outcome::NotApplicable
        );
        let mut certified = judged_with(|facts| facts.kind = SignatureKindFact::Certification);
        assert_eq!(certification_first(&certified).outcome, Outcome::Pass);
        certified.earlier_approvals = 1;
        assert_eq!(
            certification_first(&certified).conclusion,
            Conclusion::Indeterminate(IndeterminateBecause::SigConstraintsFailure)
        );
    }

    #[test]
    fn without_a_signed_revision_nobody_can_tell_what_changed() {
        let broken = judged_with(|facts| facts.coverage = CoverageFact::Broken);
        assert_eq!(changes(&broken).outcome, Outcome::CannotTell);
    }

    #[test]
    fn what_nobody_could_look_at_is_neither_fine_nor_forged() {
        let forbidden = |kind| ChangeFact::new(1, kind, ChangeVerdict::Forbidden);
        let unknown = [
            forbidden(ChangeWord::Encrypted),
            forbidden(ChangeWord::Unexamined),
        ];
        let told = judged_with(|facts| facts.changes.extend(unknown.clone()));
        assert_eq!(changes(&told).outcome, Outcome::CannotTell);
        let changed = judged_with(|facts| {
            facts.changes.extend(unknown);
            facts.changes.push(forbidden(ChangeWord::Unexplained));
        });
        assert_eq!(changes(&changed).outcome, Outcome::Fail);
    }

    #[test]
    fn one_forbidden_change_among_permitted_ones_is_enough() {
        let permitted = ChangeFact::new(2, ChangeWord::WidgetAdded, ChangeVerdict::Permitted);
        let mut forbidden = ChangeFact::new(2, ChangeWord::Unexplained, ChangeVerdict::Forbidden);
        forbidden.page = Some(2);
        forbidden.object = Some("5 0".to_owned());
        let fine = judged_with(|facts| facts.changes.push(permitted.clone()));
        assert_eq!(changes(&fine).outcome, Outcome::Pass);
        let modified = judged_with(|facts| facts.changes.extend([permitted, forbidden]));
        let checked = changes(&modified);
        assert_eq!(checked.outcome, Outcome::Fail);
        let said = |language| {
            let detail = checked.detail.clone();
            detail.map(|detail| detail.in_language(language).to_owned())
        };
        let vi = said(Language::Vi).unwrap_or_default();
        assert!(
            vi.contains("không có lý do nào được phép [trang 2, đối tượng 5 0]."),
            "{vi}"
        );
        assert!(said(Language::En).is_some_and(|en| en.contains("[page 2, object 5 0].")));
    }
}
