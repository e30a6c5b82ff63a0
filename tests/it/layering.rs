//! The walls of ARCHITECTURE.md, kept by reading the source: which folder may name which crate and which layer.
//! What the reader cannot see (a renamed import, a path made by a macro), clippy's `disallowed-methods` may.

mod reader;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use reader::{Mention, Token, mentions, module_of, tokens};

/// A wall: `banned` paths may not be named by the modules in `within` (all, if empty), save those in `save`.
///
/// A banned path bans what is below it, and the import of a module above it (`use std::time`, `use crate::*`), which
/// would let it in unseen. After `*::` the path may begin anywhere.
struct Wall {
    within: &'static [&'static str],
    save: &'static [&'static str],
    banned: &'static [&'static str],
    why: &'static str,
}

const WALLS: &[Wall] = &[
    Wall {
        within: &["domain"],
        save: &[],
        banned: &[
            "actix_web",
            "csv",
            "diesel",
            "getrandom",
            "serde_json",
            "tokio",
            "toml",
            "tracing",
            "utoipa",
            "std::env",
            "std::fs",
            "std::net",
            "std::time::Instant",
            "std::time::SystemTime",
            "crate::app",
            "crate::audit",
            "crate::cli",
            "crate::clock",
            "crate::config",
            "crate::crypto",
            "crate::http",
            "crate::law",
            "crate::outbox",
            "crate::store",
        ],
        why: "the domain is pure: no input or output, no clock, no randomness, no other layer",
    },
    Wall {
        within: &[],
        save: &["store"],
        banned: &["diesel", "diesel_migrations", "libsqlite3_sys", "pq_sys"],
        why: "only `store` knows the databases",
    },
    Wall {
        within: &[],
        save: &["http"],
        banned: &["actix_web", "utoipa", "utoipa_actix_web", "utoipa_swagger_ui"],
        why: "only `http` knows the web framework and OpenAPI",
    },
    Wall {
        within: &["bin"],
        save: &[],
        banned: &[
            "std::net",
            "tokio",
            "actix_web",
            "diesel",
            "crate::app",
            "crate::cli",
            "crate::clock",
            "crate::config",
            "crate::files",
            "crate::http",
            "crate::law",
            "crate::store",
        ],
        why: "`gongkai-verify` has no database and no network: of ours it uses `audit` and `crypto` only",
    },
    Wall {
        within: &["audit"],
        save: &[],
        banned: &[
            "std::net",
            "std::env",
            "tokio",
            "object_store",
            "crate::app",
            "crate::cli",
            "crate::clock",
            "crate::config",
            "crate::files",
            "crate::http",
            "crate::law",
            "crate::store",
        ],
        why: "what is verified is verified anywhere: `audit` knows no database, network, setting or clock",
    },
    Wall { within: &["app"], save: &[], banned: &["crate::http"], why: "requests flow from `http` to `app`" },
    Wall {
        within: &["store"],
        save: &[],
        banned: &["crate::app", "crate::http"],
        why: "requests flow from `http` to `app` to `store`",
    },
    Wall {
        within: &["files"],
        save: &[],
        banned: &["crate::app", "crate::http", "crate::store"],
        why: "`files` knows bytes, and neither cases nor the database",
    },
    Wall {
        within: &[],
        save: &["provider", "courier"],
        banned: &["reqwest", "lettre"],
        why: "only `provider` asks other servers, and only the identity provider; only `courier` sends, and only checkpoints",
    },
    Wall {
        within: &["courier"],
        save: &[],
        banned: &["crate::app", "crate::http", "crate::store"],
        why: "`courier` knows texts and receivers, and neither the record nor the database",
    },
    Wall {
        within: &["provider"],
        save: &[],
        banned: &["crate::app", "crate::http", "crate::store"],
        why: "`provider` knows an identity provider, and neither accounts nor the database",
    },
    Wall {
        within: &[],
        save: &["clock"],
        banned: &["*::Utc::now", "*::Local::now", "*::SystemTime::now"],
        why: "the one clock is `clock`",
    },
    Wall {
        within: &[],
        save: &["crypto::random"],
        banned: &["getrandom"],
        why: "randomness comes from `crypto::random`",
    },
    Wall {
        within: &[],
        save: &["crypto::master_key::command"],
        banned: &["std::process::Command", "tokio::process"],
        why: "no other program is started but the one that the settings name for the master key: nothing that a caller sends reaches a shell (OWASP ASVS 1.2.5)",
    },
];

/// Macros that stand for code not yet written.
const UNFINISHED: &[&str] = &["todo", "unimplemented"];

/// A file longer than this is too long for one reading.
const MOST_LINES: usize = 500;
/// A file longer than this is announced, before it is too long.
const MANY_LINES: usize = 400;

// --- the checks --------------------------------------------------------------------------------------------------

/// What is wrong with the file at `path` (from the package's root, such as `src/domain/fee.rs`): a line for each.
fn violations(path: &str, source: &str) -> Vec<String> {
    let module = module_of(path);
    let tokens = tokens(source);
    let mut found = Vec::new();
    for mention in mentions(&tokens, &module) {
        for wall in walls_around(&module) {
            if wall.banned.iter().any(|banned| mention.names(banned)) {
                found.push(format!("{path}:{}: {} ({})", mention.line, mention.path.join("::"), wall.why));
            }
        }
    }
    for [name, bang, open] in triples(&tokens) {
        if UNFINISHED.contains(&name.text) && bang.text == "!" && ["(", "[", "{"].contains(&open.text) {
            found.push(format!("{path}:{}: {}! (write it or leave it out)", name.line, name.text));
        }
    }
    let lines = source.lines().count();
    if lines > MOST_LINES {
        found.push(format!("{path}: {lines} lines (at most {MOST_LINES}: split it)"));
    }
    found
}

fn walls_around(module: &[String]) -> impl Iterator<Item = &'static Wall> {
    WALLS.iter().filter(move |wall| {
        let is_in = |places: &[&str]| places.iter().any(|place| starts_with(module, place));
        (wall.within.is_empty() || is_in(wall.within)) && !is_in(wall.save)
    })
}

impl Mention {
    fn names(&self, banned: &str) -> bool {
        if let Some(anywhere) = banned.strip_prefix("*::") {
            return (0..self.path.len()).any(|from| starts_with(self.path.iter().skip(from), anywhere));
        }
        starts_with(&self.path, banned)
            || (self.import && starts_with(banned.split("::"), &self.path.join("::")))
    }
}

fn starts_with<S: AsRef<str>>(path: impl IntoIterator<Item = S>, beginning: &str) -> bool {
    let mut path = path.into_iter();
    beginning.split("::").all(|segment| path.next().is_some_and(|own| own.as_ref() == segment))
}

fn triples<'a, 'b>(tokens: &'a [Token<'b>]) -> impl Iterator<Item = [&'a Token<'b>; 3]> {
    tokens.iter().zip(tokens.iter().skip(1)).zip(tokens.iter().skip(2)).map(|((a, b), c)| [a, b, c])
}

// --- the source tree ---------------------------------------------------------------------------------------------

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Each Rust file under `src`: its path from the package's root, and its text.
fn sources() -> io::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).map_err(io::Error::other)?;
                found.push((name.to_string_lossy().replace('\\', "/"), fs::read_to_string(&path)?));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[test]
fn the_source_keeps_the_walls() {
    let mut report = String::new();
    for (path, source) in sources().unwrap() {
        for violation in violations(&path, &source) {
            writeln!(report, "{violation}").unwrap();
        }
        let lines = source.lines().count();
        if lines > MANY_LINES {
            println!("{path}: {lines} lines, {MOST_LINES} are allowed");
        }
    }
    assert!(report.is_empty(), "the source breaks its own rules:\n{report}");
}

/// A wall around a place that is not there would guard nothing.
#[test]
fn each_wall_is_around_a_module_that_exists() {
    let modules: Vec<Vec<String>> = sources().unwrap().iter().map(|(path, _)| module_of(path)).collect();
    for place in WALLS.iter().flat_map(|wall| wall.within.iter().chain(wall.save)) {
        assert!(modules.iter().any(|module| starts_with(module, place)), "there is no module `{place}`");
    }
}

// --- the checker, checked ----------------------------------------------------------------------------------------

/// The paths that the checker objects to, without file, line and reason.
fn objections(path: &str, source: &str) -> Vec<String> {
    let strip = |line: String| {
        let text = line.splitn(3, ':').nth(2).unwrap_or_default().trim();
        text.split(" (").next().unwrap_or_default().to_owned()
    };
    let mut found: Vec<String> = violations(path, source).into_iter().map(strip).collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn each_banned_path_is_found_where_it_is_banned_and_only_there() {
    for wall in WALLS {
        for banned in wall.banned {
            let path = banned.trim_start_matches("*::");
            let source = format!("fn f() {{ {path}::x(); }}\n");
            let within = wall.within.first().unwrap_or(&"law").replace("::", "/");
            let file = format!("src/{within}/planted.rs");
            assert!(violations(&file, &source).iter().any(|line| line.contains(wall.why)), "{file}: {path}");
            for save in wall.save {
                let file = format!("src/{}.rs", save.replace("::", "/"));
                assert!(
                    !violations(&file, &source).iter().any(|line| line.contains(wall.why)),
                    "{file}: {path}"
                );
            }
        }
    }
}

#[test]
fn what_a_layer_may_use_is_no_violation() {
    for (file, source) in [
        ("src/app/register.rs", "use crate::{domain::fee, store::Store}; use crate::clock::Clock;"),
        ("src/store/postgres.rs", "use diesel::prelude::*; use super::*; use crate::domain::*;"),
        ("src/http/cases.rs", "use actix_web::web; use utoipa::ToSchema; use crate::app;"),
        (
            "src/domain/case/state.rs",
            "use super::super::fee::Tier; use serde::Serialize; use chrono::NaiveDate;",
        ),
        ("src/domain/mod.rs", "mod tests { use super::*; fn f() -> std::time::Duration { x } }"),
        ("src/clock.rs", "fn now() -> DateTime<Utc> { chrono::Utc::now() }"),
        ("src/crypto/random.rs", "fn fill(b: &mut [u8]) { getrandom::fill(b) }"),
        ("src/cli/import.rs", "use csv::Reader; use std::fs; use tracing::info;"),
        ("src/lib.rs", "pub mod app; pub mod domain; pub mod http; pub mod store;"),
    ] {
        assert_eq!(violations(file, source), Vec::<String>::new());
    }
}

#[test]
fn a_violation_is_found_however_it_is_written() {
    for (source, objection) in [
        ("use serde_json;", "serde_json"),
        ("use serde_json::{self as json,};", "serde_json"),
        ("use ::serde_json::Value;", "serde_json::Value"),
        ("pub use std::{collections::{BTreeMap, HashMap}, fs as files};", "std::fs"),
        ("use std::{io, env::{self as e}, thread};", "std::env"),
        ("extern crate csv as c;", "csv"),
        ("use std::time::{Duration, Instant};", "std::time::Instant"),
        ("use std::time;", "std::time"),
        ("use crate::*;", "crate"),
        ("use super::*;", "crate"),
        ("use super::store;", "crate::store"),
        ("use self::super::store::Store as S;", "crate::store::Store"),
        ("mod a { mod b {} fn f() { super::super::clock::now() } }", "crate::clock::now"),
        ("fn f() -> Vec<std::net::IpAddr> { x }", "std::net::IpAddr"),
        ("fn f() { <toml::Table>::new() }", "toml::Table"),
        ("fn f<T>() -> impl Sized + use<T> { let a = toml::Table::new(); }", "toml::Table::new"),
        ("fn f() { gongkai::law::cn() }", "crate::law::cn"),
        ("#[derive(Clone, utoipa::ToSchema)] struct S;", "utoipa::ToSchema"),
        ("#[derive(Clone)] #[diesel(table_name = cases)] struct S;", "diesel"),
        ("fn f<'a>(c: char) { if c == '\"' { tracing::info!(\"x\") } }", "tracing::info"),
        ("const A: &str = r#\"\"#; const B: char = '\\''; fn f() { tokio::spawn(x) }", "tokio::spawn"),
        ("/* a /* b */ c */ fn f() { todo!() }", "todo!"),
        ("fn f() { unimplemented!(\"later\") }", "unimplemented!"),
        ("fn f() { chrono::offset::Utc::now() }", "chrono::offset::Utc::now"),
        ("fn f() { Utc::now() }", "Utc::now"),
    ] {
        assert_eq!(objections("src/domain.rs", source), [objection], "{source}");
    }
    assert_eq!(objections("src/domain/fee.rs", "use super::super::app::Login;"), ["crate::app::Login"]);
    assert_eq!(objections("src/app/login.rs", "use crate::{domain, http::Page};"), ["crate::http::Page"]);
    assert_eq!(objections("src/store/sqlite.rs", "use crate::{app, http};"), ["crate::app", "crate::http"]);
    assert_eq!(objections("src/audit/chain.rs", "use diesel::prelude::*;"), ["diesel::prelude"]);
    assert_eq!(objections("src/main.rs", "#[actix_web::main] async fn main() {}"), ["actix_web::main"]);
}

#[test]
fn text_and_names_that_look_alike_are_no_violation() {
    let source = r##"
        //! Kept out of diesel::Queryable; see [`crate::store::Store`].
        /// use serde_json::Value; todo!()
        /* std::fs::read /* crate::http */ toml::from_str */
        fn f<'csv>(csv: &'csv str, toml: Toml, tracing: bool) -> impl Iterator + use<'csv> {
            let a = "std::env::var(\"X\") use diesel::*;";
            let quote = "\" csv::Reader";
            let b = r#"crate::app::x "tokio::spawn" "#;
            let c = (b"getrandom::fill", br"utoipa::x", '\'', '"', '\u{22}', "todo!()");
            let r#use = [toml.csv(csv).tokio, [diesel]];
            let todo = 1; if todo != 2 { self::http(todo) }
            my::serde_json::x(); Self::diesel(1)
        }
    "##;
    assert_eq!(violations("src/domain/fee.rs", source), Vec::<String>::new());
}

#[test]
fn a_violation_is_reported_with_its_line() {
    let source = "//! A\n//! B\nconst C: &str = \"\n\n\";\nuse crate::{\n    store,\n};\n";
    let found = violations("src/domain/fee.rs", source);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("src/domain/fee.rs:6: crate::store ("), "{}", found[0]);
}

#[test]
fn a_file_is_the_module_of_its_path() {
    for root in ["src/lib.rs", "src/main.rs"] {
        assert_eq!(module_of(root), Vec::<String>::new());
    }
    assert_eq!(module_of("src/domain.rs"), ["domain"]);
    assert_eq!(module_of("src/domain/mod.rs"), ["domain"]);
    assert_eq!(module_of("src/domain/case/state.rs"), ["domain", "case", "state"]);
}

#[test]
fn a_file_may_be_500_lines_long_and_no_longer() {
    assert_eq!(violations("src/law.rs", &"\n".repeat(MOST_LINES)), Vec::<String>::new());
    assert_eq!(violations("src/law.rs", &"\n".repeat(MOST_LINES + 1)).len(), 1);
}

/// utoipa keeps one schema of each name: of two types with one name the second would be described as the first.
#[test]
fn no_two_schemas_of_the_interface_have_one_name() {
    let mut seen = std::collections::BTreeMap::new();
    for (path, source) in sources().unwrap() {
        for (n, _) in source.match_indices("ToSchema") {
            let Some(derived) = source
                .get(n..)
                .filter(|rest| rest.starts_with("ToSchema)]") || rest.starts_with("ToSchema,"))
            else {
                continue;
            };
            let declared = derived.lines().map(str::trim_start).find_map(|line| {
                let line = line.strip_prefix("pub ").unwrap_or(line);
                let name = line.strip_prefix("struct ").or_else(|| line.strip_prefix("enum "))?;
                name.split(|c: char| !c.is_alphanumeric()).next()
            });
            if let Some(name) = declared {
                let before = seen.insert(name.to_owned(), path.clone());
                assert_eq!(before, None, "{name} is in {path} too");
            }
        }
    }
    assert!(seen.len() > 50, "{}", seen.len());
}
