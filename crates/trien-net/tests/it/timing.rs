//! How many requests are under way, and how long they may take together.

use std::time::{Duration, Instant};

use trien_net::{HttpTransport, NetErrorKind};
use trien_testkit::pki::Role;
use trien_testkit::services::Fault;
use trien_types::{Purpose, Transport, TransportRequest};

use crate::faults::query;
use crate::live::{get, http, kind, services, settings};

#[test]
fn at_most_four_time_stamps_are_asked_for_at_a_time() {
    let live = services();
    let pause = Duration::from_millis(60);
    live.time_stamps.faults().always([Fault::Slow(pause)]);
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
    });
    assert_eq!(live.time_stamps.log().len(), 12);
    assert_eq!(live.time_stamps.log().most_at_once(), 4);
}

#[test]
fn waiting_time_stamps_do_not_hold_up_revocation_lists() {
    let live = services();
    let pause = Duration::from_secs(2);
    live.time_stamps.faults().always([Fault::Slow(pause)]);
    let (transport, url) = (http(), live.time_stamps.url());
    let start = Instant::now();
    std::thread::scope(|scope| {
        for nonce in 1..=4 {
            let (transport, url) = (&transport, url.as_str());
            scope.spawn(move || {
                let query = query(nonce);
                let request = TransportRequest::new(Purpose::TimeStamp, url, query.to_der());
                transport.exchange(request).unwrap();
            });
        }
        let list = live.crls.url(Role::PublicAuthority);
        get(&transport, Purpose::Crl, &list).unwrap();
        assert!(start.elapsed() < pause);
    });
}

#[test]
fn redirections_share_one_time_out() {
    let live = services();
    let mut settings = settings();
    settings.crl.time_out = Duration::from_millis(800);
    let transport = HttpTransport::new(settings);
    // Each would be in time by itself.
    let pause = Duration::from_millis(600);
    live.crls
        .faults()
        .next([Fault::Slow(pause), Fault::RedirectLoop]);
    live.crls.faults().next([Fault::Slow(pause)]);
    let url = live.crls.url(Role::PublicAuthority);
    let error = get(&transport, Purpose::Crl, &url);
    assert!(matches!(kind(error), NetErrorKind::TimedOut { .. }));
    assert_eq!(live.crls.log().len(), 2);
}
