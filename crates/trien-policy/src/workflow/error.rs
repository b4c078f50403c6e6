//! Why a text is no workflow, and in which line.

use std::fmt;

use crate::{Language, toml_words};

/// A text is no workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkflowError {
    /// The line, from 1; `None` for the text as a whole.
    pub line: Option<usize>,
    /// What is wrong there.
    pub kind: WorkflowErrorKind,
}

/// What is wrong with a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkflowErrorKind {
    /// A step waits for one that does not stand before it.
    AfterUnknown {
        /// What stands there.
        step: String,
    },
    /// How many sign: at least one, at most 64, one where there is no number in the field's
    /// name, all where the fields are named.
    Count,
    /// Two steps have one field.
    FieldShared {
        /// Its name.
        field: String,
    },
    /// A field is named by other than letters, digits, `-` and `_` of ASCII, `{role}` and `{n}`.
    FieldName {
        /// What stands there.
        field: String,
    },
    /// The text is no TOML of the form that is wanted.
    Form(Box<toml::de::Error>),
    /// An id is empty, longer than 64 letters, or has others than a–z, 0–9 and `-`.
    Id {
        /// What stands there.
        id: String,
    },
    /// The kinds of certificate do not fit the act: a seal is a body's, a person signs with
    /// their own (TT 41/2017, art. 6.2).
    KeyKind {
        /// The step.
        step: String,
    },
    /// The place has measures that no page has, or is over the signature of no earlier step.
    Place {
        /// The step.
        step: String,
    },
    /// Somebody signs beside or after the seal (NĐ 30/2020, art. 32.2d).
    SealNotLast {
        /// The step that does.
        step: String,
    },
    /// Two steps have one id.
    StepRepeated {
        /// The id.
        step: String,
    },
    /// A title is empty or longer than 200 letters.
    Title,
    /// The text has more than 64 KiB.
    TooLong,
    /// There is no step, or more than 32.
    StepCount,
    /// There is no such role in such a capacity.
    UnknownSignatory {
        /// What stands there.
        signatory: String,
    },
    /// There is no such commitment.
    UnknownCommitment {
        /// What stands there.
        commitment: String,
    },
}

impl fmt::Display for WorkflowError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(formatter, "line {line}: ")?;
        }
        match &self.kind {
            WorkflowErrorKind::AfterUnknown { step } => write!(
                formatter,
                "after names {step:?}, which is no step before this one: name one or move it"
            ),
            WorkflowErrorKind::Count => formatter.write_str(
                "count does not fit: 1 to 64 signers, with {n} in the field or all fields named",
            ),
            WorkflowErrorKind::FieldShared { field } => {
                write!(formatter, "two steps share the field {field}: rename one")
            }
            WorkflowErrorKind::FieldName { field } => write!(
                formatter,
                "{field:?} names no field: use letters, digits, - and _, {{role}} and {{n}}"
            ),
            WorkflowErrorKind::Form(error) => write!(
                formatter,
                "the text is no workflow in TOML: {}",
                error.message()
            ),
            WorkflowErrorKind::Id { id } => {
                write!(formatter, "{id:?} is no id: use a to z, 0 to 9 and -")
            }
            WorkflowErrorKind::KeyKind { step } => write!(
                formatter,
                "{step}: a seal is put with organisation certificates, people sign with others"
            ),
            WorkflowErrorKind::Place { step } => {
                write!(
                    formatter,
                    "{step}: there is no such place: give millimetres of a page, or an earlier step"
                )
            }
            WorkflowErrorKind::SealNotLast { step } => write!(
                formatter,
                "{step}: nobody signs beside or after the seal: let the seal wait for this step"
            ),
            WorkflowErrorKind::StepRepeated { step } => {
                write!(formatter, "two steps are called {step}: rename one")
            }
            WorkflowErrorKind::Title => {
                formatter.write_str("a title has 1 to 200 letters on one line")
            }
            WorkflowErrorKind::TooLong => {
                formatter.write_str("the text is longer than 64 KiB: shorten it")
            }
            WorkflowErrorKind::StepCount => formatter.write_str("a workflow has 1 to 32 steps"),
            WorkflowErrorKind::UnknownSignatory { signatory } => write!(
                formatter,
                "{signatory:?} is no role: write hieu-truong, kt-pho-hieu-truong or the like"
            ),
            WorkflowErrorKind::UnknownCommitment { commitment } => write!(
                formatter,
                "{commitment:?} is no commitment: write proof-of-approval or the like"
            ),
        }
    }
}

impl std::error::Error for WorkflowError {}

impl WorkflowError {
    /// What is wrong and in which line, in a sentence for people.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        if language == Language::En {
            return self.to_string();
        }
        let said = self.kind.vietnamese();
        match self.line {
            Some(line) => format!("dòng {line}: {said}"),
            None => said,
        }
    }
}

impl WorkflowErrorKind {
    fn vietnamese(&self) -> String {
        match self {
            Self::AfterUnknown { step } => {
                format!("after nêu bước {step} không đứng trước bước này: hãy nêu bước khác")
            }
            Self::Count => {
                "count không khớp: từ 1 đến 64 người ký, với {n} trong field hoặc nêu đủ \
                            các field"
                    .to_owned()
            }
            Self::FieldShared { field } => {
                format!("hai bước cùng dùng ô ký {field}: hãy đổi tên một ô")
            }
            Self::FieldName { field } => format!(
                "{field} không phải tên ô ký: chỉ dùng chữ không dấu, số, - và _, {{role}}, {{n}}"
            ),
            Self::Form(error) => toml_words::what(error.message(), Language::Vi),
            Self::Id { id } => format!("{id} không phải là id: chỉ dùng a đến z, 0 đến 9 và -"),
            Self::KeyKind { step } => format!(
                "{step}: con dấu dùng chứng thư số của tổ chức, cá nhân ký bằng chứng thư số khác"
            ),
            Self::Place { step } => format!(
                "{step}: không có vị trí này: hãy ghi milimét trên trang, hoặc một bước trước đó"
            ),
            Self::SealNotLast { step } => format!(
                "{step}: không ai ký cùng lúc hoặc sau con dấu: hãy để con dấu chờ bước này"
            ),
            Self::StepRepeated { step } => {
                format!("hai bước cùng tên {step}: hãy đổi tên một bước")
            }
            Self::Title => "tiêu đề phải có từ 1 đến 200 chữ trên một dòng".to_owned(),
            Self::TooLong => "dài hơn 64 KB: hãy rút gọn".to_owned(),
            Self::StepCount => "quy trình phải có từ 1 đến 32 bước".to_owned(),
            Self::UnknownSignatory { signatory } => {
                format!("không có vai trò {signatory}: hãy ghi hieu-truong, kt-pho-hieu-truong…")
            }
            Self::UnknownCommitment { commitment } => {
                format!("không có cam kết {commitment}: hãy ghi proof-of-approval…")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Workflow;

    #[test]
    fn what_is_wrong_with_a_workflow_is_told_in_vietnamese_with_its_line() {
        for (text, expected) in [
            ("id = \"a\"\nx = 1", "dòng 2: không có mục x"),
            (
                "id = \"A\"\ntitle = \"A\"\ntitle_en = \"A\"\nstep = []",
                "dòng 1: quy trình phải có từ 1 đến 32 bước",
            ),
        ] {
            let error = Workflow::from_toml(text).unwrap_err();
            let said = error.sentence(Language::Vi);
            assert!(said.starts_with(expected), "{said}");
            assert_eq!(error.sentence(Language::En), error.to_string());
        }
    }
}
