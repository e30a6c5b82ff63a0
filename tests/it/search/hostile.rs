//! Whatever is typed is looked for, or refused in words; none of it is an operator.

use super::{all_found, escaped, numbers};
use crate::support::databases::both_databases;
use crate::support::office::Office;
use crate::support::story::{CaseStory, request};

/// Texts that a database might take for more than words, and each stands in one subject.
const ODD: &[&str] = &[
    "a\" OR \"b",
    "\"",
    "'; DROP TABLE case_search; --",
    "NEAR(征地, 3)",
    "words:征地",
    "征地*",
    "^征地",
    "-征地 +补偿",
    "{words} : 征",
    "100%",
    "征_地",
    "\\征\\",
    "$1 ?1 :a @b",
    "a & b | !c <-> d",
    "():*",
    "征\\x27地",
    "{\"$gt\":\"\"}",
    "😀👨‍👩‍👧征地🏠",
    "ẞßſ İı Ǆ ﬁ",
    "e\u{301}é",
    "𠮷野家",
    "␞征␞",
    "%00%",
    "<script>alert(1)</script>",
];

both_databases! {
    fn what_looks_like_an_operator_is_plain_text(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let mut made: Vec<(String, &str)> = Vec::new();
        for odd in ODD {
            let case = CaseStory::receive(&office, &request()).register(&format!("前{odd}后"));
            made.push((case.number().to_owned(), odd));
        }
        for (number, odd) in &made {
            let Ok(query) = gongkai::domain::search::Query::parse(odd) else {
                let refused = clerk.get(&format!("/cases?q={}", escaped(odd)));
                assert_eq!((refused.status, refused.str("/errors/0/code")), (422, "blank"), "{odd}");
                continue;
            };
            let found = numbers(&all_found(&clerk, odd, "&sort=received_on", 50));
            assert!(found.contains(number), "{odd} is not found: {found:?}");
            let also = |(_, other): &&(String, &str)| {
                query.matches(&gongkai::domain::search::normalise(&format!("前{other}后")))
            };
            assert_eq!(found.len(), made.iter().filter(also).count(), "{odd}: {found:?}");
        }
        assert_eq!(all_found(&clerk, "前", "", 200).len(), ODD.len(), "all of them are still there");
    }

    fn what_cannot_be_searched_for_is_refused_in_words(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        for (q, code) in [
            (String::new(), "blank"),
            ("  　 ".to_owned(), "blank"),
            ("《》“”".to_owned(), "blank"),
            ("\u{200b}\u{feff}".to_owned(), "blank"),
            ("长".repeat(101), "length"),
            ("😀".repeat(2_000), "length"),
            ("1 2 3 4 5 6 7 8 9 0 a".to_owned(), "length"),
        ] {
            let refused = clerk.get(&format!("/cases?q={}", escaped(&q)));
            assert_eq!(refused.status, 422, "{q}");
            assert_eq!((refused.str("/errors/0/pointer"), refused.str("/errors/0/code")), ("q", code), "{q}");
        }
        for bad in ["%00", "a%00b", "%FF", "%ED%A0%80"] {
            let refused = clerk.get(&format!("/cases?q={bad}"));
            assert!([200, 400, 422].contains(&refused.status), "{bad}: {}", refused.status);
            assert!(bad.ends_with("FF") || bad.ends_with("80") || refused.status != 200, "{bad}");
        }
        clerk.get(&format!("/cases?q={}", escaped(&"长".repeat(100)))).must(200);
        assert_eq!(clerk.get("/cases?q=a&q=b").status, 422, "given twice");
    }
}
