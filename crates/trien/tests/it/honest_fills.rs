//! Forms that programs of others fill in behind a signature: fields of every type, by every
//! program that is installed. What each writes besides the value differs; none is refused for it.
//! Knows nothing of dishonest fillings: those are attacks of the test kit.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use trien_policy::{ChangeVerdict, ChangeWord, ChangesFact};
use trien_testkit::attacks::{signed_document, signed_form};

use crate::judges::python;
use crate::school::{pki, verify};

/// Fields and what they are filled with.
const FILLINGS: [(&str, &str); 6] = [
    ("HaiNoi", "9,5 Tot"),
    ("XepLoai", "Gioi"),
    ("Dat", "Yes"),
    ("HanhKiem", "Kha"),
    ("ab", "Hoan thanh"),
    ("a.b", "chuyen can"),
];

/// One field of one file to be filled.
struct Task {
    permission: Option<u8>,
    field: &'static str,
    value: &'static str,
    input: PathBuf,
    output: PathBuf,
}

/// The program does not fill this field in, or in a way that is refused, for this reason.
struct Exception {
    field: &'static str,
    reason: &'static str,
}

fn tasks(folder: &Path) -> Vec<Task> {
    let mut tasks = Vec::new();
    for permission in [None, Some(1), Some(2), Some(3)] {
        let input = folder.join(format!("{permission:?}.pdf"));
        std::fs::write(&input, signed_form(pki(), permission).octets).unwrap();
        for (field, value) in FILLINGS {
            tasks.push(Task {
                permission,
                field,
                value,
                input: input.clone(),
                output: folder.join(format!("{permission:?}-{field}.pdf")),
            });
        }
    }
    tasks
}

/// What is wrong with what is said of one filled file; nothing, if all is well.
fn judged(task: &Task, exceptions: &[Exception]) -> Option<String> {
    let exception = exceptions.iter().find(|one| one.field == task.field);
    let updated = std::fs::read(&task.output).unwrap();
    assert!(updated.starts_with(&std::fs::read(&task.input).unwrap()));
    let report = verify(&updated);
    let changes = &report.signatures[0].facts.changes;
    let is_permitted = ChangesFact::of(changes) == ChangesFact::Permitted;
    let is_told = changes.iter().any(|change| {
        change.kind == ChangeWord::FieldFilled
            && change.field.as_deref() == Some(task.field)
            && change.new_value.as_deref() == Some(task.value)
            && change
                .old_value
                .as_deref()
                .is_some_and(|old| old != task.value)
            && change.verdict == ChangeVerdict::Permitted
    });
    let wanted = task.permission != Some(1) && exception.is_none();
    let as_wanted = is_permitted == wanted && (!wanted || is_told);
    let said: Vec<String> = changes
        .iter()
        .map(|change| format!("{:?} {:?} {:?}", change.kind, change.object, change.verdict))
        .collect();
    (!as_wanted).then(|| {
        let reason = exception.map(|exception| exception.reason);
        format!(
            "{} behind {:?}: {said:?} {reason:?}",
            task.field, task.permission
        )
    })
}

fn assert_all(tasks: &[Task], exceptions: &[Exception]) {
    let wrong: Vec<String> = tasks
        .iter()
        .filter_map(|task| judged(task, exceptions))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}",
        wrong.len(),
        tasks.len(),
        wrong.join("\n")
    );
}

/// Whether viewers are asked to build all looks anew.
#[derive(Clone, Copy, PartialEq)]
enum Looks {
    Kept,
    Rebuilt,
}

fn listed(tasks: &[Task], looks: Looks) -> Value {
    let regenerate = looks == Looks::Rebuilt;
    let one = |task: &Task| json!({"in": task.input, "out": task.output, "field": task.field, "value": task.value, "regenerate": regenerate});
    json!({"files": tasks.iter().map(one).collect::<Vec<Value>>()})
}

const PYMUPDF: &str = r#"
import json, shutil, sys
try:
    import pymupdf
except ImportError:
    print("absent")
    sys.exit()
for one in json.load(sys.stdin)["files"]:
    shutil.copy(one["in"], one["out"])
    document = pymupdf.open(one["out"])
    for widget in document[0].widgets():
        if widget.field_name != one["field"]:
            continue
        kind = widget.field_type_string
        if kind == "CheckBox":
            widget.field_value = True
        elif kind == "RadioButton":
            if widget.on_state() != one["value"]:
                continue
            widget.field_value = True
        else:
            widget.field_value = one["value"]
        widget.update()
    document.saveIncr()
"#;

const PYPDF: &str = r#"
import json, sys
try:
    import pypdf
except ImportError:
    print("absent")
    sys.exit()
for one in json.load(sys.stdin)["files"]:
    writer = pypdf.PdfWriter(one["in"], incremental=True)
    value = one["value"]
    if one["field"] in ("Dat", "HanhKiem"):
        value = "/" + value
    field = one["field"].split(".")[-1]
    # As it fills unless told otherwise: viewers are asked to build all looks anew.
    writer.update_page_form_field_values(
        writer.pages[0], {field: value}, auto_regenerate=one["regenerate"])
    writer.write(one["out"])
"#;

const PDFBOX: &str = r#"
import java.io.*;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;

public class Fill {
    public static void main(String[] words) throws Exception {
        for (int at = 0; at + 3 < words.length; at += 4) {
            try (PDDocument document = Loader.loadPDF(new File(words[at]));
                 OutputStream out = new FileOutputStream(words[at + 1])) {
                document.getDocumentCatalog().getAcroForm(null).getField(words[at + 2])
                        .setValue(words[at + 3]);
                document.saveIncremental(out);
            }
        }
    }
}
"#;

#[test]
fn fields_filled_by_pymupdf_are_permitted_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let tasks = tasks(folder.path());
    let said = python(PYMUPDF, &listed(&tasks, Looks::Kept));
    if said.is_none_or(|said| said.starts_with("absent")) {
        println!("SKIPPED: PyMuPDF is not installed");
        return;
    }
    let reason = "it paints the looks of all states anew";
    let repainted = |field| Exception { field, reason };
    assert_all(&tasks, &[repainted("Dat"), repainted("HanhKiem")]);
}

#[test]
fn fields_filled_by_pypdf_are_permitted_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut tasks = tasks(folder.path());
    // It finds no field by a name of several parts.
    tasks.retain(|task| task.field != "a.b");
    for looks in [Looks::Rebuilt, Looks::Kept] {
        let said = python(PYPDF, &listed(&tasks, looks));
        if said.is_none_or(|said| said.starts_with("absent")) {
            println!("SKIPPED: pypdf is not installed");
            return;
        }
        let radio = Exception {
            field: "HanhKiem",
            reason: "it writes a string for the value of radio buttons, which is a name (12.7.5.2.4)",
        };
        assert_all(&tasks, &[radio]);
    }
}

const PYPDF_COMMENTS: &str = r#"
import json, sys
try:
    import pypdf
    from pypdf import annotations
    from pypdf.generic import ArrayObject, FloatObject
except ImportError:
    print("absent")
    sys.exit()
task = json.load(sys.stdin)
over = (58, 753, 202, 777)
quads = ArrayObject([FloatObject(n) for n in (60, 775, 200, 775, 60, 755, 200, 755)])
made = {
    "text": annotations.Text(text="Da xem", rect=(500, 200, 520, 220)),
    "free text": annotations.FreeText(text="Da doi chieu", rect=(60, 200, 260, 230)),
    "red": annotations.Highlight(rect=over, quad_points=quads),
    "yellow": annotations.Highlight(rect=over, quad_points=quads, highlight_color="ffff00"),
    "free text over marks": annotations.FreeText(text="9.0", rect=over),
}
writer = pypdf.PdfWriter(task["in"], incremental=True)
writer.add_annotation(page_number=0, annotation=made[task["what"]])
writer.write(task["out"])
"#;

#[test]
fn comments_by_pypdf_that_hide_nothing_are_permitted_where_comments_are() {
    let folder = tempfile::tempdir().unwrap();
    let [input, output] = ["in.pdf", "out.pdf"].map(|name| folder.path().join(name));
    std::fs::write(&input, signed_document(pki(), Some(3)).octets).unwrap();
    for (what, expected) in [
        ("text", ChangesFact::Permitted),
        ("free text", ChangesFact::Permitted),
        ("red", ChangesFact::Permitted),
        ("yellow", ChangesFact::Permitted),
        ("free text over marks", ChangesFact::Forbidden),
    ] {
        let task = json!({"in": input, "out": output, "what": what});
        let said = python(PYPDF_COMMENTS, &task);
        if said.is_none_or(|said| said.starts_with("absent")) {
            println!("SKIPPED: pypdf is not installed");
            return;
        }
        let report = verify(&std::fs::read(&output).unwrap());
        let changes = &report.signatures[0].facts.changes;
        assert_eq!(ChangesFact::of(changes), expected, "{what}: {changes:?}");
    }
}

#[test]
fn fields_filled_by_pdfbox_are_permitted_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let classpath = manifest.join("../../target/judges/dss/classpath");
    let Ok(classpath) = std::fs::read_to_string(classpath) else {
        println!("SKIPPED: PDFBox is not installed, it comes with DSS");
        return;
    };
    let tasks = tasks(folder.path());
    let program = folder.path().join("Fill.java");
    std::fs::write(&program, PDFBOX).unwrap();
    let mut java = Command::new("java");
    java.arg("-cp").arg(classpath.trim()).arg(&program);
    for task in &tasks {
        java.args([&task.input, &task.output]);
        java.args([task.field, task.value]);
    }
    let output = java.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_all(&tasks, &[]);
}
