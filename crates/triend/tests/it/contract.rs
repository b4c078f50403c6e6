//! Whether an answer is what the description says of it. Every answer that goes through `door.rs` is held
//! against it.

use std::sync::OnceLock;

use serde_json::{Value, json};

/// The description.
pub(crate) fn description() -> &'static Value {
    static DESCRIPTION: OnceLock<Value> = OnceLock::new();
    DESCRIPTION
        .get_or_init(|| serde_json::from_str(include_str!("../../assets/openapi.json")).unwrap())
}

/// The operation of a call; none where nothing is described.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let place = path.split('?').next().unwrap();
    let fits = |template: &str| {
        let (mut given, mut said) = (place.split('/'), template.split('/'));
        loop {
            match (given.next(), said.next()) {
                (None, None) => return true,
                (Some(given), Some(said)) if said == given || said.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    let paths = description()["paths"].as_object().unwrap();
    // One that is said by name goes before one with a parameter in that place.
    let item = paths.get(place).or_else(|| {
        let mut found = paths.iter().filter(|(template, _)| fits(template));
        found.next().map(|(_, item)| item)
    })?;
    item.get(method.to_lowercase())
}

/// What a part of the description refers to.
fn resolved(part: &'static Value) -> &'static Value {
    match part["$ref"].as_str() {
        Some(reference) => description().pointer(&reference[1..]).unwrap(),
        None => part,
    }
}

/// Holds an answer in JSON against the description of its call.
pub(crate) fn check(method: &str, path: &str, status: u16, body: &Value) {
    let Some(operation) = operation(method, path) else {
        assert!((400..500).contains(&status), "{method} {path}: {status}");
        return;
    };
    let answers = &operation["responses"];
    let range = format!("{}XX", status / 100);
    let answer = [status.to_string(), range]
        .iter()
        .find_map(|name| answers.get(name))
        .unwrap_or_else(|| panic!("{method} {path}: {status} is not described"));
    let Some(schema) = resolved(answer).pointer("/content/application~1json/schema") else {
        assert!(body.is_null(), "{method} {path}: {status} has a body");
        return;
    };
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": description()["components"],
        "allOf": [schema],
    });
    let validator = jsonschema::validator_for(&whole).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(body)
        .map(|fault| format!("{fault} at {}", fault.instance_path()))
        .collect();
    assert!(
        faults.is_empty(),
        "{method} {path} {status}: {faults:?}\n{body}"
    );
}
