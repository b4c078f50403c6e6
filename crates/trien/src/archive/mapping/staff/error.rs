//! Why a list of staff is not used, in both languages, with the line and the way out.

use std::error::Error;
use std::fmt;

use trien_policy::Language;

/// A list of staff cannot be used. Lines are from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StaffError {
    /// Nothing is written in it.
    Empty,
    /// It is a spreadsheet program's own file.
    Workbook,
    /// The letters are neither UTF-8 nor UTF-16.
    Encoding {
        /// The first line with other octets.
        line: u64,
    },
    /// It is no CSV.
    Form {
        /// Where.
        line: u64,
    },
    /// No column has names.
    NoHeads {
        /// The first line that is not blank.
        line: u64,
        /// What stands in it.
        heads: Vec<String>,
    },
    /// A line has a number and no name.
    NoName {
        /// Which.
        line: u64,
    },
    /// A line has more cells than there are heads: what stands in them is in the wrong columns.
    Overrun {
        /// Which.
        line: u64,
    },
    /// A quotation mark is not ended.
    Quoted {
        /// Where it begins.
        line: u64,
    },
    /// A spreadsheet rounded the number of a person.
    Rounded {
        /// Where.
        line: u64,
    },
}

impl StaffError {
    /// What is wrong and what to do, in a sentence for people.
    #[must_use]
    pub fn told(&self, language: Language) -> String {
        let said = match language {
            Language::En => self.english(),
            Language::Vi | _ => self.vietnamese(),
        };
        match (self.line(), language) {
            (None, _) => said,
            (Some(line), Language::En) => format!("line {line}: {said}"),
            (Some(line), _) => format!("dòng {line}: {said}"),
        }
    }

    /// The line that is meant, from 1.
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        match self {
            Self::Empty | Self::Workbook => None,
            Self::Encoding { line }
            | Self::Form { line }
            | Self::NoHeads { line, .. }
            | Self::NoName { line }
            | Self::Overrun { line }
            | Self::Quoted { line }
            | Self::Rounded { line } => Some(*line),
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::Empty => "không có chữ nào: hãy kiểm tra có đúng tệp không".to_owned(),
            Self::Workbook => "là tệp sổ tính (xlsx, xls), không phải CSV: mở bằng Excel, chọn Lưu \
                               thành (Save As), kiểu “CSV UTF-8”, rồi ghi tên tệp CSV đó vào mục staff"
                .to_owned(),
            Self::Encoding { .. } => "chữ không theo mã UTF-8: mở bằng Excel, chọn Lưu thành (Save \
                                      As), kiểu “CSV UTF-8” hoặc “Unicode Text”"
                .to_owned(),
            Self::Form { .. } => "không đúng dạng CSV: mở bằng Excel, chọn Lưu thành (Save As), kiểu \
                                  “CSV UTF-8”"
                .to_owned(),
            Self::NoHeads { heads, .. } => format!(
                "không có cột họ tên, chỉ thấy {}: hãy đặt tên cột là “Họ và tên” (nên có thêm “Số \
                 CCCD”; nếu cần: “Serial”, “Trường”)",
                quoted(heads)
            ),
            Self::NoName { .. } => "có số mà thiếu họ tên: hãy ghi họ tên, hoặc xóa cả dòng".to_owned(),
            Self::Overrun { .. } => "nhiều ô hơn dòng tiêu đề nên chữ nằm sai cột: ô nào có dấu phân \
                                     cách bên trong thì đặt trong ngoặc kép, cột nào chưa có tên thì \
                                     đặt tên"
                .to_owned(),
            Self::Quoted { .. } => "dấu ngoặc kép mở ra mà không đóng, nuốt hết các dòng sau: hãy xóa \
                                    hoặc đóng dấu đó"
                .to_owned(),
            Self::Rounded { .. } => "số CCCD đã bị Excel làm tròn (dạng 1,2E+10), các chữ số cuối đã \
                                     mất: định dạng cột là Văn bản (Text), nhập lại số rồi lưu"
                .to_owned(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Empty => "nothing is written in it: check that it is the right file".to_owned(),
            Self::Workbook => "it is a workbook (xlsx, xls), not CSV: save it as \"CSV UTF-8\" and \
                               name that file"
                .to_owned(),
            Self::Encoding { .. } => "the letters are not UTF-8: save it as \"CSV UTF-8\" or \
                                      \"Unicode Text\""
                .to_owned(),
            Self::Form { .. } => "it is no CSV: save it as \"CSV UTF-8\"".to_owned(),
            Self::NoHeads { heads, .. } => format!(
                "there is no column of names, only {}: call it ho_ten or name (best with cccd; where \
                 needed: serial, school)",
                quoted(heads)
            ),
            Self::NoName { .. } => {
                "there is a number and no name: write the name, or delete the line".to_owned()
            }
            Self::Overrun { .. } => "there are more cells than heads, so that texts stand in wrong \
                                     columns: put cells with a separator inside in quotation marks, \
                                     and name the columns that have no name"
                .to_owned(),
            Self::Quoted { .. } => "a quotation mark begins here and takes all lines below: end it or \
                                    delete it"
                .to_owned(),
            Self::Rounded { .. } => "the spreadsheet rounded the number (like 1.2E+10), its last \
                                     digits are lost: make the column text, and write the number anew"
                .to_owned(),
        }
    }
}

/// The heads that were found, as far as they tell anything.
fn quoted(heads: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<String> = heads
        .iter()
        .take(SHOWN)
        .map(|head| format!("“{head}”"))
        .collect();
    let more = if heads.len() > SHOWN { ", …" } else { "" };
    shown.join(", ") + more
}

impl fmt::Display for StaffError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.told(Language::En))
    }
}

impl Error for StaffError {}
