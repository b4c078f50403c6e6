//! A school's list of its people, as a spreadsheet saves it.

use serde::Deserialize;

use super::{MappingError, folded};
use crate::archive::SignerRecord;

/// Somebody of a school's list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct StaffMember {
    /// The name.
    #[serde(
        alias = "ho_ten",
        alias = "họ tên",
        alias = "Họ tên",
        alias = "Họ và tên"
    )]
    pub name: String,
    /// The number that a certificate's subject carries (CCCD).
    #[serde(default, alias = "dinh_danh", alias = "cccd", alias = "CCCD")]
    pub identity: Option<String>,
    /// Serial number of the certificate in hexadecimal, where one was issued.
    #[serde(default)]
    pub serial: Option<String>,
    /// The school.
    #[serde(default, alias = "truong", alias = "Trường")]
    pub school: Option<String>,
}

impl StaffMember {
    /// Whether a certificate is this person's: by its serial number, by the number of the person,
    /// or by the name where the list has neither.
    #[must_use]
    pub fn is(&self, signer: &SignerRecord) -> bool {
        let stated = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let (serial, identity) = (stated(&self.serial), stated(&self.identity));
        if let Some(serial) = &serial
            && folded(serial).trim_start_matches('0')
                == folded(&signer.serial).trim_start_matches('0')
        {
            return true;
        }
        if let Some(identity) = &identity {
            let wanted = identity.trim();
            // The whole number: no part of a longer one.
            return signer
                .subject
                .split(|letter: char| !letter.is_ascii_alphanumeric())
                .any(|number| number == wanted);
        }
        let name = signer.common_name.as_deref().unwrap_or_default();
        serial.is_none() && folded(&self.name) == folded(name)
    }
}

pub(super) fn read(text: &str) -> Result<Vec<StaffMember>, MappingError> {
    let text = text.trim_start_matches('\u{feff}');
    // Spreadsheets in Vietnamese part columns by semicolons.
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.contains(';') { b';' } else { b',' };
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| MappingError::Staff(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_as_spreadsheets_save_it_is_read() {
        let text = "\u{feff}ho_ten;dinh_danh;serial\r\nNguyễn Văn An;001200000001;\r\nTrần Bình;;0a:1b\r\n";
        let staff = read(text).unwrap();
        assert_eq!(staff.len(), 2);
        assert_eq!(staff[0].identity.as_deref(), Some("001200000001"));
        assert_eq!(staff[1].serial.as_deref(), Some("0a:1b"));
        assert!(read("a,b\n1,2\n").is_err());
    }
}
