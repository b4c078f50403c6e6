//! Several time-stamping authorities in turn.

use std::num::NonZeroU32;
use std::time::Duration;

use trien_net::{
    FailOver, FailOverError, FailOverSettings, HttpTransport, NetError, NetErrorKind, any_answer,
};
use trien_testkit::pki::Role;
use trien_testkit::services::{Fault, LiveServices};
use trien_types::{Purpose, Transport, TransportError, TransportRequest};

use crate::faults::query;
use crate::live::{get, http, services};

fn settings(rounds: u32) -> FailOverSettings {
    let mut settings = FailOverSettings::default();
    settings.rounds = NonZeroU32::new(rounds).unwrap();
    settings.pause = Duration::from_millis(10);
    settings
}

/// The government's authority, then the public one.
fn both(live: &LiveServices, rounds: u32) -> FailOver<HttpTransport> {
    let urls = [live.time_stamps.url(), live.public_time_stamps.url()];
    let urls = urls.iter().map(String::as_str);
    FailOver::new(http(), urls, any_answer, settings(rounds))
}

fn stamp(transport: &impl Transport) -> Result<Vec<u8>, TransportError> {
    let query = query(5);
    transport.exchange(TransportRequest::new(
        Purpose::TimeStamp,
        "",
        query.to_der(),
    ))
}

fn failures(error: &TransportError) -> Vec<(String, u32, NetErrorKind)> {
    let error = FailOverError::of(error).unwrap();
    let attempts = error.attempts().iter();
    attempts
        .map(|one| {
            let kind = NetError::of(&one.error).unwrap().kind().clone();
            (one.url.clone(), one.round, kind)
        })
        .collect()
}

#[test]
fn the_second_authority_answers_where_the_first_does_not() {
    let live = services();
    live.time_stamps.faults().always([Fault::HttpStatus(503)]);
    let transport = both(&live, 1);
    stamp(&transport).unwrap();
    stamp(&transport).unwrap();
    assert_eq!(
        live.time_stamps.log().len(),
        1,
        "it is asked last from then on"
    );
    assert_eq!(live.public_time_stamps.log().len(), 2);
    live.public_time_stamps.faults().next([Fault::HangUp]);
    live.time_stamps.faults().clear();
    stamp(&transport).unwrap();
    assert_eq!(live.time_stamps.log().len(), 2);
}

#[test]
fn an_authority_that_fails_once_is_asked_again_after_a_pause() {
    let live = services();
    live.time_stamps.faults().next([Fault::HttpStatus(500)]);
    live.time_stamps.faults().next([Fault::CutOff]);
    let url = live.time_stamps.url();
    let transport = FailOver::new(http(), [url.as_str()], any_answer, settings(3));
    let start = std::time::Instant::now();
    stamp(&transport).unwrap();
    assert_eq!(live.time_stamps.log().len(), 3);
    assert!(start.elapsed() >= Duration::from_millis(30), "10 and 20 ms");
}

#[test]
fn what_will_not_get_better_is_not_asked_again() {
    let live = services();
    live.time_stamps.faults().always([Fault::HttpStatus(404)]);
    live.public_time_stamps
        .faults()
        .always([Fault::HttpStatus(502)]);
    let error = stamp(&both(&live, 3)).unwrap_err();
    let (first, second) = (live.time_stamps.url(), live.public_time_stamps.url());
    assert_eq!(
        failures(&error),
        [
            (first, 1, NetErrorKind::HttpStatus(404)),
            (second.clone(), 1, NetErrorKind::HttpStatus(502)),
            (second.clone(), 2, NetErrorKind::HttpStatus(502)),
            (second, 3, NetErrorKind::HttpStatus(502)),
        ]
    );
}

#[test]
fn the_error_says_which_authority_failed_and_how() {
    let gone = "http://127.0.0.1:1/tsa";
    let live = services();
    live.time_stamps.faults().always([Fault::HttpStatus(403)]);
    let (url, https) = (live.time_stamps.url(), "ftp://tsa.example/");
    let urls = [gone, url.as_str(), https];
    let transport = FailOver::new(http(), urls, any_answer, settings(1));
    let error = stamp(&transport).unwrap_err();
    let told = FailOverError::of(&error).unwrap().to_string();
    assert_eq!(
        told,
        format!(
            "no time-stamping authority answered: {gone}: nobody listens there, or no way leads \
             there; {url}: HTTP status 403; ftp://tsa.example/: the address is neither http nor \
             https"
        )
    );
}

/// A granted response is a SEQUENCE whose status is a SEQUENCE with INTEGER 0.
fn granted(_: &[u8], answer: &[u8]) -> Result<(), TransportError> {
    if answer
        .windows(5)
        .take(8)
        .any(|five| five == [0x30, 3, 2, 1, 0])
    {
        Ok(())
    } else {
        Err(TransportError::new("the authority refused"))
    }
}

#[test]
fn an_authority_that_refuses_is_passed_over() {
    let live = services();
    live.time_stamps.faults().always([Fault::Refuse]);
    let urls = [live.time_stamps.url(), live.public_time_stamps.url()];
    let urls = urls.iter().map(String::as_str);
    let transport = FailOver::new(http(), urls, granted, settings(3));
    stamp(&transport).unwrap();
    live.public_time_stamps.faults().always([Fault::Garbage]);
    let error = stamp(&transport).unwrap_err();
    let error = FailOverError::of(&error).unwrap();
    assert_eq!(error.attempts().len(), 2, "neither is asked again");
    assert!(error.to_string().contains("the authority refused"));
}

#[test]
fn an_empty_list_is_an_error() {
    let transport = FailOver::new(http(), [], any_answer, settings(3));
    let error = stamp(&transport).unwrap_err();
    let error = FailOverError::of(&error).unwrap();
    assert_eq!(error.to_string(), "no time-stamping authority answered");
}

#[test]
fn other_requests_go_where_they_say() {
    let live = services();
    let url = live.crls.url(Role::PublicAuthority);
    assert!(get(&both(&live, 1), Purpose::Crl, &url).is_ok());
}
