//! Archives through the library: what is found where, what stays closed, what is a scan, how long
//! signatures can be proven.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use trien::archive::{
    Archive, ArchiveError, ArchiveLimits, DEFAULT_MAPPING, Detail, Doubt, Ended, Found, Journal,
    JournalError, JournalKey, Judged, Mapping, Origin, Procedure, Record, RecordKind, RecordLine,
    Run, RunSettings, WorkflowBy, provable_until,
};
use trien::trust::TrustAnchors;
use trien::{Conclusion, DocumentConclusion, IndeterminateBecause, Language, Verification};
use trien_testkit::pki::Role;
use trien_testkit::structures::{Structure, write};

use crate::school::{SIGNED_AT, anchors, empty_page, signed_by, verify};

fn put(folder: &Path, name: &str, octets: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, octets).unwrap();
    path
}

fn zip_of(path: &Path, entries: &[(&str, &[u8])]) {
    let mut writer = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, octets) in entries {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(octets).unwrap();
    }
    writer.finish().unwrap();
}

fn opened(path: &Path, limits: ArchiveLimits) -> Vec<(String, Result<usize, ArchiveError>)> {
    Archive::of(&[path.to_owned()], limits)
        .files()
        .map(|found| match found {
            Found::File(source) => {
                let read = source.open().map(|octets| octets.len());
                (source.inside().to_owned(), read)
            }
            Found::Unreadable { name, error, .. } => (name, Err(error)),
            _ => panic!("unknown"),
        })
        .collect()
}

fn judged(path: &Path, run: &Run<'_>) -> Vec<Judged> {
    let archive = Archive::of(&[path.to_owned()], ArchiveLimits::default());
    let mut all = Vec::new();
    let ended = run.each(archive.files(), None, |judged| {
        all.push(judged);
        Ok(())
    });
    assert_eq!(ended.unwrap(), Ended::Complete);
    all
}

#[test]
fn large_entries_come_whole_from_a_temporary_file_and_bombs_do_not_come_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    // Numbers that deflate cannot pack to nothing.
    let mut state = 1_u32;
    let noise: Vec<u8> = (0..300_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    let zeros = vec![0; 300_000];
    zip_of(
        &path,
        &[
            ("noise.pdf", &noise),
            ("zeros.pdf", &zeros),
            ("x.zip", b"PK"),
        ],
    );
    let mut limits = ArchiveLimits::default();
    limits.entry_in_memory = 100_000;
    let found = opened(&path, limits);
    assert_eq!(found.len(), 3);
    assert_eq!(*found[0].1.as_ref().unwrap(), 300_000);
    assert!(matches!(found[1].1, Err(ArchiveError::Nested)));
    assert!(matches!(found[2].1, Err(ArchiveError::EntryRatio)));
    limits.entry_octets = 200_000;
    assert!(matches!(
        opened(&path, limits)[0].1,
        Err(ArchiveError::EntrySize)
    ));
    let mut limits = ArchiveLimits::default();
    limits.archive_octets = 400_000;
    limits.ratio = 1;
    let found = opened(&path, limits);
    assert!(found[0].1.is_ok());
    assert!(matches!(found[2].1, Err(ArchiveError::ArchiveSize)));
    limits.entries = 2;
    assert!(matches!(
        opened(&path, limits)[0].1,
        Err(ArchiveError::ZipEntries)
    ));
}

#[test]
fn a_zip_archive_whose_headers_lie_is_told_as_inconsistent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    zip_of(&path, &[("aaaa.pdf", b"%PDF-1"), ("b.pdf", b"%PDF-2")]);
    let whole = std::fs::read(&path).unwrap();
    assert!(opened(&path, ArchiveLimits::default()).len() == 2);
    let end = whole.len() - 22;
    let mut renamed = whole.clone();
    renamed[30..34].copy_from_slice(b"none");
    let mut fewer = whole.clone();
    fewer[end + 8] = 1;
    fewer[end + 10] = 1;
    let prefixed = [b"MZ", whole.as_slice()].concat();
    for lie in [renamed, fewer, prefixed] {
        std::fs::write(&path, &lie).unwrap();
        assert_inconsistent(&path);
    }
}

#[track_caller]
fn assert_inconsistent(path: &Path) {
    let found = opened(path, ArchiveLimits::default());
    assert!(
        matches!(found[..], [(_, Err(ArchiveError::ZipInconsistent))]),
        "{found:?}"
    );
}

#[test]
fn fe7_1_an_entry_that_gives_less_than_both_headers_state_is_not_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    zip_of(&path, &[("a.pdf", &[7; 5_000])]);
    let mut octets = std::fs::read(&path).unwrap();
    // The size stands in the local header and in the directory; Deflate says no size.
    let (size, longer) = (5_000_u32.to_le_bytes(), 5_005_u32.to_le_bytes());
    let places: Vec<usize> = memchr::memmem::find_iter(&octets, &size).collect();
    assert_eq!(places.len(), 2);
    for at in places {
        octets[at..at + 4].copy_from_slice(&longer);
    }
    std::fs::write(&path, &octets).unwrap();
    assert_inconsistent(&path);
}

#[test]
fn fe7_13_a_zip_archive_that_is_cut_off_while_it_is_read_is_an_error_and_no_signal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    let mut writer = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for name in ["a.pdf", "b.pdf"] {
        writer.start_file(name, stored).unwrap();
        writer.write_all(&vec![7; 20 << 20]).unwrap();
    }
    writer.finish().unwrap();
    let archive = Archive::of(std::slice::from_ref(&path), ArchiveLimits::default());
    let mut files = archive.files();
    let Some(Found::File(first)) = files.next() else {
        panic!("no file");
    };
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(100_000).unwrap();
    assert!(matches!(first.open(), Err(ArchiveError::Entry(_))));
    let Some(Found::File(second)) = files.next() else {
        panic!("no file");
    };
    assert!(second.open().is_err());
}

#[test]
fn a_zip_archive_packed_by_another_method_names_it_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    zip_of(&path, &[("a.pdf", b"%PDF-1")]);
    let whole = std::fs::read(&path).unwrap();
    let central = memchr::memmem::find(&whole, b"PK\x01\x02").unwrap();
    for (number, name) in [
        (9, "Deflate64"),
        (12, "bzip2"),
        (14, "LZMA"),
        (93, "Zstandard"),
        (95, "XZ"),
        (77, "77"),
    ] {
        let mut octets = whole.clone();
        octets[8] = number;
        octets[central + 10] = number;
        std::fs::write(&path, &octets).unwrap();
        let mut found = opened(&path, ArchiveLimits::default());
        let Some((_, Err(error))) = found.pop() else {
            panic!("{name}: {found:?}");
        };
        assert!(
            matches!(error, ArchiveError::EntryMethod(method) if method.number() == u16::from(number)),
            "{error}"
        );
        let said = error.told(Language::Vi);
        assert!(
            said.contains(name) && said.contains("hãy giải nén"),
            "{said}"
        );
        let said = error.told(Language::En);
        assert!(
            said.contains(name) && said.contains("unpack the archive"),
            "{said}"
        );
    }
}

#[test]
fn a_zip_archive_with_any_octet_changed_ends_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    let page = write(&empty_page(), Structure::ClassicTable);
    zip_of(&path, &[("Học bạ/a.pdf", &page), ("b.pdf", &page)]);
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x55;
        std::fs::write(&path, &changed).unwrap();
        // No panic, and never more entries than the archive holds.
        assert!(opened(&path, ArchiveLimits::default()).len() <= 3);
    }
    for length in 0..whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        let found = opened(&path, ArchiveLimits::default());
        assert!(matches!(found[..], [(_, Err(_))]), "{length}");
    }
}

#[cfg(unix)]
#[test]
fn loops_of_links_end_in_folders_and_in_patterns() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a/b/1.pdf", b"x");
    std::os::unix::fs::symlink(folder.path(), folder.path().join("a/loop")).unwrap();
    let names = |path: &Path| -> Vec<String> {
        let found = opened(path, ArchiveLimits::default());
        found.into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(names(folder.path()), ["a/b/1.pdf"]);
    assert_eq!(names(&folder.path().join("**/*.pdf")), ["1.pdf"]);
    let mut limits = ArchiveLimits::default();
    limits.depth = 2;
    let found = opened(folder.path(), limits);
    assert!(matches!(found[..], [(_, Err(ArchiveError::FolderDepth))]));
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_read_is_a_line() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "closed/1.pdf", b"x");
    put(folder.path(), "open.pdf", b"x");
    let closed = folder.path().join("closed");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o0)).unwrap();
    let found = opened(folder.path(), ArchiveLimits::default());
    let is_superuser = std::fs::read_dir(&closed).is_ok();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(found.len(), 2);
    if is_superuser {
        println!("SKIPPED: nothing is closed to the superuser");
        return;
    }
    assert!(matches!(found[0].1, Err(ArchiveError::Folder(_))));
}

/// A page with an image of one pixel all over it, and text where it is given.
fn image_page(text: &str) -> Vec<u8> {
    page_with(&format!("q 595 0 0 842 0 0 cm /Im Do Q {text}"))
}

/// A page of this content, with an image and a font to use.
fn page_with(content: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595 842 ] /Contents 4 0 R /Resources << \
         /XObject << /Im 5 0 R >> /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica \
         /Encoding /WinAnsiEncoding >> >> >> >>"
            .to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ),
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace \
         /DeviceGray /Length 1 >>\nstream\nx\nendstream"
            .to_owned(),
    ];
    let mut file = "%PDF-1.7\n".to_owned();
    let mut table = String::new();
    for (number, object) in (1..).zip(&objects) {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let start = file.len();
    file.push_str(&format!(
        "xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n\
         {start}\n%%EOF\n"
    ));
    file.into_bytes()
}

#[test]
fn scans_are_told_from_records_that_nobody_signed() {
    let folder = tempfile::tempdir().unwrap();
    let text = "BT /F 12 Tf 50 50 Td (So hop) Tj ET";
    put(folder.path(), "Sổ ghi chép/scan.pdf", &image_page(""));
    put(folder.path(), "Sổ ghi chép/text.pdf", &image_page(text));
    // What a program recognised on the scan lies there unseen, until it is painted after all.
    let recognised = "BT 3 Tr /F 12 Tf 50 50 Td (So hop) Tj ET";
    let strips: String = (0..9)
        .map(|strip| format!("q 555 0 0 90 20 {} cm /Im Do Q ", 10 + strip * 90))
        .collect();
    for (name, page) in [
        ("recognised.pdf", image_page(recognised)),
        (
            "recognised in strips.pdf",
            page_with(&format!("{strips}{recognised}")),
        ),
        (
            "recognised and painted.pdf",
            image_page(&format!("{recognised} 0 Tr {text}")),
        ),
        (
            "logo.pdf",
            page_with(&format!("q 90 0 0 90 20 700 cm /Im Do Q {recognised}")),
        ),
    ] {
        put(folder.path(), &format!("Sổ ghi chép/{name}"), &page);
    }
    put(folder.path(), "Học bạ/scan.pdf", &image_page(""));
    put(folder.path(), "Công văn đến/1.pdf", &image_page(""));
    let anchors = TrustAnchors::default();
    let verification = Verification::new(&anchors, SIGNED_AT);
    let (mapping, stop) = (Mapping::default(), AtomicBool::new(false));
    let mut run = Run::new(&verification, &mapping, &stop);
    run.detail = Detail::Record;
    run.jobs = NonZeroUsize::new(2).unwrap();
    let kinds: Vec<(String, RecordKind)> = judged(folder.path(), &run)
        .into_iter()
        .map(|judged| (judged.inside, judged.record.unwrap().archive.kind))
        .collect();
    let kinds: Vec<(&str, RecordKind)> = kinds
        .iter()
        .map(|(name, kind)| (name.as_str(), *kind))
        .collect();
    assert_eq!(
        kinds,
        [
            ("Công văn đến/1.pdf", RecordKind::NotDue),
            ("Học bạ/scan.pdf", RecordKind::Record),
            ("Sổ ghi chép/logo.pdf", RecordKind::Record),
            ("Sổ ghi chép/recognised and painted.pdf", RecordKind::Record),
            ("Sổ ghi chép/recognised in strips.pdf", RecordKind::Scan),
            ("Sổ ghi chép/recognised.pdf", RecordKind::Scan),
            ("Sổ ghi chép/scan.pdf", RecordKind::Scan),
            ("Sổ ghi chép/text.pdf", RecordKind::Record),
        ]
    );
}

#[test]
fn a_line_is_written_again_as_it_was_whatever_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let signed = signed_by(
        &write(&empty_page(), Structure::ClassicTable),
        Role::Principal,
    );
    put(folder.path(), "a.pdf", &signed);
    let verification = Verification::new(anchors(), SIGNED_AT);
    let (mapping, stop) = (Mapping::default(), AtomicBool::new(false));
    let run = Run::new(&verification, &mapping, &stop);
    let line = judged(folder.path(), &run).remove(0).line;
    let text = line.as_json().replacen('{', "{\"to come\":[1.50,{}],", 1);
    let read: RecordLine = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    let record: Record = read.record().unwrap();
    assert_eq!(record, line.record().unwrap());
    assert_eq!(record.signatures.len(), 1);
    assert_eq!(record.archive.octets, signed.len() as u64);
    assert_eq!(record.archive.pages, Some(1));
    assert!(record.archive.provable_until.is_some());
}

#[test]
fn a_signature_can_be_proven_as_long_as_its_certificates_last() {
    let signed = signed_by(
        &write(&empty_page(), Structure::ClassicTable),
        Role::Principal,
    );
    let report = verify(&signed);
    let end = provable_until(&report).unwrap();
    let facts = &report.signatures[0].facts;
    let certificates = &facts.path.paths()[0].certificates;
    let earliest = certificates.iter().map(|one| one.not_after).min().unwrap();
    let algorithm = facts.algorithm.as_ref().unwrap().reliable_until();
    assert_eq!(
        end.time,
        algorithm.map_or(earliest, |end| end.min(earliest))
    );
    assert!(!end.weakest.is_empty());
    let mut unknown = report.clone();
    unknown.signatures[0].trust_anchor = None;
    assert_eq!(provable_until(&unknown), None);
    // What proves nothing today has nothing to lose.
    for because in [
        IndeterminateBecause::RevokedNoPoe,
        IndeterminateBecause::OutOfBoundsNoPoe,
    ] {
        let mut revoked = report.clone();
        revoked.signatures[0].conclusion = Conclusion::Indeterminate(because);
        assert_eq!(provable_until(&revoked), None);
    }
    let mut changed = report;
    changed.conclusion = DocumentConclusion::Invalid;
    assert_eq!(provable_until(&changed), None);
    let mut broken = signed;
    broken[30] ^= 1;
    assert_eq!(provable_until(&verify(&broken)), None);
}

#[test]
fn a_journal_is_one_run_s_alone() {
    let folder = tempfile::tempdir().unwrap();
    put(
        folder.path(),
        "in/a.pdf",
        &write(&empty_page(), Structure::ClassicTable),
    );
    let anchors = TrustAnchors::default();
    let verification = Verification::new(&anchors, SIGNED_AT);
    let (mapping, stop) = (Mapping::default(), AtomicBool::new(false));
    let run = Run::new(&verification, &mapping, &stop);
    let settings = RunSettings::of(&run);
    let path = folder.path().join("journal");
    let key = JournalKey::random().unwrap();
    assert_eq!(Journal::time_of(&path, &key).unwrap(), None);
    let mut journal = Journal::open(&path, &settings, &key).unwrap();
    let in_use = Journal::open(&path, &settings, &key);
    assert!(matches!(in_use, Err(JournalError::InUse(_))));
    let mut origins = Vec::new();
    let mut once = |journal: &mut Journal| {
        let files = Archive::of(&[folder.path().join("in")], ArchiveLimits::default());
        run.each(files.files(), Some(journal), |judged| {
            origins.push(judged.origin);
            Ok(())
        })
        .unwrap();
    };
    once(&mut journal);
    drop(journal);
    assert_eq!(Journal::time_of(&path, &key).unwrap(), Some(SIGNED_AT));
    let mut journal = Journal::open(&path, &settings, &key).unwrap();
    assert_eq!(journal.records(), 1);
    once(&mut journal);
    drop(journal);
    assert_eq!(origins, [Origin::Now, Origin::Journal]);
    let other = settings.and("evidence", "another");
    let refused = Journal::open(&path, &other, &key);
    assert!(matches!(refused, Err(JournalError::OtherSettings(_))));
    // Somebody's file is not written to.
    for foreign in ["no journal", "{}\n", &"{".repeat(9_000)] {
        let path = put(folder.path(), "letter.txt", foreign.as_bytes());
        assert!(matches!(
            Journal::open(&path, &other, &key),
            Err(JournalError::NoJournal(_))
        ));
        assert_eq!(std::fs::read(&path).unwrap(), foreign.as_bytes());
    }
    // A journal that was cut off in its first line is begun again.
    let path = put(
        folder.path(),
        "cut",
        b"{\"journal\":\"trien.journal/1\",\"set",
    );
    assert_eq!(Journal::open(&path, &other, &key).unwrap().records(), 0);
}

#[test]
fn fe7_20_a_journal_is_not_believed_under_another_root() {
    let folder = tempfile::tempdir().unwrap();
    let page = write(&empty_page(), Structure::ClassicTable);
    put(folder.path(), "in/2024/School/a.pdf", &page);
    let anchors = TrustAnchors::default();
    let verification = Verification::new(&anchors, SIGNED_AT);
    let mapping = Mapping::from_toml("school = \"first-folder\"\n").unwrap();
    let stop = AtomicBool::new(false);
    let run = Run::new(&verification, &mapping, &stop);
    let key = JournalKey::random().unwrap();
    let once = |root: &str| {
        let path = folder.path().join("journal");
        let mut journal = Journal::open(&path, &RunSettings::of(&run), &key).unwrap();
        let files = Archive::of(&[folder.path().join(root)], ArchiveLimits::default());
        let mut told = Vec::new();
        run.each(files.files(), Some(&mut journal), |judged| {
            let record = judged.line.record().unwrap();
            told.push((judged.origin, record.archive.school.clone().unwrap()));
            Ok(())
        })
        .unwrap();
        told.pop().unwrap()
    };
    assert_eq!(once("in"), (Origin::Now, "2024".to_owned()));
    assert_eq!(once("in/2024"), (Origin::Now, "School".to_owned()));
    assert_eq!(once("in/2024"), (Origin::Journal, "School".to_owned()));
}

/// A journal of three records, with what it was made under.
struct Kept {
    folder: tempfile::TempDir,
    key: JournalKey,
}

impl Kept {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, role) in [
            ("a", Role::Principal),
            ("b", Role::HomeroomTeacher),
            ("c", Role::SchoolSeal),
        ] {
            let page = write(&empty_page(), Structure::ClassicTable);
            put(
                folder.path(),
                &format!("in/{name}.pdf"),
                &signed_by(&page, role),
            );
        }
        let key = JournalKey::random().unwrap();
        let kept = Self { folder, key };
        assert_eq!(kept.run(&kept.key).0, [Origin::Now; 3]);
        kept
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    /// Runs with the journal: where each record came from and what was said of it, and what was
    /// doubted.
    fn run(&self, key: &JournalKey) -> (Vec<Origin>, Vec<String>, Option<Doubt>) {
        let verification = Verification::new(anchors(), SIGNED_AT);
        let (mapping, stop) = (Mapping::default(), AtomicBool::new(false));
        let run = Run::new(&verification, &mapping, &stop);
        let mut journal = Journal::open(&self.path(), &RunSettings::of(&run), key).unwrap();
        let doubt = journal.doubted().map(|doubted| {
            assert!(doubted.copy.is_file());
            doubted.because
        });
        let files = Archive::of(&[self.folder.path().join("in")], ArchiveLimits::default());
        let (mut origins, mut lines) = (Vec::new(), Vec::new());
        run.each(files.files(), Some(&mut journal), |judged| {
            origins.push(judged.origin);
            lines.push(judged.line.as_json().to_owned());
            Ok(())
        })
        .unwrap();
        (origins, lines, doubt)
    }
}

#[test]
fn a_forged_line_of_a_journal_is_nobody_s_verdict() {
    let kept = Kept::new();
    let (origins, lines, doubt) = kept.run(&kept.key);
    assert_eq!((origins, doubt), (vec![Origin::Journal; 3], None));
    let journal = std::fs::read_to_string(kept.path()).unwrap();
    let valid = "\"conclusion\":\"valid\"";
    let forged = |line: usize, change: &dyn Fn(&str) -> String| {
        let mut text = String::new();
        for (number, one) in (1..).zip(journal.lines()) {
            let one = if number == line {
                change(one)
            } else {
                one.to_owned()
            };
            text.push_str(&one);
            text.push('\n');
        }
        text
    };
    let (journal_now, now) = (Origin::Journal, Origin::Now);
    let other = |line: &str| {
        line.replace("TOTAL-", "TOTAL_")
            .replace("INDETERMINATE", valid)
    };
    let without_seal = |line: &str| line.rsplit_once(' ').unwrap().0.to_owned();
    let swapped = {
        let mut lines: Vec<&str> = journal.lines().collect();
        lines.swap(1, 2);
        lines.join("\n") + "\n"
    };
    let own = |line| Some(Doubt::Line { number: line });
    for (text, wanted, doubted) in [
        (forged(3, &other), [journal_now, now, now], own(3)),
        (forged(2, &without_seal), [now; 3], own(2)),
        (
            forged(4, &|_| "{}".to_owned()),
            [journal_now, journal_now, now],
            own(4),
        ),
        (
            forged(4, &|line| line[..20].to_owned()),
            [journal_now, journal_now, now],
            own(4),
        ),
        (swapped, [now; 3], own(2)),
        // The first line says when and how: nobody else's is believed.
        (
            forged(1, &|line| line.replace("\"at\":\"2", "\"at\":\"1")),
            [now; 3],
            Some(Doubt::OtherKey),
        ),
        (
            forged(1, &|line| line.replace("journal/3", "journal/1")),
            [now; 3],
            Some(Doubt::OtherKey),
        ),
    ] {
        assert_ne!(text, journal);
        std::fs::write(kept.path(), &text).unwrap();
        let (origins, told, doubt) = kept.run(&kept.key);
        assert_eq!(
            (origins.as_slice(), doubt),
            (wanted.as_slice(), doubted),
            "{text}"
        );
        assert_eq!(told, lines);
        // What is written now is whole again.
        assert_eq!(kept.run(&kept.key).0, [Origin::Journal; 3]);
        assert_eq!(std::fs::read_to_string(kept.path()).unwrap(), journal);
    }
}

#[test]
fn a_journal_under_another_key_is_set_aside_and_chooses_no_time() {
    let kept = Kept::new();
    let journal = std::fs::read(kept.path()).unwrap();
    let other = JournalKey::random().unwrap();
    assert_eq!(
        Journal::time_of(&kept.path(), &kept.key).unwrap(),
        Some(SIGNED_AT)
    );
    assert_eq!(Journal::time_of(&kept.path(), &other).unwrap(), None);
    let (origins, _, doubt) = kept.run(&other);
    assert_eq!(
        (origins, doubt),
        (vec![Origin::Now; 3], Some(Doubt::OtherKey))
    );
    assert_eq!(kept.run(&other).0, [Origin::Journal; 3]);
    // As it was, for whoever wrote it; and the next one beside it.
    let aside = |number| {
        kept.folder
            .path()
            .join(format!("journal.set-aside-{number}"))
    };
    assert_eq!(std::fs::read(aside(1)).unwrap(), journal);
    kept.run(&kept.key);
    assert!(aside(2).is_file());
}

#[cfg(unix)]
#[test]
fn a_journal_that_others_may_write_to_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let kept = Kept::new();
    let verification = Verification::new(anchors(), SIGNED_AT);
    let (mapping, stop) = (Mapping::default(), AtomicBool::new(false));
    let settings = RunSettings::of(&Run::new(&verification, &mapping, &stop));
    for mode in [0o602, 0o620, 0o666] {
        std::fs::set_permissions(kept.path(), PermissionsExt::from_mode(mode)).unwrap();
        let refused = Journal::open(&kept.path(), &settings, &kept.key);
        assert!(
            matches!(refused, Err(JournalError::OthersMayWrite(_))),
            "{refused:?}"
        );
    }
    std::fs::set_permissions(kept.path(), PermissionsExt::from_mode(0o644)).unwrap();
    assert!(Journal::open(&kept.path(), &settings, &kept.key).is_ok());
}

#[test]
fn nobody_s_workflow_is_guessed_where_several_suit_equally() {
    let folder = tempfile::tempdir().unwrap();
    let page = write(&empty_page(), Structure::ClassicTable);
    for name in [
        "Học bạ/a.pdf",
        "Trường Tiểu học A/Học bạ/a.pdf",
        "Trường THCS B/Học bạ/a.pdf",
    ] {
        put(folder.path(), name, &page);
    }
    let anchors = TrustAnchors::default();
    let verification = Verification::new(&anchors, SIGNED_AT);
    let stop = AtomicBool::new(false);
    let chosen = |mapping: &Mapping| -> Vec<(String, Option<WorkflowBy>, usize)> {
        let mut run = Run::new(&verification, mapping, &stop);
        run.procedure = Procedure::ByCategory;
        run.detail = Detail::Record;
        let records = judged(folder.path(), &run).into_iter();
        records
            .map(|judged| {
                let record = judged.record.unwrap();
                let id = record.workflow.map(|one| one.id).unwrap_or_default();
                let archive = record.archive;
                (id, archive.workflow_by, archive.workflows_open.len())
            })
            .collect()
    };
    let of = |id: &str| (id.to_owned(), Some(WorkflowBy::Name), 0);
    let (primary, secondary) = (of("hoc-ba-tieu-hoc"), of("hoc-ba-thcs-thpt"));
    // In the order of names: no school, THCS, tiểu học.
    assert_eq!(
        chosen(&Mapping::default()),
        [(String::new(), None, 2), secondary.clone(), primary]
    );
    let text = format!("level = \"thcs\"\n{DEFAULT_MAPPING}");
    let named = Mapping::from_toml(&text).unwrap();
    assert_eq!(
        chosen(&named),
        [secondary.clone(), secondary.clone(), secondary]
    );
}
