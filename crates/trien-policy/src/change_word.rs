//! Kinds of change in a word for programs and a sentence for people.

use serde::{Deserialize, Serialize};

use crate::Language;
use crate::language::Sentence;

/// What happened to the document behind a signature. The words are part of `trien.verify/1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ChangeWord {
    /// A script or another action was added that runs in a viewer.
    ActionAdded,
    /// An object that several places show changed in one of them.
    AliasedObject,
    /// An annotation was added, changed or removed.
    Annotation,
    /// An annotation that showed something was removed, hidden or painted anew.
    AnnotationLost,
    /// The order of annotations changed.
    AnnotationOrder,
    /// The catalog names a new certification.
    CertificationDeclared,
    /// A document time stamp was added.
    DocumentTimestampAdded,
    /// An empty signature field was added.
    EmptySignatureFieldAdded,
    /// The parts that changed are encrypted, so that nobody without the password can say what did.
    Encrypted,
    /// A version or extension of PDF was declared.
    ExtensionsDeclared,
    /// A form field was added.
    FieldAdded,
    /// A form field was changed other than by filling it in.
    FieldChanged,
    /// A form field was filled in.
    FieldFilled,
    /// A form field was locked.
    FieldLocked,
    /// A form field was removed.
    FieldRemoved,
    /// The form received what a signature needs.
    FormExtended,
    /// The form received fonts or other resources.
    FormResourcesExtended,
    /// The two views of a hybrid file differ.
    HybridDivergence,
    /// The document received another identity.
    IdentityReplaced,
    /// Metadata were replaced.
    MetadataReplaced,
    /// When and by which program the file was changed.
    ModificationRecorded,
    /// Something was written anew and holds what it held.
    ObjectRewritten,
    /// What the signature permits cannot be read.
    PermissionUnreadable,
    /// A second certification was added.
    SecondCertification,
    /// Validation data were added or replaced.
    SecurityStoreChanged,
    /// A signature was added.
    SignatureFieldAdded,
    /// A prepared signature field was signed.
    SignatureFieldFilled,
    /// The signature was taken out of the form.
    SignatureRemoved,
    /// The trailer leaves out objects that are there.
    SizeTooSmall,
    /// The file's structure is damaged.
    StructureDamaged,
    /// Octets of an update look like objects or tables of a file.
    StructureEmbedded,
    /// The logical structure was extended.
    StructureExtended,
    /// The language was declared, or that the document is tagged.
    TaggingDeclared,
    /// The trailer changed.
    TrailerChanged,
    /// More than one end of line stands behind the last revision.
    TrailingLineEnds,
    /// Octets follow that belong to no revision.
    UnaccountedOctets,
    /// A limit was reached before all that was signed was looked at, so that nobody knows whether
    /// programs show the same of it.
    Unexamined,
    /// Something changed that no rule explains.
    Unexplained,
    /// A revision is not finished.
    UnfinishedRevision,
    /// Something cannot be read.
    Unreadable,
    /// Something that nothing shows was added or changed.
    UnreferencedObject,
    /// A page received the widget of a new signature field.
    WidgetAdded,
}

impl ChangeWord {
    /// The change as a sentence.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a catalogue: one entry a word")]
    pub const fn sentence(self, language: Language) -> &'static str {
        let sentence = match self {
            Self::ActionAdded => Sentence {
                vi: "Một đoạn mã hoặc lệnh tự chạy đã được thêm.",
                en: "A script or another action was added that runs in a viewer.",
            },
            Self::AliasedObject => Sentence {
                vi: "Một đối tượng dùng chung ở nhiều chỗ đã bị thay đổi.",
                en: "An object that several places share was changed.",
            },
            Self::Annotation => Sentence {
                vi: "Một chú thích đã được thêm, sửa hoặc xóa.",
                en: "An annotation was added, changed or removed.",
            },
            Self::AnnotationLost => Sentence {
                vi: "Một hình, dấu hoặc chú thích có trên trang khi ký đã bị xóa, che giấu, dời chỗ hoặc vẽ lại.",
                en: "An annotation that showed something when it was signed was removed, hidden, moved or painted anew.",
            },
            Self::AnnotationOrder => Sentence {
                vi: "Thứ tự các chú thích trên trang đã thay đổi.",
                en: "The order of the page's annotations changed.",
            },
            Self::CertificationDeclared => Sentence {
                vi: "Văn bản được khai báo là đã chứng nhận bởi một chữ ký mới.",
                en: "The document declares the certification of a new signature.",
            },
            Self::DocumentTimestampAdded => Sentence {
                vi: "Một dấu thời gian của văn bản đã được thêm.",
                en: "A document time stamp was added.",
            },
            Self::EmptySignatureFieldAdded => Sentence {
                vi: "Một ô chữ ký trống đã được thêm.",
                en: "An empty signature field was added.",
            },
            Self::Encrypted => Sentence {
                vi: "Tệp có mật khẩu và có phần được mã hóa: không biết sau khi ký có gì thay đổi. Hãy mở tệp bằng mật khẩu và hỏi nơi phát hành.",
                en: "The file has a password and parts of it are encrypted, so what changed after signing is not known. Open it with the password and ask who issued it.",
            },
            Self::ExtensionsDeclared => Sentence {
                vi: "Phiên bản hoặc phần mở rộng PDF đã được khai báo lại.",
                en: "A version or extension of PDF was declared.",
            },
            Self::FieldAdded => Sentence {
                vi: "Một ô biểu mẫu đã được thêm vào văn bản.",
                en: "A form field was added.",
            },
            Self::FieldChanged => Sentence {
                vi: "Một ô biểu mẫu đã bị sửa ngoài việc điền giá trị.",
                en: "A form field was changed other than by filling it in.",
            },
            Self::FieldFilled => Sentence {
                vi: "Một ô biểu mẫu đã được điền.",
                en: "A form field was filled in.",
            },
            Self::FieldLocked => Sentence {
                vi: "Một ô biểu mẫu đã bị khóa.",
                en: "A form field was locked.",
            },
            Self::FieldRemoved => Sentence {
                vi: "Một ô biểu mẫu hoặc ô chữ ký đã bị xóa.",
                en: "A form field or signature field was removed.",
            },
            Self::FormExtended => Sentence {
                vi: "Biểu mẫu đã được bổ sung phần cần cho chữ ký.",
                en: "The form received what a signature needs.",
            },
            Self::FormResourcesExtended => Sentence {
                vi: "Biểu mẫu đã được bổ sung phông chữ hoặc tài nguyên khác.",
                en: "The form received fonts or other resources.",
            },
            Self::HybridDivergence => Sentence {
                vi: "Tệp cho hai cách đọc khác nhau: các phần mềm có thể hiển thị khác nhau.",
                en: "The file can be read in two ways that differ.",
            },
            Self::IdentityReplaced => Sentence {
                vi: "Mã nhận dạng của tệp đã được thay bằng mã khác.",
                en: "The file was given another identity.",
            },
            Self::MetadataReplaced => Sentence {
                vi: "Thông tin mô tả của tệp đã được cập nhật.",
                en: "The file's metadata were updated.",
            },
            Self::ModificationRecorded => Sentence {
                vi: "Tệp ghi lại thời điểm và phần mềm sửa gần nhất.",
                en: "The file states when and by which program it was changed.",
            },
            Self::ObjectRewritten => Sentence {
                vi: "Một phần của tệp được ghi lại, nội dung không đổi.",
                en: "A part of the file was written anew with the same content.",
            },
            Self::PermissionUnreadable => Sentence {
                vi: "Không đọc được quyền thay đổi mà chữ ký khai báo.",
                en: "What the signature permits cannot be read.",
            },
            Self::SecondCertification => Sentence {
                vi: "Văn bản đã được chứng nhận lần thứ hai.",
                en: "The document was certified a second time.",
            },
            Self::SecurityStoreChanged => Sentence {
                vi: "Dữ liệu phục vụ kiểm tra lâu dài đã được bổ sung.",
                en: "Validation data were added.",
            },
            Self::SignatureFieldAdded => Sentence {
                vi: "Một chữ ký đã được thêm.",
                en: "A signature was added.",
            },
            Self::SignatureFieldFilled => Sentence {
                vi: "Một ô chữ ký chuẩn bị sẵn đã được ký.",
                en: "A prepared signature field was signed.",
            },
            Self::SignatureRemoved => Sentence {
                vi: "Chữ ký đã bị gỡ khỏi văn bản.",
                en: "The signature was taken out of the document.",
            },
            Self::SizeTooSmall => Sentence {
                vi: "Tệp khai báo ít đối tượng hơn số đang có: các phần mềm có thể hiển thị khác nhau.",
                en: "The file states fewer objects than it has, so programs may show it differently.",
            },
            Self::StructureDamaged => Sentence {
                vi: "Cấu trúc tệp bị hỏng nên không biết văn bản đang hiển thị những gì.",
                en: "The file's structure is damaged, so what it shows is not known.",
            },
            Self::StructureEmbedded => Sentence {
                vi: "Dữ liệu bổ sung có giấu cấu trúc của một tệp PDF khác: có phần mềm hiển thị nội dung giấu đó.",
                en: "What was added hides the structure of another PDF file, which some programs show.",
            },
            Self::StructureExtended => Sentence {
                vi: "Cấu trúc đánh dấu của văn bản đã được bổ sung.",
                en: "The logical structure was extended.",
            },
            Self::TaggingDeclared => Sentence {
                vi: "Ngôn ngữ hoặc việc đánh dấu cấu trúc của văn bản đã được khai báo.",
                en: "The document's language or its tagging was declared.",
            },
            Self::TrailerChanged => Sentence {
                vi: "Phần mô tả gốc của tệp đã bị thay đổi.",
                en: "The file's trailer was changed.",
            },
            Self::TrailingLineEnds => Sentence {
                vi: "Cuối tệp có thừa dấu xuống dòng, không thuộc phiên bản nào.",
                en: "More than one end of line stands at the end of the file, in no revision.",
            },
            Self::UnaccountedOctets => Sentence {
                vi: "Có dữ liệu lạ ở cuối tệp, không thuộc phiên bản nào.",
                en: "Data of no revision stand at the end of the file.",
            },
            Self::Unexamined => Sentence {
                vi: "Tệp có phần quá lớn nên chưa kiểm tra được hết nội dung đã ký. Hãy hỏi nơi phát hành.",
                en: "A part of the file is over a limit, so what was signed was not examined to its end. Ask who issued it.",
            },
            Self::Unexplained => Sentence {
                vi: "Nội dung văn bản đã bị thay đổi mà không có lý do nào được phép.",
                en: "The document was changed in a way that no rule allows.",
            },
            Self::UnfinishedRevision => Sentence {
                vi: "Một phiên bản của tệp chưa được ghi hoàn chỉnh.",
                en: "A revision of the file is not finished.",
            },
            Self::Unreadable => Sentence {
                vi: "Có phần không đọc được nên không biết điều gì đã thay đổi.",
                en: "A part cannot be read, so what changed is not known.",
            },
            Self::UnreferencedObject => Sentence {
                vi: "Một đối tượng không hiển thị ở đâu đã được thêm hoặc thay đổi.",
                en: "An object that nothing shows was added or changed.",
            },
            Self::WidgetAdded => Sentence {
                vi: "Trang đã nhận khung hiển thị của một ô chữ ký.",
                en: "A page received the widget of a signature field.",
            },
        };
        sentence.in_language(language)
    }

    /// The word of the JSON contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ActionAdded => "action-added",
            Self::AliasedObject => "aliased-object",
            Self::Annotation => "annotation",
            Self::AnnotationLost => "annotation-lost",
            Self::AnnotationOrder => "annotation-order",
            Self::CertificationDeclared => "certification-declared",
            Self::DocumentTimestampAdded => "document-timestamp-added",
            Self::EmptySignatureFieldAdded => "empty-signature-field-added",
            Self::Encrypted => "encrypted",
            Self::ExtensionsDeclared => "extensions-declared",
            Self::FieldAdded => "field-added",
            Self::FieldChanged => "field-changed",
            Self::FieldFilled => "field-filled",
            Self::FieldLocked => "field-locked",
            Self::FieldRemoved => "field-removed",
            Self::FormExtended => "form-extended",
            Self::FormResourcesExtended => "form-resources-extended",
            Self::HybridDivergence => "hybrid-divergence",
            Self::IdentityReplaced => "identity-replaced",
            Self::MetadataReplaced => "metadata-replaced",
            Self::ModificationRecorded => "modification-recorded",
            Self::ObjectRewritten => "object-rewritten",
            Self::PermissionUnreadable => "permission-unreadable",
            Self::SecondCertification => "second-certification",
            Self::SecurityStoreChanged => "security-store-changed",
            Self::SignatureFieldAdded => "signature-field-added",
            Self::SignatureFieldFilled => "signature-field-filled",
            Self::SignatureRemoved => "signature-removed",
            Self::SizeTooSmall => "size-too-small",
            Self::StructureDamaged => "structure-damaged",
            Self::StructureEmbedded => "structure-embedded",
            Self::StructureExtended => "structure-extended",
            Self::TaggingDeclared => "tagging-declared",
            Self::TrailerChanged => "trailer-changed",
            Self::TrailingLineEnds => "trailing-line-ends",
            Self::UnaccountedOctets => "unaccounted-octets",
            Self::Unexamined => "unexamined",
            Self::Unexplained => "unexplained",
            Self::UnfinishedRevision => "unfinished-revision",
            Self::Unreadable => "unreadable",
            Self::UnreferencedObject => "unreferenced-object",
            Self::WidgetAdded => "widget-added",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_the_one_that_is_serialised() {
        for word in [ChangeWord::Unexplained, ChangeWord::SignatureFieldAdded] {
            let json = serde_json::to_string(&word).unwrap();
            assert_eq!(json, format!("\"{}\"", word.as_str()));
        }
    }
}
