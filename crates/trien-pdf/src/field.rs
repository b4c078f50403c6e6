//! Signature fields through the tree of the interactive form (ISO 32000-2, 12.7.3 to 12.7.5).

use trien_types::Limit;

use crate::hashing::NumberSet;
use crate::signature::SignatureDictionary;
use crate::{
    Dictionary, Document, Object, ObjectId, ObjectPlace, ReadError, RevisionIndex, decode_text,
};

type Result<T> = std::result::Result<T, ReadError>;

/// What the /V of a signature field holds.
#[derive(Debug)]
#[non_exhaustive]
pub enum FieldValue {
    /// Nothing: the field waits for a signature.
    Empty,
    /// A signature dictionary.
    Signature(Box<SignatureDictionary>),
    /// Something that cannot be read; never to be taken for an empty field.
    Unreadable(ReadError),
}

/// Where a field shows on a page: its widget annotation (12.5.6.19).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Widget {
    /// The annotation's object; `None` when it is direct.
    pub object: Option<ObjectId>,
    /// /Rect in PDF points: left, bottom, right, top as written.
    pub rectangle: Option<[f64; 4]>,
    /// /P, the page it claims to be on.
    pub page: Option<ObjectId>,
}

/// A field of type /Sig.
#[derive(Debug)]
#[non_exhaustive]
pub struct SignatureField {
    /// The full name: partial names joined by full stops (12.7.4.2).
    pub full_name: String,
    /// The field's object; `None` when it is direct in its parent.
    pub object: Option<ObjectId>,
    /// The field dictionary.
    pub dictionary: Dictionary,
    /// Its value.
    pub value: FieldValue,
    /// Its widgets; often the field itself.
    pub widgets: Vec<Widget>,
}

/// A terminal field of any type, as the comparison of revisions needs it.
#[derive(Debug)]
pub(crate) struct FormField {
    pub(crate) full_name: String,
    pub(crate) object: Option<ObjectId>,
    pub(crate) dictionary: Dictionary,
    pub(crate) field_type: Option<Object>,
    /// /V as written, perhaps inherited.
    pub(crate) value: Object,
    /// Widgets that are kids of the field.
    pub(crate) kids: Vec<(Option<ObjectId>, Dictionary)>,
    /// The node that lists it among its kids; `None` for a field of the form's own list.
    pub(crate) listed_by: Option<ObjectId>,
}

/// A node of the tree that has fields below it (12.7.4.1).
#[derive(Debug)]
pub(crate) struct FieldNode {
    pub(crate) full_name: String,
    pub(crate) object: Option<ObjectId>,
    pub(crate) dictionary: Dictionary,
    /// What it lists besides fields.
    pub(crate) kids: Vec<(Option<ObjectId>, Dictionary)>,
    /// As of a field.
    pub(crate) listed_by: Option<ObjectId>,
}

/// The terminal fields of the whole form, and the nodes above them.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) fields: Vec<FormField>,
    pub(crate) nodes: Vec<FieldNode>,
}

/// What a walk is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Every field, without its value.
    Form,
    /// Signature fields with their dictionaries.
    Signatures,
}

/// What a node passes on to its kids (12.7.4.1).
#[derive(Clone, Default)]
struct Inherited {
    full_name: String,
    field_type: Option<Object>,
    value: Option<(Object, Option<ObjectId>, ObjectPlace)>,
    node: Option<ObjectId>,
}

struct Walk<'d, 'a> {
    document: &'d Document<'a>,
    revision: RevisionIndex,
    visited: NumberSet<ObjectId>,
    nodes: usize,
    wanted: Wanted,
    found: Vec<SignatureField>,
    form: Form,
}

struct Node {
    object: Option<ObjectId>,
    place: ObjectPlace,
    dictionary: Dictionary,
}

/// The signature fields of the form as of a revision, in the order of the tree.
///
/// # Errors
/// The catalog or the form itself cannot be read, or the form is over a limit. A field that is
/// damaged inside is listed with what could not be read.
pub fn signature_fields(
    document: &Document<'_>,
    revision: RevisionIndex,
) -> Result<Vec<SignatureField>> {
    Ok(walk(document, revision, Wanted::Signatures)?.found)
}

/// Every field of the form as of a revision.
pub(crate) fn form_fields(document: &Document<'_>, revision: RevisionIndex) -> Result<Form> {
    Ok(walk(document, revision, Wanted::Form)?.form)
}

fn walk<'d, 'a>(
    document: &'d Document<'a>,
    revision: RevisionIndex,
    wanted: Wanted,
) -> Result<Walk<'d, 'a>> {
    let mut walk = Walk {
        document,
        revision,
        visited: NumberSet::default(),
        nodes: 0,
        wanted,
        found: Vec::new(),
        form: Form::default(),
    };
    let (_, catalog) = document.catalog(revision)?;
    let Object::Dictionary(form) = document.value(&catalog, "AcroForm", revision)? else {
        return Ok(walk);
    };
    if let Object::Array(roots) = document.value(&form, "Fields", revision)? {
        for root in &roots {
            walk.visit(root, &Inherited::default(), 0)?;
        }
    }
    Ok(walk)
}

impl Walk<'_, '_> {
    fn node(&mut self, object: &Object, parent: Option<ObjectPlace>) -> Result<Option<Node>> {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > self.document.limits().fields {
            return Err(ReadError::limit(Limit::Fields, 0));
        }
        match object {
            Object::Reference(id) => {
                if !self.visited.insert(*id) {
                    return Ok(None);
                }
                let located = self.document.object(*id, self.revision)?;
                Ok(match located.object {
                    Object::Dictionary(dictionary) => Some(Node {
                        object: Some(*id),
                        place: located.place,
                        dictionary,
                    }),
                    _ => None,
                })
            }
            Object::Dictionary(dictionary) => Ok(Some(Node {
                object: None,
                place: parent.unwrap_or(ObjectPlace::Nowhere),
                dictionary: dictionary.clone(),
            })),
            _ => Ok(None),
        }
    }

    fn visit(&mut self, object: &Object, inherited: &Inherited, depth: usize) -> Result<()> {
        if depth > self.document.limits().nesting {
            return Err(ReadError::limit(Limit::Nesting, 0));
        }
        let node = match self.node(object, None) {
            Ok(Some(node)) => node,
            Ok(None) => return Ok(()),
            Err(error) if error.is_limit() => return Err(error),
            Err(error) => {
                self.unreadable(object, inherited, error);
                return Ok(());
            }
        };
        let passed_on = self.inherit(&node, inherited)?;
        let kids = match self
            .document
            .value(&node.dictionary, "Kids", self.revision)?
        {
            Object::Array(kids) => kids,
            _ => Vec::new(),
        };
        let mut widgets = Vec::new();
        let mut nodes = Vec::new();
        let mut has_fields = false;
        for kid in &kids {
            if self.is_field(kid)? {
                has_fields = true;
                self.visit(kid, &passed_on, depth.saturating_add(1))?;
            } else if let Ok(Some(widget)) = self.node(kid, Some(node.place)) {
                widgets.push(self.widget(&widget)?);
                nodes.push((widget.object, widget.dictionary));
            }
        }
        let listed_by = inherited.node;
        if has_fields {
            if self.wanted == Wanted::Form {
                self.form.nodes.push(FieldNode {
                    full_name: passed_on.full_name,
                    object: node.object,
                    dictionary: node.dictionary,
                    kids: nodes,
                    listed_by,
                });
            }
            return Ok(());
        }
        if self.wanted == Wanted::Form {
            self.form.fields.push(FormField {
                full_name: passed_on.full_name,
                object: node.object,
                dictionary: node.dictionary,
                listed_by,
                field_type: passed_on.field_type,
                value: passed_on.value.map_or(Object::Null, |(value, ..)| value),
                kids: nodes,
            });
            return Ok(());
        }
        if kids.is_empty() {
            widgets.push(self.widget(&node)?);
        }
        if let Some(Object::Name(name)) = &passed_on.field_type
            && *name == "Sig"
        {
            let value = self.field_value(passed_on.value)?;
            self.found.push(SignatureField {
                full_name: passed_on.full_name,
                object: node.object,
                dictionary: node.dictionary,
                value,
                widgets,
            });
        }
        Ok(())
    }

    /// A field that cannot be read at all is listed: what cannot be parsed must not vanish.
    fn unreadable(&mut self, object: &Object, inherited: &Inherited, error: ReadError) {
        self.found.push(SignatureField {
            full_name: inherited.full_name.clone(),
            object: object.as_reference(),
            dictionary: Dictionary::new(),
            value: FieldValue::Unreadable(error),
            widgets: Vec::new(),
        });
    }

    /// Of the kids of a field, those with a partial name are fields, the others widgets.
    fn is_field(&self, kid: &Object) -> Result<bool> {
        match self.document.resolve(kid, self.revision) {
            Ok(Object::Dictionary(dictionary)) => Ok(dictionary.get("T").is_some()),
            Ok(_) => Ok(false),
            Err(error) if error.is_limit() => Err(error),
            Err(_) => Ok(true),
        }
    }

    fn inherit(&self, node: &Node, inherited: &Inherited) -> Result<Inherited> {
        let mut passed_on = inherited.clone();
        if let Object::String(partial) =
            self.document.value(&node.dictionary, "T", self.revision)?
        {
            if !passed_on.full_name.is_empty() {
                passed_on.full_name.push('.');
            }
            passed_on.full_name.push_str(&decode_text(&partial));
        }
        let field_type = self.document.value(&node.dictionary, "FT", self.revision)?;
        if field_type != Object::Null {
            passed_on.field_type = Some(field_type);
        }
        if let Some(value) = node.dictionary.get("V") {
            passed_on.value = Some((value.clone(), node.object, node.place));
        }
        passed_on.node = node.object;
        Ok(passed_on)
    }

    fn widget(&self, node: &Node) -> Result<Widget> {
        let rectangle = self
            .document
            .value(&node.dictionary, "Rect", self.revision)?;
        let page = node.dictionary.get("P").and_then(Object::as_reference);
        Ok(Widget {
            object: node.object,
            rectangle: rectangle_of(&rectangle),
            page,
        })
    }

    fn field_value(
        &self,
        value: Option<(Object, Option<ObjectId>, ObjectPlace)>,
    ) -> Result<FieldValue> {
        let Some((value, holder, place)) = value else {
            return Ok(FieldValue::Empty);
        };
        let (object, id, place) = match value {
            Object::Reference(id) => match self.document.object(id, self.revision) {
                Ok(located) => (located.object, Some(id), located.place),
                Err(error) if error.is_limit() => return Err(error),
                Err(error) => return Ok(FieldValue::Unreadable(error)),
            },
            direct => (direct, holder, place),
        };
        match object {
            Object::Null => Ok(FieldValue::Empty),
            Object::Dictionary(dictionary) => {
                let read =
                    SignatureDictionary::read(self.document, id, dictionary, place, self.revision);
                Ok(match read {
                    Ok(signature) => FieldValue::Signature(Box::new(signature)),
                    Err(error) => FieldValue::Unreadable(error),
                })
            }
            _ => Ok(FieldValue::Unreadable(ReadError::unexpected(
                crate::Expected::Dictionary,
                match place {
                    ObjectPlace::InFile(span) => span.start(),
                    ObjectPlace::InStream(_) | ObjectPlace::Nowhere => 0,
                },
            ))),
        }
    }
}

/// /Rect of a widget or annotation (12.5.2) in PDF points: left, bottom, right, top as written.
#[must_use]
pub fn rectangle(
    annotation: &Dictionary,
    document: &Document<'_>,
    revision: RevisionIndex,
) -> Option<[f64; 4]> {
    document
        .value(annotation, "Rect", revision)
        .ok()
        .as_ref()
        .and_then(rectangle_of)
}

/// Four numbers of a rectangle (7.9.5) as written.
pub(crate) fn rectangle_of(object: &Object) -> Option<[f64; 4]> {
    let numbers: Option<Vec<f64>> = object.as_array()?.iter().map(number_of).collect();
    numbers?.try_into().ok()
}

/// An integer or real as a real.
pub(crate) fn number_of(object: &Object) -> Option<f64> {
    match object {
        Object::Integer(value) => i32::try_from(*value).ok().map(f64::from),
        Object::Real(value) => Some(*value),
        _ => None,
    }
}
