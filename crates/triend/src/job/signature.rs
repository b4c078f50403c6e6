//! What the documents of a job are to be signed with, as it is asked for and checked.
//! Opens no document and knows no key.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use trien::{CommitmentType, ExtensionLevel, Signatory, SigningAct, Workflow, WorkflowTurn};

use super::description::malformed;
use super::mark_description::{Mark, MarkDescription};
use crate::rejection::Rejection;
use crate::store::first_unseen;

/// Characters of a reason: some sentences.
const LONGEST_REASON: usize = 500;
/// Octets of a claimed role, as many as a signature carries.
const LONGEST_ROLE: usize = 512;
/// Characters of a field's name.
const LONGEST_FIELD: usize = 200;

/// The member `signature` of `POST /v1/jobs`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SignatureDescription {
    level: SignatureLevel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    act: Option<ActName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commitment: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    workflow: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<MarkDescription>,
}

/// Levels of EN 319 142-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignatureLevel {
    /// Signed.
    BB,
    /// With a time stamp.
    BT,
    /// With the evidence to judge it later.
    BLt,
    /// With an archive time stamp over that.
    BLta,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ActName {
    Personal,
    Seal,
    Copy,
}

/// What the documents are to be signed with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Signature {
    description: SignatureDescription,
    /// Up to which level.
    pub level: SignatureLevel,
    /// Full name of the field; one of the job's own where none is named.
    pub field: Option<String>,
    /// What it is meant as.
    pub act: SigningAct,
    /// The claimed role, as text.
    pub role: Option<String>,
    /// The reason, as text.
    pub reason: Option<String>,
    /// What the signer commits to.
    pub commitment: Option<CommitmentType>,
    /// The workflow, its step, and the role that signs in it.
    pub turn: Option<Turn>,
    /// What is seen of it.
    pub mark: Option<Mark>,
}

/// A step of a workflow and who signs it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Turn {
    /// The workflow.
    pub workflow: Arc<Workflow>,
    /// Id of its step.
    pub step: String,
    /// In which role.
    pub signatory: Signatory,
}

impl SignatureLevel {
    /// The name in requests and answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BB => "b-b",
            Self::BT => "b-t",
            Self::BLt => "b-lt",
            Self::BLta => "b-lta",
        }
    }

    /// What is done after the signature time stamp.
    pub(super) const fn extension(self) -> Option<ExtensionLevel> {
        match self {
            Self::BB | Self::BT => None,
            Self::BLt => Some(ExtensionLevel::BLt),
            Self::BLta => Some(ExtensionLevel::BLta),
        }
    }
}

impl Turn {
    /// The turn in a certain field.
    pub(super) fn in_field(&self, field: &str) -> WorkflowTurn {
        WorkflowTurn::new(Arc::clone(&self.workflow), &self.step, field)
    }
}

impl Signature {
    /// Checks what the form alone does not tell.
    ///
    /// # Errors
    /// A text is too long, a name is unknown, or two members do not go together.
    pub fn checked(description: SignatureDescription) -> Result<Self, Rejection> {
        let given = description.clone();
        let field = line("field", given.field, LONGEST_FIELD)?;
        let role = line("role", given.role, LONGEST_ROLE)?;
        let reason = line("reason", given.reason, LONGEST_REASON)?;
        let commitment = given
            .commitment
            .map(|code| {
                CommitmentType::from_code(&code).ok_or_else(|| {
                    malformed(
                        "signature.commitment",
                        "không có tên này",
                        "there is none of this name",
                    )
                })
            })
            .transpose()?;
        if commitment.is_some() && reason.is_some() {
            return Err(malformed(
                "signature.reason",
                "không đi cùng cam kết (EN 319 142-1, 6.3)",
                "none beside a commitment (EN 319 142-1, 6.3)",
            ));
        }
        let act = match given.act {
            None => SigningAct::Unstated,
            Some(ActName::Personal) => SigningAct::Personal,
            Some(ActName::Seal) => SigningAct::Seal,
            Some(ActName::Copy) => SigningAct::SealOfCopy,
        };
        let turn = match (given.workflow, given.step) {
            (None, None) => None,
            (Some(workflow), Some(step)) => Some(turn(&workflow, step, role.as_deref())?),
            _ => {
                return Err(malformed(
                    "signature.workflow",
                    "đi cùng step và role",
                    "it goes together with step and role",
                ));
            }
        };
        let mark = given
            .mark
            .map(|mark| Mark::checked(mark, turn.as_ref()))
            .transpose()?;
        Ok(Self {
            description,
            level: given.level,
            field,
            act,
            role,
            reason,
            commitment,
            turn,
            mark,
        })
    }

    /// As it was asked for, to be kept.
    #[must_use]
    pub const fn description(&self) -> &SignatureDescription {
        &self.description
    }

    /// What it is meant as, by the name in requests and answers.
    #[must_use]
    pub const fn act_code(&self) -> &'static str {
        match self.act {
            SigningAct::Personal => "personal",
            SigningAct::Seal => "seal",
            SigningAct::SealOfCopy => "copy",
            SigningAct::Unstated | _ => "unstated",
        }
    }
}

fn turn(workflow: &str, step: String, role: Option<&str>) -> Result<Turn, Rejection> {
    let unknown = |what: &str| {
        malformed(
            format_args!("signature.{what}"),
            "không có tên này",
            "there is none of this name",
        )
    };
    let workflow = Workflow::ready(workflow)
        .ok()
        .flatten()
        .ok_or_else(|| unknown("workflow"))?;
    if workflow.step(&step).is_none() {
        return Err(unknown("step"));
    }
    let signatory = role.and_then(Signatory::from_code).ok_or_else(|| {
        malformed(
            "signature.role",
            "một bước được ký theo vai trò, ghi bằng mã",
            "a step is signed in a role, by its code",
        )
    })?;
    Ok(Turn {
        workflow: Arc::new(workflow),
        step,
        signatory,
    })
}

/// A text on one line.
fn line(member: &str, text: Option<String>, longest: usize) -> Result<Option<String>, Rejection> {
    let Some(text) = text else { return Ok(None) };
    let fits = !text.trim().is_empty()
        && text.len() <= longest.saturating_mul(4)
        && text.chars().count() <= longest
        && first_unseen(&text).is_none();
    if fits {
        Ok(Some(text))
    } else {
        Err(malformed(
            format_args!("signature.{member}"),
            &format!("1 đến {longest} ký tự nhìn thấy được, trên một dòng"),
            &format!("1 to {longest} characters on one line, each of which can be seen"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<Signature, String> {
        let described = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Signature::checked(described).map_err(|rejection| rejection.message_in_english())
    }

    #[test]
    fn a_signature_is_kept_as_it_was_asked_for() {
        let text = r#"{"level":"b-lta","field":"HieuTruong","act":"seal","reason":"Phát hành"}"#;
        let signature = checked(text).unwrap();
        assert_eq!(signature.level, SignatureLevel::BLta);
        assert_eq!(signature.act, SigningAct::Seal);
        let kept = serde_json::to_string(signature.description()).unwrap();
        assert_eq!(kept, text);
    }

    #[test]
    fn a_step_needs_its_workflow_and_a_role_of_it() {
        let step = |rest: &str| checked(&format!(r#"{{"level":"b-b",{rest}}}"#));
        let good = r#""workflow":"hoc-ba-tieu-hoc","step":"STEP","role":"hieu-truong""#;
        let workflow = Workflow::ready("hoc-ba-tieu-hoc").unwrap().unwrap();
        let id = workflow.steps()[0].id();
        assert!(step(&good.replace("STEP", id)).unwrap().turn.is_some());
        for (wrong, said) in [
            (good.to_owned(), "signature.step"),
            (r#""step":"x""#.to_owned(), "signature.workflow"),
            (
                good.replace("STEP", id).replace("hieu-truong", "nobody"),
                "signature.role",
            ),
            (
                good.replace("hoc-ba-tieu-hoc", "nothing"),
                "signature.workflow",
            ),
            (
                r#""reason":"x","commitment":"proof-of-approval""#.to_owned(),
                "signature.reason",
            ),
            (r#""commitment":"love""#.to_owned(), "signature.commitment"),
            (r#""field":"""#.to_owned(), "signature.field"),
            (r#""reason":"a\nb""#.to_owned(), "signature.reason"),
            (r#""reason":"a\u202eb""#.to_owned(), "signature.reason"),
            (r#""reason":"a\u200bb""#.to_owned(), "signature.reason"),
            (r#""reason":"\u2800""#.to_owned(), "signature.reason"),
            (r#""reason":"\ufe0f""#.to_owned(), "signature.reason"),
            (
                format!(r#""reason":"a{}""#, "\u{300}".repeat(40)),
                "signature.reason",
            ),
            (r#""role":"a\u2066b""#.to_owned(), "signature.role"),
            (r#""field":"a\ufeffb""#.to_owned(), "signature.field"),
        ] {
            let error = step(&wrong).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
