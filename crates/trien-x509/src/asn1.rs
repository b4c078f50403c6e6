//! ASN.1 elements over borrowed octets, BER and DER (ITU-T X.690), with bounds.
//! Knows no structure of any standard: certificates and CMS are read with it elsewhere.
//!
//! Signatures are over octets as they were received, so every element hands out the slice it was
//! read from; nothing is encoded again. That is what the ASN.1 crates at hand cannot promise.

mod element;
mod error;
mod object_identifier;
mod reader;
mod value;
mod write;

pub use element::{Element, Framing, Tag};
pub use error::{Asn1Error, Asn1ErrorKind};
pub use object_identifier::ObjectIdentifier;
pub use reader::Reader;
pub use write::{
    der_form, encode_tlv, octet_string, oid, retag, sequence, set_of, set_of_in_der_order,
    unsigned_integer,
};
