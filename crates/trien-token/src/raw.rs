//! The two PKCS#11 functions that cryptoki's safe interface does not offer in the form needed:
//! `C_Sign` by itself and `C_GetAttributeValue` into a buffer of our own size.
//! Knows nothing of what is signed or read. The only unsafe code of the crate.

use std::path::Path;
use std::ptr;

use cryptoki::context::Function;
use cryptoki::error::{Error, Rv, RvError};
use cryptoki_sys::{
    CK_ATTRIBUTE, CK_ATTRIBUTE_TYPE, CK_C_GetAttributeValue, CK_C_Sign, CK_FUNCTION_LIST,
    CK_OBJECT_HANDLE, CK_SESSION_HANDLE, CK_ULONG, CK_UNAVAILABLE_INFORMATION,
};

use crate::CallError;

/// Result of reading an attribute into a buffer.
#[derive(Debug)]
pub(crate) enum AttributeRead {
    /// The value.
    Value(Vec<u8>),
    /// The object has no such attribute or keeps it secret.
    Absent,
    /// The buffer is too small; the size needed, if the module tells.
    TooSmall(Option<usize>),
}

/// Pointers into a loaded module. Invariant: the library stays loaded as long as they exist.
pub(crate) struct RawFunctions {
    _library: cryptoki_sys::Pkcs11,
    sign: CK_C_Sign,
    get_attribute_value: CK_C_GetAttributeValue,
}

impl RawFunctions {
    /// Takes the pointers from a module that cryptoki has loaded; the system hands out the same
    /// library again and only counts one user more.
    pub(crate) fn load(path: &Path) -> Result<Self, CallError> {
        // SAFETY: loading runs the library's initialisers. It is the file that was loaded just
        // before, so none runs that has not run already.
        let library = unsafe { cryptoki_sys::Pkcs11::new(path) }
            .map_err(|error| CallError::new(Error::LibraryLoading(error)))?;
        if library.C_GetFunctionList.is_err() {
            return Err(CallError::new(Error::MissingSymbol("C_GetFunctionList")));
        }
        let mut list: *mut CK_FUNCTION_LIST = ptr::null_mut();
        // SAFETY: the symbol exists (checked above) and has the type that PKCS#11 fixes; the
        // argument is a valid place for one pointer.
        let returned = unsafe { library.C_GetFunctionList(&raw mut list) };
        check(returned, Function::GetFunctionList)?;
        if list.is_null() {
            return Err(CallError::new(Error::NullFunctionPointer));
        }
        // SAFETY: the module returned CKR_OK and a pointer that is not null: by PKCS#11 3.1,
        // 5.4.4 it points to its static list of functions.
        let (sign, get_attribute_value) = unsafe { ((*list).C_Sign, (*list).C_GetAttributeValue) };
        Ok(Self {
            _library: library,
            sign,
            get_attribute_value,
        })
    }

    /// `C_Sign` in one call, into a buffer that any signature fits. The session must have been
    /// given to `C_SignInit`.
    pub(crate) fn sign(
        &self,
        session: CK_SESSION_HANDLE,
        input: &[u8],
        longest_octets: usize,
    ) -> Result<Vec<u8>, CallError> {
        let sign = self
            .sign
            .ok_or(CallError::new(Error::NullFunctionPointer))?;
        let mut value = vec![0_u8; longest_octets];
        let mut value_octets = ulong(value.len())?;
        let input_octets = ulong(input.len())?;
        // SAFETY: both pointers are valid for the lengths that go with them; PKCS#11 only reads
        // the input although its type is not const; a wrong session handle is an error code.
        let returned = unsafe {
            sign(
                session,
                input.as_ptr().cast_mut(),
                input_octets,
                value.as_mut_ptr(),
                &raw mut value_octets,
            )
        };
        check(returned, Function::Sign)?;
        value.truncate(usize::try_from(value_octets).unwrap_or(usize::MAX));
        Ok(value)
    }

    /// `C_GetAttributeValue` for one attribute into a buffer of `octets`. No size query: some
    /// modules answer it with 0.
    pub(crate) fn attribute(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        attribute: CK_ATTRIBUTE_TYPE,
        octets: usize,
    ) -> Result<AttributeRead, CallError> {
        let get = self
            .get_attribute_value
            .ok_or(CallError::new(Error::NullFunctionPointer))?;
        let mut value = vec![0_u8; octets];
        let mut template = CK_ATTRIBUTE {
            type_: attribute,
            pValue: value.as_mut_ptr().cast(),
            ulValueLen: ulong(octets)?,
        };
        // SAFETY: the template is one attribute whose pointer is valid for its length; wrong
        // handles are error codes.
        let returned = unsafe { get(session, object, &raw mut template, 1) };
        let length = template.ulValueLen;
        let known = (length != CK_UNAVAILABLE_INFORMATION)
            .then(|| usize::try_from(length).ok())
            .flatten();
        match Rv::from(returned) {
            Rv::Ok => match known {
                Some(length) if length <= octets => {
                    value.truncate(length);
                    Ok(AttributeRead::Value(value))
                }
                Some(_) => Ok(AttributeRead::TooSmall(known)),
                None => Ok(AttributeRead::Absent),
            },
            Rv::Error(RvError::BufferTooSmall) => Ok(AttributeRead::TooSmall(
                known.filter(|length| *length > octets),
            )),
            Rv::Error(RvError::AttributeSensitive | RvError::AttributeTypeInvalid) => {
                Ok(AttributeRead::Absent)
            }
            Rv::Error(value) => Err(CallError::returned(value, Function::GetAttributeValue)),
        }
    }
}

fn check(returned: cryptoki_sys::CK_RV, function: Function) -> Result<(), CallError> {
    Rv::from(returned)
        .into_result(function)
        .map_err(CallError::new)
}

fn ulong(octets: usize) -> Result<CK_ULONG, CallError> {
    CK_ULONG::try_from(octets).map_err(|error| CallError::new(Error::TryFromInt(error)))
}
