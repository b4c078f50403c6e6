//! One request for the same thing at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use trien_net::{NetError, NetErrorKind, SingleFlight};
use trien_testkit::pki::Role;
use trien_testkit::services::{Fault, Hold, RequestLog};
use trien_types::{Purpose, Transport, TransportError, TransportRequest};

use crate::faults::query;
use crate::live::{get, http, services};

/// What `ask` gives to so many threads at once.
pub(crate) fn at_once<R: Send>(threads: usize, ask: impl Fn() -> R + Sync) -> Vec<R> {
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(&ask)).collect();
        let results = handles.into_iter().map(|handle| handle.join().unwrap());
        results.collect()
    })
}

/// What `ask` gives to so many callers, the first of whom is answered when all have asked.
fn together<R: Send>(
    callers: usize,
    (hold, log): (&Hold, &RequestLog),
    ask: impl Fn() -> R + Sync,
) -> Vec<R> {
    let asked = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..callers)
            .map(|_| {
                scope.spawn(|| {
                    asked.fetch_add(1, Ordering::SeqCst);
                    ask()
                })
            })
            .collect();
        while asked.load(Ordering::SeqCst) < callers || log.is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        // From saying that it asks to asking, each has a few instructions left.
        std::thread::sleep(Duration::from_secs(2));
        hold.release();
        let results = threads.into_iter().map(|caller| caller.join().unwrap());
        results.collect()
    })
}

#[test]
fn eight_callers_share_one_request() {
    let live = services();
    let hold = Hold::new();
    live.crls.faults().always([Fault::Held(hold.clone())]);
    let transport = SingleFlight::new(http());
    let url = live.crls.url(Role::PublicAuthority);
    let log = live.crls.log();
    let answers = together(8, (&hold, log), || {
        get(&transport, Purpose::Crl, &url).unwrap()
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(live.crls.log().len(), 1);
    get(&transport, Purpose::Crl, &url).unwrap();
    assert_eq!(live.crls.log().len(), 2, "nothing is kept");
}

#[test]
fn eight_callers_share_one_failure_with_its_cause() {
    let live = services();
    let hold = Hold::new();
    let faults = [Fault::Held(hold.clone()), Fault::HttpStatus(503)];
    live.crls.faults().always(faults);
    let transport = SingleFlight::new(http());
    let url = live.crls.url(Role::PublicAuthority);
    let log = live.crls.log();
    for error in together(8, (&hold, log), || {
        get(&transport, Purpose::Crl, &url).unwrap_err()
    }) {
        let kind = NetError::of(&error).unwrap().kind();
        assert_eq!(kind, &NetErrorKind::HttpStatus(503));
    }
    assert_eq!(live.crls.log().len(), 1);
}

#[test]
fn other_addresses_and_bodies_are_other_requests() {
    let live = services();
    let pause = Duration::from_millis(100);
    live.crls.faults().always([Fault::Slow(pause)]);
    let transport = SingleFlight::new(http());
    std::thread::scope(|scope| {
        for role in [Role::PublicAuthority, Role::GovernmentAuthority] {
            let url = live.crls.url(role);
            let transport = &transport;
            scope.spawn(move || get(transport, Purpose::Crl, &url).unwrap());
        }
    });
    assert_eq!(live.crls.log().len(), 2);
}

#[test]
fn time_stamps_are_not_joined() {
    let live = services();
    let pause = Duration::from_millis(100);
    live.time_stamps.faults().always([Fault::Slow(pause)]);
    let transport = SingleFlight::new(http());
    let (url, query) = (live.time_stamps.url(), query(1));
    let request = TransportRequest::new(Purpose::TimeStamp, &url, query.to_der());
    let answers = at_once(3, || transport.exchange(request).unwrap());
    assert_eq!(live.time_stamps.log().len(), 3);
    assert_ne!(answers[0], answers[1], "each token has its own number");
}

/// A transport whose first caller breaks off while others wait.
struct Breaking;

impl Transport for Breaking {
    fn exchange(&self, _: TransportRequest<'_>) -> Result<Vec<u8>, TransportError> {
        std::thread::sleep(Duration::from_millis(200));
        panic!("a fault of the transport");
    }
}

#[test]
fn nobody_waits_for_ever_when_the_first_caller_breaks_off() {
    let transport = SingleFlight::new(Breaking);
    let outcomes = std::thread::scope(|scope| {
        let ask = || get(&transport, Purpose::Crl, "http://a.example/");
        let handles: Vec<_> = (0..3).map(|_| scope.spawn(ask)).collect();
        let joined = handles.into_iter().map(|handle| handle.join());
        joined.collect::<Vec<_>>()
    });
    let broken_off = outcomes.iter().filter(|one| one.is_err()).count();
    assert!(broken_off >= 1, "whoever asked the transport");
    for outcome in outcomes.into_iter().flatten() {
        assert!(outcome.is_err());
    }
}
