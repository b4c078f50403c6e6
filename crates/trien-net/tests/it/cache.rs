//! Answers kept on disk.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use trien_net::{
    CacheSettings, CachedTransport, Expired, HttpTransport, NetErrorKind, Offline, SingleFlight,
};
use trien_testkit::pki::Role;
use trien_testkit::services::{Fault, LiveServices};
use trien_types::{Limits, Purpose, Transport, TransportRequest, UnixTime};
use trien_x509::Crl;

use crate::faults::query;
use crate::live::{get, http, kind, now, services};
use crate::single_flight::at_once;

/// As a facade would read it: lists say it themselves, other things are kept for an hour.
fn expiry_of(purpose: Purpose, answer: &[u8]) -> Option<UnixTime> {
    if purpose == Purpose::Crl {
        let list = Crl::from_der_or_pem(answer, &Limits::default()).ok()?;
        list.next_update()
    } else {
        Some(now().plus_seconds(3_600))
    }
}

struct Cache {
    folder: tempfile::TempDir,
    time: Arc<AtomicI64>,
}

impl Cache {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            time: Arc::new(AtomicI64::new(now().seconds())),
        }
    }

    fn open<T>(&self, inner: T, settings: CacheSettings) -> CachedTransport<T> {
        let time = Arc::clone(&self.time);
        let clock = move || UnixTime::from_seconds(time.load(Ordering::Relaxed));
        CachedTransport::open(inner, self.folder.path(), settings, expiry_of, clock).unwrap()
    }

    fn online(&self) -> CachedTransport<HttpTransport> {
        self.open(http(), CacheSettings::default())
    }

    fn set_time(&self, time: UnixTime) {
        self.time.store(time.seconds(), Ordering::Relaxed);
    }

    fn files(&self) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

const DAY: i64 = 86_400;

fn list(live: &LiveServices, transport: &impl Transport) -> Vec<u8> {
    let url = live.crls.url(Role::PublicAuthority);
    get(transport, Purpose::Crl, &url).unwrap()
}

#[test]
fn a_list_is_fetched_again_when_its_next_update_is_due() {
    let (live, cache) = (services(), Cache::new());
    let transport = cache.online();
    let first = list(&live, &transport);
    assert_eq!(list(&live, &transport), first);
    cache.set_time(now().plus_seconds(DAY - 1));
    assert_eq!(
        list(&live, &cache.online()),
        first,
        "also by another process"
    );
    assert_eq!(live.crls.log().len(), 1);
    cache.set_time(now().plus_seconds(DAY));
    live.set_time(now().plus_seconds(DAY));
    assert_ne!(list(&live, &transport), first);
    assert_eq!(live.crls.log().len(), 2);
}

#[test]
fn no_answer_is_used_longer_than_the_settings_allow() {
    let (live, cache) = (services(), Cache::new());
    let mut settings = CacheSettings::default();
    settings.longest_seconds = 600;
    let transport = cache.open(http(), settings);
    list(&live, &transport);
    cache.set_time(now().plus_seconds(599));
    list(&live, &transport);
    assert_eq!(live.crls.log().len(), 1);
    cache.set_time(now().plus_seconds(600));
    list(&live, &transport);
    assert_eq!(live.crls.log().len(), 2);
}

#[test]
fn what_has_no_expiry_or_is_over_is_not_kept() {
    let (live, cache) = (services(), Cache::new());
    let transport = cache.online();
    live.crls.faults().next([Fault::Garbage]);
    live.crls.faults().next([Fault::Stale]);
    for _ in 0..2 {
        list(&live, &transport);
        assert_eq!(cache.files(), Vec::<std::path::PathBuf>::new());
    }
    list(&live, &transport);
    assert_eq!(cache.files().len(), 1);
    assert_eq!(live.crls.log().len(), 3);
}

#[test]
fn time_stamps_are_never_kept() {
    let (live, cache) = (services(), Cache::new());
    let transport = cache.online();
    let (url, query) = (live.time_stamps.url(), query(1));
    for _ in 0..2 {
        let request = TransportRequest::new(Purpose::TimeStamp, &url, query.to_der());
        transport.exchange(request).unwrap();
    }
    assert_eq!(live.time_stamps.log().len(), 2);
    assert!(cache.files().is_empty());
}

#[test]
fn failures_are_not_kept() {
    let (live, cache) = (services(), Cache::new());
    let transport = cache.online();
    live.crls.faults().next([Fault::HttpStatus(503)]);
    live.crls.faults().next([Fault::CutOff]);
    let url = live.crls.url(Role::PublicAuthority);
    for _ in 0..2 {
        assert!(get(&transport, Purpose::Crl, &url).is_err());
    }
    assert!(get(&transport, Purpose::Crl, &url).is_ok());
}

#[test]
fn offline_there_is_what_was_kept_and_a_typed_error_for_the_rest() {
    let (live, cache) = (services(), Cache::new());
    let kept = list(&live, &cache.online());
    let offline = cache.open(Offline, CacheSettings::default());
    assert_eq!(list(&live, &offline), kept);
    let other = live.crls.url(Role::GovernmentAuthority);
    let error = get(&offline, Purpose::Crl, &other);
    assert_eq!(kind(error), NetErrorKind::Offline);
    assert_eq!(live.crls.log().len(), 1);
}

#[test]
fn an_expired_answer_serves_only_where_the_settings_say_so() {
    let (live, cache) = (services(), Cache::new());
    let kept = list(&live, &cache.online());
    cache.set_time(now().plus_seconds(2 * DAY));
    let url = live.crls.url(Role::PublicAuthority);
    let strict = cache.open(Offline, CacheSettings::default());
    assert_eq!(
        kind(get(&strict, Purpose::Crl, &url)),
        NetErrorKind::Offline
    );
    let mut settings = CacheSettings::default();
    settings.expired = Expired::WhenUnreachable;
    let lenient = cache.open(Offline, settings);
    assert_eq!(get(&lenient, Purpose::Crl, &url).unwrap(), kept);
}

#[test]
fn a_damaged_file_is_as_good_as_none() {
    let (live, cache) = (services(), Cache::new());
    let transport = cache.online();
    let sound = list(&live, &transport);
    let file = cache.files().pop().unwrap();
    let octets = std::fs::read(&file).unwrap();
    std::fs::write(&file, &octets[..octets.len() - 1]).unwrap();
    assert_eq!(list(&live, &transport), sound);
    assert_eq!(live.crls.log().len(), 2);
    assert_eq!(std::fs::read(&file).unwrap(), octets, "and is replaced");
}

#[test]
fn the_oldest_answers_make_room_and_foreign_files_stay() {
    let (live, cache) = (services(), Cache::new());
    let foreign = cache.folder.path().join("notes.answer");
    std::fs::write(&foreign, [0; 10_000]).unwrap();
    let roles = [
        Role::PublicAuthority,
        Role::GovernmentAuthority,
        Role::NationalRoot,
    ];
    let mut settings = CacheSettings::default();
    // Room for two lists of some 600 octets with their heads.
    settings.octets = 1_800;
    let transport = cache.open(http(), settings);
    for role in roles {
        get(&transport, Purpose::Crl, &live.crls.url(role)).unwrap();
        // The file system tells which is older.
        std::thread::sleep(std::time::Duration::from_millis(15));
    }
    let files = cache.files();
    let octets: u64 = files
        .iter()
        .filter(|path| **path != foreign)
        .map(|path| path.metadata().unwrap().len())
        .sum();
    assert!(octets <= 1_800, "{octets}");
    assert_eq!(files.len(), 3);
    assert!(foreign.exists());
    get(&transport, Purpose::Crl, &live.crls.url(roles[2])).unwrap();
    assert_eq!(live.crls.log().len(), 3, "the newest is there");
    get(&transport, Purpose::Crl, &live.crls.url(roles[0])).unwrap();
    assert_eq!(live.crls.log().len(), 4, "the oldest is gone");
}

#[test]
fn an_answer_larger_than_the_settings_allow_is_not_kept() {
    let (live, cache) = (services(), Cache::new());
    let mut settings = CacheSettings::default();
    settings.answer_octets = 100;
    let transport = cache.open(http(), settings);
    list(&live, &transport);
    assert!(cache.files().is_empty());
}

#[test]
fn a_folder_that_vanishes_costs_requests_not_answers() {
    let (live, cache) = (services(), Cache::new());
    let transport = cache.online();
    std::fs::remove_dir_all(cache.folder.path()).unwrap();
    list(&live, &transport);
    list(&live, &transport);
    assert_eq!(live.crls.log().len(), 2);
}

#[test]
fn a_folder_that_cannot_be_made_is_told_at_once() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let folder: &Path = file.path();
    let opened = CachedTransport::open(Offline, folder, CacheSettings::default(), expiry_of, now);
    let error = opened.unwrap_err();
    assert!(error.to_string().contains("choose another folder"));
}

#[test]
fn many_callers_leave_one_whole_file() {
    let (live, cache) = (services(), Cache::new());
    let transport = cache.online();
    let answers = at_once(8, || list(&live, &transport));
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(cache.files().len(), 1);
    assert_eq!(
        list(&live, &cache.open(Offline, CacheSettings::default())),
        answers[0]
    );
}

#[test]
fn a_cache_within_a_single_flight_asks_once_for_all() {
    let (live, cache) = (services(), Cache::new());
    let pause = std::time::Duration::from_millis(50);
    live.crls.faults().always([Fault::Slow(pause)]);
    let transport = SingleFlight::new(cache.online());
    for _ in 0..3 {
        at_once(8, || list(&live, &transport));
    }
    assert_eq!(live.crls.log().len(), 1);
}
