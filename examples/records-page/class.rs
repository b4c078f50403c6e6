//! The class: forty pupils who do not exist, their học bạ, and the list that the page shows.

use std::num::NonZero;

use serde_json::{Value, json};
use trien_testkit::pki::Role;
use trien_testkit::records::{Conformance, PupilReport, Record, SignatureFields, pupil_report};
use trien_testkit::structures::{Structure, write};

use super::Outcome;
use super::server::Site;

const PUPILS: u32 = 40;

/// Height of the records' pages, A4, in PDF points.
const PAGE_HEIGHT: f32 = 841.89;
/// Millimetres of a PDF point.
const MILLIMETRES: f32 = 25.4 / 72.0;

/// Puts the list at `/class.json` and the records at `/records/N.pdf`.
///
/// `ports` are where the page looks for triend, where that is not where triend is by itself.
pub(crate) fn add_to(site: &mut Site, ports: Option<[u16; 1]>) -> Outcome<()> {
    let mut pupils = Vec::new();
    for (number, report) in (1..=PUPILS).zip(reports()?) {
        let path = format!("/records/{number}.pdf");
        pupils.push(json!({
            "number": number,
            "name": report.name,
            "born": report.born,
            "identifier": report.identifier,
            "record": path,
            "places": {
                "teacher": place(&report.record, Role::HomeroomTeacher),
                "seal": place(&report.record, Role::SchoolSeal),
            },
        }));
        let pdf = write(&report.record.document, Structure::ClassicTable);
        site.add(&path, "application/pdf", pdf);
    }
    let class = json!({
        "school": "Trường THCS Thử Nghiệm",
        "class": "6A1",
        "year": "2025 - 2026",
        "teacher": "Trần Quốc Tuấn",
        "ports": ports,
        "pupils": pupils,
    });
    site.add(
        "/class.json",
        "application/json",
        class.to_string().into_bytes(),
    );
    Ok(())
}

/// The portraits take most of the time: each processor draws its share.
fn reports() -> Outcome<Vec<PupilReport>> {
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = usize::try_from(PUPILS)?.div_ceil(processors);
    let numbers: Vec<u32> = (1..=PUPILS).collect();
    let made = std::thread::scope(|scope| {
        let workers: Vec<_> = numbers
            .chunks(share)
            .map(|share| scope.spawn(move || share.iter().map(|number| report(*number)).collect()))
            .collect();
        let made: Vec<Result<Vec<PupilReport>, String>> = workers
            .into_iter()
            .map(|worker| {
                worker
                    .join()
                    .map_err(|_| "a record was not made".to_owned())?
            })
            .collect();
        made
    });
    let made: Vec<Vec<PupilReport>> = made.into_iter().collect::<Result<_, _>>()?;
    Ok(made.into_iter().flatten().collect())
}

fn report(number: u32) -> Result<PupilReport, String> {
    pupil_report(number, SignatureFields::Absent, Conformance::PdfA2b)
        .map_err(|error| error.to_string())
}

/// Where somebody signs, in millimetres from the upper left corner of the page: what triend takes.
fn place(record: &Record, role: Role) -> Value {
    let place = record
        .places
        .iter()
        .find(|place| place.field == role.label());
    place.map_or(Value::Null, |place| {
        let [left, _, right, top] = place.rectangle;
        json!({
            "page": place.page,
            "left": left * MILLIMETRES,
            "top": (PAGE_HEIGHT - top) * MILLIMETRES,
            "width": (right - left) * MILLIMETRES,
        })
    })
}
