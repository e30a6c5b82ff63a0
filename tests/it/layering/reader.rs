//! Just enough of a reader of Rust to tell which paths a file names: it tells code from comments and literals, opens
//! `use {…}` trees and follows `self::` and `super::`. It does not follow renamed imports or macros.

/// A path named in the source, resolved: `crate::…` for one of ours, else beginning with a crate or a local name.
pub struct Mention {
    pub path: Vec<String>,
    pub line: usize,
    /// Named by `use` or `extern crate`.
    pub import: bool,
}

/// `src/crypto/random.rs` is the module `crypto::random`; the roots are the empty path.
pub fn module_of(path: &str) -> Vec<String> {
    let path = path.strip_prefix("src/").unwrap_or(path);
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let mut module: Vec<String> = path.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") || ["lib", "main"].contains(&path) {
        module.pop();
    }
    module
}

/// All paths that the tokens of a file name. A lone name counts only in `use` and as an attribute: elsewhere it may
/// be a variable, a field or a function that happens to be called like a crate.
pub fn mentions(tokens: &[Token<'_>], file_module: &[String]) -> Vec<Mention> {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let mut found = Vec::new();
    // Modules within the file, each with the depth of braces inside it.
    let mut inline: Vec<(&str, usize)> = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let mut paths: Vec<Vec<&str>> = Vec::new();
        let mut import = false;
        let begun = at;
        at += 1;
        match token.text {
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                inline.retain(|&(_, inside)| inside <= depth);
            }
            "mod" if text(at + 1) == "{" => inline.push((text(at), depth + 1)),
            "extern" if text(at) == "crate" => {
                (paths, import) = (vec![vec![text(at + 1)]], true);
                at += 2;
            }
            // Not the `use<'a>` of a bound.
            "use" if text(at) != "<" => {
                import = true;
                use_tree(tokens, &mut at, Vec::new(), &mut paths);
            }
            name if is_name(name) => {
                let mut path = vec![name];
                while text(at) == "::" && is_name(text(at + 1)) {
                    path.push(text(at + 1));
                    at += 2;
                }
                let before = |back: usize| begun.checked_sub(back).map_or("", text);
                let is_attribute = before(1) == "[" && before(2) == "#";
                if path.len() > 1 || is_attribute {
                    paths.push(path);
                }
            }
            _ => {}
        }
        let inner = inline.iter().map(|&(name, _)| name.to_owned());
        let module: Vec<String> = file_module.iter().cloned().chain(inner).collect();
        found.extend(paths.into_iter().map(|path| Mention {
            path: resolve(&path, &module),
            line: token.line,
            import,
        }));
    }
    found
}

/// Reads one branch of a `use` tree from `at`, of which `path` is the beginning; stops before what ends it.
fn use_tree<'a>(tokens: &[Token<'a>], at: &mut usize, mut path: Vec<&'a str>, paths: &mut Vec<Vec<&'a str>>) {
    let begun = *at;
    while let Some(token) = tokens.get(*at) {
        match token.text {
            "," | "}" | ";" => break,
            "{" => {
                while tokens.get(*at).is_some_and(|token| token.text != "}" && token.text != ";") {
                    *at += 1;
                    use_tree(tokens, at, path.clone(), paths);
                }
                *at += 1;
                return;
            }
            "as" => *at += 1,
            // `a::*` and `a::{self}` import the module `a`; `self::a` is for `resolve`.
            "*" => {}
            "self" if !path.is_empty() => {}
            name if is_name(name) => path.push(name),
            _ => {}
        }
        *at += 1;
    }
    // Nothing is between a last comma and the brace.
    if *at > begun {
        paths.push(path);
    }
}

/// Makes a path of our own crate begin with `crate`; `module` is where it was written.
fn resolve(path: &[&str], module: &[String]) -> Vec<String> {
    let supers = path.iter().filter(|&&segment| segment == "super").count();
    let base = match path.first() {
        Some(&("crate" | "gongkai")) => 0,
        Some(&("self" | "super")) => module.len().saturating_sub(supers),
        Some(_) | None => return path.iter().map(|&segment| segment.to_owned()).collect(),
    };
    let named = path
        .iter()
        .filter(|&&segment| !["crate", "gongkai", "self", "super"].contains(&segment))
        .map(|&segment| segment.to_owned());
    std::iter::once("crate".to_owned()).chain(module.iter().take(base).cloned()).chain(named).collect()
}

/// A name, `::`, or any other single character of the code, with the line it is on.
pub struct Token<'a> {
    pub text: &'a str,
    pub line: usize,
}

/// The code in pieces, without comments, literals and white space.
pub fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = source;
    let mut line = 1;
    while !rest.is_empty() {
        let (length, is_code) = lexeme(rest);
        let (text, tail) = rest.split_at(length);
        if is_code {
            found.push(Token { text, line });
        }
        line += text.matches('\n').count();
        rest = tail;
    }
    found
}

/// The length of what `rest` begins with, and whether that is code.
fn lexeme(rest: &str) -> (usize, bool) {
    let first = rest.chars().next().unwrap_or_default();
    if rest.starts_with("//") {
        (rest.find('\n').unwrap_or(rest.len()), false)
    } else if rest.starts_with("/*") {
        (block_comment(rest), false)
    } else if rest.starts_with("::") {
        (2, true)
    } else if first == '"' {
        (quoted(rest, '"'), false)
    } else if first == '\'' {
        (quote_mark(rest), false)
    } else if is_name(rest.get(..first.len_utf8()).unwrap_or_default()) {
        let name = word(rest);
        let tail = rest.get(name..).unwrap_or_default();
        match rest.get(..name) {
            Some("r" | "br" | "cr") if tail.starts_with(['"', '#']) => raw(rest, name),
            _ => (name, true),
        }
    } else if first.is_ascii_digit() {
        (word(rest), false)
    } else {
        (first.len_utf8(), !first.is_whitespace())
    }
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The length of the comment, which may hold others.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// The length of a literal between two `mark`s, with `\` before a mark that is not the end.
fn quoted(rest: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if c == mark && !escaped {
            return at + mark.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}

/// The length of a character literal or of a lifetime.
fn quote_mark(rest: &str) -> usize {
    let mut next = rest.chars().skip(1);
    if next.next() == Some('\\') || next.next() == Some('\'') {
        return quoted(rest, '\'');
    }
    1 + word(rest.get(1..).unwrap_or_default())
}

/// The length of a raw string, whose prefix is `prefix` long, or of a raw name, which is code: `r#use` is no `use`.
fn raw(rest: &str, prefix: usize) -> (usize, bool) {
    let tail = rest.get(prefix..).unwrap_or_default();
    let hashes = tail.chars().take_while(|&c| c == '#').count();
    if tail.chars().nth(hashes) != Some('"') {
        let name = prefix + hashes;
        return (name + word(rest.get(name..).unwrap_or_default()), true);
    }
    let opening = prefix + hashes + 1;
    let closing = format!("\"{}", "#".repeat(hashes));
    let body = rest.get(opening..).and_then(|body| body.find(&closing));
    (body.map_or(rest.len(), |body| opening + body + closing.len()), false)
}
