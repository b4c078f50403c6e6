//! Targets of files that an administrator or a user hands over: keys, anchors, profiles.

use trien::trust::certificates_in;
use trien::{Profile, UnixTime};
use trien_token::{Pin, SoftKey};

/// The password of the seeds that are protected.
const PASSWORD: &str = "1234";

/// A file of trust anchors: DER, PEM, PKCS#7 of either.
pub fn anchor_file(octets: &[u8]) {
    for certificate in certificates_in(octets) {
        let again = certificates_in(certificate.as_der());
        assert_eq!(again, [certificate], "what was found is a file of its own");
    }
}

/// A private key in PEM, protected or not, or in PKCS#12.
pub fn private_key(octets: &[u8]) {
    let password = Pin::from_text(PASSWORD.to_owned()).expect("four digits");
    let keys = [
        SoftKey::from_pem(octets, None),
        SoftKey::from_pem(octets, Some(&password)),
        SoftKey::from_pkcs12(octets, &password),
    ];
    for key in keys {
        match key {
            Ok(key) => {
                let _text = format!("{key:?}");
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// What an administrator writes over a profile.
pub fn profile(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    match Profile::default().with_overrides(text) {
        Ok(profile) => {
            let again = profile.with_overrides(text);
            let _again = again.expect("overrides may be written twice");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    let _moment = UnixTime::from_rfc3339(text);
}
