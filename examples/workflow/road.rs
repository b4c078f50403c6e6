//! The right order: every step signed by whom the workflow has for it, one after the other.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use trien::appearance::Colour;
use trien::token::{CertificateSelector, FinalTry, Pin, PinSource};
use trien::{
    Document, Language, Limits, MappedFile, Place, PlaceError, Signatory, SignatureRequest,
    SigningAct, SuppliedEvidence, UnixTime, WhereShown, Workflow, propose,
};
use trien_examples::mark_drawing;
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
    request.name = Some(name.clone());
    request = shown(request, &document, workflow, turn, &name)?;
    let pin = PinSource::Pin(Pin::from_text(TEST_PIN.to_owned())?);
    let token = cast.token(turn.label)?;
    let mut key = token.open_key(&CertificateSelector::Only, pin, FinalTry::Refuse)?;
    trien::sign(&document, &mut key, request)?.write_to(output, Some(input))?;
    Ok(())
}

/// Points in a millimetre.
const POINTS: f64 = 72.0 / 25.4;

/// Where marks go that belong to a text which these records do not bear: a row at the foot of the
/// last page, from the left: corner, distance, width and height in millimetres.
const ROW_MM: [f64; 5] = [12.0, 8.0, 38.0, 36.0, 16.0];

/// The request with its mark where the workflow has it.
fn shown(
    request: SignatureRequest,
    document: &Document<'_>,
    workflow: &Workflow,
    turn: &Turn,
    name: &str,
) -> Outcome<SignatureRequest> {
    let step = workflow.step(&turn.step).ok_or("no such step")?;
    let fields: Vec<&str> = step.fields().collect();
    let number = request
        .field
        .rsplit('-')
        .next()
        .and_then(|text| text.parse().ok());
    let number: f64 = if fields.len() > 1 {
        number.unwrap_or(1.0) - 1.0
    } else {
        0.0
    };
    let pages = page_count(document)?;
    let (page, [left, bottom, width, height]) = match step.place() {
        Place::Page {
            page,
            left_mm,
            bottom_mm,
            width_mm,
            height_mm,
            next_mm: [right, up],
        } => (
            page.index(pages).ok_or("no such page")?,
            [
                left_mm + number * right,
                bottom_mm + number * up,
                *width_mm,
                *height_mm,
            ],
        ),
        Place::Anchor { .. } | Place::Field {} | Place::None | _ => {
            let [left, bottom, distance, width, height] = ROW_MM;
            let others = workflow
                .steps()
                .iter()
                .filter(|other| !has_page(other.place()));
            let before = others.take_while(|other| other.id() != step.id()).count();
            let before = f64::from(u32::try_from(before)?);
            let last = pages.checked_sub(1).ok_or("no page")?;
            (last, [left + before * distance, bottom, width, height])
        }
    };
    let colour = if step.act() == SigningAct::Seal {
        Colour::RED
    } else {
        Colour::BLUE
    };
    let lines = [turn.signatory.to_string(), name.to_owned()];
    let size = (points(width), points(height));
    let drawing = mark_drawing(&lines, size, colour, None)?;
    let corner = (points(left), points(bottom));
    Ok(request.shown(WhereShown::on_page(page, corner, drawing)))
}

const fn has_page(place: &Place) -> bool {
    matches!(place, Place::Page { .. })
}

#[expect(
    clippy::as_conversions,
    reason = "a place on paper is small, and a hundredth of a point is nothing"
)]
fn points(millimetres: f64) -> f32 {
    (millimetres * POINTS) as f32
}

/// How many pages there are: the first index without one.
fn page_count(document: &Document<'_>) -> Outcome<usize> {
    let mut pages = 0_usize;
    loop {
        match document.page_rectangle(pages) {
            Ok(_) => pages = pages.saturating_add(1),
            Err(PlaceError::NoSuchPage { .. }) => return Ok(pages),
            Err(error) => return Err(error.into()),
        }
    }
}

/// The title of a step.
pub(crate) fn title(workflow: &Workflow, step: &str) -> String {
    let step = workflow.step(step);
    step.map_or_else(String::new, |step| step.title(Language::Vi).to_owned())
}
