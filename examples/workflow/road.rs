//! The right order: every step signed by whom the workflow has for it, one after the other.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use trien::mark::{InkRule, Marks, Place, SealImage, SerifFont, SignatureImage};
use trien::token::{CertificateSelector, FinalTry, Pin, PinSource};
use trien::{
    Document, Language, Limits, MappedFile, Signatory, SignatureRequest, SigningAct,
    SuppliedEvidence, UnixTime, Workflow, propose,
};
use trien_testkit::records::Picture;
use trien_testkit::tokens::TEST_PIN;

use crate::Outcome;
use crate::cast::{Cast, labels_of};
use crate::record;

/// A record on its way: the file, and who signs next.
pub(crate) struct Stage {
    pub(crate) path: PathBuf,
    /// Step, role and token; `None` behind the last step.
    pub(crate) next: Option<Turn>,
}

/// Somebody's turn in a step.
#[derive(Clone)]
pub(crate) struct Turn {
    pub(crate) step: String,
    pub(crate) signatory: Signatory,
    pub(crate) label: &'static str,
}

/// Everybody's turn, in order. Letters are signed for the principal by the deputy (KT.), so that
/// this is seen as well; elsewhere whoever the step names first signs.
pub(crate) fn turns(workflow: &Workflow) -> Vec<Turn> {
    let mut turns = Vec::new();
    for step in workflow.steps() {
        let listed = step.signatories();
        let chosen = if workflow.id() == "cong-van-di" {
            listed.last()
        } else {
            listed.first()
        };
        let Some(signatory) = chosen.copied() else {
            continue;
        };
        for label in labels_of(signatory, step.count().at_most) {
            turns.push(Turn {
                step: step.id().to_owned(),
                signatory,
                label,
            });
        }
    }
    turns
}

/// What a turn asks for, with everything that the rules want to know.
pub(crate) fn request(
    cast: &Cast,
    document: &Document<'_>,
    workflow: &Arc<Workflow>,
    turn: &Turn,
    time: UnixTime,
) -> Outcome<SignatureRequest> {
    let who = (turn.step.as_str(), turn.signatory);
    let request = SignatureRequest::for_step(document, workflow, who, time)?;
    let evidence = SuppliedEvidence::clone(&cast.evidence);
    Ok(request.checked_with(cast.anchors.clone(), evidence))
}

/// Signs a record of the workflow from the first to the last step; gives every stage.
pub(crate) fn sign_in_order(
    cast: &Cast,
    workflow: &Arc<Workflow>,
    folder: &Path,
) -> Outcome<Vec<Stage>> {
    fs::create_dir_all(folder)?;
    let turns = turns(workflow);
    let mut input = folder.join("0-chua-ky.pdf");
    trien::write_new_file(&input, None, &[&record::unsigned(workflow)?])?;
    let mut stages = Vec::new();
    for (number, turn) in (1_usize..).zip(&turns) {
        let output = folder.join(format!("{number}-{}.pdf", turn.label));
        let seconds = i64::try_from(number).unwrap_or_default();
        sign(
            cast,
            workflow,
            turn,
            (&input, &output),
            cast.now.plus_seconds(seconds),
        )?;
        println!("  ✓ {} → {}", turn.signatory, output.display());
        stages.push(Stage {
            path: input,
            next: Some(turn.clone()),
        });
        input = output;
    }
    stages.push(Stage {
        path: input,
        next: None,
    });
    Ok(stages)
}

fn sign(
    cast: &Cast,
    workflow: &Arc<Workflow>,
    turn: &Turn,
    (input, output): (&Path, &Path),
    time: UnixTime,
) -> Outcome<()> {
    let file = MappedFile::open(input)?;
    let document = Document::open(&file, &Limits::default())?;
    let mut request = request(cast, &document, workflow, turn, time)?;
    // The rules are asked with the certificate alone: a refusal costs no PIN.
    let certificate = cast.certificate(turn.label)?;
    let permitted = propose(&document, &certificate, request.clone())?;
    let name = permitted
        .signer_common_name()
        .unwrap_or_default()
        .to_owned();
    request.name = Some(name);
    request = shown(request, &document, workflow, turn)?;
    let pin = PinSource::Pin(Pin::from_text(TEST_PIN.to_owned())?);
    let token = cast.token(turn.label)?;
    let mut key = token.open_key(&CertificateSelector::Only, pin, FinalTry::Refuse)?;
    trien::sign(&document, &mut key, request)?.write_to(output, Some(input))?;
    Ok(())
}

/// What signatures look like, and the seal, in millimetres.
const SIGNATURE_WIDTH: f64 = 28.0;
const TEACHERS_WIDTH: f64 = 16.0;
const SEAL_DIAMETER: f64 = 36.0;

/// The request with its mark where the workflow has it: handwriting in blue, the seal in red over
/// the signature that it confirms.
fn shown(
    request: SignatureRequest,
    document: &Document<'_>,
    workflow: &Workflow,
    turn: &Turn,
) -> Outcome<SignatureRequest> {
    let where_ = (turn.step.as_str(), request.field.as_str());
    let Some(place) = Place::of_step(document, workflow, where_)? else {
        return Ok(request);
    };
    let mut marks = Marks::on(document, SerifFont::find()?);
    if request.act == SigningAct::Seal {
        let png = Picture::lettered_seal(700)?.to_png()?;
        let seal = SealImage::parse(&png, SEAL_DIAMETER, InkRule::AsTheDecreeSays)?;
        marks.seal(&seal, &place)?;
    } else {
        // Everybody writes differently.
        let seed = turn.label.bytes().map(u32::from).sum();
        let png = Picture::handwriting(seed, 160).to_png()?;
        let width = if matches!(place, Place::At { .. }) {
            TEACHERS_WIDTH
        } else {
            SIGNATURE_WIDTH
        };
        let signature = SignatureImage::parse(&png, width, InkRule::AsTheDecreeSays)?;
        marks.signature(&signature, &place)?;
    }
    Ok(request.shown(marks.shown()?))
}

/// The title of a step.
pub(crate) fn title(workflow: &Workflow, step: &str) -> String {
    let step = workflow.step(step);
    step.map_or_else(String::new, |step| step.title(Language::Vi).to_owned())
}
