//! CRLs and OCSP responses that the `openssl` program makes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use trien_types::{Limits, UnixTime};
use trien_x509::{
    BasicOcspResponse, CertStatus, Certificate, CertificateScope, Crl, OcspResponse,
    OcspResponseStatus, ResponderId, RevocationErrorKind, RevocationReason, SerialNumber,
};

const CONFIGURATION: &str = "\
[ca]
default_ca = d
[d]
dir = .
database = index.txt
crlnumber = crlnumber
private_key = ca.key
certificate = ca.pem
default_md = sha256
default_crl_days = 30
unique_subject = no
[req]
distinguished_name = n
prompt = no
string_mask = utf8only
utf8 = yes
[n]
C = VN
O = Trung tâm thử nghiệm
CN = CA thử nghiệm
[v3ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[list]
authorityKeyIdentifier = keyid:always
issuingDistributionPoint = critical,@point
[point]
fullname = URI:http://example.invalid/ca.crl
onlyuser = TRUE
";

/// Status, end of validity, revocation, serial number, file name, subject.
const DATABASE: &str = "\
V\t400101000000Z\t\t1001\tunknown\t/CN=good
R\t400101000000Z\t260102030405Z\t1002\tunknown\t/CN=plain
R\t400101000000Z\t260203040506Z,keyTime,20260131000000Z\t1003\tunknown\t/CN=key
R\t400101000000Z\t260304050607Z,superseded\tF004\tunknown\t/CN=superseded
";

struct Authority(tempfile::TempDir);

impl Authority {
    /// `None`, said aloud, where there is no such program.
    fn new() -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            eprintln!("SKIPPED openssl judge: no openssl program on the path");
            return None;
        }
        let authority = Self(tempfile::tempdir().unwrap());
        for (file, text) in [
            ("ca.cnf", CONFIGURATION),
            ("index.txt", DATABASE),
            ("index.txt.attr", ""),
            ("crlnumber", "0A01\n"),
        ] {
            std::fs::write(authority.path(file), text).unwrap();
        }
        authority.run(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config ca.cnf \
             -extensions v3ca -keyout ca.key -out ca.pem -days 30",
        );
        authority.run("x509 -in ca.pem -outform DER -out ca.der");
        Some(authority)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn run(&self, words: &str) {
        let output = Command::new("openssl")
            .args(words.split_whitespace())
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {words}: {said}");
    }

    fn read(&self, file: &str) -> Vec<u8> {
        let path: &Path = &self.path(file);
        let mut octets = Vec::new();
        let mut open = std::fs::File::open(path).unwrap();
        std::io::Read::read_to_end(&mut open, &mut octets).unwrap();
        octets
    }

    fn certificate(&self) -> Certificate {
        Certificate::from_der(self.read("ca.der")).unwrap()
    }

    fn crl(&self, extensions: &str) -> Crl {
        self.run(&format!(
            "ca -gencrl -config ca.cnf {extensions} -out ca.crl"
        ));
        Crl::from_der_or_pem(&self.read("ca.crl"), &Limits::default()).unwrap()
    }

    fn answer(&self, serial: &str, options: &str) -> BasicOcspResponse {
        self.run(&format!(
            "ocsp -sha256 -issuer ca.pem -serial 0x{serial} -reqout request.der"
        ));
        self.run(&format!(
            "ocsp -index index.txt -CA ca.pem -rsigner ca.pem -rkey ca.key -reqin request.der \
             -respout response.der {options}"
        ));
        let der = self.read("response.der");
        let response = OcspResponse::from_der(der.as_slice(), &Limits::default()).unwrap();
        assert_eq!(response.as_der(), der);
        assert_eq!(response.status(), OcspResponseStatus::Successful);
        response.basic().unwrap().clone()
    }
}

fn time(text: &str) -> UnixTime {
    UnixTime::from_rfc3339(text).unwrap()
}

fn serial(octets: &[u8]) -> SerialNumber {
    SerialNumber::from_octets(octets)
}

#[test]
fn a_list_of_openssl_is_read_whole() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let crl = authority.crl("-crlexts list");
    let issuer = authority.certificate();
    crl.verify_signature(&issuer.public_key().unwrap()).unwrap();
    assert_eq!(crl.issuer(), issuer.subject());
    assert_eq!(
        crl.next_update().unwrap().seconds() - crl.this_update().seconds(),
        30 * 24 * 3600
    );
    assert_eq!(crl.number().unwrap().to_string(), "0a01");
    assert_eq!(crl.delta_base(), None);
    assert_eq!(
        crl.authority_key_identifier(),
        issuer.subject_key_identifier()
    );
    let point = crl.issuing_distribution_point().unwrap();
    assert_eq!(point.scope, CertificateScope::UserCertificates);
    assert_eq!(crl.unknown_critical_extensions().count(), 0);
    assert_eq!(crl.len(), 3);
    assert_eq!(crl.entries_of(&serial(b"\x10\x01")).count(), 0);

    let plain = crl.entries_of(&serial(b"\x10\x02")).next().unwrap();
    assert_eq!(plain.revocation_date(), Ok(time("2026-01-02T03:04:05Z")));
    assert_eq!(plain.reason(), Ok(RevocationReason::Unspecified));
    assert_eq!(plain.invalidity_date(), Ok(None));

    let key = crl.entries_of(&serial(b"\x10\x03")).next().unwrap();
    assert_eq!(key.reason(), Ok(RevocationReason::KeyCompromise));
    assert_eq!(
        key.invalidity_date(),
        Ok(Some(time("2026-01-31T00:00:00Z")))
    );

    let superseded = crl.entries_of(&serial(b"\x00\xf0\x04")).next().unwrap();
    assert_eq!(superseded.reason(), Ok(RevocationReason::Superseded));
    assert_eq!(superseded.serial(), Ok(serial(b"\x00\xf0\x04")));
}

#[test]
fn a_list_without_extensions_is_read_too() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let crl = authority.crl("");
    let key = authority.certificate().public_key().unwrap();
    crl.verify_signature(&key).unwrap();
    assert_eq!(crl.issuing_distribution_point(), None);
    assert_eq!(crl.len(), 3);
}

#[test]
fn answers_of_openssl_say_good_revoked_and_unknown() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let issuer = authority.certificate();
    let key = issuer.public_key().unwrap();
    let name = issuer.subject().as_der();
    let good = authority.answer("1001", "-ndays 2");
    good.verify_signature(&key).unwrap();
    assert!(matches!(good.responder(), ResponderId::Name(_)));
    assert!(good.responder().names(&issuer));
    let [single] = good.responses() else {
        panic!("{good:?}")
    };
    assert_eq!(single.status, CertStatus::Good);
    assert!(
        single
            .certificate
            .names(&issuer, name, &serial(b"\x10\x01"))
    );
    assert!(
        !single
            .certificate
            .names(&issuer, name, &serial(b"\x10\x02"))
    );
    assert_eq!(
        single.next_update.unwrap().seconds() - single.this_update.seconds(),
        2 * 24 * 3600
    );
    assert_eq!(good.nonce().unwrap().len(), 16);
    let certificates: Vec<&[u8]> = good.certificates().collect();
    assert_eq!(certificates, [issuer.as_der()]);
    assert_eq!(good.unknown_critical_extensions().count(), 0);

    let revoked = authority.answer("1003", "-resp_key_id -resp_no_certs");
    revoked.verify_signature(&key).unwrap();
    assert!(matches!(revoked.responder(), ResponderId::KeyHash(hash) if hash.len() == 20));
    assert!(revoked.responder().names(&issuer));
    assert_eq!(revoked.certificates().count(), 0);
    assert_eq!(
        revoked.responses()[0].status,
        CertStatus::Revoked {
            time: time("2026-02-03T04:05:06Z"),
            reason: RevocationReason::KeyCompromise,
        }
    );
    assert_eq!(revoked.responses()[0].next_update, None);

    let unknown = authority.answer("77", "");
    assert_eq!(unknown.responses()[0].status, CertStatus::Unknown);
}

#[test]
fn an_answer_damaged_anywhere_is_refused_or_does_not_hold() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let limits = Limits::default();
    let key = authority.certificate().public_key().unwrap();
    let answer = authority.answer("1002", "-resp_no_certs");
    let der = answer.as_der();
    for place in 0..der.len() {
        let mut damaged = der.to_vec();
        damaged[place] ^= 1;
        if let Ok(read) = BasicOcspResponse::from_der(damaged, &limits) {
            assert!(read.verify_signature(&key).is_err(), "octet {place}");
        }
        BasicOcspResponse::from_der(&der[..place], &limits).unwrap_err();
    }
}

#[test]
fn a_responder_that_does_not_answer_is_told_by_its_status() {
    let limits = Limits::default();
    let read = |der: &[u8]| OcspResponse::from_der(der, &limits);
    for (number, name) in [
        (1, "malformedRequest"),
        (3, "tryLater"),
        (6, "unauthorized"),
    ] {
        let response = read(&[0x30, 3, 0x0a, 1, number]).unwrap();
        assert_eq!(response.status().to_string(), name);
        assert!(response.basic().is_none());
    }
    let error = read(&[0x30, 3, 0x0a, 1, 0]).unwrap_err();
    assert_eq!(error.kind, RevocationErrorKind::ResponseBytesAbsent);
    let other_type = b"\x30\x10\x0a\x01\x00\xa0\x0b\x30\x09\x06\x03\x55\x04\x03\x04\x02\x30\x00";
    let error = read(other_type).unwrap_err();
    assert_eq!(error.offset, 9);
    assert!(matches!(
        error.kind,
        RevocationErrorKind::ResponseTypeUnknown(_)
    ));
}
