//! The two languages in which this program speaks to its users.

/// A language of messages. Chinese is the default: the users are Chinese offices and applicants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// 简体中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Picks the text of this language.
    ///
    /// ```
    /// use gongkai::domain::lang::Lang;
    /// assert_eq!(Lang::Zh.pick("申请", "case"), "申请");
    /// ```
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}
