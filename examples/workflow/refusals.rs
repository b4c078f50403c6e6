//! What must not be signed, tried at every stage with the certificate alone: nothing here has a PIN.

use std::sync::Arc;

use trien::{
    Document, Limits, MappedFile, Role, Signatory, SignatureRequest, SigningAct, Workflow, propose,
};

use crate::Outcome;
use crate::cast::{Cast, EXPIRED, REVOKED, label_of};
use crate::road::{Stage, Turn, request, title, turns};

/// How many attempts there were, and how many the right rule refused.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) tried: usize,
    pub(crate) refused: usize,
}

/// What is tried, by which token, and the rule that must refuse it.
struct Attempt<'a> {
    what: String,
    label: &'a str,
    request: SignatureRequest,
    rules: &'a [&'a str],
}

/// Every stage of a record, and all that is wrong at it.
pub(crate) fn try_everything(
    cast: &Cast,
    workflow: &Arc<Workflow>,
    stages: &[Stage],
    tally: &mut Tally,
) -> Outcome<()> {
    for (number, stage) in stages.iter().enumerate() {
        let file = MappedFile::open(&stage.path)?;
        let document = Document::open(&file, &Limits::default())?;
        wrong_turns(cast, workflow, (&document, stage, number), tally)?;
        if let Some(turn) = &stage.next {
            wrong_people(cast, workflow, (&document, turn), tally)?;
        }
        if number == 1 {
            let mut octets = file.to_vec();
            // A letter of the signed first revision: the comment behind the header.
            if let Some(octet) = octets.get_mut(10) {
                *octet ^= 1;
            }
            changed(cast, workflow, (&octets, stage), tally)?;
        }
    }
    Ok(())
}

/// Whoever's turn it is not: steps to come, steps done, and a second time in one step.
fn wrong_turns(
    cast: &Cast,
    workflow: &Arc<Workflow>,
    (document, stage, number): (&Document<'_>, &Stage, usize),
    tally: &mut Tally,
) -> Outcome<()> {
    let all = turns(workflow);
    for (index, turn) in all.iter().enumerate() {
        // What is due: this turn, and whoever else signs in its step.
        if index >= number
            && stage
                .next
                .as_ref()
                .is_some_and(|next| is_due(workflow, next, turn))
        {
            continue;
        }
        let request = request(cast, document, workflow, turn, cast.now)?;
        let same_step = stage
            .next
            .as_ref()
            .is_some_and(|next| next.step == turn.step);
        let rules: &[&str] = if index < number && same_step {
            &["workflow.signed-twice"]
        } else if index < number {
            &[
                "workflow.order",
                "workflow.step-done",
                "workflow.signed-twice",
            ]
        } else {
            &["workflow.order"]
        };
        let what = format!("sai lượt / out of turn: {}", title(workflow, &turn.step));
        try_one(
            cast,
            document,
            Attempt {
                what,
                label: turn.label,
                request,
                rules,
            },
            tally,
        )?;
    }
    Ok(())
}

/// Whether a turn may be taken when `next` is due: in the same step, or with nothing but optional
/// steps between, which may be left out.
fn is_due(workflow: &Workflow, next: &Turn, turn: &Turn) -> bool {
    let steps = workflow.steps().iter();
    let mut between = steps
        .skip_while(|step| step.id() != next.step)
        .take_while(|step| step.id() != turn.step);
    between.all(|step| step.necessity() == trien::Necessity::Optional || is_enough(next, step.id()))
}

/// A step of several signers that one has signed already may be left.
fn is_enough(next: &Turn, step: &str) -> bool {
    next.step == step && next.label != label_of(next.signatory)
}

/// The right step by the wrong key, role or certificate.
fn wrong_people(
    cast: &Cast,
    workflow: &Arc<Workflow>,
    (document, turn): (&Document<'_>, &Turn),
    tally: &mut Tally,
) -> Outcome<()> {
    let base = request(cast, document, workflow, turn, cast.now)?;
    let step = title(workflow, &turn.step);
    let is_seal = workflow
        .step(&turn.step)
        .is_some_and(|step| step.act() == SigningAct::Seal);
    let [person, seal] = [Role::Principal, Role::Clerk].map(|role| label_of(Signatory::own(role)));
    let (label, law) = if is_seal {
        (person, "tt41.6.2b")
    } else {
        (seal, "tt41.6.2a")
    };
    let [expired, revoked] =
        [EXPIRED, REVOKED].map(|[person, seal]| if is_seal { seal } else { person });
    let mut nobody = base.clone();
    nobody.claimed_role = None;
    let mut other = base.clone();
    let mistaken = if turn.signatory.role == Role::GroupHead {
        Role::HomeroomTeacher
    } else {
        Role::GroupHead
    };
    other.claimed_role = Some(Signatory::own(mistaken).to_string());
    let attempts = [
        (
            "sai loại chứng thư số / wrong kind of key",
            label,
            base.clone(),
            law,
        ),
        (
            "không nêu vai trò / no role",
            turn.label,
            nobody,
            "workflow.role",
        ),
        (
            "sai vai trò / wrong role",
            turn.label,
            other,
            "workflow.role",
        ),
        (
            "chứng thư số hết hạn / expired",
            expired,
            base.clone(),
            "tt15.5.1a",
        ),
        (
            "chứng thư số bị thu hồi / revoked",
            revoked,
            base,
            "tt41.8.2c",
        ),
    ];
    for (what, label, request, rule) in attempts {
        let what = format!("{what}: {step}");
        try_one(
            cast,
            document,
            Attempt {
                what,
                label,
                request,
                rules: &[rule],
            },
            tally,
        )?;
    }
    Ok(())
}

/// The next step over a file that was changed behind the first signature.
fn changed(
    cast: &Cast,
    workflow: &Arc<Workflow>,
    (octets, stage): (&[u8], &Stage),
    tally: &mut Tally,
) -> Outcome<()> {
    let Some(turn) = &stage.next else {
        return Ok(());
    };
    let document = Document::open(octets, &Limits::default())?;
    let request = request(cast, &document, workflow, turn, cast.now)?;
    let what = format!("văn bản bị sửa / changed: {}", title(workflow, &turn.step));
    let attempt = Attempt {
        what,
        label: turn.label,
        request,
        rules: &["tt41.4.2"],
    };
    try_one(cast, &document, attempt, tally)
}

fn try_one(
    cast: &Cast,
    document: &Document<'_>,
    attempt: Attempt<'_>,
    tally: &mut Tally,
) -> Outcome<()> {
    tally.tried = tally.tried.saturating_add(1);
    let certificate = cast.certificate(attempt.label)?;
    let what = attempt.what;
    match propose(document, &certificate, attempt.request) {
        Ok(_) => println!("  !! {what}: ĐƯỢC CHẤP NHẬN / LET THROUGH"),
        Err(error) => {
            let refusal = error.refusal().cloned().ok_or(error)?;
            let grounds: Vec<_> = refusal.grounds().collect();
            let by_right_rule = grounds
                .iter()
                .any(|ground| attempt.rules.contains(&ground.rule.as_str()));
            if by_right_rule {
                tally.refused = tally.refused.saturating_add(1);
            }
            let mark = if by_right_rule { "✗" } else { "!!" };
            println!("  {mark} {what}");
            for ground in grounds {
                println!("      [{}] {}", ground.rule, ground.message);
            }
        }
    }
    Ok(())
}
