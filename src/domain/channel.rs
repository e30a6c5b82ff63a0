//! The ways in which a request reaches an office. Each has its own date of receipt (Article 31).

use serde::{Deserialize, Serialize};

/// How a request was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// In person, at the office (当面).
    Counter,
    /// Mail that the office signs for: registered or EMS (挂号、EMS).
    RegisteredPost,
    /// Mail that nobody signs for (平常信函).
    OrdinaryPost,
    /// Fax of the disclosure office (传真).
    Fax,
    /// The office's own online channel, or a portal acting for it (网络).
    Online,
    /// Electronic mail (电子邮件).
    Email,
}

impl Channel {
    /// Every channel, in the order in which forms list them.
    pub const ALL: &'static [Self] =
        &[Self::Counter, Self::RegisteredPost, Self::OrdinaryPost, Self::Fax, Self::Online, Self::Email];

    /// The name in the API, in files and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::RegisteredPost => "registered_post",
            Self::OrdinaryPost => "ordinary_post",
            Self::Fax => "fax",
            Self::Online => "online",
            Self::Email => "email",
        }
    }

    /// The channel with this code; `None` for any other text. The inverse of [`Channel::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|channel| channel.code() == code)
    }

    /// The Chinese name, for screens and letters.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Counter => "当面提交",
            Self::RegisteredPost => "邮寄（挂号/EMS）",
            Self::OrdinaryPost => "平常信函",
            Self::Fax => "传真",
            Self::Online => "网络提交",
            Self::Email => "电子邮件",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Counter => "in person",
            Self::RegisteredPost => "registered or express mail",
            Self::OrdinaryPost => "ordinary mail",
            Self::Fax => "fax",
            Self::Online => "online",
            Self::Email => "e-mail",
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::Channel;
    use serde::de::IntoDeserializer;
    use serde::de::value::Error;
    use serde::{Deserialize, Serialize};
    use std::collections::HashSet;
    use std::fmt;

    /// Shows the name under which serde writes a value without data.
    struct SerdeName<T>(T);

    impl<T: Serialize> fmt::Display for SerdeName<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.serialize(f)
        }
    }

    /// The names that serde accepts for `T`, in the order of declaration, taken from its own refusal of
    /// another.
    fn names_serde_accepts<T: for<'de> Deserialize<'de> + fmt::Debug>() -> Vec<String> {
        let refusal = T::deserialize("?".into_deserializer()).map_err(|error: Error| error.to_string());
        refusal.unwrap_err().split('`').skip(1).step_by(2).skip(1).map(ToOwned::to_owned).collect()
    }

    /// Checks a coded enum: `all` names every variant once and in order, code, serde name and parse agree,
    /// and labels exist and differ.
    pub(crate) fn assert_coded<T>(
        all: &[T],
        code: fn(T) -> &'static str,
        parse: fn(&str) -> Option<T>,
        labels: [fn(T) -> &'static str; 2],
    ) where
        T: Copy + PartialEq + fmt::Debug + Serialize + for<'de> Deserialize<'de>,
    {
        let codes: Vec<_> = all.iter().map(|value| code(*value)).collect();
        assert_eq!(codes, names_serde_accepts::<T>(), "ALL misses a variant or has another order");
        for value in all {
            assert_eq!(SerdeName(*value).to_string(), code(*value));
            assert_eq!(parse(code(*value)), Some(*value));
            let read: Result<T, Error> = T::deserialize(code(*value).into_deserializer());
            assert_eq!(read.unwrap(), *value);
        }
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), all.len());
        for label in labels {
            let labels: HashSet<_> = all.iter().map(|value| label(*value)).collect();
            assert_eq!(labels.len(), all.len(), "two values share a label");
            assert!(!labels.contains(""));
        }
        for other in ["", "?", " ", &codes[0].to_uppercase()] {
            assert_eq!(parse(other), None);
        }
    }

    #[test]
    fn channels_are_coded() {
        assert_coded(Channel::ALL, Channel::code, Channel::parse, [Channel::label_zh, Channel::label_en]);
        assert_eq!(Channel::ALL.len(), 6);
    }
}
