//! What is checked before signing (TT 15/2025, art. 5.1 and 5.2, app. II.1).

use crate::SigningFacts;
use crate::language::Sentence;
use crate::rule::signing::{self, FORBIDDEN, NEVER_IN_DOUBT};
use crate::rule::{Checked, Level, Rule, RuleId};

use super::validity::is_listed_key;

pub(crate) use crate::rule::signing::CERTIFICATE_IN_VALIDITY as CERTIFICATE;

/// Art. 5.2b: a path to the national root or a recognised list.
pub(crate) const PATH: Rule<SigningFacts> = Rule {
    id: RuleId::new("tt15.5.2b"),
    clause: "TT 15/2025 Đ.5.2b",
    ..signing::PATH_TRUSTED
};

/// App. II.1.2: by OCSP or the newest list; otherwise a warning is demanded.
pub(crate) const STATUS: Rule<SigningFacts> = Rule {
    id: RuleId::new("tt15.5.2c"),
    clause: "TT 15/2025 Đ.5.2c, PL.II.1.2",
    ..signing::NOT_REVOKED
};

/// Art. 5.1b, app. I: the key may sign.
pub(crate) const ALGORITHMS: Rule<SigningFacts> = Rule {
    id: RuleId::new("tt15.5.1b"),
    clause: "TT 15/2025 Đ.5.1b, PL.I",
    level: Level::Fail,
    check: algorithms,
    pass: Sentence {
        vi: "Khóa ký đủ dài và thuộc loại được phép.",
        en: "The key is of a listed kind and size.",
    },
    fail: Sentence {
        vi: "Khóa ký không thuộc loại hoặc độ dài được phép nên không được ký. Hãy đổi chứng thư số có khóa RSA từ 2048 bit hoặc ECDSA từ 256 bit.",
        en: "The key is not of a listed kind or size, so it may not sign. Get a certificate with RSA of 2,048 bits or more, or ECDSA of 256 or more.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn algorithms(facts: &SigningFacts) -> Checked {
    match &facts.key {
        None => Checked::NOT_APPLICABLE,
        Some(key) if is_listed_key(&key.kind, key.bits) => Checked::PASS,
        Some(key) => Checked::fail(FORBIDDEN, Some(format!("{} {}", key.kind, key.bits))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::signing::tests::facts;
    use crate::{KeyFact, Outcome};

    #[test]
    fn a_short_key_does_not_sign() {
        let mut asked = facts();
        asked.key = Some(KeyFact::new("RSA", 1_024));
        assert_eq!(algorithms(&asked).outcome, Outcome::Fail);
        asked.key = Some(KeyFact::new("RSA", 2_048));
        assert_eq!(algorithms(&asked).outcome, Outcome::Pass);
    }
}
