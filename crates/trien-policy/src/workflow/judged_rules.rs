//! What a verifier asks of a record under a workflow.

use crate::language::{Detail, Sentence};
use crate::rule::{Checked, Level, Rule, RuleId};
use crate::{Conclusion, IndeterminateBecause};

const CLAUSE: &str = "quy trình ký / workflow";

/// A record under its workflow: which fields each question is about.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Steps that are open, by title; `None` when the record is complete.
    pub(super) open: Option<Detail>,
    pub(super) broken: Vec<String>,
    pub(super) certificate: Vec<String>,
    pub(super) full: Vec<String>,
    pub(super) order: Vec<String>,
    pub(super) role: Vec<String>,
    /// Signatures of steps by people who signed in another step too.
    pub(super) same_signer: Vec<String>,
    pub(super) seal: Vec<String>,
    pub(super) twice: Vec<String>,
    pub(super) unconfirmed: Vec<String>,
    pub(super) unknown: Vec<String>,
    /// Of the unknown, those that claim no role either.
    pub(super) roleless: Vec<String>,
}

impl Walked {
    /// Whether a signature breaks the workflow.
    pub(super) fn is_violated(&self) -> bool {
        [
            &self.broken,
            &self.certificate,
            &self.full,
            &self.order,
            &self.role,
            &self.seal,
            &self.twice,
        ]
        .into_iter()
        .any(|fields| !fields.is_empty())
    }
}

/// The rules, in the order of the report.
pub(super) const RULES: [&Rule<Walked>; 11] = [
    &rule(
        "workflow.complete",
        Level::Fail,
        |walked| match &walked.open {
            None => Checked::PASS,
            Some(detail) => Checked::fail(CONSTRAINTS, Some(detail.clone())),
        },
        sentence(
            "Các bước bắt buộc đã ký đủ.",
            "Every needed step is signed.",
        ),
        sentence(
            "Còn bước chưa ký đủ. Hãy chuyển văn bản cho người ký tiếp theo.",
            "Steps are missing. Pass the record on to the next signer.",
        ),
    ),
    &rule(
        "workflow.order",
        Level::Fail,
        |walked| about(&walked.order),
        sentence("Các chữ ký đúng thứ tự.", "The signatures are in order."),
        sentence(
            "Có chữ ký sai thứ tự của quy trình.",
            "A signature was made out of order.",
        ),
    ),
    &rule(
        "nd30.32.2d",
        Level::Fail,
        |walked| about(&walked.seal),
        sentence(
            "Con dấu được đóng sau khi người có thẩm quyền đã ký.",
            "The seal was put after those who had to sign.",
        ),
        sentence(
            "Con dấu được đóng khi chưa đủ chữ ký, hoặc có người ký sau khi đã đóng dấu.",
            "The seal was put before everybody had signed, or somebody signed behind it.",
        ),
    ),
    &rule(
        "workflow.role",
        Level::Fail,
        |walked| about(&walked.role),
        sentence(
            "Vai trò mà người ký tự khai đúng với từng bước; người ký có giữ vai trò đó không thì đối chiếu sổ đăng ký người ký.",
            "The roles that signers claim are those of their steps; whether they hold them is for the register of signers.",
        ),
        sentence(
            "Có chữ ký không nêu vai trò, hoặc nêu vai trò không được ký ở bước đó.",
            "A signature claims no role, or one that may not sign in its step.",
        ),
    ),
    &rule(
        "workflow.certificate",
        Level::Fail,
        |walked| about(&walked.certificate),
        sentence(
            "Loại chứng thư số đúng với từng bước.",
            "The kinds of certificate are those of their steps.",
        ),
        sentence(
            "Có chữ ký bằng loại chứng thư số không được dùng ở bước đó.",
            "A signature is by a kind of certificate that may not sign in its step.",
        ),
    ),
    &rule(
        "workflow.signed-twice",
        Level::Fail,
        |walked| about(&walked.twice),
        sentence(
            "Không ai ký hai lần trong một bước.",
            "Nobody signed twice in a step.",
        ),
        sentence(
            "Có người ký hai lần trong một bước.",
            "Somebody signed twice in a step.",
        ),
    ),
    &rule(
        "workflow.step-done",
        Level::Fail,
        |walked| about(&walked.full),
        sentence(
            "Không bước nào thừa chữ ký.",
            "No step has more signatures than it takes.",
        ),
        sentence(
            "Có bước thừa chữ ký.",
            "A step has more signatures than it takes.",
        ),
    ),
    &rule(
        "workflow.intact",
        Level::Fail,
        |walked| about(&walked.broken),
        sentence(
            "Các chữ ký của quy trình còn nguyên vẹn.",
            "The signatures of the workflow are intact.",
        ),
        sentence(
            "Có chữ ký không còn nguyên vẹn, hoặc nội dung bị sửa trái phép sau khi ký, nên bước đó \
             không được tính là đã ký.",
            "A signature is not intact, or what it signed was changed unlawfully afterwards, so its \
             step does not count as signed.",
        ),
    ),
    &rule(
        "workflow.unknown-signature",
        Level::Warn,
        beside,
        sentence(
            "Không có chữ ký ngoài quy trình.",
            "There is no signature beside the workflow.",
        ),
        sentence(
            "Có chữ ký không thuộc bước nào của quy trình.",
            "There is a signature of no step of the workflow.",
        ),
    ),
    &rule(
        "workflow.same-signer",
        Level::Warn,
        |walked| about(&walked.same_signer),
        sentence(
            "Không ai ký ở hai bước khác nhau.",
            "Nobody signed in two different steps.",
        ),
        sentence(
            "Cùng một chứng thư số ký ở hai bước. Hãy kiểm tra người đó có giữ cả hai vai trò không.",
            "One certificate signed in two steps. Check that its holder has both roles.",
        ),
    ),
    &rule(
        "workflow.confirmed",
        Level::Warn,
        |walked| about(&walked.unconfirmed),
        sentence("Tất cả chữ ký đều hợp lệ.", "All signatures passed."),
        sentence(
            "Có chữ ký chưa kết luận được là hợp lệ; xem kết luận của từng chữ ký.",
            "A signature was not judged to have passed; see what is said of each.",
        ),
    ),
];

const CONSTRAINTS: Conclusion =
    Conclusion::Indeterminate(IndeterminateBecause::SigConstraintsFailure);

const fn sentence(vi: &'static str, en: &'static str) -> Sentence {
    Sentence { vi, en }
}

const fn rule(
    id: &'static str,
    level: Level,
    check: fn(&Walked) -> Checked,
    pass: Sentence,
    fail: Sentence,
) -> Rule<Walked> {
    Rule {
        id: RuleId::new(id),
        clause: CLAUSE,
        level,
        check,
        pass,
        fail,
        cannot_tell: fail,
    }
}

/// A signature in a foreign field that claims no role either cannot be anybody's step: without
/// these words a signed record is told that its steps are missing, and nobody sees why.
fn beside(walked: &Walked) -> Checked {
    if walked.roleless.is_empty() {
        return about(&walked.unknown);
    }
    let (fields, roleless) = (walked.unknown.join(", "), walked.roleless.join(", "));
    let detail = Detail::Words {
        vi: format!("{fields}; chữ ký không khai vai trò: {roleless}"),
        en: format!("{fields}; signatures that claim no role: {roleless}"),
    };
    Checked::fail(CONSTRAINTS, Some(detail))
}

fn about(fields: &[String]) -> Checked {
    if fields.is_empty() {
        Checked::PASS
    } else {
        Checked::fail(CONSTRAINTS, Some(fields.join(", ")))
    }
}
