//! Applicants whose data are planted.

use gongkai::domain::identity::check_resident_id;
use serde_json::{Value, json};

use crate::support::office::today;

/// Somebody who is nobody, but whose numbers are as good as any.
pub struct Person {
    pub name: String,
    pub number: String,
    pub phone: String,
    pub email: String,
    pub address: String,
}

/// What an address keeps when it is masked.
const COUNTY: &str = "江苏省淮安市清江浦区";

impl Person {
    /// The `n`-th.
    pub fn new(name: &str, n: u32) -> Self {
        Self {
            name: name.to_owned(),
            number: resident_number(&format!("3208111979{:02}15{:03}", n % 12 + 1, n * 37 % 1000)),
            phone: format!("139520{:05}", 36_291 + n * 1_117),
            email: format!("yinmi.{}@planted.example", n * 7_919),
            address: format!("{COUNTY}密巷路{}号{}室", 1_000 + n * 13, 500 + n),
        }
    }

    /// As an applicant who gives all of it.
    pub fn applicant(&self) -> Value {
        json!({
            "kind": "natural_person",
            "name": self.name,
            "identity": { "kind": "resident_id", "number": self.number },
            "phone": self.phone,
            "email": self.email,
            "address": self.address,
        })
    }

    /// Words that tell all of it.
    pub fn words(&self, about: &str) -> String {
        let Self { name, number, phone, email, address } = self;
        format!("{}。本人{name}，身份证{number}，电话{phone}，邮箱{email}，住{address}。", secret(about))
    }

    /// What must be found nowhere. Of the address, what a mask leaves out.
    pub fn values(&self) -> Vec<String> {
        let address = self.address.trim_start_matches(COUNTY).to_owned();
        vec![self.name.clone(), self.number.clone(), self.phone.clone(), self.email.clone(), address]
    }
}

/// A phrase that no program makes up.
pub fn secret(about: &str) -> String {
    format!("密语六二九一之{about}")
}

/// A resident number (GB 11643) with its check digit.
pub fn resident_number(digits: &str) -> String {
    let today = today();
    let right = |last: &char| check_resident_id(&format!("{digits}{last}"), today).is_ok();
    let last = "0123456789X".chars().find(right).unwrap();
    format!("{digits}{last}")
}
