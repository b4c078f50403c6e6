//! Kinds of change.

use super::shown::ShownMark;
use crate::{ObjectId, ReadError, RevisionIndex};

/// One change.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The revision that brought it.
    pub revision: RevisionIndex,
    /// The object it is about, if one.
    pub object: Option<ObjectId>,
    /// What happened.
    pub kind: ChangeKind,
    /// What it newly shows on pages, where it is a signature or a time stamp in a place that
    /// nobody saw before, or a filled field.
    pub marks: Vec<ShownMark>,
    /// The page that lists the annotation or widget it is about, where that is known.
    pub page: Option<ObjectId>,
}

impl Change {
    /// A change of no page in particular.
    pub(crate) const fn new(
        revision: RevisionIndex,
        object: Option<ObjectId>,
        kind: ChangeKind,
    ) -> Self {
        Self {
            revision,
            object,
            kind,
            marks: Vec::new(),
            page: None,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeKind {
    /// A script or another action was added that runs in a viewer (12.6).
    ActionAdded,
    /// An object that more than one place refers to changed, and only one of them explains it.
    AliasedObject,
    /// An annotation was added, changed or removed (12.5).
    Annotation {
        /// /Subtype.
        subtype: String,
        /// Whether it can hide what lies below it.
        covering: Covering,
    },
    /// An annotation that showed something was removed or hidden, or shows something else.
    AnnotationLost {
        /// /Subtype.
        subtype: String,
        /// How.
        loss: Loss,
    },
    /// The order of the page's annotations or fields changed (/Tabs).
    AnnotationOrder,
    /// The catalog names the certification of a new signature in /Perms.
    CertificationDeclared,
    /// A document time stamp was added in a field of this name.
    DocumentTimestampAdded {
        /// Full name.
        field: String,
        /// Whether its widget shows something that was not signed before.
        covering: Covering,
    },
    /// An empty signature field was added.
    EmptySignatureFieldAdded {
        /// Full name.
        field: String,
        /// Whether it shows something.
        covering: Covering,
    },
    /// The document holds objects in encrypted streams: what refers to what is not known, nor what
    /// became of it.
    Encrypted,
    /// The catalog names extensions or a newer version of PDF.
    ExtensionsDeclared,
    /// A field that is no signature field was added.
    FieldAdded {
        /// Full name.
        field: String,
    },
    /// Something about a field changed that filling it in does not change.
    FieldChanged {
        /// Full name.
        field: String,
        /// What it shows, where it was filled in and that is not its value.
        look: Option<WrongLook>,
    },
    /// A field received another value.
    FieldFilled {
        /// Full name.
        field: String,
        /// The values, where they differ.
        values: Option<FilledValues>,
    },
    /// A field keeps its value and was locked.
    FieldLocked {
        /// Full name.
        field: String,
        /// By what.
        by: Locking,
    },
    /// A field was removed.
    FieldRemoved {
        /// Full name.
        field: String,
    },
    /// The form received what a new signature needs: its field in the list, flags.
    FormExtended,
    /// The form received fonts or other resources for the text of its fields.
    FormResourcesExtended,
    /// The two views of a hybrid file differ (ATTACKS.md, X5).
    HybridDivergence,
    /// The trailer gives the document another identity (14.4).
    IdentityReplaced,
    /// The document information or well-formed metadata were replaced.
    MetadataReplaced,
    /// Validation data were added or replaced (12.8.4.3).
    SecurityStoreChanged,
    /// A second certification (C6).
    SecondCertification {
        /// Full name.
        field: String,
    },
    /// A signature field was added, with its widget and value.
    SignatureFieldAdded {
        /// Full name.
        field: String,
        /// Whether its widget can hide what lies below it.
        covering: Covering,
    },
    /// An empty signature field received its value.
    SignatureFieldFilled {
        /// Full name.
        field: String,
        /// Whether its new look can hide what lies below it.
        covering: Covering,
    },
    /// The document information states when and by which program the file was changed (14.3.3).
    ModificationRecorded,
    /// An object stream is not as the standard has it (7.5.7): it holds two objects of one number, or
    /// some that its header does not name, and programs show different ones.
    ObjectStreamMalformed,
    /// The cross-references of an update are written so that some readers do not take them: they
    /// rebuild the file, and show what they find in it (7.5.4, 7.5.5).
    LooselyFramed {
        /// Where.
        offset: usize,
    },
    /// An object was written anew or moved, and holds what it held.
    ObjectRewritten,
    /// The trailer's /Size leaves out objects: they count as missing to readers that ask it (7.5.5),
    /// and are there for others.
    SizeTooSmall,
    /// Octets inside an object of an update, or inside its trailer, that readers take for structure
    /// when they rebuild a file by scanning it.
    StructureEmbedded {
        /// Where.
        offset: usize,
    },
    /// The logical structure received elements for annotations and fields (14.7).
    StructureExtended,
    /// The document's language was declared, or that it is tagged (14.7.1, 14.9.2).
    TaggingDeclared,
    /// The trailer changed more than an update must.
    TrailerChanged,
    /// More than one end of line stands behind the last revision (ATTACKS.md, B15).
    TrailingLineEnds {
        /// Where the second one starts.
        offset: usize,
    },
    /// Octets behind the last revision belong to none.
    UnaccountedOctets {
        /// Where they start.
        offset: usize,
    },
    /// A limit was reached while the objects of a signed revision were looked at: whether programs
    /// show the same of it is not known.
    Unexamined(ReadError),
    /// An object changed and no rule explains it.
    Unexplained,
    /// The revision is not closed by startxref and `%%EOF`.
    UnfinishedRevision,
    /// An object cannot be read, so that nobody can say what changed.
    Unreadable(ReadError),
    /// An object that nothing refers to was added or changed: of those that one revision adds, the
    /// first.
    UnreferencedObject,
    /// A page received the widget of a new signature field.
    WidgetAdded,
}

/// The values of a field before and after it was filled in, as a report tells them: one line each,
/// of a bounded length, without characters that hide or turn others.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FilledValues {
    /// What it was; empty for nothing.
    pub old: String,
    /// What it is; empty for nothing.
    pub new: String,
}

/// A field whose look does not show the value that it was filled in with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrongLook {
    /// What the field says.
    pub values: FilledValues,
    /// What its look shows.
    pub shows: LookShows,
}

/// What a look shows instead of the value of its field.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LookShows {
    /// Another text, told as values are.
    Text(String),
    /// Letters of a font of this name, of which nobody can tell what they look like: it came behind
    /// the signature, or its program says others than its map to Unicode.
    DoubtedFont(String),
}

/// By what a field was locked (12.7.4.1, table 227; 12.5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Locking {
    /// By a new signature, which locks it (12.7.5.5, 12.8.2.4).
    Signature,
    /// Its widget may no longer be moved, which says nothing of the field.
    Widget,
    /// By whoever filled it in with the same update.
    Filling,
    /// By nobody: whoever signed left it to be filled in, and nobody can any more.
    Nobody,
}

/// Whether something that is drawn can hide what lies below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Covering {
    /// It shows nothing, or nothing opaque of its own.
    No,
    /// It has an appearance of its own.
    Possible,
    /// It takes more than half of its page.
    Page,
}

/// How an annotation that showed something was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Loss {
    /// It is there and hidden, elsewhere, or painted anew.
    Disguise,
    /// It is gone.
    Removal,
}

/// Kinds of change that a declared permission allows or forbids together.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeClass {
    /// Validation data and document time stamps: always allowed.
    Validation,
    /// What the file says of itself and no page shows: metadata, language, resources of fields.
    Describing,
    /// What every update may change without being seen.
    Housekeeping,
    /// A further signature.
    Signing {
        /// The field it fills; `None` when the field is new.
        field: Option<String>,
        /// Whether a new field can hide what lies below it.
        covering: Covering,
    },
    /// A form field filled in.
    FormFilling(String),
    /// An annotation.
    Annotating(Covering),
    /// Never allowed.
    Forbidden,
}

impl ChangeKind {
    /// Which permission the change needs.
    #[must_use]
    pub fn class(&self) -> ChangeClass {
        match self {
            Self::SecurityStoreChanged
            | Self::DocumentTimestampAdded {
                covering: Covering::No,
                ..
            } => ChangeClass::Validation,
            // A mark like any other, while nobody certified the document.
            Self::DocumentTimestampAdded { covering, .. } => ChangeClass::Signing {
                field: None,
                covering: *covering,
            },
            Self::ExtensionsDeclared
            | Self::FormExtended
            | Self::ModificationRecorded
            | Self::ObjectRewritten
            | Self::StructureExtended
            | Self::TrailingLineEnds { .. }
            | Self::UnreferencedObject
            | Self::WidgetAdded => ChangeClass::Housekeeping,
            Self::FormResourcesExtended
            | Self::IdentityReplaced
            | Self::MetadataReplaced
            | Self::TaggingDeclared => ChangeClass::Describing,
            Self::CertificationDeclared
            | Self::FieldLocked {
                by: Locking::Signature,
                ..
            } => ChangeClass::Signing {
                field: None,
                covering: Covering::No,
            },
            Self::SignatureFieldAdded { covering, .. } => ChangeClass::Signing {
                field: None,
                covering: *covering,
            },
            Self::SignatureFieldFilled { field, covering } => ChangeClass::Signing {
                field: Some(field.clone()),
                covering: *covering,
            },
            Self::EmptySignatureFieldAdded { covering, .. } => match covering {
                Covering::No => ChangeClass::Signing {
                    field: None,
                    covering: Covering::No,
                },
                Covering::Possible | Covering::Page => ChangeClass::Forbidden,
            },
            Self::FieldFilled { field, .. }
            | Self::FieldLocked {
                field,
                by: Locking::Filling | Locking::Widget,
            } => ChangeClass::FormFilling(field.clone()),
            Self::Annotation { covering, .. } => ChangeClass::Annotating(*covering),
            Self::AnnotationOrder => ChangeClass::Annotating(Covering::No),
            // C4: what an annotation showed was signed with the page. Without it, or with another
            // in its place, the page says something else.
            Self::AnnotationLost { .. }
            | Self::ActionAdded
            | Self::AliasedObject
            | Self::Encrypted
            | Self::FieldAdded { .. }
            | Self::FieldChanged { .. }
            | Self::FieldLocked {
                by: Locking::Nobody,
                ..
            }
            | Self::FieldRemoved { .. }
            | Self::HybridDivergence
            | Self::LooselyFramed { .. }
            | Self::ObjectStreamMalformed
            | Self::SecondCertification { .. }
            | Self::SizeTooSmall
            | Self::StructureEmbedded { .. }
            | Self::TrailerChanged
            | Self::UnaccountedOctets { .. }
            | Self::Unexamined(_)
            | Self::Unexplained
            | Self::UnfinishedRevision
            | Self::Unreadable(_) => ChangeClass::Forbidden,
        }
    }
}
