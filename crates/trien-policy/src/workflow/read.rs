//! TOML → workflow. Refuses what it does not know, and names the line.

mod text;

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;
use trien_types::{CommitmentType, Signatory};

use super::error::{WorkflowError, WorkflowErrorKind as Kind};
use super::field::{Fields, NUMBER, ROLE, is_name};
use super::place::Place;
use super::step::{Count, Necessity, SameSigner, Step};
use super::{Title, Workflow};
use crate::{SignerKind, SigningAct};
use text::{ActText, CountText, SameSignerText, StepText, WorkflowText};

/// A workflow of thirty-two steps takes a tenth of this.
const MOST_OCTETS: usize = 64 * 1024;
/// The longest chain known has five.
const MOST_STEPS: usize = 32;
/// A class has at most a dozen subject teachers; every field is looked at for every signature.
const MOST_SIGNATURES: usize = 64;
/// A line of a report.
const MOST_TITLE_LETTERS: usize = 200;
/// Beyond this a name is no name.
const MOST_ID_LETTERS: usize = 64;

/// The text, to tell lines by.
struct Lines<'t>(&'t str);

impl Lines<'_> {
    fn at(&self, offset: usize) -> usize {
        let before = self.0.as_bytes().iter().take(offset);
        before
            .filter(|octet| **octet == b'\n')
            .count()
            .saturating_add(1)
    }

    fn error<T>(&self, spanned: &Spanned<T>, kind: Kind) -> WorkflowError {
        WorkflowError {
            line: Some(self.at(spanned.span().start)),
            kind,
        }
    }
}

impl Workflow {
    /// Reads a workflow:
    ///
    /// ```
    /// let workflow = trien_policy::Workflow::from_toml(r#"
    /// id = "so-dau-bai"
    /// title = "Sổ đầu bài"
    /// title_en = "Class register"
    ///
    /// [[step]]
    /// id = "giao-vien"
    /// title = "Giáo viên ký xác nhận"
    /// title_en = "Teachers confirm"
    /// signatories = ["giao-vien-bo-mon"]
    /// commitment = "proof-of-creation"
    /// field = "{role}-{n}"
    /// count = { at_least = 1, at_most = 12 }
    ///
    /// [[step]]
    /// id = "hieu-truong"
    /// title = "Hiệu trưởng ký duyệt"
    /// title_en = "The principal approves"
    /// signatories = ["hieu-truong", "kt-pho-hieu-truong"]
    /// field = "{role}"
    /// place = { kind = "below", title = "HIỆU TRƯỞNG" }
    /// "#)?;
    /// assert_eq!(workflow.steps().len(), 2);
    /// # Ok::<(), trien_policy::WorkflowError>(())
    /// ```
    ///
    /// Steps stand in order: each waits for the one before it, unless `after` names others (`[]`:
    /// none). `act` is `personal` or `seal`; `certificates` are kinds as reports name them, by
    /// default a person's (in an organisation or not), or the body's for a seal.
    ///
    /// # Errors
    /// The text is no workflow; the error names the line.
    pub fn from_toml(text: &str) -> Result<Self, WorkflowError> {
        if text.len() > MOST_OCTETS {
            return Err(WorkflowError {
                line: None,
                kind: Kind::TooLong,
            });
        }
        let lines = Lines(text);
        let read: WorkflowText = toml::from_str(text).map_err(|error| WorkflowError {
            line: error.span().map(|span| lines.at(span.start)),
            kind: Kind::Form(Box::new(error)),
        })?;
        if read.step.is_empty() || read.step.len() > MOST_STEPS {
            return Err(lines.error(&read.id, Kind::StepCount));
        }
        let mut steps: Vec<Step> = Vec::new();
        let mut owners: BTreeMap<String, usize> = BTreeMap::new();
        for (index, spanned) in read.step.iter().enumerate() {
            let step = step(&lines, spanned, &steps)?;
            for field in step.slots.keys() {
                if owners.insert(field.clone(), index).is_some() {
                    let field = field.clone();
                    return Err(lines.error(spanned, Kind::FieldShared { field }));
                }
            }
            steps.push(step);
        }
        for (spanned, step) in read.step.iter().zip(&steps) {
            seal_is_last(&lines, spanned, step, &steps)?;
        }
        Ok(Self {
            id: id(&lines, &read.id)?,
            title: Title {
                vi: title(&lines, &read.title)?,
                en: title(&lines, &read.title_en)?,
            },
            steps,
        })
    }
}

/// NĐ 30/2020, art. 32.2d: every person's step comes before every seal.
fn seal_is_last(
    lines: &Lines<'_>,
    spanned: &Spanned<StepText>,
    step: &Step,
    steps: &[Step],
) -> Result<(), WorkflowError> {
    if step.act != SigningAct::Seal {
        return Ok(());
    }
    let beside = steps
        .iter()
        .enumerate()
        .find(|(index, other)| other.act != SigningAct::Seal && !step.before.contains(index));
    match beside {
        None => Ok(()),
        Some((_, other)) => {
            let step = other.id.clone();
            Err(lines.error(spanned, Kind::SealNotLast { step }))
        }
    }
}

fn id(lines: &Lines<'_>, text: &Spanned<String>) -> Result<String, WorkflowError> {
    let id = text.get_ref();
    let fits = (1..=MOST_ID_LETTERS).contains(&id.len())
        && id
            .bytes()
            .all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-');
    if fits {
        Ok(id.clone())
    } else {
        Err(lines.error(text, Kind::Id { id: id.clone() }))
    }
}

fn title(lines: &Lines<'_>, text: &Spanned<String>) -> Result<String, WorkflowError> {
    let title = text.get_ref();
    let letters = title.chars().count();
    let fits = (1..=MOST_TITLE_LETTERS).contains(&letters)
        && !title.trim().is_empty()
        && !title.chars().any(char::is_control);
    if fits {
        Ok(title.clone())
    } else {
        Err(lines.error(text, Kind::Title))
    }
}

fn step(
    lines: &Lines<'_>,
    spanned: &Spanned<StepText>,
    earlier: &[Step],
) -> Result<Step, WorkflowError> {
    let text = spanned.get_ref();
    let id = id(lines, &text.id)?;
    if earlier.iter().any(|step| step.id == id) {
        return Err(lines.error(&text.id, Kind::StepRepeated { step: id }));
    }
    let signatories = signatories(lines, spanned)?;
    let act = match text.act {
        ActText::Personal => SigningAct::Personal,
        ActText::Seal => SigningAct::Seal,
    };
    let certificates = certificates(lines, spanned, act)?;
    let commitment = match &text.commitment {
        None => None,
        Some(code) => {
            let commitment = code.get_ref().clone();
            let known = CommitmentType::from_code(&commitment);
            Some(known.ok_or_else(|| lines.error(code, Kind::UnknownCommitment { commitment }))?)
        }
    };
    let (fields, count) = fields(lines, spanned)?;
    let place = match &text.place {
        None => Place::None,
        Some(place) if is_there(place.get_ref(), earlier) => place.get_ref().clone(),
        Some(place) => return Err(lines.error(place, Kind::Place { step: id })),
    };
    Ok(Step {
        title: (title(lines, &text.title)?, title(lines, &text.title_en)?),
        slots: fields.slots(&signatories, count.at_most),
        before: before(lines, text, earlier)?,
        id,
        signatories,
        certificates,
        act,
        commitment,
        count,
        necessity: if text.optional {
            Necessity::Optional
        } else {
            Necessity::Needed
        },
        same_signer: match text.same_signer {
            SameSignerText::Once => SameSigner::Once,
            SameSignerText::Repeated => SameSigner::Repeated,
        },
        fields,
        place,
    })
}

/// A place that a page can have, or the signature of a step that comes before.
fn is_there(place: &Place, earlier: &[Step]) -> bool {
    let names_earlier = match place {
        Place::OverSignature { step } => earlier.iter().any(|one| one.id == *step),
        Place::None | Place::Field {} | Place::Page { .. } | Place::Below { .. } => true,
    };
    names_earlier && place.is_sensible()
}

fn signatories(
    lines: &Lines<'_>,
    spanned: &Spanned<StepText>,
) -> Result<Vec<Signatory>, WorkflowError> {
    let mut signatories = Vec::new();
    for code in &spanned.get_ref().signatories {
        let signatory = code.get_ref().clone();
        match Signatory::from_code(&signatory) {
            Some(known) if !signatories.contains(&known) => signatories.push(known),
            Some(_) => {}
            None => return Err(lines.error(code, Kind::UnknownSignatory { signatory })),
        }
    }
    if signatories.is_empty() {
        let signatory = String::new();
        return Err(lines.error(spanned, Kind::UnknownSignatory { signatory }));
    }
    Ok(signatories)
}

/// TT 41/2017, art. 6.2: a seal with the body's key, a person with their own.
fn certificates(
    lines: &Lines<'_>,
    spanned: &Spanned<StepText>,
    act: SigningAct,
) -> Result<Vec<SignerKind>, WorkflowError> {
    let text = spanned.get_ref();
    let Some(listed) = &text.certificates else {
        return Ok(if act == SigningAct::Seal {
            vec![SignerKind::Organisation]
        } else {
            vec![SignerKind::Person, SignerKind::PersonInOrganisation]
        });
    };
    let fits = |kind: &SignerKind| match kind {
        SignerKind::Organisation => act == SigningAct::Seal,
        SignerKind::Person | SignerKind::PersonInOrganisation => act != SigningAct::Seal,
        SignerKind::Unknown => false,
    };
    let kinds = listed.get_ref();
    if kinds.is_empty() || !kinds.iter().all(fits) {
        let step = text.id.get_ref().clone();
        return Err(lines.error(listed, Kind::KeyKind { step }));
    }
    Ok(kinds.clone())
}

fn fields(
    lines: &Lines<'_>,
    spanned: &Spanned<StepText>,
) -> Result<(Fields, Count), WorkflowError> {
    let text = spanned.get_ref();
    let wrong = |field: &Spanned<String>| {
        let name = field.get_ref().clone();
        lines.error(field, Kind::FieldName { field: name })
    };
    let (fields, most) = match (&text.field, &text.fields) {
        (Some(pattern), None) => {
            let bare = pattern
                .get_ref()
                .replacen(ROLE, "r", 1)
                .replacen(NUMBER, "1", 1);
            if !is_name(&bare) || bare.len() > MOST_ID_LETTERS {
                return Err(wrong(pattern));
            }
            let numbered = pattern.get_ref().contains(NUMBER);
            let most = if numbered { MOST_SIGNATURES } else { 1 };
            (Fields::Pattern(pattern.get_ref().clone()), most)
        }
        (None, Some(names)) => {
            let mut seen = BTreeSet::new();
            for name in names {
                let fits = is_name(name.get_ref()) && name.get_ref().len() <= MOST_ID_LETTERS;
                if !fits || !seen.insert(name.get_ref()) {
                    return Err(wrong(name));
                }
            }
            let names: Vec<String> = names.iter().map(|name| name.get_ref().clone()).collect();
            let most = names.len();
            (Fields::Named(names), most)
        }
        (None, None) | (Some(_), Some(_)) => {
            let field = String::new();
            return Err(lines.error(spanned, Kind::FieldName { field }));
        }
    };
    let count = match (&text.count, &fields) {
        (Some(count), _) => {
            let CountText { at_least, at_most } = *count.get_ref();
            Count { at_least, at_most }
        }
        (None, Fields::Named(names)) => Count {
            at_least: names.len(),
            at_most: names.len(),
        },
        (None, Fields::Pattern(_)) => Count {
            at_least: 1,
            at_most: 1,
        },
    };
    let fits = 1 <= count.at_least
        && count.at_least <= count.at_most
        && count.at_most <= most.min(MOST_SIGNATURES);
    // Named fields are all there: a bound below their number would leave one out at random.
    let all = !matches!(&fields, Fields::Named(names) if names.len() != count.at_most);
    if fits && all {
        return Ok((fields, count));
    }
    Err(match &text.count {
        Some(count) => lines.error(count, Kind::Count),
        None => lines.error(spanned, Kind::Count),
    })
}

/// Indices of all steps that come before, through whatever stands between.
fn before(
    lines: &Lines<'_>,
    text: &StepText,
    earlier: &[Step],
) -> Result<BTreeSet<usize>, WorkflowError> {
    let mut direct = Vec::new();
    match &text.after {
        None => direct.extend(earlier.len().checked_sub(1)),
        Some(names) => {
            for name in names {
                let step = name.get_ref().clone();
                let found = earlier.iter().position(|one| one.id == step);
                direct.push(found.ok_or_else(|| lines.error(name, Kind::AfterUnknown { step }))?);
            }
        }
    }
    let mut all: BTreeSet<usize> = direct.iter().copied().collect();
    for index in direct {
        if let Some(step) = earlier.get(index) {
            all.extend(&step.before);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
