//! What goes wrong with records, and what a verifier is to say of each.

use serde_json::{Value, json};

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    ByteFlipped,
    Duplicate,
    Edited,
    Expired,
    Late,
    MissingStep,
    NotPdf,
    PersonSeals,
    Revoked,
    Shadow,
    Truncated,
    Unsigned,
    Untrusted,
    WrongOrder,
}

impl Fault {
    pub(crate) const ALL: [Self; 14] = [
        Self::ByteFlipped,
        Self::Duplicate,
        Self::Edited,
        Self::Expired,
        Self::Late,
        Self::MissingStep,
        Self::NotPdf,
        Self::PersonSeals,
        Self::Revoked,
        Self::Shadow,
        Self::Truncated,
        Self::Unsigned,
        Self::Untrusted,
        Self::WrongOrder,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ByteFlipped => "byte-flipped",
            Self::Duplicate => "duplicate",
            Self::Edited => "edited-after-signing",
            Self::Expired => "expired-certificate",
            Self::Late => "late",
            Self::MissingStep => "missing-step",
            Self::NotPdf => "not-a-pdf",
            Self::PersonSeals => "sealed-by-a-person",
            Self::Revoked => "revoked-certificate",
            Self::Shadow => "shadow",
            Self::Truncated => "truncated",
            Self::Unsigned => "unsigned-when-due",
            Self::Untrusted => "untrusted-authority",
            Self::WrongOrder => "wrong-order",
        }
    }

    /// What is to be said: JSON pointers into the record's line, and the values there.
    pub(crate) fn told(self) -> Value {
        let conclusion = |word: &str| json!({"/document/conclusion": word});
        match self {
            Self::ByteFlipped => json!({
                "/document/conclusion": "invalid",
                "/signatures/0/integrity": "broken",
            }),
            Self::Edited | Self::Shadow => json!({
                "/document/conclusion": "invalid",
                "/signatures/0/integrity": "intact",
                "/signatures/0/changes": "forbidden",
            }),
            Self::Expired => json!({
                "/document/conclusion": "indeterminate",
                "/signatures/0/sub_indication": "OUT_OF_BOUNDS_NO_POE",
            }),
            Self::Revoked => json!({
                "/document/conclusion": "indeterminate",
                "/signatures/0/sub_indication": "REVOKED_NO_POE",
            }),
            Self::Untrusted => json!({
                "/document/conclusion": "indeterminate",
                "/signatures/0/sub_indication": "NO_CERTIFICATE_CHAIN_FOUND",
            }),
            Self::Late => json!({"/archive/late": true}),
            Self::MissingStep => json!({"/workflow/conclusion": "incomplete"}),
            Self::PersonSeals | Self::WrongOrder => json!({"/workflow/conclusion": "violated"}),
            Self::NotPdf | Self::Truncated => conclusion("unreadable"),
            Self::Unsigned => conclusion("unsigned"),
            Self::Duplicate => conclusion("valid"),
        }
    }
}

/// An update behind the file: with an object of this number, or with an entry alone that names the
/// place of another one.
pub(crate) fn updated(file: &[u8], number: u32, body: Result<&[u8], u32>) -> Vec<u8> {
    let text = String::from_utf8_lossy(file);
    let behind = |key: &str| {
        let at = text.rfind(key).unwrap() + key.len();
        let rest = text[at..].trim_start();
        let end = rest.find(|one: char| !one.is_ascii_digit()).unwrap();
        rest[..end].to_owned()
    };
    let mut updated = file.to_vec();
    let offset = match body {
        Ok(body) => {
            updated.push(b'\n');
            let offset = updated.len();
            updated.extend(format!("{number} 0 obj\n").into_bytes());
            updated.extend(body);
            updated.extend(b"\nendobj\n");
            offset
        }
        Err(other) => {
            let header = format!("\n{other} 0 obj");
            let found = file
                .windows(header.len())
                .position(|window| window == header.as_bytes());
            found.unwrap() + 1
        }
    };
    let start = updated.len();
    updated.extend(
        format!(
            "xref\n{number} 1\n{offset:010} 00000 n \ntrailer\n<< /Size {} /Root {} 0 R /Prev {} \
             >>\nstartxref\n{start}\n%%EOF\n",
            behind("/Size"),
            behind("/Root"),
            behind("startxref"),
        )
        .into_bytes(),
    );
    updated
}
