//! The public calculator of fees.

use serde_json::{Value, json};

use super::operations::{check_answer, told};
use crate::support::databases::Backend;
use crate::support::office::Office;

const PATH: &str = "/fees/calculate";

#[test]
fn fees_are_told_in_fen_with_a_line_for_each_rate() {
    let office = Office::open(Backend::Sqlite);
    let client = office.anonymous();
    let request = json!({ "statute": "cn-ogi-2019", "mode": "per_page", "pages": 150 });
    let reply = client.post(PATH, &request).must(200);
    check_answer(&reply);
    assert_eq!(
        reply.body,
        json!({
            "amount": 170_000, "currency": "CNY", "unit": "fen", "article": "42; 国办函〔2020〕109号 4, 5",
            "lines": [
                { "from": 1, "to": 30, "rate": 0, "amount": 0 },
                { "from": 31, "to": 100, "rate": 1000, "amount": 70_000 },
                { "from": 101, "to": 150, "rate": 2000, "amount": 100_000 },
            ],
        })
    );
    let pieces = |already: Value, pieces: u32| {
        let request = json!({ "statute": "cn-ogi-2019", "mode": "per_piece", "already_this_month": already,
                              "pieces": pieces });
        client.post(PATH, &request).must(200).body
    };
    assert_eq!(pieces(json!(11), 1)["amount"], 10_000);
    assert_eq!(pieces(Value::Null, 61)["amount"], 1_150_000);
    assert_eq!(
        pieces(json!(29), 2)["lines"],
        json!([{ "from": 30, "to": 30, "rate": 10_000, "amount": 10_000 },
               { "from": 31, "to": 31, "rate": 20_000, "amount": 20_000 }])
    );
}

#[test]
fn every_wrong_field_is_named() {
    let office = Office::open(Backend::Sqlite);
    let client = office.anonymous();
    for (request, wanted) in [
        (json!({}), vec![("/mode", "required"), ("/statute", "required")]),
        (json!({ "statute": "cn-ogi-2019", "mode": "per_pound" }), vec![("/mode", "unknown_value")]),
        (json!({ "statute": "cn-ogi-2019", "mode": "per_page" }), vec![("/pages", "required")]),
        (
            json!({ "statute": "cn-ogi-2019", "mode": "per_page", "pieces": 1, "already_this_month": 0 }),
            vec![
                ("/already_this_month", "unknown_field"),
                ("/pages", "required"),
                ("/pieces", "unknown_field"),
            ],
        ),
        (
            json!({ "statute": "cn-ogi-2019", "mode": "per_piece", "pages": 3 }),
            vec![("/pages", "unknown_field"), ("/pieces", "required")],
        ),
        (json!({ "statute": "cn-ogi-2019", "mode": "per_page", "pages": -1 }), vec![("/pages", "range")]),
        (
            json!({ "statute": "cn-ogi-2019", "mode": "per_page", "pages": 1_000_001 }),
            vec![("/pages", "range")],
        ),
        (
            json!({ "statute": "cn-ogi-2019", "mode": "per_piece", "pieces": 10_001, "already_this_month": 1e15 }),
            vec![("/already_this_month", "range"), ("/pieces", "range")],
        ),
        (
            json!({ "statute": "cn-ogi-2019", "mode": "per_page", "pages": 1.5 }),
            vec![("/pages", "wrong_type")],
        ),
        (
            json!({ "statute": "us-foia", "mode": "per_page", "pages": 1 }),
            vec![("/statute", "unknown_value")],
        ),
    ] {
        let reply = client.post(PATH, &request);
        assert_eq!(told(&reply), "422 invalid", "{}", reply.told());
        check_answer(&reply);
        let errors = reply.at("/errors").as_array().unwrap();
        let mut found: Vec<(&str, &str)> = errors
            .iter()
            .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect();
        found.sort_unstable();
        assert_eq!(found, wanted, "{}", reply.told());
    }
}
