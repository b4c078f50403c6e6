//! A disk that is full while documents are signed: it is told with its code, nothing that is signed is
//! lost, and where there is room again the rest is signed.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use trien_testkit::records::{Conformance, PageShape, official_letter};
use trien_testkit::structures::{Structure, write};
use trien_testkit::tokens::TEST_PIN;

use crate::csc_desk::{Desk, Room};
use crate::job_desk::{errors, letter, states};
use crate::program_kill::{OVER, until};

/// A letter of about so many octets, most of them a scan that does not compress.
fn scan(octets: usize) -> Vec<u8> {
    let mut letter = official_letter(PageShape::A4, 1, Conformance::PdfA2b).unwrap();
    let seeds = 0..u32::try_from(octets / 4).unwrap();
    let scan: Vec<u8> = seeds
        .flat_map(|seed| seed.wrapping_mul(2_654_435_761).to_be_bytes())
        .collect();
    letter.add_stream("", &scan);
    write(&letter, Structure::ClassicTable)
}

/// A scan that is so many octets short of `octets`.
fn scan_short_of(octets: usize, short: usize) -> Vec<u8> {
    let beside = scan(octets).len() - octets;
    scan(octets - beside - short)
}

fn create(desk: &Desk, documents: &[Value]) -> Result<String, String> {
    let order = json!({"documents": documents, "signature": {"level": "b-b"}});
    let reply = desk.call("/v1/jobs", &order);
    match reply.status {
        201 => Ok(format!("/v1/jobs/{}", reply.json["job"].as_str().unwrap())),
        _ => Err(format!("{} {}", reply.status, reply.json["error"]["code"])),
    }
}

fn document(octets: &[u8]) -> Value {
    json!({"name": "Học bạ", "pdf": STANDARD.encode(octets)})
}

/// Signs what waits, and gives the job at its end.
fn sign(desk: &Desk, address: &str, certificate: &str) -> Value {
    until(desk, address, &["awaiting-consent"]);
    desk.window().sign_with(certificate, TEST_PIN);
    until(desk, address, OVER)
}

fn retry(desk: &Desk, address: &str) {
    let reply = desk.call(&format!("{address}/retries"), &json!({}));
    assert!(reply.status < 300, "{reply:?}");
}

#[test]
fn a_result_that_finds_no_room_stops_the_job_and_is_signed_when_there_is() {
    /// 4 MiB: larger than the database and its journal, which grow here to a few hundred kB.
    const BLOCKS: u32 = 8_192;
    let most = usize::try_from(BLOCKS).unwrap() * 512;
    let Some(mut desk) = Desk::new() else { return };
    let certificate = desk.credential();
    desk.start_with(Room::Files(BLOCKS));
    // A document that has no room itself is refused, and leaves nothing.
    let refused = create(&desk, &[document(&scan(most + 10_000))]);
    assert_eq!(refused, Err("507 \"no-room\"".to_owned()));
    let spool = desk.folder.path().join("data/spool");
    assert_eq!(std::fs::read_dir(&spool).unwrap().count(), 0);
    // One whose result has none.
    let tight = document(&scan_short_of(most, 2_000));
    let address = create(&desk, &[document(letter()), tight]).unwrap();
    let job = sign(&desk, &address, &certificate);
    assert_eq!(job["state"], "stopped", "{job}");
    assert_eq!(job["stopped"]["code"], "no-room", "{job}");
    assert_eq!((states(&job)[1], errors(&job)[1]), ("failed", "no-room"));
    let signed_first = states(&job)[0] == "signed";
    // Again, and it is the same.
    retry(&desk, &address);
    let job = sign(&desk, &address, &certificate);
    assert_eq!(job["stopped"]["code"], "no-room", "{job}");
    assert!(!signed_first || states(&job)[0] == "signed");
    desk.start_with(Room::Enough);
    retry(&desk, &address);
    let job = sign(&desk, &address, &certificate);
    assert_eq!(job["state"], "finished", "{job}");
    assert_eq!(states(&job), ["signed", "signed"]);
}

#[test]
fn on_a_full_disk_the_rest_is_signed_once_another_job_is_removed() {
    let probe = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c"])
        .arg("mount -t tmpfs -o size=100k tmpfs /mnt")
        .output();
    if !probe.as_ref().is_ok_and(|output| output.status.success()) {
        println!("SKIPPED: no small disk can be mounted here: {probe:?}");
        return;
    }
    let Some(mut desk) = Desk::new() else { return };
    let certificate = desk.credential();
    desk.start_with(Room::Disk(8_000));
    desk.pair_again();
    // Waits for a further document, and takes room.
    let ballast = create(&desk, &[document(&scan(3_400_000)), json!({"name": "b"})]).unwrap();
    // There is no room for the copy that is signed: that is said before anybody types a PIN.
    let address = create(&desk, &[document(&scan(2_600_000))]).unwrap();
    let job = until(&desk, &address, OVER);
    assert_eq!((states(&job)[0], errors(&job)[0]), ("refused", "no-room"));
    let (status, _) = desk.send(
        &format!("DELETE {ballast}"),
        &format!("Authorization: Bearer {}\r\n", desk.callers[0]),
        "",
    );
    assert_eq!(status, 204);
    retry(&desk, &address);
    let job = sign(&desk, &address, &certificate);
    assert_eq!(states(&job), ["signed"], "{job}");
}
