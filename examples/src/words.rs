//! The report in words, Vietnamese first.

use std::collections::HashSet;

use trien::archive::Verdict;
use trien::{
    ChangeFact, ChangeVerdict, Conclusion, Confirmation, DocumentConclusion, Finding,
    IndeterminateBecause, IntegrityFact, Language, Level, Outcome, Report, SignatureReport,
    UnixTime, UtcOffset,
};
use trien_report::Words;

/// A language as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[non_exhaustive]
pub enum LanguageName {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

impl From<LanguageName> for Language {
    fn from(name: LanguageName) -> Self {
        match name {
            LanguageName::Vi => Self::Vi,
            LanguageName::En => Self::En,
        }
    }
}

pub(crate) const fn choose(language: Language, vi: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::Vi | _ => vi,
    }
}

/// The document's conclusion in words.
#[must_use]
pub fn document_words(conclusion: DocumentConclusion, language: Language) -> String {
    Words::Verdicts.of(&conclusion, language).to_uppercase()
}

/// What a file is counted as, in words: those of every other form of the result.
#[must_use]
pub fn verdict_words(verdict: Verdict, language: Language) -> String {
    Words::Verdicts.of(&verdict, language).to_uppercase()
}

/// What a signature was found to be: in words, and as EN 319 102-1 calls it.
#[must_use]
pub fn indication_words(conclusion: Conclusion, language: Language) -> String {
    let indication = conclusion.indication();
    let word = Words::Indications.word(indication, language).to_uppercase();
    match conclusion.sub_indication() {
        Some(sub) => format!("{word} ({indication} / {sub})"),
        None => format!("{word} ({indication})"),
    }
}

/// The lines about one signature; `number` counts from 1.
#[must_use]
pub fn signature_lines(number: usize, signature: &SignatureReport, report: &Report) -> Vec<String> {
    let language = report.language;
    let say = |vi, en| choose(language, vi, en);
    let facts = &signature.facts;
    let mut lines = signer_lines(number, signature, language);
    let integrity = match &facts.integrity {
        IntegrityFact::Intact => "intact",
        IntegrityFact::Broken { .. } => "broken",
        IntegrityFact::Unsupported { .. } | _ => "unsupported",
    };
    let word = Words::Integrities.word(integrity, language);
    let integrity = match &facts.integrity {
        IntegrityFact::Broken { .. } => word.to_uppercase(),
        IntegrityFact::Intact | IntegrityFact::Unsupported { .. } | _ => word.to_owned(),
    };
    let level = facts.level.as_deref().map(|level| format!(" ({level})"));
    lines.push(format!(
        "     {}: {integrity}{}",
        say("Chữ ký", "Signature"),
        level.unwrap_or_default()
    ));
    lines.extend(time_lines(signature, language));
    let conclusion = signature.conclusion;
    lines.push(format!(
        "     {}: {}",
        say("Kết luận", "Conclusion"),
        indication_words(conclusion, language)
    ));
    lines.extend(
        conclusion
            .sentence(language)
            .map(|sentence| format!("     → {sentence}")),
    );
    if !facts.deviations.is_empty() {
        lines.push(format!(
            "     {}: {}",
            say(
                "Lưu ý: phần mềm ký đã tạo chữ ký hơi khác quy cách; điều này không có nghĩa là văn \
                 bản bị sửa. Chi tiết cho kỹ thuật viên",
                "Note: the signing program departed from the standard, which does not mean that \
                 the document was changed. Details for technicians"
            ),
            facts.deviations.join("; ")
        ));
    }
    lines.push(profile_line(signature, language));
    lines.extend(signature.findings.iter().filter_map(finding_line));
    lines
}

/// Who signed, who issued the certificate and until when, and who is trusted for it
/// (TT 15/2025, art. 6.4b).
fn signer_lines(number: usize, signature: &SignatureReport, language: Language) -> Vec<String> {
    let say = |vi, en| choose(language, vi, en);
    let field = &signature.facts.field;
    let Some(signer) = &signature.facts.signer else {
        let unknown = say("không rõ người ký", "signer unknown");
        return vec![format!("  {number}. {field} — {unknown}")];
    };
    let name = signer.common_name.as_ref().unwrap_or(&signer.subject);
    let mut lines = vec![
        format!("  {number}. {field} — {name}"),
        format!("     {}: {}", say("Chủ thể", "Subject"), signer.subject),
        format!(
            "     {}: {}",
            say("Nơi cấp chứng thư số", "Issued by"),
            signer.issuer_common_name.as_ref().unwrap_or(&signer.issuer)
        ),
        format!(
            "     {}: {} – {}",
            say("Thời hạn chứng thư số", "Certificate valid"),
            day(signer.not_before),
            day(signer.not_after)
        ),
    ];
    if !signature.facts.claimed_roles.is_empty() {
        lines.push(format!(
            "     {}: {}",
            say("Vai trò tự khai", "Claimed role"),
            signature.facts.claimed_roles.join("; ")
        ));
    }
    if let Some(anchor) = &signature.trust_anchor {
        let known = anchor.known_as.as_ref().unwrap_or(&anchor.subject);
        let root = say("Tổ chức chứng thực gốc", "Trusted root");
        lines.push(format!("     {root}: {known}"));
    }
    lines
}

/// The times that are claimed and proven.
fn time_lines(signature: &SignatureReport, language: Language) -> Vec<String> {
    let say = |vi, en| choose(language, vi, en);
    let mut lines = Vec::new();
    if let Some(time) = signature.facts.claimed_signing_time {
        lines.push(format!(
            "     {}: {}",
            say(
                "Thời điểm ký (do phần mềm ký ghi)",
                "Time claimed by the signing program"
            ),
            time.to_rfc3339(UtcOffset::VIETNAM)
        ));
    }
    for stamp in &signature.timestamps {
        if let Some(time) = stamp.time {
            lines.push(format!(
                "     {}: {} ({})",
                say("Dấu thời gian", "Time stamp"),
                time.to_rfc3339(UtcOffset::VIETNAM),
                match stamp.status {
                    trien::TimestampStatus::Valid if stamp.objection.is_none() =>
                        say("hợp lệ", "valid"),
                    trien::TimestampStatus::Valid => say(
                        "đúng khi cấp; hiện chưa đủ để chứng minh thời điểm",
                        "sound when made; no proof of time by now"
                    ),
                    trien::TimestampStatus::Invalid => say("không hợp lệ", "invalid"),
                    trien::TimestampStatus::Indeterminate | _ => match stamp.objection {
                        Some(because)
                            if because != IndeterminateBecause::NoCertificateChainFound =>
                            because.name(),
                        _ => say("chưa rõ tổ chức cấp", "authority not known"),
                    },
                }
            ));
        }
    }
    if let Some(time) = signature.best_signature_time {
        lines.push(format!(
            "     {}: {}",
            say("Được chứng minh đã ký trước", "Proven to be older than"),
            time.to_rfc3339(UtcOffset::VIETNAM)
        ));
    }
    lines
}

/// A day as people write it.
fn day(time: UnixTime) -> String {
    time.to_civil(UtcOffset::VIETNAM).map_or_else(
        |_| time.to_string(),
        |civil| format!("{:02}/{:02}/{}", civil.day, civil.month, civil.year),
    )
}

/// The rules that a signature was judged under, with their dates where these matter.
fn profile_line(signature: &SignatureReport, language: Language) -> String {
    let say = |vi, en| choose(language, vi, en);
    let profile = &signature.profile;
    let mut line = format!("     {}: {}", say("Bộ quy tắc", "Rules"), profile.title);
    let remark = match profile.dates {
        Confirmation::Confirmed => "",
        Confirmation::Unconfirmed | _ => say(
            "; thời hạn chưa được xác nhận từ văn bản gốc",
            "; the dates are not confirmed from the instrument itself",
        ),
    };
    let until = profile.applies_until.map_or_else(String::new, |until| {
        format!(" {} {}", say("đến", "until"), day(until))
    });
    line.push_str(&format!(
        " ({} {}{until}{remark})",
        say("từ", "from"),
        day(profile.applies_from)
    ));
    if signature.in_force.id != profile.id {
        let then = say("có hiệu lực khi ký", "in force at signing");
        line.push_str(&format!("; {then}: {}", signature.in_force.title));
    }
    line
}

/// One rule as a line; what does not apply has none.
fn finding_line(finding: &Finding) -> Option<String> {
    let mark = match finding.outcome {
        Outcome::Pass => "✓",
        Outcome::Fail if finding.level == Level::Fail => "✗",
        // A warning or a remark: it lowers nothing.
        Outcome::Fail => "!",
        Outcome::CannotTell => "?",
        Outcome::NotApplicable | _ => return None,
    };
    let (message, clause) = (&finding.message, finding.clause);
    Some(format!("     {mark} {message} [{clause}]"))
}

/// One change as a line: its sentence, the field, page and place, and whether it may be.
#[must_use]
pub fn change_line(change: &ChangeFact, language: Language) -> String {
    let say = |vi, en| choose(language, vi, en);
    let mark = match change.verdict {
        ChangeVerdict::Permitted => "·",
        ChangeVerdict::Forbidden | _ => "✗",
    };
    let mut line = format!("{mark} {}", change.kind.sentence(language));
    if let Some(covers) = change.covers {
        line.push_str(&format!(" {}", covers.sentence(language)));
    }
    let mut details = Vec::new();
    details.extend(change.field.clone());
    details.extend(
        change
            .page
            .map(|page| format!("{} {page}", say("trang", "page"))),
    );
    if let Some([left, bottom, right, top]) = change.rectangle
        && left != right
    {
        details.push(format!("[{left:.0} {bottom:.0} {right:.0} {top:.0}] pt"));
    }
    details.extend(
        change
            .object
            .as_ref()
            .map(|id| format!("{} {id}", say("đối tượng", "object"))),
    );
    if !details.is_empty() {
        line.push_str(&format!(" ({})", details.join(", ")));
    }
    if let Some(values) = change.values_sentence(language) {
        line.push_str(&format!(" {values}"));
    }
    line
}

/// The chain of revisions: who signed which, and what each one changed.
#[must_use]
pub fn revision_lines(report: &Report) -> Vec<String> {
    let language = report.language;
    let say = |vi, en| choose(language, vi, en);
    let mut lines = Vec::new();
    for revision in 1..=report.document.revisions {
        lines.push(format!("  {} {revision}", say("Phiên bản", "Revision")));
        let told = lines.len();
        // Changes are recorded with every signature before them: the first one has them all.
        let mut seen = HashSet::new();
        for signature in &report.signatures {
            for change in signature
                .facts
                .changes
                .iter()
                .filter(|c| c.revision == revision)
            {
                if seen.insert((change.kind, change.object.as_deref())) {
                    lines.push(format!("     {}", change_line(change, language)));
                }
            }
        }
        for signature in report
            .signatures
            .iter()
            .filter(|s| s.facts.revision == Some(revision))
        {
            let signer = signature.facts.signer.as_ref().map_or_else(
                || say("không rõ người ký", "signer unknown").to_owned(),
                |signer| signer.subject.clone(),
            );
            let what = say("Ký bởi", "Signed by");
            lines.push(format!("     {what}: {} — {signer}", signature.facts.field));
        }
        let mut signed = report.signatures.iter().filter_map(|s| s.facts.revision);
        // What came before the first signature is compared with nothing.
        if lines.len() == told && signed.any(|signed| signed < revision) {
            lines.push(format!(
                "     · {}",
                say(
                    "không có thay đổi nào thấy được",
                    "nothing is seen to change"
                )
            ));
        }
    }
    lines
}
