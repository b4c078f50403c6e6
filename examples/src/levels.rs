//! What `sign`, `countersign` and `extend` share about the levels of EN 319 142-1: whom to ask for
//! time stamps, whom to trust, how to reach the network, and the words for what was missing.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use trien::net::{
    AddressPolicy, FailOver, FailOverSettings, HttpSettings, HttpTransport, SingleFlight,
};
use trien::trust::{FolderLimits, TrustAnchors};
use trien::{
    EvidenceSearch, ExtensionError, ExtensionErrorKind, ExtensionLevel, ExtensionRequest, Language,
    Limits, Missing, MissingReason, SuppliedEvidence, TimeStampAuthority, Transport, UnixTime,
    check_time_stamp_answer,
};

use crate::causes::{anchor_words, unread_evidence};
use crate::signing::printable;
use crate::trouble::Trouble;

/// A level as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
#[non_exhaustive]
pub enum LevelName {
    /// Signed.
    #[value(name = "b-b")]
    BB,
    /// Time-stamped.
    #[value(name = "b-t")]
    BT,
    /// With the evidence in the file.
    #[value(name = "b-lt")]
    BLt,
    /// With a document time stamp over all that.
    #[value(name = "b-lta")]
    BLta,
}

impl LevelName {
    /// The level to extend to; `None` for a signature alone.
    pub(crate) const fn extension(self) -> Option<ExtensionLevel> {
        match self {
            Self::BB => None,
            Self::BT => Some(ExtensionLevel::BT),
            Self::BLt => Some(ExtensionLevel::BLt),
            Self::BLta => Some(ExtensionLevel::BLta),
        }
    }

    /// As the standard writes it.
    pub(crate) const fn standard(self) -> &'static str {
        match self {
            Self::BB => "B-B",
            Self::BT => "B-T",
            Self::BLt => "B-LT",
            Self::BLta => "B-LTA",
        }
    }
}

/// Services and trust.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct ServiceArguments {
    /// Địa chỉ máy chủ dấu thời gian; ghi nhiều lần để có dự phòng / address of a time-stamping
    /// authority; more than one: asked in turn
    #[arg(long, value_name = "URL")]
    pub(crate) tsa: Vec<String>,
    /// Thư mục chứng thư số gốc được tin cậy (PEM, DER, .p7b) / folder of trusted roots
    #[arg(long, value_name = "DIR")]
    pub(crate) anchors: Option<PathBuf>,
    /// Thư mục chứng thư số, CRL, OCSP lưu sẵn (.cer .crl .ocsp), dùng trước khi hỏi mạng / folder of
    /// certificates, CRLs and OCSP responses kept, looked at before the network is asked
    #[arg(long, value_name = "DIR")]
    pub(crate) evidence: Option<PathBuf>,
    /// Cho phép kết nối tới địa chỉ nội bộ / let connections lead to private addresses
    #[arg(long)]
    pub(crate) allow_private_addresses: bool,
}

/// The network for a verifier: lists, answers and issuers, each address asked once at a time.
#[must_use]
pub fn online(addresses: AddressPolicy) -> Box<dyn Transport + Sync> {
    let mut settings = HttpSettings::default();
    settings.addresses = addresses;
    Box::new(SingleFlight::new(HttpTransport::new(settings)))
}

impl ServiceArguments {
    /// The network; an only authority is asked again after a pause when it is busy.
    pub(crate) fn transport(&self) -> Box<dyn Transport> {
        let mut settings = HttpSettings::default();
        if self.allow_private_addresses {
            settings.addresses = AddressPolicy::AllowPrivate;
        }
        let http = SingleFlight::new(HttpTransport::new(settings));
        if self.tsa.len() > 1 {
            // The library asks the next one itself: it knows which time and which roots are right.
            return Box::new(http);
        }
        Box::new(FailOver::new(
            http,
            self.tsa.iter().map(String::as_str),
            check_time_stamp_answer,
            FailOverSettings::default(),
        ))
    }

    /// The authorities, in the order they are asked in.
    pub(crate) fn authority(&self) -> Result<TimeStampAuthority, Trouble> {
        if self.tsa.is_empty() {
            return Err(Trouble::AuthorityMissing);
        }
        Ok(TimeStampAuthority::first_of(&self.tsa))
    }

    /// Whether a time-stamping authority is named at all.
    pub(crate) const fn has_authority(&self) -> bool {
        !self.tsa.is_empty()
    }

    /// Whether roots are named at all.
    pub(crate) const fn has_anchors(&self) -> bool {
        self.anchors.is_some()
    }

    /// The roots; a folder with a file that cannot be read is no folder to rely on.
    pub(crate) fn anchors(&self, language: Language) -> Result<TrustAnchors, Trouble> {
        let folder: &Path = self.anchors.as_deref().ok_or(Trouble::AnchorsMissing)?;
        let unusable = |detail: String| Trouble::AnchorsUnusable(folder.to_owned(), detail);
        let read = TrustAnchors::read_dir(folder, &FolderLimits::default())
            .map_err(|error| unusable(error.to_string()))?;
        match read.problems.first() {
            Some(problem) => Err(unusable(anchor_words(problem, language))),
            None => Ok(read.anchors),
        }
    }

    /// What the caller keeps; nothing where no folder is named.
    pub(crate) fn supplied(&self, language: Language) -> Result<SuppliedEvidence, Trouble> {
        let Some(folder) = &self.evidence else {
            return Ok(SuppliedEvidence::default());
        };
        let supplied = SuppliedEvidence::read_dir(folder, &Limits::default())
            .map_err(|error| Trouble::EvidenceUnusable(folder.clone(), error))?;
        for path in &supplied.unreadable {
            eprintln!("! {}", printable(&unread_evidence(path, language)));
        }
        Ok(supplied)
    }

    /// The extension that the arguments ask for.
    pub(crate) fn request<'s>(
        &self,
        level: ExtensionLevel,
        (anchors, supplied): (&'s TrustAnchors, &'s SuppliedEvidence),
        time: UnixTime,
        transport: &'s dyn Transport,
    ) -> ExtensionRequest<'s> {
        let search = EvidenceSearch::new(anchors, time, transport).with(supplied);
        let mut request = ExtensionRequest::new(level, search);
        request.authority = self.authority().ok();
        request
    }
}

/// The sentence for an extension that was not made.
pub(crate) fn extension(error: &ExtensionError, language: Language) -> String {
    let say = |vi: String, en: String| match language {
        Language::En => en,
        Language::Vi | _ => vi,
    };
    match error.kind() {
        ExtensionErrorKind::NotSigned => say(
            "tệp chưa có chữ ký nào: hãy ký trước".into(),
            "the file has no signature: sign it first".into(),
        ),
        ExtensionErrorKind::NotIntact(objections) => {
            let fields: Vec<String> = objections
                .iter()
                .map(|one| format!("{} ({})", one.field, one.objection))
                .collect();
            say(
                format!(
                    "từ chối: chữ ký bị hỏng hoặc tệp đã bị thay đổi sau khi ký: {}",
                    fields.join("; ")
                ),
                format!(
                    "refused: signatures are broken, or the file was changed after them: {}",
                    fields.join("; ")
                ),
            )
        }
        ExtensionErrorKind::Incomplete(missing) => {
            let lines: Vec<String> = missing
                .iter()
                .map(|one| missing_line(one, language))
                .collect();
            say(
                format!(
                    "từ chối: chưa đủ bằng chứng để lưu trữ, chưa ghi gì; {}",
                    lines.join("; ")
                ),
                format!(
                    "refused: evidence is missing, nothing was written; {}",
                    lines.join("; ")
                ),
            )
        }
        ExtensionErrorKind::NoAuthority => Trouble::AuthorityMissing.sentence(language),
        ExtensionErrorKind::NoTimeStamp(error) => no_time_stamp(error, language),
        ExtensionErrorKind::Document(_) | _ => say(
            format!("chưa nâng được mức chữ ký, chưa ghi gì ({error})"),
            error.to_string(),
        ),
    }
}

/// What several attempts said, each once: how often stands behind it.
fn once_each(detail: &str) -> String {
    let mut said: Vec<(&str, usize)> = Vec::new();
    for part in detail.split("; ") {
        // The first stands behind what sums them up.
        let is_said = |known: &str| {
            known == part
                || known
                    .strip_suffix(part)
                    .is_some_and(|sum| sum.ends_with(": "))
        };
        match said.iter_mut().find(|(known, _)| is_said(known)) {
            Some((_, times)) => *times = times.saturating_add(1),
            None => said.push((part, 1)),
        }
    }
    let parts: Vec<String> = said
        .into_iter()
        .map(|(part, times)| match times {
            1 => part.to_owned(),
            _ => format!("{part} (×{times})"),
        })
        .collect();
    parts.join("; ")
}

/// The sentence for a time stamp that was not to be had, with what each authority said.
pub(crate) fn no_time_stamp(detail: &dyn std::fmt::Display, language: Language) -> String {
    let detail = once_each(&detail.to_string());
    match language {
        Language::En => format!("no time stamp, nothing was written: {detail}"),
        Language::Vi | _ => {
            format!("không lấy được dấu thời gian, chưa ghi gì; hãy thử lại sau ({detail})")
        }
    }
}

/// What is missing, for whom, and where it was looked for.
pub(crate) fn missing_line(missing: &Missing, language: Language) -> String {
    if language == Language::En {
        return missing.to_string();
    }
    let what = match &missing.reason {
        MissingReason::SignerUnknown => "không có chứng thư số của người ký",
        MissingReason::NoPath(_) => "không có đường dẫn tin cậy cho",
        MissingReason::NoAddress => "không có địa chỉ để hỏi trạng thái của",
        MissingReason::NoStatus => "chưa biết trạng thái thu hồi của",
        MissingReason::Revoked(revocation) if revocation.is_hold() => "đang bị tạm dừng:",
        MissingReason::Revoked(_) => "đã bị thu hồi:",
        MissingReason::Unknown => "nơi cấp không biết",
        MissingReason::TooMany | _ => "quá nhiều chứng thư số phải chứng minh:",
    };
    let mut line = format!("{}: {what} {}", missing.field, missing.subject);
    for attempt in &missing.attempts {
        line.push_str(&format!("; đã hỏi {attempt}"));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_attempt_says_is_said_once() {
        let detail =
            "none: http://a: refused; http://a: refused; http://b: gone; http://a: refused";
        assert_eq!(
            once_each(detail),
            "none: http://a: refused (×3); http://b: gone"
        );
    }
}
