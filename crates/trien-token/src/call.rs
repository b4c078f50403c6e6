//! A failed PKCS#11 call, under the names of the standard.
//! Knows nothing of what the call was for.

use std::fmt;

use cryptoki::context::Function;
use cryptoki::error::{Error, RvError};

/// A PKCS#11 function failed, or the module could not be called at all.
#[derive(Debug)]
pub struct CallError(Error);

impl CallError {
    pub(crate) const fn new(error: Error) -> Self {
        Self(error)
    }

    /// A return value of a function that was called past cryptoki.
    pub(crate) const fn returned(value: RvError, function: Function) -> Self {
        Self(Error::Pkcs11(value, function))
    }

    pub(crate) const fn value(&self) -> Option<RvError> {
        if let Error::Pkcs11(value, _) = self.0 {
            Some(value)
        } else {
            None
        }
    }

    /// The function's name as in PKCS#11, such as `C_Login`; none if no function was reached.
    #[must_use]
    pub fn function_name(&self) -> Option<String> {
        if let Error::Pkcs11(_, function) = self.0 {
            Some(format!("C_{function:?}"))
        } else {
            None
        }
    }

    /// The return value's name as in PKCS#11, such as `CKR_PIN_INCORRECT`; none if no function
    /// was reached.
    #[must_use]
    pub fn return_value_name(&self) -> Option<String> {
        self.value().map(return_value_name)
    }
}

/// cryptoki names its variants after the standard's constants, each word with a capital; a table
/// of its 95 variants would say the same.
fn return_value_name(value: RvError) -> String {
    if let RvError::VendorDefined(code) = value {
        return format!("CKR_VENDOR_DEFINED ({code:#x})");
    }
    if let RvError::UnknownErrorCode(code) = value {
        return format!("CK_RV {code:#x}");
    }
    let mut name = String::from("CKR");
    for character in format!("{value:?}").chars() {
        if character.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(character.to_ascii_uppercase());
    }
    name
}

impl fmt::Display for CallError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Error::Pkcs11(value, function) => {
                write!(formatter, "C_{function:?}: {}", return_value_name(*value))
            }
            Error::LibraryLoading(_) => formatter.write_str("the library could not be loaded"),
            Error::MissingSymbol(name) => write!(formatter, "the library does not export {name}"),
            Error::NullFunctionPointer => {
                formatter.write_str("the module lacks a function of PKCS#11 that is needed")
            }
            Error::InvalidValue
            | Error::NotSupported
            | Error::NulError(_)
            | Error::ParseInt(_)
            | Error::PinNotSet
            | Error::TryFromInt(_)
            | Error::TryFromSlice(_)
            | Error::Utf8(_) => formatter.write_str("the module answered outside PKCS#11"),
        }
    }
}

impl std::error::Error for CallError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_standard() {
        for (value, name) in [
            (RvError::PinIncorrect, "CKR_PIN_INCORRECT"),
            (RvError::UserNotLoggedIn, "CKR_USER_NOT_LOGGED_IN"),
            (RvError::RandomNoRng, "CKR_RANDOM_NO_RNG"),
            (
                RvError::VendorDefined(0x8000_0001),
                "CKR_VENDOR_DEFINED (0x80000001)",
            ),
            (RvError::UnknownErrorCode(0x999), "CK_RV 0x999"),
        ] {
            assert_eq!(return_value_name(value), name);
        }
        let error = CallError::returned(RvError::PinLocked, Function::Login);
        assert_eq!(error.to_string(), "C_Login: CKR_PIN_LOCKED");
        assert_eq!(error.function_name().as_deref(), Some("C_Login"));
        assert_eq!(error.return_value_name().as_deref(), Some("CKR_PIN_LOCKED"));
    }
}
