//! How many requests are under way, and how long they may take together.

use std::time::Duration;

use trien_net::{HttpTransport, NetErrorKind};
use trien_testkit::pki::Role;
use trien_testkit::services::{Fault, Hold, RequestLog};
use trien_types::{Purpose, Transport, TransportRequest};

use crate::faults::query;
use crate::live::{get, http, kind, services, settings};

/// Waits until so many requests have come in.
pub(crate) fn come_in(log: &RequestLog, requests: usize) {
    while log.len() < requests {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn at_most_four_time_stamps_are_asked_for_at_a_time() {
    let live = services();
    let hold = Hold::new();
    live.time_stamps
        .faults()
        .always([Fault::Held(hold.clone())]);
    let (transport, url) = (http(), live.time_stamps.url());
    std::thread::scope(|scope| {
        for nonce in 1..=12 {
            let (transport, url) = (&transport, url.as_str());
            scope.spawn(move || {
                let query = query(nonce);
                let request = TransportRequest::new(Purpose::TimeStamp, url, query.to_der());
                transport.exchange(request).unwrap();
            });
        }
        come_in(live.time_stamps.log(), 4);
        // A fifth one has time to come.
        std::thread::sleep(Duration::from_millis(200));
        hold.release();
    });
    assert_eq!(live.time_stamps.log().len(), 12);
    assert_eq!(live.time_stamps.log().most_at_once(), 4);
}

#[test]
fn waiting_time_stamps_do_not_hold_up_revocation_lists() {
    let live = services();
    let hold = Hold::new();
    live.time_stamps
        .faults()
        .always([Fault::Held(hold.clone())]);
    let (transport, url) = (http(), live.time_stamps.url());
    std::thread::scope(|scope| {
        for nonce in 1..=4 {
            let (transport, url) = (&transport, url.as_str());
            scope.spawn(move || {
                let query = query(nonce);
                let request = TransportRequest::new(Purpose::TimeStamp, url, query.to_der());
                transport.exchange(request).unwrap();
            });
        }
        come_in(live.time_stamps.log(), 4);
        // None of them is answered before the list has come.
        let list = live.crls.url(Role::PublicAuthority);
        let answer = get(&transport, Purpose::Crl, &list);
        hold.release();
        answer.unwrap();
    });
}

#[test]
fn redirections_share_one_time_out() {
    let live = services();
    let mut settings = settings();
    settings.crl.time_out = Duration::from_secs(5);
    let transport = HttpTransport::new(settings);
    // Each would be in time by itself, with more than three seconds to spare.
    let pause = Duration::from_millis(1_700);
    for _ in 0..3 {
        live.crls
            .faults()
            .next([Fault::Slow(pause), Fault::RedirectLoop]);
    }
    live.crls.faults().next([Fault::Slow(pause)]);
    let url = live.crls.url(Role::PublicAuthority);
    let error = get(&transport, Purpose::Crl, &url);
    assert!(matches!(kind(error), NetErrorKind::TimedOut { .. }));
    assert!(live.crls.log().len() > 1, "not the first by itself");
}
