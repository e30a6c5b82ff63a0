//! What a document says and no more: serde would also take an array for a struct, field by field, and an object for a
//! word.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A struct that comes as an object.
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsObject<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for AsObject<T> {
            type Value = T;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_map(AsObject(PhantomData)).map(Self)
    }
}

/// A member that is an object, or absent.
///
/// # Errors
/// When it is anything else.
pub fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::<Object<T>>::deserialize(deserializer).map(|found| found.map(|object| object.0))
}

/// A member that is an array of objects, or absent.
///
/// # Errors
/// When it is anything else.
pub fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    Option::<Vec<Object<T>>>::deserialize(deserializer)
        .map(|found| found.map(|objects| objects.into_iter().map(|object| object.0).collect()))
}

/// A member that is one word of a list, or absent: serde would also take `{"word": null}` for it.
///
/// # Errors
/// When it is anything else.
pub fn word<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let word = Option::<String>::deserialize(deserializer)?;
    word.map(|word| T::deserialize(word.into_deserializer())).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Point {
        x: Option<i32>,
        #[serde(default, deserialize_with = "object")]
        inner: Option<Inner>,
        #[serde(default, deserialize_with = "objects")]
        list: Option<Vec<Inner>>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner {
        y: Option<i32>,
    }

    #[test]
    fn an_array_is_no_object_at_any_depth() {
        let read = |text: &str| serde_json::from_str::<Object<Point>>(text).map(|object| object.0);
        let point = read(r#"{"x": 1, "inner": {"y": 2}, "list": [{"y": 3}]}"#).unwrap();
        assert_eq!(
            (point.x, point.inner, point.list.map(|list| list.len())),
            (Some(1), Some(Inner { y: Some(2) }), Some(1))
        );
        assert!(read(r#"{"x": null, "inner": null, "list": null}"#).is_ok());
        for wrong in ["[1, null, null]", r#"{"inner": [2]}"#, r#"{"list": [[3]]}"#, "null", "7"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
