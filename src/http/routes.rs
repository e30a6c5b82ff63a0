//! The routes as the OpenAPI document names them: what needs a sign-in, what is limited by rate, and which methods a path knows. Built from the
//! same registration that routes requests, so that the document, the sign-in and `Allow` cannot differ.

use actix_web::http::Method;
use utoipa::openapi::OpenApi;

/// One path of the document.
struct Known {
    segments: Vec<Segment>,
    operations: Vec<Operation>,
}

struct Operation {
    method: String,
    public: bool,
    limited: bool,
    has_parameters: bool,
}

enum Segment {
    Literal(String),
    Parameter,
}

/// Every path of the document.
pub struct Routes(Vec<Known>);

/// What a request's method and path are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// An operation.
    Operation {
        /// Whether anybody may call it, without a sign-in.
        public: bool,
        /// Whether one address may ask it only so often: it is public, and its answers tell of 429.
        limited: bool,
        /// Whether it takes parameters in the query.
        has_parameters: bool,
    },
    /// A path of ours, with other methods.
    OtherMethods(String),
    /// No path of ours.
    Nothing,
}

impl Routes {
    /// Reads the document.
    pub fn of(document: &OpenApi) -> Self {
        let value = serde_json::to_value(document).unwrap_or_default();
        let paths = value.get("paths").and_then(serde_json::Value::as_object);
        let known = paths.into_iter().flatten().map(|(path, item)| Known {
            segments: path
                .split('/')
                .map(|part| {
                    if part.starts_with('{') { Segment::Parameter } else { Segment::Literal(part.to_owned()) }
                })
                .collect(),
            operations: item
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(_, operation)| operation.get("operationId").is_some())
                .map(|(method, operation)| Operation {
                    method: method.to_uppercase(),
                    public: is_public(operation),
                    // Who has signed in is limited by account, not by address.
                    limited: is_public(operation) && operation.pointer("/responses/429").is_some(),
                    has_parameters: has_parameters(operation),
                })
                .collect(),
        });
        Self(known.collect())
    }

    /// What this method on this path is.
    pub fn find(&self, method: &Method, path: &str) -> Found {
        let parts: Vec<&str> = path.split('/').collect();
        let matching: Vec<&Known> = self.0.iter().filter(|known| known.matches(&parts)).collect();
        // A concrete path goes before a template that it would fit, as OpenAPI says.
        let fewest = matching.iter().map(|known| known.parameters()).min();
        let matching: Vec<&Known> =
            matching.into_iter().filter(|known| Some(known.parameters()) == fewest).collect();
        let operations = || matching.iter().flat_map(|known| &known.operations);
        if let Some(found) = operations().find(|operation| operation.method == method.as_str()) {
            let Operation { public, limited, has_parameters, .. } = *found;
            return Found::Operation { public, limited, has_parameters };
        }
        let mut methods: Vec<&str> = operations().map(|operation| operation.method.as_str()).collect();
        methods.sort_unstable();
        methods.dedup();
        if methods.is_empty() { Found::Nothing } else { Found::OtherMethods(methods.join(", ")) }
    }
}

impl Known {
    fn parameters(&self) -> usize {
        self.segments.iter().filter(|segment| matches!(segment, Segment::Parameter)).count()
    }

    fn matches(&self, parts: &[&str]) -> bool {
        self.segments.len() == parts.len()
            && self.segments.iter().zip(parts).all(|(segment, part)| match segment {
                Segment::Literal(literal) => literal == part,
                Segment::Parameter => !part.is_empty(),
            })
    }
}

/// An operation that lists "no scheme" as a way in is public.
fn is_public(operation: &serde_json::Value) -> bool {
    operation
        .get("security")
        .and_then(serde_json::Value::as_array)
        .is_some_and(|ways| ways.iter().any(|way| way.as_object().is_some_and(serde_json::Map::is_empty)))
}

/// An operation that has a parameter in the query.
fn has_parameters(operation: &serde_json::Value) -> bool {
    let parameters = operation.get("parameters").and_then(serde_json::Value::as_array);
    let in_query = |parameter: &serde_json::Value| parameter.get("in").is_some_and(|place| place == "query");
    parameters.is_some_and(|parameters| parameters.iter().any(in_query))
}
