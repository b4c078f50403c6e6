//! Checks of certificates of the Government's own authority (NĐ 68/2024, art. 29 to 32).

use crate::SigningFacts;
use crate::judged::Judged;
use crate::rule::{Rule, RuleId, certificate, signature, signing};

/// Luật GDĐT 2023, art. 22.3: every later change can be detected.
pub(crate) const INTEGRITY: Rule<Judged> = Rule {
    id: RuleId::new("gd.22.3d"),
    clause: "Luật Giao dịch điện tử 2023 Đ.22.3",
    ..signature::INTEGRITY
};

/// Art. 30 to 32: the certificate and every one above it.
pub(crate) const VALID: Rule<Judged> = Rule {
    id: RuleId::new("nd68.30-32"),
    clause: "NĐ 68/2024 Đ.30–32",
    ..certificate::WHOLE
};

/// Art. 29.1 and 29.2: checked before signing, the certificate and every one above it.
pub(crate) const BEFORE_SIGNING: Rule<SigningFacts> = Rule {
    id: RuleId::new("nd68.29.1-2"),
    clause: "NĐ 68/2024 Đ.29.1–2",
    ..signing::CERTIFICATE_AND_ISSUERS
};
