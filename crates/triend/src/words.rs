//! What the stores say, in the words of a school: Vietnamese, and the English of `Display`.
//! Does not decide anything. A sentence that is missing does not compile.

use trien::Language;
use trien_preview::LeftOut;

use crate::store::{
    AuditFault, EvidenceKind, MissingEvidence, RecordState, RowKind, StoreError, Subject,
    TermError, TextFault,
};

/// The sentence for an error, without its cause.
#[must_use]
pub fn error(error: &StoreError, language: Language) -> String {
    if language == Language::En {
        return error.to_string();
    }
    match error {
        StoreError::AlreadyThere(about) => format!("đã có {} này rồi", subject(*about)),
        StoreError::AlreadyEnded(Subject::Pairing) => "kết nối này đã được gỡ rồi".to_owned(),
        StoreError::AlreadyEnded(about) => format!("{} này đã kết thúc rồi", subject(*about)),
        StoreError::Busy => "chương trình khác đang dùng kho: hãy thử lại sau".to_owned(),
        StoreError::CertificateOfAuthority => {
            "chứng thư số này là của tổ chức chứng thực (CA), không phải của người ký: hãy đưa chứng \
             thư số trên thiết bị của người ký"
                .to_owned()
        }
        StoreError::CertificateUnreadable(_) => {
            "tệp không phải là chứng thư số: hãy đưa tệp đúng".to_owned()
        }
        StoreError::CertificateUnknown(id) => {
            format!("chứng thư số {id} chưa được lưu kèm hồ sơ: hãy thêm vào trước")
        }
        StoreError::Damaged(_) => {
            "tệp của kho bị hỏng: giữ nguyên tệp và phục hồi từ bản sao lưu".to_owned()
        }
        StoreError::Database(_) => "cơ sở dữ liệu của kho gặp lỗi".to_owned(),
        StoreError::NotIntact(_) => {
            "kho hoặc bản sao lưu không còn như khi được ghi: hãy kiểm tra".to_owned()
        }
        StoreError::NotFound(about, id) => format!("không có {} số {id}", subject(*about)),
        StoreError::NoRandomness => {
            "hệ điều hành không cấp được số ngẫu nhiên: hãy khởi động lại máy".to_owned()
        }
        StoreError::NoRoom(_) => "hết chỗ trống cho kho: hãy giải phóng đĩa rồi làm lại".to_owned(),
        StoreError::OfAnotherStore => {
            "bản sao lưu thuộc kho khác: hãy chuyển kho trong thư mục đi trước".to_owned()
        }
        StoreError::NotAClerk => {
            "thiết bị con dấu do văn thư giữ: hãy nêu mục có vai trò văn thư".to_owned()
        }
        StoreError::Term(fault) => term(*fault).to_owned(),
        StoreError::TooLarge { octets, limit } => {
            format!("{octets} byte vượt quá mức {limit} byte được lưu")
        }
        StoreError::TooMany { items, limit } => {
            format!("{items} mục vượt quá mức {limit} mục mỗi lần")
        }
        StoreError::LaterVersion { found, known } => format!(
            "kho có phiên bản {found}, chương trình biết đến {known}: hãy cập nhật chương trình"
        ),
        StoreError::RecordDestroyed(id) => format!(
            "thông tin lưu kèm hồ sơ {} đã hoặc đang được hủy",
            id.number()
        ),
        StoreError::StillKept(id) => {
            format!(
                "hồ sơ {} vẫn còn lưu: hủy trước rồi mới báo lại",
                id.number()
            )
        }
        StoreError::NoReplacement(id) => format!(
            "hồ sơ {} không thể thay thế: hãy nêu hồ sơ khác cùng chiều",
            id.number()
        ),
        StoreError::EvidenceUnreadable(kind, _) => {
            format!("tệp không phải là {}", evidence_kind(*kind))
        }
        StoreError::BackupDamaged(path)
        | StoreError::DocumentDiffers(path)
        | StoreError::DocumentLinked(path)
        | StoreError::Exposed(path)
        | StoreError::File(path, _)
        | StoreError::FileExists(path)
        | StoreError::FolderMissing(path)
        | StoreError::JournalUnavailable(path)
        | StoreError::NoStore(path)
        | StoreError::NotABackup(path)
        | StoreError::NotAStore(path)
        | StoreError::StoreExists(path) => {
            format!("{}: {}", path.display(), about_a_path(error))
        }
    }
}

/// What is wrong with a path; empty for errors about none.
const fn about_a_path(error: &StoreError) -> &'static str {
    match error {
        StoreError::BackupDamaged(_) => "bản sao lưu này bị hỏng: hãy dùng bản khác",
        StoreError::DocumentDiffers(_) => "không phải văn bản của hồ sơ, chưa hủy gì",
        StoreError::DocumentLinked(_) => "là liên kết hoặc còn tên khác: hãy nêu tệp duy nhất",
        StoreError::Exposed(_) => "người khác đọc hoặc ghi được: hãy bỏ quyền của họ (chmod 600)",
        StoreError::File(..) => "không đọc hoặc ghi được",
        StoreError::FileExists(_) => "đã có tệp này: hãy chọn tên khác",
        StoreError::FolderMissing(_) => "chưa có thư mục này: hãy tạo trước",
        StoreError::JournalUnavailable(_) => "không ghi nhật ký được ở đây: hãy chọn đĩa trong máy",
        StoreError::NoStore(_) => "chưa có kho trong thư mục này",
        StoreError::NotABackup(_) => {
            "không phải là bản sao lưu của triend: hãy nêu tệp do lệnh store backup ghi ra"
        }
        StoreError::NotAStore(_) => "không phải kho của triend",
        StoreError::StoreExists(_) => "đã có kho trong thư mục này",
        StoreError::AlreadyEnded(_)
        | StoreError::AlreadyThere(_)
        | StoreError::Busy
        | StoreError::CertificateOfAuthority
        | StoreError::CertificateUnknown(_)
        | StoreError::CertificateUnreadable(_)
        | StoreError::Damaged(_)
        | StoreError::Database(_)
        | StoreError::EvidenceUnreadable(..)
        | StoreError::LaterVersion { .. }
        | StoreError::NoRandomness
        | StoreError::NoReplacement(_)
        | StoreError::NoRoom(_)
        | StoreError::NotAClerk
        | StoreError::NotFound(..)
        | StoreError::NotIntact(_)
        | StoreError::OfAnotherStore
        | StoreError::RecordDestroyed(_)
        | StoreError::StillKept(_)
        | StoreError::Term(_)
        | StoreError::TooLarge { .. }
        | StoreError::TooMany { .. } => "",
    }
}

const fn term(fault: TermError) -> &'static str {
    match fault {
        TermError::EndsBeforeItStarts => "thời điểm kết thúc không sau thời điểm bắt đầu",
        TermError::LaterThanItsEnd => "mục này kết thúc sớm hơn: hãy lập mục mới nếu kéo dài",
        TermError::OutsideSigner => "mục của văn thư không có hiệu lực suốt thời gian đó",
    }
}

const fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::EvidenceItem => "thông tin lưu kèm",
        Subject::Pairing => "kết nối",
        Subject::Record => "hồ sơ",
        Subject::SealAssignment => "lần giao thiết bị con dấu",
        Subject::Signer => "mục trong sổ người ký",
        Subject::Withdrawal => "lần thu hồi",
    }
}

/// Why a text was not taken.
#[must_use]
pub fn text_fault(fault: TextFault, language: Language) -> String {
    if language == Language::En {
        return fault.to_string();
    }
    match fault {
        TextFault::Empty => "không được để trống".to_owned(),
        TextFault::TooLong => "dài quá 300 ký tự".to_owned(),
        TextFault::Unprintable { position } => {
            let place = position.saturating_add(1);
            format!("ký tự thứ {place} không nhìn thấy được")
        }
    }
}

/// What pictures of a document do not show of it.
#[must_use]
pub const fn left_out(what: LeftOut, language: Language) -> &'static str {
    let (vietnamese, english) = match what {
        LeftOut::Fields => (
            "ô điền không có hình riêng, mỗi chương trình tự vẽ một cách",
            "fields with no look of their own, which each program draws in its own way",
        ),
        LeftOut::Layers => (
            "lớp nội dung mà chương trình khác có thể bật hoặc tắt",
            "layers that other programs can switch on or off",
        ),
        LeftOut::Images => (
            "ảnh không đọc được, quá lớn hoặc có bản khác để in",
            "images that cannot be read, are too large or have another version for print",
        ),
        LeftOut::Fonts => (
            "chữ có phông không đọc được hoặc không kèm trong tệp",
            "text in fonts that cannot be read or are not in the file",
        ),
        LeftOut::Annotations => (
            "ghi chú hoặc hình ghép mà chương trình khác có thể hiện ra",
            "annotations or embedded drawings that other programs may show",
        ),
        LeftOut::Scripts => (
            "mã lệnh hoặc thao tác có thể đổi những gì hiện ra",
            "scripts or other actions that can change what is shown",
        ),
        LeftOut::Attachments => (
            "tệp kèm theo mà chương trình khác mở thay cho các trang này",
            "attached files that other programs open in place of these pages",
        ),
        _ => ("nội dung khác", "other content"),
    };
    match language {
        Language::En => english,
        Language::Vi | _ => vietnamese,
    }
}

/// The name of a kind of evidence.
#[must_use]
pub const fn evidence_kind(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::SignerCertificate => "chứng thư số người ký",
        EvidenceKind::Crl => "danh sách thu hồi (CRL)",
        EvidenceKind::Ocsp => "trả lời OCSP",
        EvidenceKind::PracticeStatement => "quy chế chứng thực",
        EvidenceKind::Responsibility => "thông tin về trách nhiệm của người ký",
        EvidenceKind::TimeStampAtSigning => "dấu thời gian khi ký",
        EvidenceKind::TimeStampAtReceipt => "dấu thời gian khi nhận",
    }
}

/// How far the destruction of a record's evidence has come.
#[must_use]
pub const fn record_state(state: RecordState, language: Language) -> &'static str {
    match (state, language) {
        (RecordState::Destroyed, Language::En) => "destroyed",
        (RecordState::Destroyed, _) => "đã hủy",
        (RecordState::DestructionBegun, Language::En) => "destruction begun, do it again",
        (RecordState::DestructionBegun, _) => "đang hủy dở, cần làm lại",
        (RecordState::Kept, Language::En) => "kept",
        (RecordState::Kept, _) => "đang lưu",
    }
}

/// What TT 41/2017, art. 9, asks for and is not kept.
#[must_use]
pub fn missing(missing: MissingEvidence, language: Language) -> String {
    if language == Language::En {
        return missing.to_string();
    }
    match missing {
        MissingEvidence::SignerCertificate => "thiếu chứng thư số người ký".to_owned(),
        MissingEvidence::RevocationInformation(id) => {
            format!("thiếu danh sách thu hồi hoặc OCSP của {id}")
        }
        MissingEvidence::PracticeStatement => "thiếu quy chế chứng thực".to_owned(),
        MissingEvidence::Responsibility(id) => {
            format!("thiếu thông tin về trách nhiệm của {id}")
        }
        MissingEvidence::TimeStampAtSigning => "thiếu dấu thời gian khi ký".to_owned(),
        MissingEvidence::TimeStampAtReceipt => "thiếu dấu thời gian khi nhận".to_owned(),
    }
}

/// What is not as it was written.
#[must_use]
pub fn fault(fault: &AuditFault, language: Language) -> String {
    if language == Language::En {
        return fault.to_string();
    }
    match fault {
        AuditFault::EntryAltered { sequence } => format!("mục {sequence} của nhật ký đã bị sửa"),
        AuditFault::ChainBroken { sequence } => {
            format!("mục {sequence} của nhật ký không nối tiếp mục trước nó")
        }
        AuditFault::EntriesMissing { expected, found } => {
            format!("nhật ký nhảy từ chỗ của mục {expected} sang mục {found}")
        }
        AuditFault::CutOff { sequence } => {
            format!("nhật ký kết thúc trước mục {sequence} mà một mốc đã ghi")
        }
        AuditFault::WrittenAnew { sequence } => {
            format!("mục {sequence} của nhật ký khác với mốc đã ghi")
        }
        AuditFault::SealBroken { sequence } => {
            format!("dấu thời gian hoặc chữ ký trên mục {sequence} không đúng")
        }
        AuditFault::HeadOfAnotherStore { sequence } => {
            format!("mốc ghi mục {sequence} thuộc kho khác")
        }
        AuditFault::Empty => "nhật ký trống".to_owned(),
        AuditFault::OfAnotherStore => "nhật ký thuộc kho khác".to_owned(),
        AuditFault::RowUnlogged { kind, id } => {
            format!(
                "{} {id} không có trong nhật ký như hiện nay",
                row_kind(*kind)
            )
        }
        AuditFault::RowMissing { kind, sequence } => format!(
            "{} mà mục {sequence} của nhật ký ghi đã bị xóa hoặc sửa",
            row_kind(*kind)
        ),
        AuditFault::OctetsAltered { sha256 } => format!("nội dung lưu với mã {sha256} đã bị sửa"),
        AuditFault::SchemaDiffers { name } => {
            format!("{name} trong cơ sở dữ liệu không như chương trình tạo ra")
        }
    }
}

const fn row_kind(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Destruction => "quyết định hủy",
        RowKind::DestructionEnd => "lần hủy xong",
        RowKind::Evidence => "thông tin lưu kèm",
        RowKind::Head => "mốc nhật ký",
        RowKind::Pairing => "kết nối",
        RowKind::PairingEnd => "lần gỡ kết nối",
        RowKind::PairingRight => "quyền của kết nối",
        RowKind::Record => "hồ sơ",
        RowKind::SealAssignment => "lần giao thiết bị con dấu",
        RowKind::SealReturn => "lần trả thiết bị con dấu",
        RowKind::Signer => "mục trong sổ người ký",
        RowKind::SignerEnd => "lần kết thúc mục trong sổ",
        RowKind::Withdrawal => "lần thu hồi",
        RowKind::WithdrawalReport => "báo cáo về thu hồi",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_of_pictures_what_the_warnings_say() {
        let catalogue = include_str!("../assets/consent/catalogue.js");
        let (vietnamese, english) = catalogue.split_once("export const en").unwrap();
        for (half, language) in [(vietnamese, Language::Vi), (english, Language::En)] {
            let (_, said) = half.split_once("leftOut: {").unwrap();
            let (said, _) = said.split_once('}').unwrap();
            for what in LeftOut::ALL {
                let line = format!("{}: \"{}\",", what.code(), left_out(what, language));
                assert!(said.contains(&line), "{line} is not in {said}");
            }
            assert_eq!(said.matches("\",").count(), LeftOut::ALL.len());
        }
    }
}
