//! The tree of a school's records: years, kinds of record, classes and pupils; who signs each, and
//! which are made wrong.

mod faults;
mod pages;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use trien::net::{AddressPolicy, HttpSettings, HttpTransport};
use trien::token::SoftKey;
use trien::{
    Document, Limits, Signatory, SignatureRequest, TimeStampAuthority, UnixTime, Workflow,
    sign_and_timestamp,
};
use trien_testkit::pki::{CertificatePlan, Identity, PkiSettings, Role, TestPki, Validity};
use trien_testkit::services::{
    CrlPlan, LiveServices, RevocationReason, RevokedCertificate, make_crl,
};

use faults::{Fault, updated};

/// 2026-05-31T08:00:00+07:00: when records are signed.
const SIGNED_AT: UnixTime = UnixTime::from_seconds(1_780_189_200);
/// 2026-06-20T08:00:00+07:00: when late ones are.
const LATE_AT: UnixTime = UnixTime::from_seconds(1_780_189_200 + 20 * DAY);
/// 2026-07-01T08:00:00+07:00.
const JUDGED_AT: UnixTime = UnixTime::from_seconds(1_780_189_200 + 31 * DAY);
pub(crate) const JUDGED_AT_TEXT: &str = "2026-07-01T08:00:00+07:00";
const DAY: i64 = 86_400;

/// Pupils of a class.
const CLASS: u32 = 40;
/// Every so many classes one is kept as a zip archive.
const ZIPPED_EVERY: u32 = 5;
/// How far signing times are apart: authorities take ten minutes, in seconds.
const SPREAD: u32 = 500;

const MAPPING: &str = r#"school_name = "Trường THCS Thử Nghiệm"

[[category]]
id = "hoc_ba"
title = "Học bạ"
folders = ["học bạ"]
workflow = "hoc-ba-tieu-hoc"
deadline = "2026-06-15"
scans = "refused"

[[category]]
id = "so_theo_doi"
title = "Sổ theo dõi và đánh giá học sinh"
folders = ["sổ theo dõi"]
workflow = "so-theo-doi-danh-gia"
scans = "refused"

[[category]]
id = "ke_hoach_bai_day"
title = "Kế hoạch bài dạy"
folders = ["khbd"]
workflow = "ke-hoach-bai-day"
scans = "refused"

[[category]]
id = "cong_van"
title = "Công văn đi"
folders = ["công văn đi"]
workflow = "cong-van-di"
scans = "refused"

[[category]]
id = "so_ghi_chep"
title = "Sổ ghi chép, dự giờ"
folders = ["sổ ghi chép"]

[[category]]
id = "cong_van_den"
title = "Công văn đến"
folders = ["công văn đến"]
signature = "not-needed"
"#;

/// A fault, and the file below `archive/` that has it.
#[derive(Debug)]
pub(crate) struct Planted {
    pub(crate) file: String,
    pub(crate) fault: &'static str,
    pub(crate) told: Value,
}

/// What was made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) records: u32,
    pub(crate) planted: Vec<Planted>,
}

/// Kinds of record; of twenty, so many are of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Report,
    Register,
    Plan,
    Letter,
    Notes,
    Incoming,
}

impl Kind {
    const fn of(number: u32) -> Self {
        match number % 20 {
            0..=8 => Self::Report,
            9..=10 => Self::Register,
            11..=14 => Self::Plan,
            15..=16 => Self::Letter,
            17..=18 => Self::Notes,
            _ => Self::Incoming,
        }
    }

    const fn folder(self) -> &'static str {
        match self {
            Self::Report => "Học bạ",
            Self::Register => "Sổ theo dõi",
            Self::Plan => "KHBD",
            Self::Letter => "Công văn đi",
            Self::Notes => "Sổ ghi chép",
            Self::Incoming => "Công văn đến",
        }
    }

    /// Its workflow, and who signs in which step.
    const fn chain(self) -> (&'static str, &'static [Turn]) {
        match self {
            Self::Report => ("hoc-ba-tieu-hoc", &[HOMEROOM, PRINCIPAL, SEAL]),
            Self::Register => (
                "so-theo-doi-danh-gia",
                &[
                    ("giao-vien-bo-mon", "giao-vien-bo-mon", Role::SubjectTeacher),
                    HOMEROOM,
                    PRINCIPAL,
                ],
            ),
            Self::Plan => (
                "ke-hoach-bai-day",
                &[
                    ("giao-vien", "giao-vien-bo-mon", Role::SubjectTeacher),
                    ("to-truong", "to-truong", Role::HeadOfGroup),
                ],
            ),
            Self::Letter => (
                "cong-van-di",
                &[
                    ("nguoi-co-tham-quyen", "hieu-truong", Role::Principal),
                    SEAL,
                ],
            ),
            Self::Notes | Self::Incoming => ("", &[]),
        }
    }
}

/// Step, signatory and whose key.
type Turn = (&'static str, &'static str, Role);
const HOMEROOM: Turn = (
    "giao-vien-chu-nhiem",
    "giao-vien-chu-nhiem",
    Role::HomeroomTeacher,
);
const PRINCIPAL: Turn = ("hieu-truong", "hieu-truong", Role::Principal);
const SEAL: Turn = ("con-dau", "van-thu", Role::SchoolSeal);

/// Keys and services of one thread.
struct Desk {
    keys: BTreeMap<&'static str, SoftKey>,
    workflows: BTreeMap<&'static str, Arc<Workflow>>,
    client: HttpTransport,
    authority: TimeStampAuthority,
}

/// Who signs, and those who should not.
struct People {
    services: LiveServices,
    expired: Identity,
    revoked: Identity,
    foreign: TestPki,
}

fn people(folder: &Path) -> Result<People, Box<dyn Error>> {
    let services = LiveServices::start(&folder.join("keys"), SIGNED_AT)?;
    let pki = &services.pki;
    let until = Validity::new(
        SIGNED_AT.plus_seconds(-300 * DAY),
        SIGNED_AT.plus_seconds(10 * DAY),
    );
    let plan = CertificatePlan::of(Role::SubjectTeacher);
    let expired = pki.issue("het-han", &plan.clone().with_validity(until))?;
    let revoked = pki.issue("bi-thu-hoi", &plan)?;
    let foreign = TestPki::open_or_make(&folder.join("foreign-keys"), PkiSettings::default())?;
    Ok(People {
        services,
        expired,
        revoked,
        foreign,
    })
}

/// Makes the archive and what a verifier needs beside it; one record of `fault_every` is made wrong.
pub(crate) fn make(folder: &Path, records: u32, fault_every: u32) -> Result<Made, Box<dyn Error>> {
    let archive = folder.join("archive");
    if archive.exists() {
        fs::remove_dir_all(&archive)?;
    }
    for name in ["archive", "anchors", "evidence"] {
        fs::create_dir_all(folder.join(name))?;
    }
    let people = people(folder)?;
    let pki = &people.services.pki;
    pki.write_anchors(&folder.join("anchors"))?;
    let issuers = Role::ANCHORS
        .into_iter()
        .chain(Role::SIGNERS.map(Role::issuer));
    for role in issuers {
        let mut plan = CrlPlan::new(JUDGED_AT.plus_seconds(-3_600));
        if role == Role::SubjectTeacher.issuer() {
            let since = SIGNED_AT.plus_seconds(-DAY);
            let reason = RevocationReason::KeyCompromise;
            let revoked = RevokedCertificate::new(people.revoked.certificate(), since, reason)?;
            plan = plan.with(revoked);
        }
        let list = make_crl(pki.identity(role)?, &plan)?;
        fs::write(
            folder
                .join("evidence")
                .join(format!("{}.crl", role.label())),
            list,
        )?;
    }
    fs::write(folder.join("mapping.toml"), MAPPING)?;
    let threads = std::thread::available_parallelism()?.get();
    let threads = u32::try_from(threads)?.min(records.max(1));
    let lists: Vec<Vec<Record>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                let people = &people;
                let archive = &archive;
                scope.spawn(move || {
                    let mut desk = Desk::new(people);
                    let mine = (first..records).step_by(usize::try_from(threads).unwrap());
                    mine.map(|number| desk.record(archive, number, fault_of(number, fault_every)))
                        .collect()
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect()
    });
    let mut all: Vec<Record> = lists.into_iter().flatten().collect();
    all.sort_by_key(|record| record.number);
    pack(&archive, &all)?;
    let mut planted = Vec::new();
    for record in &mut all {
        planted.extend(record.planted.take());
    }
    let listed: Vec<Value> = planted
        .iter()
        .map(|one| json!({"file": one.file, "fault": one.fault, "told": one.told}))
        .collect();
    let text = serde_json::to_string_pretty(&json!({"records": records, "planted": listed}))?;
    fs::write(folder.join("planted.json"), text)?;
    Ok(Made { records, planted })
}

/// A record that was made.
struct Record {
    number: u32,
    /// Where in which zip archive it goes, if in one.
    packed: Vec<(String, String, Vec<u8>)>,
    planted: Option<Planted>,
}

fn pack(archive: &Path, all: &[Record]) -> Result<(), Box<dyn Error>> {
    let mut by_zip: BTreeMap<&str, Vec<(&str, &[u8])>> = BTreeMap::new();
    for (zip, name, octets) in all.iter().flat_map(|record| &record.packed) {
        by_zip.entry(zip).or_default().push((name, octets));
    }
    for (zip, files) in by_zip {
        let mut writer = zip::ZipWriter::new(fs::File::create(archive.join(zip))?);
        for (name, octets) in files {
            writer.start_file(name, zip::write::SimpleFileOptions::default())?;
            writer.write_all(octets)?;
        }
        writer.finish()?;
    }
    Ok(())
}

/// A pupil's name, with its marks composed or apart, as computers write it.
fn pupil(number: u32) -> String {
    const FAMILIES: [&str; 5] = ["Nguyễn", "Trần", "Lê", "Phạm", "Đỗ"];
    const GIVEN: [&str; 7] = ["An", "Bình", "Đức", "Hương", "Khánh", "Thảo", "Việt"];
    let pick = |list: &[&'static str], at: u32| list[usize::try_from(at).unwrap() % list.len()];
    let name = format!(
        "{} {} {number:05}",
        pick(&FAMILIES, number),
        pick(&GIVEN, number / 5)
    );
    if number.is_multiple_of(2) {
        return name;
    }
    name.replace('ễ', "e\u{302}\u{303}")
        .replace('ầ', "a\u{302}\u{300}")
        .replace('ạ', "a\u{323}")
        .replace('ì', "i\u{300}")
        .replace('ả', "a\u{309}")
}

impl Desk {
    fn new(people: &People) -> Self {
        let mut settings = HttpSettings::default();
        settings.addresses = AddressPolicy::AllowPrivate;
        let mut desk = Self {
            keys: BTreeMap::new(),
            workflows: BTreeMap::new(),
            client: HttpTransport::new(settings),
            authority: TimeStampAuthority::at(people.services.time_stamps.url()),
        };
        let pki = &people.services.pki;
        let key = |identity: &Identity| {
            SoftKey::new(identity.key().to_owned(), &identity.path_der().unwrap()).unwrap()
        };
        for role in Role::SIGNERS {
            desk.keys
                .insert(role.label(), key(pki.identity(role).unwrap()));
        }
        let foreign = people.foreign.identity(Role::SubjectTeacher).unwrap();
        desk.keys.insert("het-han", key(&people.expired));
        desk.keys.insert("bi-thu-hoi", key(&people.revoked));
        desk.keys.insert("nguoi-la", key(foreign));
        desk
    }

    /// Signs in a step: under the workflow's rules, or as it says and no rule is asked.
    fn sign(&mut self, file: &[u8], workflow: &'static str, turn: Turn, how: &How) -> Vec<u8> {
        let workflow = self
            .workflows
            .entry(workflow)
            .or_insert_with(|| Arc::new(Workflow::ready(workflow).unwrap().unwrap()));
        let (step, signatory, role) = turn;
        let signatory = Signatory::from_code(signatory).unwrap();
        let document = Document::open(file, &Limits::default()).unwrap();
        let mut request =
            SignatureRequest::for_step(&document, workflow, (step, signatory), how.time).unwrap();
        if how.rules == Rules::Ignored {
            request.workflow = None;
            request.act = trien::SigningAct::default();
        }
        let key = self.keys.get_mut(how.key.unwrap_or(role.label())).unwrap();
        // The last signature proves when all were made.
        if how.stamped {
            let stamped =
                sign_and_timestamp(&document, key, request, &self.client, &self.authority);
            return stamped.unwrap().finish().to_vec();
        }
        trien::sign(&document, key, request).unwrap().to_vec()
    }

    /// Makes a record, puts it where it belongs, and tells what is wrong with it.
    fn record(&mut self, archive: &Path, number: u32, fault: Option<Fault>) -> Record {
        let kind = match fault {
            None => Kind::of(number),
            Some(Fault::Expired | Fault::Revoked | Fault::Untrusted) => Kind::Plan,
            Some(_) => Kind::Report,
        };
        let octets = self.made(kind, number, fault);
        let class = format!("{}A{}", 6 + number / CLASS % 4, 1 + number / CLASS / 4);
        let year = ["2024-2025", "2025-2026"][usize::try_from(number % 2).unwrap()];
        let folder = format!("{year}/{}", kind.folder());
        let name = format!("{}.pdf", pupil(number));
        let is_packed = kind == Kind::Report && (number / CLASS).is_multiple_of(ZIPPED_EVERY);
        let mut names = vec![name];
        if fault == Some(Fault::Duplicate) {
            names.push(format!("{} - bản sao.pdf", pupil(number)));
        }
        let mut record = Record {
            number,
            packed: Vec::new(),
            planted: None,
        };
        let path = archive.join(&folder);
        let mut file = String::new();
        for name in names {
            if is_packed {
                fs::create_dir_all(&path).unwrap();
                let zip = format!("{folder}/{class}.zip");
                file = format!("{zip}/{name}");
                record.packed.push((zip, name, octets.clone()));
            } else {
                fs::create_dir_all(path.join(&class)).unwrap();
                fs::write(path.join(&class).join(&name), &octets).unwrap();
                file = format!("{folder}/{class}/{name}");
            }
        }
        record.planted = fault.map(|fault| Planted {
            file,
            fault: fault.name(),
            told: fault.told(),
        });
        record
    }

    fn made(&mut self, kind: Kind, number: u32, fault: Option<Fault>) -> Vec<u8> {
        let page = match kind {
            Kind::Notes => return pages::scan(number).octets,
            Kind::Incoming => return pages::text(number, "Cong van den so").octets,
            Kind::Report => pages::text(number, "Hoc ba so"),
            Kind::Register => pages::text(number, "So theo doi so"),
            Kind::Plan => pages::text(number, "Ke hoach bai day so"),
            Kind::Letter => pages::text(number, "Cong van di so"),
        };
        match fault {
            Some(Fault::Unsigned) => return page.octets,
            Some(Fault::NotPdf) => return format!("Ghi chu so {number}: khong phai PDF").into(),
            _ => {}
        }
        let (workflow, chain) = kind.chain();
        let mut chain = chain.to_vec();
        let mut how = How::at(SIGNED_AT.plus_seconds(i64::from(number % SPREAD)));
        match fault {
            Some(Fault::MissingStep) => {
                chain.pop();
                how.rules = Rules::Ignored;
            }
            Some(Fault::WrongOrder) => {
                chain.swap(0, 1);
                how.rules = Rules::Ignored;
            }
            Some(Fault::PersonSeals) => {
                chain[2].2 = Role::Principal;
                how.rules = Rules::Ignored;
            }
            Some(Fault::Late) => how.time = LATE_AT,
            Some(Fault::Expired) => how.key = Some("het-han"),
            Some(Fault::Revoked) => how.key = Some("bi-thu-hoi"),
            Some(Fault::Untrusted) => how.key = Some("nguoi-la"),
            _ => {}
        }
        let mut file = page.octets;
        for (index, turn) in chain.iter().enumerate() {
            let is_last = index + 1 == chain.len();
            // Who signs late, or with a certificate that ended, has no proof that he did not.
            let proves = !matches!(fault, Some(Fault::Late | Fault::Expired | Fault::Revoked));
            how.stamped = is_last && proves && kind != Kind::Plan;
            file = self.sign(&file, workflow, *turn, &how);
            how.key = None;
        }
        match fault {
            // In the comment behind the header, which says nothing.
            Some(Fault::ByteFlipped) => file[11] ^= 1,
            Some(Fault::Edited) => {
                let body =
                    b"<< /Length 39 >>\nstream\nBT /F 14 Tf 72 760 Td (Diem: 9,0) Tj ET\nendstream";
                file = updated(&file, page.content, Ok(body));
            }
            Some(Fault::Shadow) => file = updated(&file, page.content, Err(page.hidden)),
            Some(Fault::Truncated) => file.truncate(2_000),
            _ => {}
        }
        file
    }
}

/// How a signature is made.
#[derive(Debug)]
struct How {
    time: UnixTime,
    rules: Rules,
    /// Another key than the role's.
    key: Option<&'static str>,
    stamped: bool,
}

impl How {
    const fn at(time: UnixTime) -> Self {
        Self {
            time,
            rules: Rules::Asked,
            key: None,
            stamped: false,
        }
    }
}

/// Whether the rules of the workflow are asked before signing.
#[derive(Debug, PartialEq, Eq)]
enum Rules {
    Asked,
    Ignored,
}

/// What is wrong with the record of a number.
fn fault_of(number: u32, fault_every: u32) -> Option<Fault> {
    let is_wrong = number % fault_every == fault_every - 1;
    let which = usize::try_from(number / fault_every).unwrap() % Fault::ALL.len();
    is_wrong.then(|| Fault::ALL[which])
}
