//! What the program says first, and what it says where something that it was given cannot be used.

use std::fs;
use std::net::TcpListener;

use trien_testkit::pki::Role as Holder;

use crate::program::{Desk, add_record};
use crate::school::certificate;

#[test]
fn the_help_says_first_what_the_program_is_and_what_a_person_does_next() {
    let desk = Desk::new();
    for flag in ["-h", "--help"] {
        let page = desk.done(&[flag]);
        assert!(page.starts_with("triend là chương trình ký số"), "{page}");
        let (next, usage) = (
            page.find("mở trang của nhà trường"),
            page.find("Cách dùng:"),
        );
        assert!(next.is_some() && next < usage, "{page}");
        let page = desk.done(&["--lang", "en", flag]);
        assert!(page.starts_with("triend is the signing daemon"), "{page}");
        assert!(page.contains("open the school's page"), "{page}");
    }
    let below = desk.done(&["pairings", "grant", "--help"]);
    assert!(
        below.contains("Cách dùng: triend pairings grant"),
        "{below}"
    );
}

#[test]
fn a_file_that_is_no_backup_is_said_to_be_none_and_the_store_is_not_blamed() {
    let desk = Desk::staffed();
    let backup = desk.path("backup.sqlite");
    desk.done(&["store", "backup", backup.to_str().unwrap()]);
    let whole = fs::read(&backup).unwrap();
    for (name, octets) in [
        ("random", &[0xa7; 40_000][..]),
        ("empty", b""),
        ("letter.pdf", b"%PDF-1.7 signed"),
    ] {
        let file = desk.file(name, octets);
        let said = desk.run(&["store", "restore", &file]);
        assert_eq!(said.status, Some(2));
        let why = "không phải là bản sao lưu của triend: hãy nêu tệp do lệnh store backup ghi ra";
        assert_eq!(said.err, format!("triend: {file}: {why}\n"));
        let said = desk.run(&["--lang", "en", "store", "restore", &file]);
        assert!(said.err.contains("is no backup of triend"), "{}", said.err);
    }
    // A backup that lost its end, and one that is ours no further than its first octets.
    let mut begun = whole.clone();
    begun[100..].fill(0xa7);
    for (name, octets) in [("half", &whole[..whole.len() / 2]), ("begun", &begun)] {
        let file = desk.file(name, octets);
        let said = desk.run(&["store", "restore", &file]);
        assert_eq!(said.status, Some(2));
        assert!(said.err.contains("bản sao lưu"), "{}", said.err);
        assert!(!said.err.contains("tệp của kho"), "{}", said.err);
        assert!(!said.err.contains("database"), "{}", said.err);
    }
    assert_eq!(desk.run(&["store", "check"]).status, Some(0));
}

#[test]
fn a_backup_into_a_folder_that_is_not_there_names_that_folder() {
    let desk = Desk::staffed();
    let folder = desk.path("none");
    let target = folder.join("backup.sqlite").display().to_string();
    let said = desk.run(&["store", "backup", &target]);
    assert_eq!(said.status, Some(2));
    let folder = folder.display();
    assert_eq!(
        said.err,
        format!("triend: {folder}: chưa có thư mục này: hãy tạo trước\n")
    );
    let said = desk.run(&["--lang", "en", "store", "backup", &target]);
    let expected = format!("triend: there is no folder {folder}: make it first\n");
    assert_eq!(said.err, expected);
    assert_eq!(desk.run(&["store", "check"]).status, Some(0));
}

#[test]
fn a_port_that_is_taken_is_named_with_what_to_do() {
    let desk = Desk::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let config = desk.file("triend.toml", format!("port = {port}\n").as_bytes());
    let said = desk.run(&["--config", &config]);
    assert_eq!((said.status, said.out.as_str()), (Some(2), ""));
    assert_eq!(
        said.err,
        format!(
            "triend: đã thử cổng {port} và chương trình khác đang dùng, có thể là triend của người \
             dùng khác trên máy này: hãy tắt chương trình đó, hoặc đặt port khác trong tệp cấu hình\n"
        )
    );
    let said = desk.run(&["--lang", "en", "--config", &config]);
    let (port, advice) = (port.to_string(), "set another port in the configuration");
    assert!(
        said.err.contains(&port) && said.err.trim().ends_with(advice),
        "{}",
        said.err
    );
}

#[test]
fn a_right_for_a_pairing_that_has_ended_is_refused_as_ended() {
    let desk = Desk::new();
    desk.done(&["pairings", "add", "https://hocba.example.edu.vn"]);
    desk.done(&["pairings", "revoke", "1"]);
    let said = desk.run(&["pairings", "grant", "1", "records-read"]);
    assert_eq!(said.status, Some(2));
    assert_eq!(said.err, "triend: kết nối này đã được gỡ rồi\n");
    let said = desk.run(&["--lang", "en", "pairings", "grant", "1", "records-read"]);
    assert_eq!(said.err, "triend: this pairing has ended already\n");
    let said = desk.run(&["pairings", "grant", "9", "records-read"]);
    assert_eq!(said.err, "triend: không có kết nối số 9\n");
}

#[test]
fn a_configuration_is_checked_for_what_it_names_on_this_machine() {
    let desk = Desk::new();
    let anchors = desk.path("anchors");
    fs::create_dir(&anchors).unwrap();
    let good = format!("anchors = {anchors:?}\nbrowser = [\"sh\", \"-c\"]\n");
    let good = desk.file("good.toml", good.as_bytes());
    desk.done(&["config", "check", &good]);
    let (none, text) = (desk.path("none"), desk.file("text.so", b"no library"));
    let bad = format!(
        "anchors = {none:?}\nmodules = [{none:?}, {text:?}]\nbrowser = [\"no-such-browser\"]\n"
    );
    let bad = desk.file("bad.toml", bad.as_bytes());
    let said = desk.run(&["config", "check", &bad]);
    assert_eq!(said.status, Some(1), "{}", said.err);
    let lines: Vec<&str> = said.out.lines().collect();
    for (line, names) in [
        (0, [bad.as_str(), "anchors", &none.display().to_string()]),
        (1, [bad.as_str(), "modules", &none.display().to_string()]),
        (2, [bad.as_str(), "modules", text.as_str()]),
        (3, [bad.as_str(), "browser", "no-such-browser"]),
    ] {
        for name in names {
            assert!(lines[line].contains(name), "{name}: {}", said.out);
        }
    }
    assert_eq!(lines.len(), 4, "{}", said.out);
    // A folder is no program, nor is a file that nobody may start a folder of roots.
    let bad = format!("anchors = {text:?}\nbrowser = [{anchors:?}]\n");
    let bad = desk.file("bad.toml", bad.as_bytes());
    let said = desk.run(&["--lang", "en", "config", "check", &bad]);
    assert_eq!(
        (said.status, said.out.lines().count()),
        (Some(1), 2),
        "{}",
        said.out
    );
}

#[test]
fn what_is_no_pdf_is_no_record() {
    let desk = Desk::staffed();
    let wrong = desk.file("bad.toml", b"port = 14741\n");
    let said = desk.run(&add_record(&wrong, &["--signer", "1"]));
    assert_eq!(said.status, Some(2));
    assert!(said.err.contains("không phải là PDF"), "{}", said.err);
    assert_eq!(desk.done(&["evidence", "list"]), "");
    // Octets before the header are allowed (ISO 32000-1, annex H).
    let late = desk.file("late.pdf", &[&[b' '; 900][..], b"%PDF-1.7"].concat());
    assert_eq!(desk.done(&add_record(&late, &["--signer", "1"])), "1\n");
}

#[test]
fn the_certificate_of_an_authority_is_nobodys_in_the_register() {
    let desk = Desk::new();
    for holder in [Holder::GovernmentRoot, Holder::GovernmentAuthority] {
        let file = desk.file("authority.der", &certificate(holder));
        let said = desk.run(&[
            "register",
            "add",
            "--person",
            "Nguyễn Thị Hòa",
            "--body",
            "Trường THCS Thái Học",
            "--role",
            "hieu-truong",
            "--certificate",
            &file,
        ]);
        assert_eq!(said.status, Some(2));
        assert!(said.err.contains("của tổ chức chứng thực"), "{}", said.err);
    }
    assert_eq!(desk.done(&["register", "list"]), "");
}
