//! `sign --level` and `extend` over services on loopback: what they write, and that they write
//! nothing when a service is down or says something else than was asked for.

use std::path::Path;

use serde_json::Value;
use trien_testkit::pki::Role;
use trien_testkit::services::{Fault, LiveServices};

use crate::programs::{Desk, NOW, Ran, anchors, arguments, report, run};

fn services() -> LiveServices {
    let keys = Path::new(env!("CARGO_TARGET_TMPDIR")).join("keys");
    let now = trien::UnixTime::from_rfc3339(NOW).unwrap();
    LiveServices::start(&keys, now).unwrap()
}

/// The desk with the principal's key, whose certificate points to the services.
fn desk(services: &LiveServices) -> Desk {
    let desk = Desk::new();
    let principal = services.pki.identity(Role::Principal).unwrap();
    let mut key = principal.key_pem().unwrap();
    key.extend(principal.certificate_pem().unwrap());
    for issuer in principal.issuers() {
        key.extend(issuer.to_pem().unwrap());
    }
    desk.put(&format!("{}.pem", Role::Principal.label()), &key);
    desk
}

fn sign(desk: &Desk, services: &LiveServices, level: &str, output: &str, more: &[&str]) -> Ran {
    let url = services.time_stamps.url();
    let folder = anchors().to_str().unwrap();
    let mut options = vec!["--field", "HieuTruong", "--at", NOW, "--level", level];
    options.extend(["--tsa", &url, "--anchors", folder]);
    options.extend(more);
    desk.sign_with("sign", Role::Principal, "0.pdf", output, &options)
}

fn extend(desk: &Desk, services: &LiveServices, input: &str, output: &str, more: &[&str]) -> Ran {
    let url = services.time_stamps.url();
    let (input, output) = (desk.path(input), desk.path(output));
    let mut list = arguments![
        &input,
        "--out",
        &output,
        "--at",
        NOW,
        "--tsa",
        &url,
        "--anchors",
        anchors(),
        "--allow-private-addresses",
    ]
    .to_vec();
    list.extend(more.iter().map(std::ffi::OsStr::new));
    run("extend", &list)
}

const LOCAL: &[&str] = &["--allow-private-addresses"];

fn level(desk: &Desk, name: &str) -> Value {
    report(&desk.path(name))["signatures"][0]["level"].clone()
}

#[test]
fn every_level_is_signed_and_every_file_is_raised_and_renewed() {
    let services = services();
    let desk = desk(&services);
    for (name, standard) in [
        ("b-b", "B-B"),
        ("b-t", "B-T"),
        ("b-lt", "B-LT"),
        ("b-lta", "B-LTA"),
    ] {
        let output = format!("{name}.pdf");
        let ran = sign(&desk, &services, name, &output, LOCAL);
        ran.assert_signed();
        assert!(ran.printed.contains(&format!("mức {standard};")), "{ran:?}");
        assert_eq!(level(&desk, &output), format!("PAdES-{standard}"));
    }
    for (input, output) in [
        ("b-b.pdf", "raised.pdf"),
        ("b-t.pdf", "raised-t.pdf"),
        ("b-lta.pdf", "renewed.pdf"),
    ] {
        let ran = extend(&desk, &services, input, output, &[]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.printed.contains("Đã nâng lên mức B-LTA"), "{ran:?}");
        assert_eq!(level(&desk, output), "PAdES-B-LTA");
        let (before, after) = (desk.path(input), desk.path(output));
        let [before, after] = [before, after].map(|path| std::fs::read(path).unwrap());
        assert!(after.starts_with(&before));
    }
    let again = ["--level", "b-lt", "--lang", "en"];
    let ran = extend(&desk, &services, "b-lt.pdf", "same.pdf", &again);
    assert!(ran.printed.starts_with("Nothing to add"), "{ran:?}");
}

#[test]
fn without_a_time_stamp_nothing_is_written_unless_b_b_is_asked_for_by_name() {
    let services = services();
    let desk = desk(&services);
    services.time_stamps.faults().always([Fault::WrongNonce]);
    let ran = sign(&desk, &services, "b-t", "1.pdf", LOCAL);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.complained.contains("dấu thời gian"), "{ran:?}");
    assert!(
        ran.complained.contains(&services.time_stamps.url()),
        "{ran:?}"
    );
    assert!(!desk.path("1.pdf").exists());
    let keep = ["--allow-private-addresses", "--keep-basic"];
    let ran = sign(&desk, &services, "b-t", "1.pdf", &keep);
    ran.assert_signed();
    assert!(ran.printed.contains("mức B-B;"), "{ran:?}");
    assert!(ran.complained.contains("! không lấy được dấu"), "{ran:?}");
    // The second authority stands in for the first.
    let public = services.public_time_stamps.url();
    let second = ["--allow-private-addresses", "--tsa", &public];
    let ran = sign(&desk, &services, "b-t", "2.pdf", &second);
    ran.assert_signed();
    assert_eq!(level(&desk, "2.pdf"), "PAdES-B-T");
    // Loopback is no public address, and is not knocked at unasked.
    services.time_stamps.faults().clear();
    let asked = services.time_stamps.log().len();
    let ran = sign(&desk, &services, "b-t", "3.pdf", &[]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert_eq!(services.time_stamps.log().len(), asked);
}

#[test]
fn missing_evidence_is_listed_and_refused() {
    let services = services();
    let desk = desk(&services);
    sign(&desk, &services, "b-t", "t.pdf", LOCAL).assert_signed();
    services.ocsp.faults().always([Fault::HttpStatus(404)]);
    services.crls.faults().always([Fault::Garbage]);
    let ran = extend(&desk, &services, "t.pdf", "lt.pdf", &["--level", "b-lt"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    for word in [
        "chưa đủ bằng chứng",
        "Phạm Đức Thắng",
        &services.crls.url(Role::GovernmentAuthority),
    ] {
        assert!(ran.complained.contains(word), "{ran:?}");
    }
    assert!(!desk.path("lt.pdf").exists());
    let accept = ["--level", "b-lt", "--missing", "accept"];
    let ran = extend(&desk, &services, "t.pdf", "lt.pdf", &accept);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(
        ran.printed.contains("chưa biết trạng thái thu hồi"),
        "{ran:?}"
    );
}

#[test]
fn what_cannot_be_raised_is_said_in_either_language() {
    let services = services();
    let desk = desk(&services);
    let ran = extend(&desk, &services, "0.pdf", "1.pdf", &[]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.complained.contains("chưa có chữ ký"), "{ran:?}");
    sign(&desk, &services, "b-b", "b.pdf", &[]).assert_signed();
    let mut broken = std::fs::read(desk.path("b.pdf")).unwrap();
    let at = broken.windows(8).position(|octets| octets == b"MediaBox");
    broken[at.unwrap() + 10] ^= 1;
    desk.put("broken.pdf", &broken);
    let ran = extend(&desk, &services, "broken.pdf", "1.pdf", &["--lang", "en"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(
        ran.complained.contains("refused: signatures are broken"),
        "{ran:?}"
    );
    let (input, output) = (desk.path("b.pdf"), desk.path("1.pdf"));
    let ran = run(
        "extend",
        arguments![&input, "--out", &output, "--anchors", anchors()],
    );
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.complained.contains("--tsa"), "{ran:?}");
    let ran = run("extend", arguments![&input, "--out", &output]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.complained.contains("--anchors"), "{ran:?}");
    assert!(!output.exists());
}

#[test]
fn a_verifier_that_may_ask_learns_the_status_and_one_that_may_not_says_so() {
    let services = services();
    let desk = desk(&services);
    sign(&desk, &services, "b-b", "b-b.pdf", LOCAL).assert_signed();
    let file = desk.path("b-b.pdf");
    let verify = |more: &[&str]| {
        let mut list = arguments!["--anchors", anchors(), "--at", NOW, "--format", "json"].to_vec();
        list.extend(more.iter().map(std::ffi::OsStr::new));
        list.push(file.as_os_str());
        run("verify", &list)
    };
    let said = |ran: &Ran| {
        let report: Value = serde_json::from_str(&ran.printed).unwrap();
        report["signatures"][0]["indication"].clone()
    };
    let offline = verify(&["--offline"]);
    assert_eq!(
        (offline.status, said(&offline)),
        (1, "INDETERMINATE".into())
    );
    // Loopback is refused unless it is allowed: a certificate's address is no permission.
    let refused = verify(&["--online"]);
    assert_eq!(
        (refused.status, said(&refused)),
        (1, "INDETERMINATE".into())
    );
    let asked = verify(&["--online", "--allow-private-addresses"]);
    assert_eq!(
        (asked.status, said(&asked)),
        (0, "TOTAL-PASSED".into()),
        "{asked:?}"
    );
}

#[test]
fn a_revoked_certificate_is_refused_before_it_signs_and_told_afterwards() {
    let services = services();
    let desk = desk(&services);
    sign(&desk, &services, "b-b", "before.pdf", LOCAL).assert_signed();
    let principal = services.pki.identity(Role::Principal).unwrap();
    let earlier = trien::UnixTime::from_rfc3339(NOW)
        .unwrap()
        .plus_seconds(-3_600);
    let reason = trien_testkit::services::RevocationReason::KeyCompromise;
    services
        .register
        .revoke(principal, earlier, reason)
        .unwrap();
    let refused = sign(&desk, &services, "b-b", "after.pdf", LOCAL);
    assert_eq!(refused.status, 1, "{refused:?}");
    assert!(refused.complained.contains("thu hồi"), "{refused:?}");
    assert!(!desk.path("after.pdf").exists());
    let file = desk.path("before.pdf");
    let mut list = arguments!["--anchors", anchors(), "--at", NOW, "--format", "json"].to_vec();
    list.extend(["--online", "--allow-private-addresses"].map(std::ffi::OsStr::new));
    list.push(file.as_os_str());
    let ran = run("verify", &list);
    let report = &ran.reports()[0];
    assert_eq!(report["signatures"][0]["sub_indication"], "REVOKED_NO_POE");
}

#[test]
fn a_person_s_key_does_not_seal_and_the_seal_does_not_sign() {
    let services = services();
    let desk = desk(&services);
    let seal = ["--as", "seal", "--allow-private-addresses"];
    let refused = sign(&desk, &services, "b-b", "sealed.pdf", &seal);
    assert_eq!(refused.status, 1, "{refused:?}");
    assert!(
        refused.complained.contains("TT 41/2017 Đ.6.2b"),
        "{refused:?}"
    );
    let own = ["--as", "personal", "--allow-private-addresses"];
    sign(&desk, &services, "b-b", "signed.pdf", &own).assert_signed();
}

fn moved(seconds: i64) -> trien::UnixTime {
    trien::UnixTime::from_rfc3339(NOW)
        .unwrap()
        .plus_seconds(seconds)
}

#[test]
fn an_authority_that_states_another_time_is_passed_over_and_both_times_are_said() {
    let services = services();
    let desk = desk(&services);
    sign(&desk, &services, "b-b", "b.pdf", LOCAL).assert_signed();
    let public = services.public_time_stamps.url();
    // Local time as UTC, an hour and a half late, and years ahead.
    for seconds in [7 * 3_600, -3_600, 1_800, 4 * 365 * 86_400] {
        services.time_stamps.clock().set(moved(seconds));
        let ran = sign(&desk, &services, "b-t", "1.pdf", LOCAL);
        assert_eq!(ran.status, 2, "{ran:?}");
        for time in [moved(seconds), moved(0)] {
            assert!(ran.complained.contains(&time.to_string()), "{ran:?}");
        }
        let said = ran.complained.matches("no time-stamping authority").count();
        assert_eq!(said, 1, "{ran:?}");
        assert!(!desk.path("1.pdf").exists());
        let ran = extend(&desk, &services, "b.pdf", "1.pdf", &["--level", "b-t"]);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(!desk.path("1.pdf").exists());
    }
    let second = ["--allow-private-addresses", "--tsa", &public];
    sign(&desk, &services, "b-t", "2.pdf", &second).assert_signed();
    assert_eq!(level(&desk, "2.pdf"), "PAdES-B-T");
    let ran = extend(
        &desk,
        &services,
        "b.pdf",
        "3.pdf",
        &["--level", "b-t", "--tsa", &public],
    );
    assert_eq!(ran.status, 0, "{ran:?}");
    // A clock that is a few minutes off is no reason to refuse.
    services.time_stamps.clock().set(moved(-500));
    sign(&desk, &services, "b-t", "4.pdf", LOCAL).assert_signed();
}

#[test]
fn an_authority_of_nobody_s_trust_is_passed_over_and_an_unchecked_one_is_said() {
    let services = services();
    let desk = desk(&services);
    // Another school's tree: the same names, other keys.
    let strangers = Path::new(env!("CARGO_TARGET_TMPDIR")).join("keys-of-strangers");
    let strangers = LiveServices::start(&strangers, moved(0)).unwrap();
    let (stranger, own) = (strangers.time_stamps.url(), services.time_stamps.url());
    let run_sign = |output: &str, more: &[&str]| {
        let mut options = vec!["--field", "HieuTruong", "--at", NOW, "--level", "b-t"];
        options.extend(["--allow-private-addresses", "--tsa", &stranger]);
        options.extend(more);
        desk.sign_with("sign", Role::Principal, "0.pdf", output, &options)
    };
    let folder = anchors().to_str().unwrap();
    let ran = run_sign("1.pdf", &["--anchors", folder]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.complained.contains("trusted roots"), "{ran:?}");
    assert!(!desk.path("1.pdf").exists());
    run_sign("2.pdf", &["--anchors", folder, "--tsa", &own]).assert_signed();
    assert_eq!(level(&desk, "2.pdf"), "PAdES-B-T");
    let ran = run_sign("3.pdf", &[]);
    ran.assert_signed();
    assert!(
        ran.complained.contains("! chưa kiểm tra máy chủ"),
        "{ran:?}"
    );
    let keep = ["--anchors", folder, "--keep-basic"];
    let ran = run_sign("4.pdf", &keep);
    ran.assert_signed();
    assert!(ran.complained.contains("chỉ đạt mức B-B"), "{ran:?}");
    assert!(ran.complained.contains(&stranger), "{ran:?}");
}

#[test]
fn an_authority_without_a_level_is_an_error() {
    let services = services();
    let desk = desk(&services);
    let url = services.time_stamps.url();
    let options = ["--field", "HieuTruong", "--at", NOW, "--tsa", &url];
    let ran = desk.sign_with("sign", Role::Principal, "0.pdf", "1.pdf", &options);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.complained.contains("--level"), "{ran:?}");
    assert!(!desk.path("1.pdf").exists());
}

#[test]
fn a_newer_list_is_asked_for_although_an_older_one_is_in_the_file_and_in_force() {
    let services = services();
    let desk = desk(&services);
    services.ocsp.faults().always([Fault::HttpStatus(404)]);
    // The lists of the file are of yesterday; the signature is of now.
    services.crls.clock().set(moved(-20 * 3_600));
    sign(&desk, &services, "b-lt", "lt.pdf", LOCAL).assert_signed();
    let principal = services.pki.identity(Role::Principal).unwrap();
    let reason = trien_testkit::services::RevocationReason::KeyCompromise;
    services
        .register
        .revoke(principal, moved(-3_600), reason)
        .unwrap();
    let judged = |more: &[&str]| {
        let mut list = arguments!["--anchors", anchors(), "--at", NOW, "--format", "json"].to_vec();
        list.extend(more.iter().map(std::ffi::OsStr::new));
        let file = desk.path("lt.pdf");
        list.push(file.as_os_str());
        let ran = run("verify", &list);
        ran.reports()[0]["signatures"][0]["sub_indication"].clone()
    };
    let online = ["--online", "--allow-private-addresses"];
    // Nothing newer is to be had: the older list is used.
    services.crls.faults().always([Fault::HttpStatus(404)]);
    assert_eq!(judged(&online), Value::Null);
    services.crls.faults().clear();
    services.crls.clock().set(moved(0));
    assert_eq!(judged(&["--offline"]), Value::Null);
    let said = judged(&online);
    assert!(said.as_str().unwrap().starts_with("REVOKED"), "{said}");
    let ran = extend(&desk, &services, "lt.pdf", "lta.pdf", &[]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.complained.contains("đã bị thu hồi"), "{ran:?}");
    assert!(!desk.path("lta.pdf").exists());
}

/// One trouble of many files is told once, with the files below it.
#[test]
fn an_authority_that_is_gone_is_told_once_for_a_whole_folder() {
    let services = services();
    let desk = desk(&services);
    std::fs::create_dir_all(desk.path("archive")).unwrap();
    let names = ["archive/a.pdf", "archive/b.pdf", "archive/c.pdf"];
    sign(&desk, &services, "b-t", names[0], LOCAL).assert_signed();
    let signed = std::fs::read(desk.path(names[0])).unwrap();
    for name in names {
        desk.put(name, &signed);
    }
    let ran = renew(&desk, "31/12/2099", "http://127.0.0.1:1/");
    assert_eq!(ran.status, 2, "{ran:?}");
    let told: Vec<&str> = ran
        .printed
        .lines()
        .filter(|line| line.contains("không lấy được dấu thời gian"))
        .collect();
    assert_eq!(told.len(), 1, "{ran:?}");
    assert!(told[0].starts_with("3 tệp: "), "{ran:?}");
    // Three attempts said the same.
    assert!(told[0].contains("(×3)"), "{ran:?}");
    assert_eq!(told[0].matches("nobody listens").count(), 1, "{ran:?}");
    for name in names {
        assert!(ran.printed.contains(name), "{ran:?}");
        assert_eq!(std::fs::read(desk.path(name)).unwrap(), signed);
    }
}

/// Renews what ages before a day in the folder `archive`, with time stamps from an address.
fn renew(desk: &Desk, before: &str, tsa: &str) -> Ran {
    let archive = desk.path("archive");
    let mut list = arguments!["--archive", &archive, "--before", before, "--at", NOW].to_vec();
    list.extend(arguments!["--tsa", tsa, "--anchors", anchors()]);
    list.extend(arguments!["--allow-private-addresses"]);
    run("extend", &list)
}

/// Only what ages is touched, and what cannot be renewed keeps nobody else from it.
#[test]
fn a_folder_is_renewed_in_place_file_by_file() {
    let services = services();
    let desk = desk(&services);
    std::fs::create_dir_all(desk.path("archive/2026")).unwrap();
    sign(&desk, &services, "b-t", "archive/2026/b.pdf", LOCAL).assert_signed();
    sign(&desk, &services, "b-t", "archive/c.pdf", LOCAL).assert_signed();
    let unsigned = std::fs::read(desk.path("0.pdf")).unwrap();
    desk.put("archive/unsigned.pdf", &unsigned);
    let mut broken = std::fs::read(desk.path("archive/c.pdf")).unwrap();
    broken[20] ^= 1;
    desk.put("archive/a.pdf", &broken);
    let url = services.time_stamps.url();
    let early = renew(&desk, "2026-06-01", &url);
    assert!(early.printed.contains("0 tệp đã gia hạn"), "{early:?}");
    let ran = renew(&desk, "2099-01-01", &url);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.printed.contains("2 tệp đã gia hạn"), "{ran:?}");
    for name in ["archive/2026/b.pdf", "archive/c.pdf"] {
        assert_eq!(level(&desk, name), "PAdES-B-LTA");
    }
    assert_eq!(std::fs::read(desk.path("archive/a.pdf")).unwrap(), broken);
    assert_eq!(
        std::fs::read(desk.path("archive/unsigned.pdf")).unwrap(),
        unsigned
    );
    assert_eq!(
        std::fs::read_dir(desk.path("archive")).unwrap().count(),
        4,
        "nothing is left beside the files"
    );
}

/// Another time stamp that ends no later than what the file has proves nothing more.
#[test]
fn fe7b_7_a_file_that_the_authority_carries_no_further_is_left_as_it_is() {
    let services = services();
    let desk = desk(&services);
    std::fs::create_dir(desk.path("archive")).unwrap();
    sign(&desk, &services, "b-lta", "archive/a.pdf", LOCAL).assert_signed();
    let signed = std::fs::read(desk.path("archive/a.pdf")).unwrap();
    let url = services.time_stamps.url();
    for _ in 0..2 {
        let ran = renew(&desk, "2099-01-01", &url);
        assert_eq!(ran.status, 1, "{ran:?}");
        assert!(ran.printed.contains("0 tệp đã gia hạn"), "{ran:?}");
        assert!(ran.printed.contains("1 tệp không gia hạn được"), "{ran:?}");
        let said = "máy chủ dấu thời gian này chỉ chứng minh được đến ";
        assert!(ran.printed.contains(said), "{ran:?}");
        assert_eq!(std::fs::read(desk.path("archive/a.pdf")).unwrap(), signed);
    }
}

/// What lacks for every file is told before the first one.
#[test]
fn a_folder_is_not_worked_through_in_vain() {
    let services = services();
    let desk = desk(&services);
    std::fs::create_dir(desk.path("archive")).unwrap();
    sign(&desk, &services, "b-t", "archive/a.pdf", LOCAL).assert_signed();
    let archive = desk.path("archive");
    let empty = desk.path("empty");
    std::fs::create_dir(&empty).unwrap();
    let url = services.time_stamps.url();
    let run_extend = |more: &[&std::ffi::OsStr]| {
        let mut list =
            arguments!["--archive", &archive, "--before", "31/12/2099", "--at", NOW].to_vec();
        list.extend(more);
        run("extend", &list)
    };
    let ran = run_extend(arguments!["--tsa", &url, "--anchors", &empty]);
    assert_eq!((ran.status, ran.printed.as_str()), (2, ""), "{ran:?}");
    assert!(
        ran.complained.contains("không có chứng thư số gốc nào"),
        "{ran:?}"
    );
    let ran = run_extend(arguments!["--anchors", anchors()]);
    assert_eq!((ran.status, ran.printed.as_str()), (2, ""), "{ran:?}");
    assert!(ran.complained.contains("--tsa"), "{ran:?}");
    // Private addresses are closed: what a computer without a network sees.
    let ran = run_extend(arguments!["--level", "b-lt", "--anchors", anchors()]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.complained.contains("chưa nêu --evidence"), "{ran:?}");
    assert!(ran.complained.contains("chưa nêu --tsa"), "{ran:?}");
    assert!(ran.printed.contains("0 tệp đã gia hạn"), "{ran:?}");
    // What its issuers publish, kept in a folder.
    let kept = desk.path("kept");
    std::fs::create_dir(&kept).unwrap();
    keep_evidence(&std::fs::read(desk.path("archive/a.pdf")).unwrap(), &kept);
    let ran = run_extend(arguments![
        "--level",
        "b-lt",
        "--anchors",
        anchors(),
        "--evidence",
        &kept
    ]);
    // Its certificates end before the day that was asked for.
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.printed.contains("chỉ chứng minh được đến"), "{ran:?}");
    assert!(!ran.complained.contains("--evidence"), "{ran:?}");
    assert!(ran.printed.contains("1 tệp đã gia hạn"), "{ran:?}");
    assert_eq!(level(&desk, "archive/a.pdf"), "PAdES-B-LT");
}

#[test]
fn fe7_30_a_file_that_cannot_be_written_is_named_once_with_the_reason() {
    let services = services();
    let desk = desk(&services);
    for folder in ["archive", "kept"] {
        std::fs::create_dir(desk.path(folder)).unwrap();
    }
    sign(&desk, &services, "b-t", "archive/a.pdf", LOCAL).assert_signed();
    let (archive, kept) = (desk.path("archive"), desk.path("kept"));
    let file = archive.join("a.pdf");
    let signed = std::fs::read(&file).unwrap();
    keep_evidence(&signed, &kept);
    // 29: what is no evidence is named, and the rest counts.
    std::fs::write(kept.join("hỏng.crl"), b"none").unwrap();
    let mut permissions = std::fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&file, permissions).unwrap();
    let ran = run(
        "extend",
        arguments![
            "--archive",
            &archive,
            "--before",
            "31/12/2099",
            "--at",
            NOW,
            "--level",
            "b-lt",
            "--anchors",
            anchors(),
            "--evidence",
            &kept
        ],
    );
    assert_eq!(ran.status, 2, "{ran:?}");
    let line = format!(
        "{}: không ghi được tệp; chưa có gì thay đổi: ",
        file.display()
    );
    let told = ran.printed.lines().find_map(|one| one.strip_prefix(&line));
    assert!(told.is_some_and(|why| why.contains("quyền")), "{ran:?}");
    let left = format!("bỏ qua {}", kept.join("hỏng.crl").display());
    assert!(ran.complained.contains(&left), "{ran:?}");
    assert_eq!(std::fs::read(&file).unwrap(), signed);
}

/// What the issuers of a signed file say, in a folder.
fn keep_evidence(signed: &[u8], folder: &Path) {
    let mut settings = trien::net::HttpSettings::default();
    settings.addresses = trien::net::AddressPolicy::AllowPrivate;
    let transport = trien::net::HttpTransport::new(settings);
    let limits = trien::trust::FolderLimits::default();
    let anchors = trien::trust::TrustAnchors::read_dir(anchors(), &limits)
        .unwrap()
        .anchors;
    let search = trien::EvidenceSearch::new(&anchors, moved(0), &transport);
    let document = trien::Document::open(signed, &trien::Limits::default()).unwrap();
    let found = trien::collect_evidence(&document, &search).unwrap();
    assert!(found.missing.is_empty(), "{:?}", found.missing);
    let put = |ending: &str, number: usize, octets: &[u8]| {
        std::fs::write(folder.join(format!("{number}.{ending}")), octets).unwrap();
    };
    for (number, certificate) in found.certificates.iter().enumerate() {
        put("cer", number, certificate.as_der());
    }
    for (ending, all) in [("crl", &found.crls), ("ocsp", &found.ocsps)] {
        for (number, octets) in all.iter().enumerate() {
            put(ending, number, octets);
        }
    }
}
