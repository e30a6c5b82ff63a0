//! Articles as a reply cites them.

use crate::domain::lang::Lang;

/// The articles of the Regulation whose parts are items (项) and not paragraphs (款): Article 36 is one paragraph.
const OF_ITEMS: [&str; 1] = ["36"];

/// One or more articles, as they are cited to the item.
///
/// ```
/// use gongkai::domain::lang::Lang;
/// use gongkai::domain::reply::cite;
///
/// assert_eq!(cite("36(5)", Lang::Zh), "第36条第（5）项");
/// assert_eq!(cite("39(1)", Lang::Zh), "第39条第1款");
/// assert_eq!(cite("行政复议法 23(1)(4); 行政诉讼法 46", Lang::Zh), "《行政复议法》第23条第1款第（4）项、《行政诉讼法》第46条");
/// assert_eq!(cite("36(5)", Lang::En), "Art. 36(5)");
/// ```
pub fn cite(articles: &str, lang: Lang) -> String {
    let each: Vec<String> = articles.split("; ").map(|article| one(article, lang)).collect();
    each.join(lang.pick("、", "; "))
}

fn one(article: &str, lang: Lang) -> String {
    let (act, number) = article.rsplit_once(' ').unwrap_or(("", article));
    let mut parts = number.split('(').map(|part| part.trim_end_matches(')'));
    let main = parts.next().unwrap_or_default();
    if !main.starts_with(|first: char| first.is_ascii_digit()) {
        return article.to_owned();
    }
    match lang {
        Lang::En if act.is_empty() => format!("Art. {number}"),
        Lang::En => format!("{act} Art. {number}"),
        Lang::Zh => {
            let act = match act {
                "" => String::new(),
                act if act.ends_with('法') || act.ends_with("条例") => format!("《{act}》"),
                act => act.to_owned(),
            };
            let mut cited = format!("{act}第{main}条");
            let mut items = act.is_empty() && OF_ITEMS.contains(&main);
            for part in parts {
                let (before, after) = if items { ("第（", "）项") } else { ("第", "款") };
                cited.extend([before, part, after]);
                items = true;
            }
            cited
        }
    }
}
