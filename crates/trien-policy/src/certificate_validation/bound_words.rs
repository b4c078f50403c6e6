//! What ended the trustworthiness of a path, in words.

use trien_types::UnixTime;

use crate::CertificateFacts;
use crate::language::Detail;

pub(super) const fn words(vi: String, en: String) -> Detail {
    Detail::Words { vi, en }
}

/// What people know a certificate's subject by.
pub(super) fn name(certificate: &CertificateFacts) -> &str {
    certificate
        .common_name
        .as_deref()
        .unwrap_or(&certificate.subject)
}

pub(super) fn revoked(
    certificate: &CertificateFacts,
    since: UnixTime,
    reason: Option<&str>,
) -> Detail {
    let name = name(certificate);
    let (vi, en) = (
        reason.unwrap_or("không nêu lý do"),
        reason.unwrap_or("no reason given"),
    );
    words(
        format!("chứng thư số của {name} bị thu hồi lúc {since}: {vi}"),
        format!("{name} was revoked at {since}: {en}"),
    )
}

pub(super) fn nothing_said(certificate: &CertificateFacts) -> Detail {
    let name = name(certificate);
    words(
        format!("không có CRL hay OCSP nào nói về chứng thư số của {name}"),
        format!("nothing says whether {name} was revoked"),
    )
}

pub(super) fn older(certificate: &CertificateFacts) -> Detail {
    let name = name(certificate);
    words(
        format!("CRL hoặc OCSP về chứng thư số của {name} cũ hơn chữ ký"),
        format!("what says that {name} was not revoked is older than the signature"),
    )
}
