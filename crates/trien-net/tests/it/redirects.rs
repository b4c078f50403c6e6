//! Redirections: followed as far as they may be, each checked like the first address.

use trien_net::{AddressPolicy, HttpTransport, NetErrorKind};
use trien_testkit::pki::Role;
use trien_testkit::services::Fault;
use trien_types::{Purpose, Transport, TransportRequest};

use crate::faults::query;
use crate::live::{get, http, kind, services, settings};

fn redirect(status: u16, location: &str) -> [Fault; 1] {
    [Fault::Redirect {
        status,
        location: location.to_owned(),
    }]
}

#[test]
fn a_redirect_loop_ends_after_three() {
    let live = services();
    live.crls.faults().always([Fault::RedirectLoop]);
    let url = live.crls.url(Role::PublicAuthority);
    let error = get(&http(), Purpose::Crl, &url);
    assert_eq!(kind(error), NetErrorKind::TooManyRedirects { limit: 3 });
    assert_eq!(live.crls.log().len(), 4);
}

#[test]
fn three_redirections_are_followed() {
    let live = services();
    let url = live.crls.url(Role::PublicAuthority);
    for status in [301, 303, 308] {
        live.crls.faults().next(redirect(status, &url));
    }
    assert!(get(&http(), Purpose::Crl, &url).is_ok());
    assert_eq!(live.crls.log().len(), 4);
}

#[test]
fn a_post_stays_a_post() {
    let live = services();
    let (url, query) = (live.time_stamps.url(), query(1));
    let request = TransportRequest::new(Purpose::TimeStamp, &url, query.to_der());
    for status in [301, 302, 307, 308] {
        live.time_stamps.faults().next(redirect(status, "/tsa"));
        http().exchange(request).unwrap();
    }
    let log = live.time_stamps.log().requests();
    assert_eq!(log.len(), 8);
    assert!(log.iter().all(|one| one.method == "POST"));
    assert!(
        log.iter()
            .all(|one| one.body_octets == query.to_der().len())
    );
    live.time_stamps.faults().next(redirect(303, "/tsa"));
    assert_eq!(
        kind(http().exchange(request)),
        NetErrorKind::RedirectRefused
    );
}

#[test]
fn a_redirection_into_the_private_network_is_refused() {
    let live = services();
    let url = live.crls.url(Role::PublicAuthority);
    let mut settings = settings();
    settings.addresses = AddressPolicy::public_or(["127.0.0.1"]);
    let transport = HttpTransport::new(settings);
    let inside = url.replace("127.0.0.1", "localhost");
    for location in [inside.as_str(), "http://10.0.0.1/", "//[fe80::1]/a"] {
        live.crls.faults().next(redirect(302, location));
        let error = get(&transport, Purpose::Crl, &url);
        assert!(
            matches!(kind(error), NetErrorKind::AddressRefused { .. }),
            "{location}"
        );
    }
    assert_eq!(live.crls.log().len(), 3);
}

#[test]
fn a_redirection_to_another_scheme_or_with_a_password_is_refused() {
    let live = services();
    let url = live.crls.url(Role::PublicAuthority);
    let with = |location: &str| {
        live.crls.faults().next(redirect(302, location));
        kind(get(&http(), Purpose::Crl, &url))
    };
    assert_eq!(with("file:///etc/passwd"), NetErrorKind::SchemeRefused);
    assert_eq!(with("ldap://a.example/"), NetErrorKind::SchemeRefused);
    assert_eq!(
        with("http://user:word@a.example/"),
        NetErrorKind::CredentialsInUrl
    );
    assert_eq!(with(""), NetErrorKind::RedirectRefused);
}

#[test]
fn addresses_that_may_not_be_asked_never_are() {
    let http = http();
    let asked = |url: &str| kind(get(&http, Purpose::Crl, url));
    assert_eq!(asked("file:///etc/passwd"), NetErrorKind::SchemeRefused);
    assert_eq!(
        asked("http://user:word@127.0.0.1/"),
        NetErrorKind::CredentialsInUrl
    );
    assert_eq!(asked("http://"), NetErrorKind::MalformedUrl);
}
