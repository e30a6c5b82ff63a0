//! A dated fact as callers write it: one flat object, its `type` and the fields of that type.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError, ValidationErrors};

use super::body::{CivilDate, count};
use super::field_errors::TOO_MANY_ITEMS;
use super::object::Object;
use crate::app::time_limits::MOST_FACTS;
use crate::domain::case::event::ServiceMethod;
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{Procedure, RemedyKind};
use crate::domain::time_limit::{ConsultationKind, CorrectionGround, Fact, FactKind, What};

/// The most readings of one request: more than there are points of doubt.
const MOST_READINGS: usize = 64;
/// The longest `ref` of a consultation, in characters.
const LONGEST_REF: usize = 64;
/// The most working days that a notice may give: a year of them.
const MOST_WORKING_DAYS: i64 = 250;

/// One thing that happened. Which fields there are besides `type` and `on` follows from the type:
///
/// | `type` | fields |
/// | --- | --- |
/// | `received` | `channel`, `arrived_on`, `confirmed_on`, `after_hours` |
/// | `correction_requested` | `served_on`, `working_days` (the applicant's period), `ground` |
/// | `consultation_sent` | `ref` and `kind` (both required), `served_on` |
/// | `consultation_answered`, `consultation_lapsed` | `ref` (required) |
/// | `extended` | `working_days` (required), `approved_on` |
/// | `fee_notice`, `reconsideration_decided` | `served_on` |
/// | `delayed_reply_set` | `until` (required) |
/// | `remedy_received` | `ref`, `remedy` (required), `procedure` |
/// | `remedy_answered` | `ref` (required) |
/// | `answer_ordered` | `until` |
/// | `replied` | `outcome`, `method`, `dispatched_on`, `served_on`, `not_dispatched` |
/// | `corrected`, `correction_lapsed`, `fee_paid`, `fee_lapsed`, `reasons_requested`, `reasons_given`, `withdrawn` | none |
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FactInput {
    /// What happened.
    #[serde(rename = "type", default, deserialize_with = "super::object::word")]
    #[schema(required = true, nullable = false, example = "received")]
    what: Option<FactKind>,
    /// The civil date: of a letter or notice, when it was dispatched; of a reply, when it was decided upon.
    #[schema(value_type = String, required = true, nullable = false, format = Date, example = "2026-03-02")]
    on: Option<CivilDate>,
    /// How the application came; decides which of the dates counts (Art. 31).
    #[serde(default, deserialize_with = "super::object::word")]
    channel: Option<Channel>,
    /// The day it was submitted online, or arrived in the mail, when that is another day.
    #[schema(value_type = Option<String>, format = Date)]
    arrived_on: Option<CivilDate>,
    /// The day both sides confirmed, when that is another day.
    #[schema(value_type = Option<String>, format = Date)]
    confirmed_on: Option<CivilDate>,
    /// Whether it came after office hours.
    after_hours: Option<bool>,
    /// The day the document reached its recipient.
    #[schema(value_type = Option<String>, format = Date)]
    served_on: Option<CivilDate>,
    /// The applicant's period, or by how much the reply was extended.
    #[serde(default, deserialize_with = "count")]
    #[schema(value_type = Option<u16>, minimum = 1, maximum = 250)]
    working_days: Option<i64>,
    /// What was wrong with the application; unclear content when absent.
    #[serde(default, deserialize_with = "super::object::word")]
    ground: Option<CorrectionGround>,
    /// Which consultation or remedy; the caller's own name for it.
    #[serde(rename = "ref")]
    #[schema(min_length = 1, max_length = 64)]
    reference: Option<String>,
    /// Whom the consultation asks.
    #[serde(default, deserialize_with = "super::object::word")]
    kind: Option<ConsultationKind>,
    /// The day the extension was approved.
    #[schema(value_type = Option<String>, format = Date)]
    approved_on: Option<CivilDate>,
    /// The last day of the delayed reply, or that which an order to answer anew names.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<CivilDate>,
    /// What was answered.
    #[serde(default, deserialize_with = "super::object::word")]
    outcome: Option<Outcome>,
    /// How the reply was served.
    #[serde(default, deserialize_with = "super::object::word")]
    method: Option<ServiceMethod>,
    /// The day the reply was handed to the post, a messenger or a system.
    #[schema(value_type = Option<String>, format = Date)]
    dispatched_on: Option<CivilDate>,
    /// Whether it is known that the reply has not left yet.
    not_dispatched: Option<bool>,
    /// What was brought.
    #[serde(default, deserialize_with = "super::object::word")]
    remedy: Option<RemedyKind>,
    /// How the remedy is examined; the ordinary procedure when absent.
    #[serde(default, deserialize_with = "super::object::word")]
    procedure: Option<Procedure>,
}

/// The fields of a type besides `type` and `on`: those that it may have, and those that it must.
fn fields_of(kind: FactKind) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        FactKind::Received => (&["channel", "arrived_on", "confirmed_on", "after_hours"], &[]),
        FactKind::CorrectionRequested => (&["served_on", "working_days", "ground"], &[]),
        FactKind::ConsultationSent => (&["served_on"], &["ref", "kind"]),
        FactKind::ConsultationAnswered | FactKind::ConsultationLapsed | FactKind::RemedyAnswered => {
            (&[], &["ref"])
        }
        FactKind::Extended => (&["approved_on"], &["working_days"]),
        FactKind::FeeNotice | FactKind::ReconsiderationDecided => (&["served_on"], &[]),
        FactKind::DelayedReplySet => (&[], &["until"]),
        FactKind::AnswerOrdered => (&["until"], &[]),
        FactKind::RemedyReceived => (&["procedure"], &["ref", "remedy"]),
        FactKind::Replied => (&["outcome", "method", "dispatched_on", "served_on", "not_dispatched"], &[]),
        FactKind::Corrected
        | FactKind::CorrectionLapsed
        | FactKind::FeePaid
        | FactKind::FeeLapsed
        | FactKind::ReasonsRequested
        | FactKind::ReasonsGiven
        | FactKind::Withdrawn => (&[], &[]),
    }
}

impl FactInput {
    /// Each field besides `type` and `on`, and whether it is there.
    fn given(&self) -> [(&'static str, bool); 17] {
        [
            ("channel", self.channel.is_some()),
            ("arrived_on", self.arrived_on.is_some()),
            ("confirmed_on", self.confirmed_on.is_some()),
            ("after_hours", self.after_hours.is_some()),
            ("served_on", self.served_on.is_some()),
            ("working_days", self.working_days.is_some()),
            ("ground", self.ground.is_some()),
            ("ref", self.reference.is_some()),
            ("kind", self.kind.is_some()),
            ("approved_on", self.approved_on.is_some()),
            ("until", self.until.is_some()),
            ("outcome", self.outcome.is_some()),
            ("method", self.method.is_some()),
            ("dispatched_on", self.dispatched_on.is_some()),
            ("not_dispatched", self.not_dispatched.is_some()),
            ("remedy", self.remedy.is_some()),
            ("procedure", self.procedure.is_some()),
        ]
    }

    /// The fact; `None` only where [`Validate`] objects.
    pub fn fact(self) -> Option<Fact> {
        let day = |date: Option<CivilDate>| date.map(|date| date.0);
        let working_days = self.working_days.and_then(|days| u16::try_from(days).ok());
        let what = match self.what? {
            FactKind::Received => What::Received {
                channel: self.channel,
                arrived_on: day(self.arrived_on),
                confirmed_on: day(self.confirmed_on),
                after_hours: self.after_hours.unwrap_or(false),
            },
            FactKind::CorrectionRequested => What::CorrectionRequested {
                served_on: day(self.served_on),
                working_days,
                ground: self.ground,
            },
            FactKind::Corrected => What::Corrected,
            FactKind::CorrectionLapsed => What::CorrectionLapsed,
            FactKind::ConsultationSent => What::ConsultationSent {
                reference: self.reference?,
                kind: self.kind?,
                served_on: day(self.served_on),
            },
            FactKind::ConsultationAnswered => What::ConsultationAnswered { reference: self.reference? },
            FactKind::ConsultationLapsed => What::ConsultationLapsed { reference: self.reference? },
            FactKind::Extended => {
                What::Extended { working_days: working_days?, approved_on: day(self.approved_on) }
            }
            FactKind::FeeNotice => What::FeeNotice { served_on: day(self.served_on) },
            FactKind::FeePaid => What::FeePaid,
            FactKind::FeeLapsed => What::FeeLapsed,
            FactKind::ReasonsRequested => What::ReasonsRequested,
            FactKind::ReasonsGiven => What::ReasonsGiven,
            FactKind::DelayedReplySet => What::DelayedReplySet { until: day(self.until)? },
            FactKind::Replied => What::Replied {
                outcome: self.outcome,
                method: self.method,
                dispatched_on: day(self.dispatched_on),
                served_on: day(self.served_on),
                not_dispatched: self.not_dispatched.unwrap_or(false),
            },
            FactKind::ReconsiderationDecided => {
                What::ReconsiderationDecided { served_on: day(self.served_on) }
            }
            FactKind::Withdrawn => What::Withdrawn,
            FactKind::RemedyReceived => What::RemedyReceived {
                reference: self.reference?,
                remedy: self.remedy?,
                procedure: self.procedure.unwrap_or_default(),
            },
            FactKind::RemedyAnswered => What::RemedyAnswered { reference: self.reference? },
            FactKind::AnswerOrdered => What::AnswerOrdered { until: day(self.until) },
        };
        Some(Fact::new(day(self.on)?, what))
    }
}

impl Validate for FactInput {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::new();
        if self.on.is_none() {
            errors.add("on", ValidationError::new("required"));
        }
        match self.what {
            None => errors.add("type", ValidationError::new("required")),
            Some(kind) => self.check_fields(kind, &mut errors),
        }
        if let Some(days) = self.working_days.filter(|days| !(1..=MOST_WORKING_DAYS).contains(days)) {
            errors.add("working_days", bounds("range", MOST_WORKING_DAYS, days));
        }
        if let Some(text) = &self.reference {
            let length = text.chars().count();
            if !(1..=LONGEST_REF).contains(&length) {
                errors.add("ref", bounds("length", LONGEST_REF, length));
            } else if text.trim().is_empty() {
                errors.add("ref", ValidationError::new("blank"));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl FactInput {
    fn check_fields(&self, kind: FactKind, errors: &mut ValidationErrors) {
        let (may, must) = fields_of(kind);
        for (field, there) in self.given() {
            if must.contains(&field) && !there {
                errors.add(field, ValidationError::new("required"));
            } else if there && !must.contains(&field) && !may.contains(&field) {
                errors.add(field, not_of(kind));
            }
        }
    }
}

/// The complaint about a field that this type does not have.
fn not_of(kind: FactKind) -> ValidationError {
    let (may, must) = fields_of(kind);
    let fields: Vec<&str> = ["on"].iter().chain(must).chain(may).copied().collect();
    let mut error = ValidationError::new("unknown_field");
    let (label, code) = (kind.label_zh(), kind.code());
    let zh = format!("“{label}”（{code}）没有这个字段；有：{}。", fields.join("、"));
    let en = format!("`{code}` has no such field; it has {}.", fields.join(", "));
    error.add_param(Cow::Borrowed("zh"), &zh);
    error.add_param(Cow::Borrowed("en"), &en);
    error
}

fn bounds<N: serde::Serialize>(code: &'static str, most: N, value: N) -> ValidationError {
    let mut error = ValidationError::new(code);
    error.add_param(Cow::Borrowed("min"), &1);
    error.add_param(Cow::Borrowed("max"), &most);
    error.add_param(Cow::Borrowed("value"), &value);
    error
}

/// A list of facts, or none. Too many are refused while they are read: the first facts of ten thousand are not looked at
/// one by one.
///
/// # Errors
/// When it is anything else, or too long.
pub fn facts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<FactInput>>, D::Error> {
    struct Facts;

    impl<'de> Visitor<'de> for Facts {
        type Value = Option<Vec<FactInput>>;

        fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
            formatter.write_str("a sequence")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_seq(Facts)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let too_many = || serde::de::Error::custom(format!("{TOO_MANY_ITEMS}{MOST_FACTS}"));
            if items.size_hint().is_some_and(|length| length > MOST_FACTS) {
                return Err(too_many());
            }
            let mut facts = Vec::new();
            while let Some(Object(fact)) = items.next_element::<Object<FactInput>>()? {
                facts.push(fact);
                if facts.len() > MOST_FACTS {
                    return Err(too_many());
                }
            }
            Ok(Some(facts))
        }
    }

    deserializer.deserialize_option(Facts)
}

/// Readings of points of doubt by name, or none. Too many are refused while they are read.
///
/// # Errors
/// When it is anything else, or too long.
pub fn readings<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeMap<String, String>>, D::Error> {
    struct Readings;

    impl<'de> Visitor<'de> for Readings {
        type Value = Option<BTreeMap<String, String>>;

        fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_map(Readings)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
            let too_many = || serde::de::Error::custom(format!("{TOO_MANY_ITEMS}{MOST_READINGS}"));
            if members.size_hint().is_some_and(|length| length > MOST_READINGS) {
                return Err(too_many());
            }
            let mut readings = BTreeMap::new();
            while let Some((point, reading)) = members.next_entry::<String, String>()? {
                if readings.contains_key(&point) {
                    let point: String = point.chars().take(LONGEST_REF).collect();
                    return Err(serde::de::Error::custom(format!("duplicate field `{point}`")));
                }
                readings.insert(point, reading);
                if readings.len() > MOST_READINGS {
                    return Err(too_many());
                }
            }
            Ok(Some(readings))
        }
    }

    deserializer.deserialize_option(Readings)
}
