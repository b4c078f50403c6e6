//! The description of the calls against the routes there are: none is missing, none is invented, and
//! its parts hold together. `schemathesis.rs` holds it against the answers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use crate::contract::description;
use crate::door::Door;

const METHODS: [&str; 4] = ["get", "post", "put", "delete"];
/// Our own pages with their parts, and the files that pages of others load: nobody calls them.
const NO_CALLS: [&str; 4] = ["/consent", "/status", "/docs/", "/trien."];

/// Path and method of each operation.
fn described() -> BTreeMap<String, BTreeSet<String>> {
    let description = description();
    let paths = description["paths"].as_object().unwrap();
    let methods = |item: &Value| item.as_object().unwrap().keys().cloned().collect();
    paths
        .iter()
        .map(|(path, item)| (path.clone(), methods(item)))
        .collect()
}

/// The paths that stand in the source of the routes.
fn routed() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    collect(&folder, &mut found);
    found.retain(|path| {
        path != "/"
            && !path.ends_with("/{method}")
            && !NO_CALLS.iter().any(|start| path.starts_with(start))
    });
    found
}

fn collect(place: &Path, found: &mut BTreeSet<String>) {
    if place.is_dir() {
        for entry in std::fs::read_dir(place).unwrap() {
            collect(&entry.unwrap().path(), found);
        }
        return;
    }
    let text = std::fs::read_to_string(place).unwrap();
    if place.ends_with("csc.rs") {
        for version in ["v1", "v2"] {
            for path in
                first_texts(&text, ".route(").chain(first_texts(&text, "[(&str, Method); 5] = ["))
            {
                found.insert(format!("/csc/{version}{path}"));
            }
            for path in
                first_texts(&text, "        (\"").map(|path| format!("/csc/{version}{path}"))
            {
                found.insert(path);
            }
        }
        // Of version 2 alone.
        found.remove("/csc/v1/signatures/signDoc");
        return;
    }
    found.extend(first_texts(&text, ".route("));
}

/// The first text in quotes behind each mark, where it is a path.
fn first_texts<'t>(text: &'t str, mark: &'t str) -> impl Iterator<Item = String> + 't {
    text.match_indices(mark).filter_map(|(place, _)| {
        let rest = &text[place..];
        let path = rest.split('"').nth(1)?;
        path.starts_with('/').then(|| path.to_owned())
    })
}

/// With something in the place of each parameter.
fn filled(path: &str) -> String {
    let steps = path.split('/').map(|step| match step {
        "{number}" => "1",
        step if step.starts_with('{') => "1",
        step => step,
    });
    steps.collect::<Vec<_>>().join("/")
}

#[test]
fn every_route_is_described_and_nothing_else() {
    let described: BTreeSet<String> = described().into_keys().collect();
    assert_eq!(described, routed());
}

#[tokio::test]
async fn every_method_that_is_described_is_there_and_no_other() {
    let door = Door::new();
    let mut tried = 0;
    for (path, methods) in described() {
        if path.starts_with("/docs") || path.starts_with("/openapi") {
            continue;
        }
        for method in METHODS {
            let reply = door
                .send(&method.to_uppercase(), &filled(&path), ("", Vec::new()))
                .await;
            let is_there = !matches!(reply.code(), "method-unknown" | "route-unknown")
                && reply.body["error"] != "not_implemented"
                && reply.status.as_u16() != 405
                // How the API of the consortium says it.
                && !(path.starts_with("/csc/") && method != "post");
            assert_eq!(
                methods.contains(method),
                is_there,
                "{method} {path} {}",
                reply.body
            );
            tried += 1;
        }
    }
    assert!(tried > 150, "{tried}");
}

#[test]
fn its_parts_hold_together() {
    let description = description();
    assert_eq!(description["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} twice");
            let answers = operation["responses"].as_object().unwrap();
            assert!(answers.contains_key("4XX"), "{method} {path}");
            assert!(answers.keys().any(|status| status.starts_with('2')));
            let named: BTreeSet<&str> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            let placed: BTreeSet<&str> = path
                .split('/')
                .filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'))
                .collect();
            assert_eq!(named, placed, "{method} {path}");
        }
    }
    let mut used = BTreeSet::new();
    references(description, &mut used);
    for reference in &used {
        let place = reference.strip_prefix('#').unwrap();
        assert!(description.pointer(place).is_some(), "{reference}");
    }
    let schemas = description["components"]["schemas"].as_object().unwrap();
    for name in schemas.keys() {
        let reference = format!("#/components/schemas/{name}");
        assert!(used.contains(&reference), "{name} is used nowhere");
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                found.insert(reference.clone());
            }
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// What is described is what the program knows.
#[test]
fn codes_of_roles_workflows_rights_and_profiles_are_the_programs() {
    let description = description();
    let all = |pointer: &str| description.pointer(pointer).unwrap().clone();
    let rights: Vec<&str> = triend::caller::Right::ALL
        .iter()
        .map(|one| one.code())
        .collect();
    assert_eq!(all("/components/schemas/Right/enum"), json!(rights));
    let ready = trien::Workflow::ready_ids();
    let path = "/paths/~1v1~1workflows~1{id}/get/parameters/0/schema/enum";
    assert_eq!(all(path), json!(ready));
    let roles: Vec<&str> = trien_types::Role::ALL
        .iter()
        .map(|role| role.code())
        .collect();
    assert_eq!(
        all("/components/schemas/SignerWish/properties/role/enum"),
        json!(roles)
    );
    let mut capacities: Vec<Value> = trien_types::Capacity::ALL
        .iter()
        .map(|capacity| capacity.code().into())
        .collect();
    capacities.push(Value::Null);
    let path = "/components/schemas/SignerWish/properties/capacity/enum";
    assert_eq!(all(path), Value::Array(capacities));
    let profiles = all("/paths/~1v1~1verifications/post/parameters/1/schema/enum");
    for profile in profiles.as_array().unwrap() {
        let name = profile.as_str().unwrap();
        assert!(
            triend::verification::profile_named(name).is_some(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_page_and_the_description_are_our_own_and_load_nothing_from_elsewhere() {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt as _;

    let door = Door::new();
    let router = triend::http::router(&door.daemon);
    for (path, kind) in [
        ("/docs", "text/html; charset=utf-8"),
        ("/docs/page.js", "text/javascript; charset=utf-8"),
        ("/docs/page.css", "text/css; charset=utf-8"),
        ("/openapi.json", "application/json"),
    ] {
        let request = Request::get(path).header("host", "127.0.0.1:14741");
        let request = request.body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], kind);
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        let octets = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let text = String::from_utf8(octets.to_vec()).unwrap();
        assert!(!text.contains("https://"), "{path}");
        for word in ["innerHTML", "eval(", "document.write"] {
            assert!(!text.contains(word), "{path} {word}");
        }
    }
    // Another page learns nothing of it by a call.
    let reply = door.get("/openapi.json").await;
    assert_eq!(reply.code(), "origin-foreign");
}
