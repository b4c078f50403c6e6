//! Seeds of the fuzz targets that are no PDF and no part of a signature: fonts and pictures, keys,
//! files of anchors, settings. Knows nothing of the targets.

use std::collections::BTreeSet;
use std::error::Error;

use jpeg_encoder::{ColorType as JpegColour, Encoder as JpegEncoder};
use openssl::symm::Cipher;
use openssl::x509::X509;
use png::{BitDepth, ColorType};
use trien_pdf::{Document, Object, ObjectId, Stream};
use trien_types::Limits;

use crate::parts::Parts;
use crate::pki::{CertificatePlan, KeyKind, PkiSettings, Role, TestPki};

type Seeds = BTreeSet<Vec<u8>>;
type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A stored stage of signing that names every key it may have.
pub const STAGE: &[u8] =
    br#"{"schema":"trien.prepared/1","original_octets":9,"appended":"3c30303e20",
"gap":[9,13],"signed_attributes":"3100","digest":"00","scheme":{"algorithm":"RSASSA-PSS",
"digest":"SHA-256","mask_digest":"SHA-256","salt_octets":32},"certificates":["3000"]}"#;

/// The password of protected keys.
const PASSWORD: &str = "1234";

/// Certificates that become files of anchors, and as many CMS structures.
const ANCHORS: usize = 24;

/// Object numbers that are looked at in one file.
const NUMBERS: u32 = 2_000;

/// The font programs (ISO 32000-2, 9.9) and the JPEG pictures inside a PDF file.
#[must_use]
pub fn fonts_and_images(file: &[u8]) -> (Seeds, Seeds) {
    let (mut fonts, mut images) = (Seeds::new(), Seeds::new());
    let limits = Limits::default();
    let Ok(document) = Document::open(file, &limits) else {
        return (fonts, images);
    };
    let latest = document.latest();
    for number in 0..NUMBERS {
        let Ok(located) = document.object(ObjectId::new(number, 0), latest) else {
            continue;
        };
        if let Object::Dictionary(descriptor) = &located.object
            && let Ok(Object::Stream(program)) = document.value(descriptor, "FontFile2", latest)
        {
            fonts.extend(document.decoded(&program, latest).ok());
        }
        if let Object::Stream(stream) = &located.object
            && is_jpeg(stream)
        {
            let data = document.encoded(stream, latest);
            images.extend(data.ok().map(<[u8]>::to_vec));
        }
    }
    (fonts, images)
}

fn is_jpeg(stream: &Stream) -> bool {
    let filter = stream.dictionary.get("Filter").and_then(Object::as_name);
    filter.is_some_and(|filter| *filter == "DCTDecode")
}

/// Small pictures of every kind that PNG has, and of the three kinds of JPEG.
///
/// # Errors
/// A picture that cannot be encoded.
pub fn images() -> Result<Seeds> {
    let mut seeds = Seeds::new();
    for (colour, depth, row) in [
        (ColorType::Grayscale, BitDepth::One, 1),
        (ColorType::Grayscale, BitDepth::Eight, 8),
        (ColorType::Grayscale, BitDepth::Sixteen, 16),
        (ColorType::GrayscaleAlpha, BitDepth::Eight, 16),
        (ColorType::Indexed, BitDepth::Four, 4),
        (ColorType::Indexed, BitDepth::Eight, 8),
        (ColorType::Rgb, BitDepth::Eight, 24),
        (ColorType::Rgb, BitDepth::Sixteen, 48),
        (ColorType::Rgba, BitDepth::Eight, 32),
        (ColorType::Rgba, BitDepth::Sixteen, 64),
    ] {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 8, 8);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        if colour == ColorType::Indexed {
            encoder.set_palette((0..48).collect::<Vec<u8>>());
            encoder.set_trns(vec![0, 127, 255]);
        }
        let samples: Vec<u8> = (0..8_u8).flat_map(|y| vec![y; row]).collect();
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&samples)?;
        writer.finish()?;
        seeds.insert(file);
    }
    for (colour, octets) in [
        (JpegColour::Luma, 64),
        (JpegColour::Rgb, 192),
        (JpegColour::Cmyk, 256),
    ] {
        let samples: Vec<u8> = (0..=255).cycle().take(octets).collect();
        for progressive in [false, true] {
            let mut file = Vec::new();
            let mut encoder = JpegEncoder::new(&mut file, 60);
            encoder.set_progressive(progressive);
            encoder.encode(&samples, 8, 8, colour)?;
            seeds.insert(file);
        }
    }
    Ok(seeds)
}

/// Keys with their certificates: as PEM, as protected PEM, as PKCS#12.
///
/// # Errors
/// Keys cannot be made.
pub fn private_keys() -> Result<Seeds> {
    let folder = tempfile::tempdir()?;
    let pki = TestPki::open_or_make(folder.path(), PkiSettings::default())?;
    let mut seeds = Seeds::new();
    for kind in [KeyKind::P256, KeyKind::Rsa2048] {
        let plan = CertificatePlan::of(Role::Principal).with_key(kind);
        let identity = pki.issue("seed", &plan)?;
        let certificate = identity.certificate_pem()?;
        let protected = identity
            .key()
            .private_key_to_pem_pkcs8_passphrase(Cipher::aes_128_cbc(), PASSWORD.as_bytes())?;
        for key in [identity.key_pem()?, protected] {
            seeds.insert([key, certificate.clone()].concat());
        }
        seeds.insert(identity.pkcs12(PASSWORD)?);
    }
    Ok(seeds)
}

/// Files of anchors: certificates in DER, several in one PEM, PKCS#7.
///
/// # Errors
/// A certificate that OpenSSL cannot write as PEM.
pub fn anchors(parts: &Parts) -> Result<Seeds> {
    let mut seeds: Seeds = parts.certificates.iter().take(ANCHORS).cloned().collect();
    let mut together = Vec::new();
    for der in &seeds {
        if let Ok(certificate) = X509::from_der(der) {
            together.push(certificate.to_pem()?);
        }
    }
    for some in together.chunks(3) {
        seeds.insert(some.concat());
    }
    seeds.extend(parts.cms.iter().take(ANCHORS).cloned());
    Ok(seeds)
}

/// What an administrator writes over a profile.
#[must_use]
pub fn profiles() -> Seeds {
    [
        "",
        "applies_until = \"2026-11-15T00:00:00+07:00\"\ndates = \"confirmed\"\n",
        "applies_from = \"2026-01-01T00:00:00Z\"\n[levels]\n\"tt41.9.1a\" = \"fail\"\n",
        "levels = { \"tt41.9.1a\" = \"warn\", none = \"inform\" }\n",
    ]
    .into_iter()
    .map(|text| text.as_bytes().to_vec())
    .collect()
}
