//! The documents asked for, as far as the applicant named them: titles and numbers, for lists and for search. Like the
//! subject they hold no personal data.

/// The most documents of one case.
pub const MOST_DOCUMENTS: usize = 10;
/// The longest title, in characters.
pub const TITLE_CHARS: u64 = 200;
/// The longest number, in characters.
pub const NUMBER_CHARS: u64 = 64;

/// A document asked for (所需信息的名称、文号, Art. 29(2)(2)): a title, a number or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Its title (名称), such as 关于印发某规划的通知.
    pub title: Option<String>,
    /// Its number (文号), such as 沪府办〔2024〕12号.
    pub number: Option<String>,
}

impl Document {
    /// Its title and its number, where it has them.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.title.as_deref().into_iter().chain(self.number.as_deref())
    }

    /// Documents as one text: a line each, the title, a tab, the number. [`Document::read`] is the inverse, as long as no
    /// title or number holds a tab or a line break.
    ///
    /// ```
    /// use gongkai::domain::case::document::Document;
    ///
    /// let document = |title: &str, number: Option<&str>| Document {
    ///     title: Some(title.to_owned()),
    ///     number: number.map(str::to_owned),
    /// };
    /// let documents = [document("某规划", Some("沪府办〔2024〕12号")), document("某公告", None)];
    /// let text = Document::write(&documents);
    /// assert_eq!(text, "某规划\t沪府办〔2024〕12号\n某公告\t");
    /// assert_eq!(Document::read(&text), documents);
    /// ```
    pub fn write(documents: &[Self]) -> String {
        let line = |document: &Self| {
            let part = |text: &Option<String>| text.clone().unwrap_or_default();
            format!("{}\t{}", part(&document.title), part(&document.number))
        };
        documents.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Documents read back from [`Document::write`]; none from an empty text.
    pub fn read(text: &str) -> Vec<Self> {
        let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        text.lines()
            .map(|line| line.split_once('\t').unwrap_or((line, "")))
            .map(|(title, number)| Self { title: part(title), number: part(number) })
            .collect()
    }
}
