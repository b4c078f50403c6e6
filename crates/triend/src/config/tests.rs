use super::reader::{LIMITS, ROOT};
use super::*;

fn faults(text: &str) -> Vec<(usize, String, ConfigFaultKind)> {
    let error = Config::parse(text).unwrap_err();
    error
        .faults()
        .iter()
        .map(|fault| (fault.line, fault.key.clone(), fault.kind.clone()))
        .collect()
}

#[test]
fn an_empty_file_is_the_default() {
    assert_eq!(Config::parse("").unwrap(), Config::default());
}

#[test]
fn every_key_is_read() {
    let text = r#"
port = 20000
modules = ["/usr/lib/softhsm/libsofthsm2.so"]
browser = ["firefox", "--new-window"]
time-stamp-authorities = ["http://tsa.ca.gov.vn", "https://tsa.example/x"]
anchors = "/etc/triend/anchors"
profile = "tt15_2025"
language = "en"
log-level = "debug"

[limits]
document-octets = 1_000_000
job-seconds = 3600
log-octets = 0x100000
connections = 64
stop-seconds = 5
"#;
    let config = Config::parse(text).unwrap();
    let default = Config::default();
    assert_eq!(config.port, 20000);
    assert_eq!(config.limits.log_octets, 1 << 20);
    assert_eq!(config.limits.connections, 64);
    assert_eq!(config.profile.as_deref(), Some("tt15_2025"));
    assert_eq!(config.time_stamp_authorities.len(), 2);
    // Every key of the table stands in the text above, and none has its default there.
    for key in ROOT.iter().chain(LIMITS) {
        assert!(text.contains(key), "{key}");
        let shorter: String = text
            .lines()
            .filter(|line| !line.starts_with(&format!("{key} =")))
            .map(|line| format!("{line}\n"))
            .collect();
        if *key != "limits" {
            assert_ne!(Config::parse(&shorter).unwrap(), config, "{key}");
        }
    }
    assert_ne!(config.limits, default.limits);
}

#[test]
fn a_key_that_there_is_not_is_named_with_its_line_and_the_one_that_was_meant() {
    for (text, line, key, meant) in [
        ("port = 2000\nprot = 2\n", 2, "prot", Some("port")),
        (
            "[limits]\n\njob_seconds = 60",
            3,
            "limits.job_seconds",
            Some("job-seconds"),
        ),
        (
            "timeStampAuthorities = []",
            1,
            "timeStampAuthorities",
            Some("time-stamp-authorities"),
        ),
        ("brower = []", 1, "brower", Some("browser")),
        ("colour = 1", 1, "colour", None),
    ] {
        assert_eq!(
            faults(text),
            [(line, key.to_owned(), ConfigFaultKind::UnknownKey(meant))]
        );
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once_in_both_languages() {
    let text = "port = 80\nlanguage = \"fr\"\nmodules = [\"softhsm.so\"]\nbrowser = \"firefox\"\n\
                anchors = 5\nlimits = 3\ntime-stamp-authorities = [\"ftp://a\"]\nprofile = \"x\"\n\
                log-level = \"trace\"\nwrong = 1\n";
    let error = Config::parse(text).unwrap_err();
    let lines: Vec<usize> = error.faults().iter().map(|fault| fault.line).collect();
    assert_eq!(lines, (1..=10).collect::<Vec<_>>());
    let first = &error.faults()[0];
    assert_eq!(
        first.sentence(Language::Vi),
        "dòng 1: port cần số nguyên từ 1024 đến 65535"
    );
    assert_eq!(
        first.sentence(Language::En),
        "line 1: port expects a whole number from 1024 to 65535"
    );
    assert!(error.to_string().contains("line 10: there is no key wrong"));
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    for (text, line) in [
        ("port = \n", 1),
        ("port = 2000\n[limits\n", 2),
        ("a = 1\na = 2", 2),
    ] {
        let found = faults(text);
        assert!(matches!(&found[..], [(at, _, ConfigFaultKind::NotToml(_))] if *at == line));
    }
}
