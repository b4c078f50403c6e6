//! Names of the Vietnamese roots and issuers that are known by fingerprint, for people to read.
//! Trusts none of them: the fingerprints come from copies that third parties publish, so that an
//! administrator must compare with the publisher before trusting.

use std::fmt;

use trien_types::{CertificateId, encode_hex};

use KnownRole::{GovernmentIssuer, GovernmentRoot, Issuer, NationalRoot};

/// What a known certificate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KnownRole {
    /// An issuer under a root of the government's own service.
    GovernmentIssuer,
    /// A root of the government's own service (Ban Cơ yếu Chính phủ); compare at ca.gov.vn.
    GovernmentRoot,
    /// A public authority under the national root.
    Issuer,
    /// A root of the national authentication centre (NEAC); compare at rootca.gov.vn.
    NationalRoot,
}

/// A certificate known by its fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownCertificate {
    name: &'static str,
    role: KnownRole,
}

impl KnownCertificate {
    /// The certificate of this SHA-256, if it is known.
    ///
    /// ```
    /// use trien_trust::KnownCertificate;
    /// use trien_types::CertificateId;
    /// assert_eq!(KnownCertificate::find(CertificateId::from_sha256([0; 32])), None);
    /// ```
    #[must_use]
    pub fn find(id: CertificateId) -> Option<Self> {
        let wanted = encode_hex(id.as_octets());
        KNOWN
            .iter()
            .find(|(fingerprint, _, _)| *fingerprint == wanted)
            .map(|(_, name, role)| Self { name, role: *role })
    }

    /// Its common name, with the operator where that is told by neither.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it is.
    #[must_use]
    pub const fn role(&self) -> KnownRole {
        self.role
    }
}

/// The name.
impl fmt::Display for KnownCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// SHA-256 in hexadecimal, name, role.
#[rustfmt::skip]
const KNOWN: [(&str, &str, KnownRole); 55] = [
    ("bac8bf609ab420a8ee1780d74f4de5c7f7184959d2a7375b0a75e4c29f0908e7", "Vietnam National Root CA", NationalRoot),
    ("41803135f13a6359866e7e6f76dafd598d496836944a52dd1fad66b3bf2ee63b", "VIETNAM NATIONAL ROOT CA - USBTOKEN", NationalRoot),
    ("12afeba2545f6fc0f31ec130f31bf2d16184a2b5b7cebcb43cfd1ba35dd4ea46", "VIETNAM NATIONAL ROOT CA - RS", NationalRoot),
    ("d343b3c5132f7d1676c3560025aefef036fceec073c33f18e075b3a21c8f8552", "VIETNAM NATIONAL ROOT CA - TSA", NationalRoot),
    ("c75535d65c0ff7480a3d6f393d56da5f7c92ddcc071f4e9166c3f8d660ef836c", "VIETNAM NATIONAL ROOT CA - MOBILEPKI", NationalRoot),
    ("0d765aedfe7b12c7d11c7b5737507f24db22f8afe24be140eb5801cb0853a8f9", "VIETNAM NATIONAL ROOT CA - EMA", NationalRoot),
    ("7b3269e7d79aebbfae5095f45bbb7074771e690cb7df02b441062b12f7690ece", "Vietnam National Root CA G3", NationalRoot),
    ("ca918d635bb130bec97639e6aabf7edbc4eb1310f8058b9419f467ae0230ad8c", "MIC National Root CA (SHA-1)", NationalRoot),
    ("f04ba4b459a7c9a1b971ad9b1cb833e695a80c79aea63b174b66a70edfe2fdb8", "RootCA chuyên dùng Chính phủ G2", GovernmentRoot),
    ("f7bc89054cec7f12730d7b8cd3eb7955b163835087e5eb873edfb584763b3f90", "Co quan chung thuc so chuyen dung Chinh phu (RootCA) (SHA-1)", GovernmentRoot),
    ("d8cab7a4aef92e6bb2509d7c61cee7b44f3731b2d21074963530277b366fae4b", "CA phục vụ các cơ quan Nhà nước G2", GovernmentIssuer),
    ("ddb4d0266e266eb7bc6d98b071d78ce3020bc508ae08ee549a077a0e9496a040", "VIETNAM NATIONAL CA - ERD", Issuer),
    ("12a70606d2e04f9754481738800a87b1ff7d08736ae8f1c9344fef51470b3d1d", "VIETNAM NATIONAL CA - LTA", Issuer),
    ("626bc107f65eb15bb1e456a1db71853e0bb36ca754a3273e84276f1987aeb010", "MISA-CA RS", Issuer),
    ("d8274658ddade5fca58200e2901c0b3a154cebc3d1a43920d8e2ef67d3e72885", "MK CA - SmartCA", Issuer),
    ("6987dcead87feb48e18cc332d0c8d0855179aa5976f4a5aeadba479f9252b5fb", "VNPT SmartCA RS 2026", Issuer),
    ("2d729cb257cc1f61b79c8feef7da5063766ddea6e5af16ed7480bbb15342a6ff", "Viettel-CA RS 2026", Issuer),
    ("0dd0df0e33e10a4a7be67623251d7bac4bf4d5188caeb33cd528c26a8c5aa5ac", "MK CA - OneCA", Issuer),
    ("c35ab20e95e926e16d5b7c8ccdc536904695f6e23507dfeafa68a92696af2a8c", "ONE-CA SHA-256 V2 (VISNAM)", Issuer),
    ("28eb55727b391958ab7060fef404d283d7ec444534e5e0f818345710d284a145", "BkavCA RS", Issuer),
    ("b30c57c89faddee48b3614af59645bd6871cca2dc6506243cafaaff44154a919", "BkavCA SHA256", Issuer),
    ("44d0592a0a51580315c9cb4af1768fbb3cf30b57ad7cc4f3f016d666e3ca0688", "CA2 (Nacencomm)", Issuer),
    ("3cf65289d5ec520d84157ac9b3a528384d8acc779849b799630a46cde5039736", "CA2 RS", Issuer),
    ("9083cc31662dfe9882c9896d3fcdf682101a00e8508826965e8cabac371f960e", "CMC-CA RS", Issuer),
    ("be9f053548b68261fe90ee7d4e8c32cd1250761abc5ed6333d58d22c70fdf044", "CMC-CA", Issuer),
    ("226ff88e9b3bc23bc756425e6a5236895f04ad72fb48d1a3242f4389259ce487", "EASYCA (Softdreams)", Issuer),
    ("6c2db621925eb31009b97e5ceec268f1683b54997114fd729e79c817c42d867b", "EASYCA REMOTE SIGNING", Issuer),
    ("cd2171c4532d0dcf743b8c178968bcc17189e735ed11bb44c4d54cf197fa54ea", "EASYCA (Softdreams)", Issuer),
    ("7cae1be881b82fb6e2958f1715360210a52b9cbfdb1765e8d560422b180823fb", "EFY-CA SHA256 R1", Issuer),
    ("43734c6d4cd44851f73e531ac83b54498ce52acc86798b56ab6cf9b29ac6e9cb", "E-CA (Thaisonsoft)", Issuer),
    ("cb60732f9c58044304b53ac90941c188cfb733ec5a507e5a2f057ec7f511d972", "FPT Certification Authority RS", Issuer),
    ("d36f1110d4bbf11bc80a312830ff4078509f55d9099a4e913d4743be5b903b06", "FPT Certification Authority SHA256", Issuer),
    ("a6dbc6801e3ac5a057007170519d34da4aa3a5051aa106360685581b21d14b87", "FastCA SHA-256 R1", Issuer),
    ("32f33ea0c2f1e75f13a76049f27027153f5f2fbd157f0aad2b5f8e518a9d78f4", "HILO-CA SHA-256", Issuer),
    ("947d12ebb482a9dab1079b0792d64e47775a94f2b4a8b4143909b65286bc5303", "I-CA", Issuer),
    ("132acf3a453fa1d9dae99f50b48b7b053aac819aacda7fab1d86160cab7dea60", "IntrustCA Remote Signing", Issuer),
    ("ab5c2034dd302102011a7abfb3386044fa2ed79ab9d2da22789457b3f9dd3434", "MATBAO-CA", Issuer),
    ("6f471d7820e7608aa7e83525617dc7c65932d9cc3d6e550383c8056764451b2c", "MISA-CA RS", Issuer),
    ("8d37501361c79a128d43976114289d3493d99f0fa344382598560aa99a89fb9c", "MISA-CA SHA256", Issuer),
    ("c8b3186a611dd6a9445924cdc6a950d1592777935310983e6e56861ac8c92337", "MISA-CA", Issuer),
    ("95065d73314631709ab5c4c2c929f9df870b93e124a109e2a165b3064f8ccf4b", "MOBIFONE CA SIMPKI", Issuer),
    ("9bbadcc2ce574b351d6fef7bba513389c6e59a34125eaf8dcdc2ac5b877e76cc", "NC-CA SHA256 (NCCA)", Issuer),
    ("e32106d91cafa1e0df61775e7b985084e47cfe3e3e151878aa9bdb5269d4909f", "NEWTEL-CA SHA-256 v2", Issuer),
    ("1e52e66b27c37f4b349dc5022a2186f8e2204afd1d25515c4e699a1b33d58e26", "ONE-CA SHA-256", Issuer),
    ("d90d40ec121e84145a6a6b8e25deb897e12e9ac2e88c3587a19f49db47e8c2b3", "SAFE-CA SHA-256 2024", Issuer),
    ("7cd875dd3683c8149e166a4462704a372b63efb024a033ddbe9746e5da6554e3", "SAVIS TrustCA RS", Issuer),
    ("4f87358cb360c4562f433db6f48d8858f80d730ba92797661424aeed903d5975", "SmartSign (VI NA)", Issuer),
    ("1ff6f8c5f3300a3f860958f27ac1067741f256e3eea5516d5d42e3d658a1b84b", "TrustCA-G2 SHA256 (SAVIS)", Issuer),
    ("bef1b636f550766983869941bab064c144c48a7e04213519267700b84459674c", "VNPAY-CA RS", Issuer),
    ("86424bab05f406ddced860d3a910a0ea5a00b7301616821e868766afe60a7ad7", "VNPAY-CA TOKEN", Issuer),
    ("7d6ba5245317f9ed5d8bc765a4634d26ac6340d36b9f584df3b52d9c4a81a306", "VNPT-CA SHA2", Issuer),
    ("95cf8f36c986e0c0f7e03761b17d7804072cb644b235a8f1c62107f8804a4889", "VNPT SmartCA RS", Issuer),
    ("860bcbe22fdc6757fe03b4597f7c61ca7f36e13ceb74a78cbefc9c5b267b8662", "Viettel-CA RS", Issuer),
    ("dcc79cacd7c7d639ed7e253e1ee780c90ccacd4cfc8ca57954d54c624a7f72e4", "Viettel-CA SHA2", Issuer),
    ("acb6a4955b5e3fed58bf1f63070dbd33b56006f43532983a543372ba88232adc", "WINCA", Issuer),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_fingerprint_is_whole_and_there_once() {
        let mut seen = HashSet::new();
        for (fingerprint, name, _) in KNOWN {
            assert_eq!(fingerprint.len(), 64, "{name}");
            assert!(
                fingerprint
                    .bytes()
                    .all(|octet| matches!(octet, b'0'..=b'9' | b'a'..=b'f')),
                "{name}"
            );
            assert!(seen.insert(fingerprint), "{name}");
        }
    }

    #[test]
    fn a_root_is_found_by_its_octets() {
        let digits = KNOWN[0].0.as_bytes().chunks(2);
        let octet = |pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        let sha256: Vec<u8> = digits.map(octet).collect();
        let sha256 = <[u8; 32]>::try_from(sha256).unwrap();
        let found = KnownCertificate::find(CertificateId::from_sha256(sha256)).unwrap();
        assert_eq!(found.name(), "Vietnam National Root CA");
        assert_eq!(found.role(), NationalRoot);
        assert_eq!(found.to_string(), found.name());
    }
}
