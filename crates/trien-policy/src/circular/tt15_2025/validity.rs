//! When a signature is valid (TT 15/2025, art. 6.1, appendices I and II).

use crate::judged::Judged;
use crate::language::Sentence;
use crate::rule::{Checked, Level, NO_DETAIL, Rule, RuleId, certificate, signature};
use crate::{Conclusion, IndeterminateBecause, IntegrityFact};

/// App. II.2: the right key, equal hashes.
pub(crate) const INTEGRITY: Rule<Judged> = Rule {
    id: RuleId::new("tt15.II.2.1-4"),
    clause: "TT 15/2025 PL.II.2",
    ..signature::INTEGRITY
};

/// Art. 6.1: a path to the national root or a recognised list.
pub(crate) const PATH: Rule<Judged> = Rule {
    id: RuleId::new("tt15.6.1a-d"),
    clause: "TT 15/2025 Đ.6.1",
    ..certificate::PATH
};

/// App. II.1.1: signed inside the period of the certificate.
pub(crate) const VALIDITY: Rule<Judged> = Rule {
    id: RuleId::new("tt15.II.1.1"),
    clause: "TT 15/2025 PL.II.1.1",
    ..certificate::VALIDITY
};

/// App. II.1.2: by OCSP, or the newest list at signing; otherwise a warning is demanded.
pub(crate) const STATUS: Rule<Judged> = Rule {
    id: RuleId::new("tt15.II.1.2"),
    clause: "TT 15/2025 PL.II.1.2",
    ..certificate::STATUS
};

/// App. I: the algorithms that are listed, whatever the date.
pub(crate) const ALGORITHMS: Rule<Judged> = Rule {
    id: RuleId::new("tt15.II.1.3-4"),
    clause: "TT 15/2025 PL.I, PL.II.1.3",
    level: Level::Fail,
    check: algorithms,
    pass: Sentence {
        vi: "Thuật toán ký và thuật toán băm nằm trong danh mục được phép.",
        en: "Signature and digest algorithm are on the list.",
    },
    fail: Sentence {
        vi: "Thuật toán ký hoặc thuật toán băm không nằm trong danh mục được phép. Hãy ký lại bằng RSA từ 2048 bit hoặc ECDSA từ 256 bit với SHA-256 trở lên.",
        en: "The signature or digest algorithm is not on the list. Sign again with RSA of 2,048 bits or more, or ECDSA of 256 or more, and SHA-256 or stronger.",
    },
    cannot_tell: Sentence {
        vi: "Không biết chữ ký dùng thuật toán nào.",
        en: "The algorithms are not known.",
    },
};

/// Digests of app. I, as far as this program names them.
const DIGESTS: [&str; 8] = [
    "SHA-256",
    "SHA-384",
    "SHA-512",
    "SHA-512/256",
    "SHA3-256",
    "SHA3-384",
    "SHA3-512",
    "SHAKE256",
];

/// The least sizes of app. I, in bits.
pub(super) const RSA_BITS: u32 = 2_048;
pub(super) const EC_BITS: u32 = 256;

pub(super) fn is_listed_key(kind: &str, bits: u32) -> bool {
    match kind {
        "RSA" | "RSASSA-PSS" => bits >= RSA_BITS,
        "EC" => bits >= EC_BITS,
        _ => false,
    }
}

const CONSTRAINTS: Conclusion =
    Conclusion::Indeterminate(IndeterminateBecause::SigConstraintsFailure);

fn algorithms(judged: &Judged) -> Checked {
    let facts = &judged.signature;
    if facts.integrity != IntegrityFact::Intact {
        return Checked::NOT_APPLICABLE;
    }
    let Some(algorithm) = &facts.algorithm else {
        return Checked::cannot_tell(CONSTRAINTS, NO_DETAIL);
    };
    if !is_listed_key(&algorithm.key.kind, algorithm.key.bits) {
        let detail = format!("{} {}", algorithm.key.kind, algorithm.key.bits);
        return Checked::fail(CONSTRAINTS, Some(detail));
    }
    let mut digests = facts.digests.iter().chain(&algorithm.digest);
    match digests.find(|name| !DIGESTS.contains(&name.as_str())) {
        Some(other) => Checked::fail(CONSTRAINTS, Some(other.clone())),
        None => Checked::PASS,
    }
}

/// App. I names RSASSA-PSS. Most tokens in schools sign after PKCS#1 v1.5 only: shown, never
/// silent, and no ground against the signature.
pub(crate) const PADDING: Rule<Judged> = Rule {
    id: RuleId::new("tt15.I.padding"),
    clause: "TT 15/2025 PL.I",
    level: Level::Warn,
    check: padding,
    pass: Sentence {
        vi: "Chữ ký dùng cách đệm được nêu trong danh mục.",
        en: "The signature uses the padding of the list.",
    },
    fail: Sentence {
        vi: "Chữ ký RSA dùng cách đệm PKCS#1 v1.5, danh mục nêu RSASSA-PSS. Nếu thiết bị hỗ trợ, hãy chọn RSASSA-PSS cho các lần ký sau.",
        en: "The RSA signature is padded after PKCS#1 v1.5; the list names RSASSA-PSS. Choose that from now on if the device can.",
    },
    cannot_tell: Sentence {
        vi: "Không biết chữ ký dùng cách đệm nào.",
        en: "The padding is not known.",
    },
};

fn padding(judged: &Judged) -> Checked {
    match &judged.signature.algorithm {
        Some(algorithm) if algorithm.scheme.as_deref() == Some("RSASSA-PKCS1-v1_5") => {
            Checked::fail(CONSTRAINTS, NO_DETAIL)
        }
        Some(_) => Checked::PASS,
        None => Checked::NOT_APPLICABLE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::facts::judged_with;
    use crate::{AlgorithmFact, KeyFact, Outcome};

    fn made(kind: &str, bits: u32, digest: &str, scheme: &str) -> Judged {
        judged_with(|facts| {
            let key = KeyFact::new(kind, bits);
            let mut algorithm = AlgorithmFact::new(key, Some(digest.to_owned()));
            algorithm.scheme = Some(scheme.to_owned());
            facts.algorithm = Some(algorithm);
        })
    }

    #[test]
    fn only_listed_algorithms_and_sizes_pass() {
        let outcome = |kind, bits, digest| algorithms(&made(kind, bits, digest, "")).outcome;
        assert_eq!(outcome("RSA", 2_048, "SHA-256"), Outcome::Pass);
        assert_eq!(outcome("EC", 256, "SHA-384"), Outcome::Pass);
        assert_eq!(outcome("RSA", 1_024, "SHA-256"), Outcome::Fail);
        assert_eq!(outcome("RSA", 2_048, "SHA-1"), Outcome::Fail);
        assert_eq!(outcome("RSA", 2_048, "SHA-224"), Outcome::Fail);
        assert_eq!(outcome("Ed25519", 256, "SHA-512"), Outcome::Fail);
    }

    #[test]
    fn the_older_padding_is_shown() {
        let old = made("RSA", 2_048, "SHA-256", "RSASSA-PKCS1-v1_5");
        assert_eq!(padding(&old).outcome, Outcome::Fail);
        let new = made("RSA", 2_048, "SHA-256", "RSASSA-PSS");
        assert_eq!(padding(&new).outcome, Outcome::Pass);
    }
}
