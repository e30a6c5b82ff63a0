//! Holds every answer that any test gets against `openapi/openapi.json`: its status, its content type, and each field.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};

use super::client::Reply;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../openapi/openapi.json")).unwrap());

/// The validators made so far, by the pointer to their schema.
static VALIDATORS: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());

/// Checks an answer that came.
///
/// # Panics
///
/// If it is not what the document promises.
#[track_caller]
pub fn check(method: &str, path: &str, reply: &Reply) {
    let path = path.split('?').next().unwrap_or(path);
    if method == "HEAD" || !path.starts_with("/api/v1/") || path.ends_with("/openapi.json") {
        return;
    }
    let Some(template) = template_of(path) else {
        assert!(reply.status >= 400, "{} is not in the document", reply.asked);
        return;
    };
    let pointer = format!("/paths/{}/{}", escaped(&template), method.to_lowercase());
    let Some(operation) = DOCUMENT.pointer(&pointer) else {
        assert!(reply.status >= 400, "{} is not in the document", reply.asked);
        return;
    };
    let range = format!("{}XX", reply.status / 100);
    let exact = reply.status.to_string();
    let found = [exact, range].into_iter().find(|status| operation["responses"].get(status).is_some());
    let status = found.unwrap_or_else(|| panic!("{}: no such status in the document", reply.told()));
    let Some(contents) = operation["responses"][&status]["content"].as_object() else {
        assert!(reply.text.is_empty(), "the document knows of no body: {}", reply.told());
        return;
    };
    let sent = reply.header("content-type").unwrap_or_default();
    let kind = sent.split(';').next().unwrap_or_default().trim();
    assert!(contents.contains_key(kind), "{sent:?} is not in the document: {}", reply.told());
    if kind.ends_with("json") {
        let schema = format!("{pointer}/responses/{status}/content/{}/schema", escaped(kind));
        let errors: Vec<String> = validator(&schema)
            .iter_errors(&reply.body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "not as the document has it: {errors:#?}\n{}", reply.told());
    }
}

/// The path of the document that this path is an instance of; one without parameters comes first.
fn template_of(path: &str) -> Option<String> {
    let fits = |template: &&String| {
        let (mut wanted, mut given) = (template.split('/'), path.split('/'));
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return true,
                (Some(wanted), Some(given)) if wanted == given || wanted.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    paths.keys().filter(fits).min_by_key(|template| template.matches('{').count()).cloned()
}

fn escaped(member: &str) -> String {
    member.replace('~', "~0").replace('/', "~1")
}

/// The document is read into the registry once; each validator is of one schema of it.
fn validator(pointer: &str) -> Arc<Validator> {
    static REGISTRY: LazyLock<Registry<'static>> = LazyLock::new(|| {
        let document = Registry::new().draft(Draft::Draft202012).add("urn:gongkai:openapi", DOCUMENT.clone());
        document.unwrap().prepare().unwrap()
    });
    let mut made = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(made.entry(pointer.to_owned()).or_insert_with(|| {
        assert!(DOCUMENT.pointer(pointer).is_some(), "no schema at {pointer}");
        let fragment = pointer.replace('{', "%7B").replace('}', "%7D");
        let schema = json!({ "$ref": format!("urn:gongkai:openapi#{fragment}") });
        let options = jsonschema::options().with_draft(Draft::Draft202012).with_registry(&REGISTRY);
        Arc::new(options.build(&schema).unwrap_or_else(|error| panic!("{pointer}: {error}")))
    }))
}

#[test]
fn an_answer_that_breaks_the_document_is_noticed() {
    let pointer = "/paths/~1api~1v1~1cases~1{case_id}/get/responses/200/content/application~1json/schema";
    assert!(!validator(pointer).is_valid(&json!({ "id": 1 })));
    assert_eq!(template_of("/api/v1/cases/1/history").as_deref(), Some("/api/v1/cases/{case_id}/history"));
    assert_eq!(template_of("/api/v1/nothing"), None);
}
