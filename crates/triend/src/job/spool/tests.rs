//! What the spool keeps, and what it gives nobody.

use super::*;

fn spool() -> (tempfile::TempDir, Spool, JobId) {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path().join("spool")).unwrap();
    let job = JobId::new().unwrap();
    spool.create(job).unwrap();
    (folder, spool, job)
}

fn original(spool: &Spool, job: JobId, number: u32) -> Original {
    Original::open(&spool.input(job, number), None).unwrap()
}

fn receive(spool: &Spool, job: JobId, number: u32, octets: &[u8]) {
    let mut part = spool.receive(job, number).unwrap();
    part.write(octets).unwrap();
    assert_eq!(part.hash(), ContentHash::of(octets));
    part.keep().unwrap();
}

#[test]
fn a_document_has_its_name_once_it_is_whole_and_leaves_nothing_when_it_is_not() {
    let (_folder, spool, job) = spool();
    let mut part = spool.receive(job, 1).unwrap();
    part.write(b"%PDF").unwrap();
    assert!(!spool.input(job, 1).exists());
    assert!(spool.receive(job, 1).is_err(), "two at once");
    drop(part);
    assert_eq!(fs::read_dir(spool.folder_of(job)).unwrap().count(), 0);
    let mut part = spool.receive(job, 1).unwrap();
    part.write(b"%PDF").unwrap();
    part.write(b"-2.0").unwrap();
    assert_eq!(part.octets(), 8);
    part.keep().unwrap();
    assert_eq!(fs::read_to_string(spool.input(job, 1)).unwrap(), "%PDF-2.0");
}

#[test]
fn a_result_is_hashed_and_parts_left_behind_are_swept() {
    let (_folder, spool, job) = spool();
    receive(&spool, job, 7, b"one");
    spool.begin_result(job, 7).unwrap();
    spool.begin_result(job, 7).unwrap();
    assert!(!spool.result(job, 7).exists());
    for der in [b"a", b"a", b"b"] {
        spool.keep_certificate(job, der).unwrap();
        assert_eq!(spool.certificate(job).unwrap(), der);
    }
    fs::remove_file(spool.folder_of(job).join(CERTIFICATE)).unwrap();
    let one = original(&spool, job, 7);
    let (octets, hash) = spool.write_result(job, 7, &one, b"two").unwrap();
    assert_eq!((octets, hash), (6, ContentHash::of(b"onetwo")));
    assert_eq!(fs::read_to_string(spool.result(job, 7)).unwrap(), "onetwo");
    spool.sync_names(job).unwrap();
    fs::write(spool.folder_of(job).join("8.out.part"), b"half").unwrap();
    spool.remove_parts(job).unwrap();
    assert_eq!(fs::read_dir(spool.folder_of(job)).unwrap().count(), 2);
    assert_eq!(spool.jobs().unwrap(), [job]);
    spool.remove(job).unwrap();
    spool.remove(job).unwrap();
    assert_eq!(spool.jobs().unwrap(), []);
}

#[test]
fn a_result_is_appended_to_nothing_but_the_document_it_was_made_of() {
    let (_folder, spool, job) = spool();
    assert!(spool.begin_result(job, 1).is_err(), "nothing came");
    receive(&spool, job, 1, b"one");
    let one = original(&spool, job, 1);
    assert!(spool.write_result(job, 1, &one, b"x").is_err());
    for changed in ["two", "ones", "on"] {
        spool.begin_result(job, 1).unwrap();
        fs::write(spool.begun_result(job, 1), changed).unwrap();
        let refused = spool.write_result(job, 1, &one, b"x").unwrap_err();
        assert_eq!(refused.code(), Code::DocumentChanged);
        assert!(!spool.begun_result(job, 1).exists(), "it is not used again");
        assert!(!spool.result(job, 1).exists());
    }
    spool.begin_result(job, 1).unwrap();
    spool.remove_begun(job, 1);
    assert!(!spool.begun_result(job, 1).exists());
    // Cut off by a disk that was full: begun anew.
    fs::write(spool.begun_result(job, 1), b"on").unwrap();
    spool.begin_result(job, 1).unwrap();
    spool.write_result(job, 1, &one, b"x").unwrap();
    assert_eq!(fs::read_to_string(spool.result(job, 1)).unwrap(), "onex");
}

#[cfg(unix)]
#[test]
fn others_read_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, spool, job) = spool();
    receive(&spool, job, 1, b"");
    spool.begin_result(job, 1).unwrap();
    let empty = original(&spool, job, 1);
    spool.write_result(job, 1, &empty, b"x").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&spool.folder_of(job)), 0o700);
    assert_eq!(mode(spool.folder_of(job).parent().unwrap()), 0o700);
    assert_eq!(mode(&spool.input(job, 1)), 0o600);
    assert_eq!(mode(&spool.result(job, 1)), 0o600);
}
