//! Which private key belongs to a certificate: by `CKA_ID`, else by public key, never by position.
//! Reads nothing from the token.

use std::fmt;

use crate::objects::{CertificateObject, KeyObject};
use crate::public_key::KeyFamily;

/// How a certificate's private key was found, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyLink {
    /// Same `CKA_ID`, and the public keys agree as far as the token shows them.
    ById,
    /// Same public key, though `CKA_ID` is missing or another.
    ByPublicKey,
    /// The only private key of the token; ids and public keys could not be compared. What it
    /// signs is verified under the certificate, as always.
    SoleKey,
    /// The key with the certificate's `CKA_ID` has another public key.
    Conflicting,
    /// Private keys are hidden until login, but the certificate's public key is on the token,
    /// so its private key will be too.
    Expected,
    /// Private keys are hidden until login.
    Hidden,
    /// The token has no private key for it: an issuer's certificate, or the key is lost. Before
    /// login said of a certificate that issued another one on the token: its key is where
    /// certificates are issued.
    Missing,
}

impl fmt::Display for KeyLink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ById => "private key with the same CKA_ID",
            Self::ByPublicKey => "private key with the same public key",
            Self::SoleKey => "the only private key of the token",
            Self::Conflicting => "the key with the same CKA_ID is another key",
            Self::Expected => "public key on the token, private keys hidden until login",
            Self::Hidden => "private keys hidden until login",
            Self::Missing => "no private key on the token",
        })
    }
}

/// Whether a session sees all private keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PrivateKeys {
    /// All of them: the user is logged in, or the token asks for no login.
    Visible,
    /// Perhaps none: nobody is logged in.
    HiddenUntilLogin,
}

/// The certificate's key among `private_keys`, and how it was found.
pub(crate) fn link<'a>(
    certificate: &CertificateObject,
    private_keys: &'a [KeyObject],
    public_keys: &[KeyObject],
    visibility: PrivateKeys,
) -> (KeyLink, Option<&'a KeyObject>) {
    let agreement = |key: &KeyObject| agreement(certificate, key);
    let same_id =
        |key: &&KeyObject| !certificate.key_id.is_empty() && key.key_id == certificate.key_id;

    let mut agreeing = private_keys
        .iter()
        .filter(|key| agreement(key) == Some(true));
    let first = agreeing.clone().next();
    if let Some(key) = agreeing.find(same_id) {
        return (KeyLink::ById, Some(key));
    }
    if first.is_some() {
        return (KeyLink::ByPublicKey, first);
    }

    let mut silent = private_keys
        .iter()
        .filter(same_id)
        .filter(|key| agreement(key).is_none());
    if let (Some(key), None) = (silent.next(), silent.next()) {
        return (KeyLink::ById, Some(key));
    }
    if let ([key], PrivateKeys::Visible) = (private_keys, visibility)
        && (certificate.key_id.is_empty() || key.key_id.is_empty())
        && agreement(key).is_none()
    {
        return (KeyLink::SoleKey, Some(key));
    }

    let conflicting = private_keys
        .iter()
        .filter(same_id)
        .any(|key| agreement(key) == Some(false));
    let link = if conflicting {
        KeyLink::Conflicting
    } else if visibility == PrivateKeys::Visible {
        KeyLink::Missing
    } else if public_keys.iter().any(|key| agreement(key) == Some(true)) {
        KeyLink::Expected
    } else if certificate.has_issued {
        KeyLink::Missing
    } else {
        KeyLink::Hidden
    };
    (link, None)
}

/// Whether key and certificate have the same public key; none if the token does not show it. A
/// key of another type never agrees.
fn agreement(certificate: &CertificateObject, key: &KeyObject) -> Option<bool> {
    let expected = certificate.public_key.as_deref()?;
    if KeyFamily::of(expected).is_some_and(|family| !key.may_be(family)) {
        return Some(false);
    }
    let mut answers = key.public.iter().filter_map(|part| part.agrees(expected));
    let first = answers.next()?;
    Some(first && answers.all(|agrees| agrees))
}
