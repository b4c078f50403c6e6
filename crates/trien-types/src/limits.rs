//! Bounds for everything that hostile bytes could make large.

use std::fmt;

/// Which bound was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::nesting`]
    Nesting,
    /// [`Limits::revisions`]
    Revisions,
    /// [`Limits::objects`]
    Objects,
    /// [`Limits::decoded_octets`]
    DecodedOctets,
    /// [`Limits::filters`]
    Filters,
    /// [`Limits::fields`]
    Fields,
    /// [`Limits::pages`]
    Pages,
    /// [`Limits::dictionary_octets`]
    DictionaryOctets,
    /// [`Limits::read_octets`]
    ReadOctets,
    /// [`Limits::cms_octets`]
    CmsOctets,
    /// [`Limits::crl_octets`]
    CrlOctets,
    /// [`Limits::ocsp_octets`]
    OcspOctets,
    /// [`Limits::certificates`]
    Certificates,
    /// [`Limits::signer_infos`]
    SignerInfos,
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Nesting => "nesting depth",
            Self::Revisions => "number of revisions",
            Self::Objects => "number of objects",
            Self::DecodedOctets => "octets of a decoded stream",
            Self::Filters => "number of filters on a stream",
            Self::Fields => "number of form fields",
            Self::Pages => "number of page tree nodes",
            Self::DictionaryOctets => "octets of one object",
            Self::ReadOctets => "octets of objects read, counted each time",
            Self::CmsOctets => "octets of a CMS structure",
            Self::CrlOctets => "octets of a certificate revocation list",
            Self::OcspOctets => "octets of an OCSP response",
            Self::Certificates => "number of certificates",
            Self::SignerInfos => "number of signers in one CMS structure",
        })
    }
}

/// The bounds a reader keeps. Start from [`Limits::default`] and change what must differ.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Depth of arrays and dictionaries in one object, of field and page trees, of ASN.1 values.
    /// Real files stay under 30; 64 leaves room and keeps recursion far from the stack's end.
    pub nesting: usize,
    /// Cross-reference sections in one file. A record signed daily for a decade has under 4,000;
    /// the work of a verification grows with them, not with their square.
    pub revisions: usize,
    /// Object numbers a file may use. ISO 32000-1 table C.1 names 8,388,607 as Acrobat's limit.
    pub objects: u32,
    /// Octets one stream may decode to when the reader itself must decode it (cross-reference and
    /// object streams). An xref stream for all of `objects` at 12 octets an entry needs 96 MiB.
    pub decoded_octets: usize,
    /// Filters chained on one stream. Two are customary; more than four is a bomb.
    pub filters: usize,
    /// Fields in the form. A class register with 60 pupils and 30 columns has 1,800.
    pub fields: usize,
    /// Nodes visited in the page tree when a page is looked up by its number.
    pub pages: usize,
    /// Octets of one object without its stream. The largest real one is a /Kids array of 20,000
    /// pages (under 300 kB) or a signature dictionary with a large /Contents (a few MB).
    pub dictionary_octets: usize,
    /// Octets of objects parsed, searched and decoded over the life of one document, each time
    /// counted, beside 64 times the length of the file: what makes a small file slow is one large
    /// object that thousands of places refer to. A register of 1,800 fields with 40 signatures
    /// reads some 500 MB.
    pub read_octets: u64,
    /// Octets of one CMS structure. Revocation lists embedded in it may have some MB.
    pub cms_octets: usize,
    /// Octets of one certificate revocation list. 200,000 entries with a reason take 8 MB, and
    /// the largest lists of public authorities some 30.
    pub crl_octets: usize,
    /// Octets of one OCSP response. Real ones have 2 to 8 kB, certificates inside.
    pub ocsp_octets: usize,
    /// Certificates in one CMS structure or store. Real paths have 2 to 5.
    pub certificates: usize,
    /// `SignerInfo`s in one CMS structure. PDF allows one (ISO 32000-2, 12.8.3.3.1).
    pub signer_infos: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            nesting: 64,
            revisions: 16_384,
            objects: 8_388_607,
            decoded_octets: 128 * 1024 * 1024,
            filters: 4,
            fields: 100_000,
            pages: 1_000_000,
            dictionary_octets: 64 * 1024 * 1024,
            read_octets: 4 * 1024 * 1024 * 1024,
            cms_octets: 32 * 1024 * 1024,
            crl_octets: 64 * 1024 * 1024,
            ocsp_octets: 1024 * 1024,
            certificates: 256,
            signer_infos: 16,
        }
    }
}
