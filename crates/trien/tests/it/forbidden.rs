//! Every single edit of what was signed, in an update: for each object that the signed revision
//! reaches, each key with another value, without it, with one more, each stream with other data.
//! None is permitted, but for those that the policy names, which are listed with the reason.

use std::collections::{BTreeMap, BTreeSet};

use trien::{Document, IntegrityFact, Limits};
use trien_pdf::{Dictionary, Entry, Object, ObjectId};
use trien_policy::ChangesFact;
use trien_testkit::attacks::signed_document;
use trien_testkit::pki::Role;
use trien_testkit::structures::{Structure, write};

use crate::school::{empty_page, pki, signed_by, verify};
use crate::updates::with_update;

/// Octets of an object, as anybody would write it.
fn written(object: &Object) -> String {
    match object {
        Object::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(written).collect();
            format!("[{}]", elements.join(" "))
        }
        Object::Boolean(value) => value.to_string(),
        Object::Dictionary(dictionary) => written_entries(dictionary),
        Object::Integer(value) => value.to_string(),
        Object::Name(name) => format!("/{name}"),
        Object::Real(value) => format!("{value:?}"),
        Object::Reference(id) => format!("{} {} R", id.number, id.generation),
        Object::String(string) => {
            let digits = string.octets.iter().map(|octet| format!("{octet:02x}"));
            format!("<{}>", digits.collect::<String>())
        }
        _ => "null".to_owned(),
    }
}

fn written_entries(dictionary: &Dictionary) -> String {
    let entry = |entry: &Entry| format!("/{} {} ", entry.key, written(&entry.value));
    let entries: String = dictionary.entries().iter().map(entry).collect();
    format!("<< {entries}>>")
}

/// One edit: where, what, and the body that the object gets.
struct Edit {
    object: ObjectId,
    /// What the object is: its types, for the reader of a failure and for the policy.
    kind: String,
    key: String,
    what: &'static str,
    body: String,
}

impl Edit {
    fn name(&self) -> String {
        format!(
            "{} of {} {}, {}",
            self.key, self.kind, self.object, self.what
        )
    }
}

/// Another value of the same type, and one of another.
fn other_values(value: &Object) -> Vec<(&'static str, String)> {
    let same = match value {
        Object::Array(elements) if elements.is_empty() => "[null]".to_owned(),
        Object::Array(elements) => written(&Object::Array(elements[1..].to_vec())),
        Object::Boolean(value) => (!value).to_string(),
        Object::Dictionary(dictionary) => {
            let inner = written_entries(dictionary);
            format!("{} /TRIENX 1 >>", inner.trim_end_matches(">>"))
        }
        Object::Integer(value) => (value + 1).to_string(),
        Object::Name(name) => format!("/{name}X"),
        Object::Real(value) => format!("{:?}", value + 1.0),
        Object::Reference(id) if id.number == 1 => "2 0 R".to_owned(),
        Object::Reference(_) => "1 0 R".to_owned(),
        Object::String(string) => {
            let digits = string.octets.iter().map(|octet| format!("{octet:02x}"));
            format!("<58{}>", digits.collect::<String>())
        }
        _ => "(x)".to_owned(),
    };
    let other = match value {
        Object::Name(_) => "(x)",
        _ => "/TRIENX",
    };
    vec![("another value", same), ("another type", other.to_owned())]
}

fn edits_of(bytes: &[u8], document: &Document<'_>, id: ObjectId, object: &Object) -> Vec<Edit> {
    let data = object.as_stream().map(|stream| {
        let data = document.encoded(stream, document.latest()).unwrap();
        assert!(bytes.len() > data.len());
        data
    });
    let empty = Dictionary::new();
    let dictionary = match object {
        Object::Stream(stream) => &stream.dictionary,
        Object::Dictionary(dictionary) => dictionary,
        _ => &empty,
    };
    let kind = ["Type", "Subtype", "FT", "T", "S"]
        .into_iter()
        .filter_map(|key| dictionary.get(key))
        .map(|value| match value {
            Object::String(text) => trien_pdf::decode_text(text),
            other => written(other),
        });
    let kind: Vec<String> = kind.collect();
    let kind = kind.join(" ");
    let mut edits = Vec::new();
    let mut push = |key: &str, what, body| {
        edits.push(Edit {
            object: id,
            kind: kind.clone(),
            key: key.to_owned(),
            what,
            body,
        });
    };
    let with_data = |entries: String, data: &[u8]| {
        let text = String::from_utf8_lossy(data);
        format!("{entries}\nstream\n{text}\nendstream")
    };
    let body = |entries: String| match data {
        Some(data) if data.is_ascii() => with_data(entries, data),
        _ => entries,
    };
    if matches!(object, Object::Dictionary(_) | Object::Stream(_)) {
        for entry in dictionary.entries() {
            let key = entry.key.to_string();
            let mut without = dictionary.clone();
            without.remove(&key);
            let rest = written_entries(&without);
            let rest = rest.trim_end_matches(">>");
            push(&key, "deleted", body(format!("{rest}>>")));
            for (what, value) in other_values(&entry.value) {
                push(&key, what, body(format!("{rest}/{key} {value} >>")));
            }
        }
        let whole = written_entries(dictionary);
        let whole = whole.trim_end_matches(">>");
        push("TRIENX", "added", body(format!("{whole}/TRIENX (x) >>")));
        let action = "/AA << /O << /S /JavaScript /JS (x) >> >>";
        push("AA", "added", body(format!("{whole}{action} >>")));
    } else {
        for (what, value) in other_values(object) {
            push("itself", what, value);
        }
    }
    push("itself", "null", "null".to_owned());
    if let Some(data) = data.filter(|data| data.is_ascii() && !data.is_empty()) {
        let entries = written_entries(dictionary);
        let mut changed = data.to_vec();
        changed[data.len() / 2] ^= 1;
        push("data", "one octet", with_data(entries, &changed));
    }
    edits
}

/// Every object that the newest revision reaches from its trailer.
fn reachable(document: &Document<'_>) -> BTreeMap<ObjectId, Object> {
    fn references(object: &Object, found: &mut Vec<ObjectId>) {
        match object {
            Object::Reference(id) => found.push(*id),
            Object::Array(elements) => elements.iter().for_each(|one| references(one, found)),
            Object::Dictionary(dictionary) => {
                let mut entries = dictionary.entries().iter();
                entries
                    .by_ref()
                    .for_each(|entry| references(&entry.value, found));
            }
            Object::Stream(stream) => {
                references(&Object::Dictionary(stream.dictionary.clone()), found);
            }
            _ => {}
        }
    }
    let latest = document.latest();
    let mut pending = Vec::new();
    for key in ["Root", "Info"] {
        pending.extend(
            document
                .trailer(latest)
                .get(key)
                .and_then(Object::as_reference),
        );
    }
    let mut found = BTreeMap::new();
    while let Some(id) = pending.pop() {
        let object = document.object(id, latest).unwrap().object;
        if object != Object::Null && !found.contains_key(&id) {
            references(&object, &mut pending);
            found.insert(id, object);
        }
    }
    found
}

/// What the policy lets follow a signature: which edits, and why.
struct Permitted {
    /// The kind of the object.
    kind: &'static str,
    key: &'static str,
    /// Certifications under which it is not.
    but_under: &'static [u8],
    reason: &'static str,
}

const ANNOTATIONS: &str = "comments that hide nothing, where a certification allows them \
                           (ATTACKS.md, C3, C12)";
const FILLED: &str = "a field may be filled and emptied again (C2, C11)";
const METADATA: &str = "well-formed metadata are reported (X15)";

const fn annotation(kind: &'static str, key: &'static str) -> Permitted {
    Permitted {
        kind,
        key,
        but_under: &[0, 1, 2],
        reason: ANNOTATIONS,
    }
}

const fn value(kind: &'static str) -> Permitted {
    Permitted {
        kind,
        key: "V",
        but_under: &[1],
        reason: FILLED,
    }
}

const fn always(kind: &'static str, key: &'static str, reason: &'static str) -> Permitted {
    Permitted {
        kind,
        key,
        but_under: &[],
        reason,
    }
}

const PERMITTED: [Permitted; 16] = [
    annotation("/Annot /Popup", "P"),
    annotation("/Annot /Popup", "Parent"),
    annotation("/Annot /Popup", "Type"),
    annotation("/Annot /Popup", "itself"),
    annotation("/Annot /Text", "Contents"),
    annotation("/Annot /Text", "F"),
    annotation("/Annot /Text", "P"),
    annotation("/Annot /Text", "Popup"),
    annotation("/Annot /Text", "Type"),
    annotation("/Annot /Text", "itself"),
    value("/Annot /Widget /Tx ab"),
    value("/Annot /Widget b"),
    always(
        "",
        "DR",
        "the form's resources may grow: no field showed them",
    ),
    always("/Metadata /XML", "Length", METADATA),
    always("/Metadata /XML", "data", METADATA),
    always(
        "/Pages",
        "TRIENX",
        "a key of nobody's in the page tree is looked at by no reader",
    ),
];

/// Without a certification the number is 0.
fn rule_for(edit: &Edit, permission: Option<u8>) -> Option<usize> {
    PERMITTED.iter().position(|rule| {
        let same_kind = edit.kind == rule.kind;
        same_kind && rule.key == edit.key && !rule.but_under.contains(&permission.unwrap_or(0))
    })
}

fn judge_all(
    name: &str,
    file: &[u8],
    permission: Option<u8>,
    wrong: &mut BTreeSet<String>,
    used: &mut BTreeSet<usize>,
) -> usize {
    let document = Document::open(file, &Limits::default()).unwrap();
    let mut judged = 0;
    for (id, object) in reachable(&document) {
        for edit in edits_of(file, &document, id, &object) {
            let updated = with_update(file, &[(id.number, &edit.body)]);
            let report = verify(&updated);
            let passes = report.signatures.iter().all(|signature| {
                signature.facts.integrity == IntegrityFact::Intact
                    && ChangesFact::of(&signature.facts.changes) != ChangesFact::Forbidden
            });
            judged += 1;
            if passes && report.signatures.is_empty() {
                wrong.insert(format!("{name}: {}: no signature", edit.name()));
            } else if passes {
                match rule_for(&edit, permission) {
                    Some(rule) => {
                        used.insert(rule);
                    }
                    None => {
                        wrong.insert(format!("{name}: {}: permitted", edit.name()));
                    }
                }
            }
        }
    }
    judged
}

#[test]
fn no_single_edit_of_what_was_signed_is_permitted_but_those_the_policy_names() {
    let (mut wrong, mut used) = (BTreeSet::new(), BTreeSet::new());
    let mut judged = 0;
    for permission in [None, Some(1), Some(2), Some(3)] {
        let name = format!("form {permission:?}");
        let file = signed_document(pki(), permission).octets;
        judged += judge_all(&name, &file, permission, &mut wrong, &mut used);
    }
    for structure in [Structure::ObjectStreams, Structure::ManyStreamRevisions(5)] {
        let file = signed_by(&write(&empty_page(), structure), Role::Principal);
        judged += judge_all(
            &format!("{structure:?}"),
            &file,
            None,
            &mut wrong,
            &mut used,
        );
    }
    for (number, rule) in PERMITTED.iter().enumerate() {
        if !used.contains(&number) {
            let Permitted {
                kind, key, reason, ..
            } = rule;
            wrong.insert(format!("not needed: {kind} {key}, {reason}"));
        }
    }
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(
        wrong.is_empty(),
        "{} of {judged}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(judged > 500, "{judged} edits");
}
