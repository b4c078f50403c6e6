//! What a look lies over, in a word for programs and a sentence for people.

use serde::{Deserialize, Serialize};

use crate::Language;
use crate::language::Sentence;

/// What the look of a later signature, time stamp or filled field lies over. The words are part of
/// `trien.verify/1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CoveredWord {
    /// A note, a stamp or a filled field.
    Annotation,
    /// A picture, strokes or a shading, of which little is hidden.
    Drawing,
    /// Nobody can tell: readers draw the look at another place than it says.
    Elsewhere,
    /// The mark of an earlier signature.
    Mark,
    /// Too much of the page, with the looks before it.
    Page,
    /// A part of the mark of an earlier signature, which stays to be seen.
    PartOfMark,
    /// A picture.
    Picture,
    /// A scanned page, of which nobody can tell where it is empty.
    Scan,
    /// Text.
    Text,
    /// A page that cannot be read.
    Unread,
}

impl CoveredWord {
    /// What is covered, as a sentence.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        let sentence = match self {
            Self::Annotation => Sentence {
                vi: "Hình của chữ ký hoặc ô điền thêm sau che một chú thích hoặc ô đã điền.",
                en: "The look of the later signature or filled field covers an annotation or a filled field.",
            },
            Self::Drawing => Sentence {
                vi: "Hình của chữ ký hoặc ô điền thêm sau nằm trên hình ảnh hoặc nét vẽ của văn bản.",
                en: "The look of the later signature or filled field lies over a picture or drawing of the document.",
            },
            Self::Elsewhere => Sentence {
                vi: "Trang bị xoay còn hình của chữ ký thêm sau thì không, nên không biết hình ấy nằm trên nội dung nào.",
                en: "The page is turned and the look of the later signature is not, so what it lies over is not known.",
            },
            Self::PartOfMark => Sentence {
                vi: "Hình của chữ ký hoặc ô điền thêm sau nằm lên một phần chữ ký hoặc con dấu đã có, phần này vẫn nhìn thấy được.",
                en: "The look of the later signature or filled field lies over a part of the mark of an earlier one, \
                     which stays to be seen.",
            },
            Self::Mark => Sentence {
                vi: "Hình của chữ ký hoặc ô điền thêm sau che chữ ký hoặc con dấu đã có.",
                en: "The look of the later signature or filled field covers the mark of an earlier one.",
            },
            Self::Page => Sentence {
                vi: "Các hình chữ ký thêm sau chiếm quá nhiều diện tích của trang.",
                en: "The looks of later signatures take too much of the page.",
            },
            Self::Picture => Sentence {
                vi: "Hình của chữ ký hoặc ô điền thêm sau che một hình ảnh của văn bản.",
                en: "The look of the later signature or filled field covers a picture of the document.",
            },
            Self::Scan => Sentence {
                vi: "Trang là ảnh quét nên không biết hình của chữ ký hoặc ô điền thêm sau có che chữ không.",
                en: "The page is a scan, so whether the look of the later signature or filled field covers text is \
                     not known.",
            },
            Self::Text => Sentence {
                vi: "Hình của chữ ký hoặc ô điền thêm sau che chữ của văn bản đã ký.",
                en: "The look of the later signature or filled field covers text of the signed document.",
            },
            Self::Unread => Sentence {
                vi: "Không đọc hết được trang nên không biết hình của chữ ký hoặc ô điền thêm sau có che chữ không.",
                en: "The page cannot be read to its end, so whether the look of the later signature or filled field \
                     covers text is not known.",
            },
        };
        sentence.in_language(language)
    }
}
