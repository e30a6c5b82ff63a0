//! The worked examples of the statute digest, section 3, and what holds of every fee.

use super::{Fee, FeeError, FeeLine, FeeMode, MOST_PAGES, MOST_PIECES, fee};
use crate::domain::statute::{FeeTier, Fees};
use proptest::prelude::*;

/// The tiers of 国办函〔2020〕109号, in fen; that the law file says the same is tested in `app::time_limits`.
fn tiers() -> Fees {
    let tier = |to, yuan: u64| FeeTier { to, rate: yuan * 100, step: None, rise: None };
    Fees {
        article: "42".to_owned(),
        currency: "CNY".to_owned(),
        unit: "fen".to_owned(),
        per_page: vec![tier(Some(30), 0), tier(Some(100), 10), tier(Some(200), 20), tier(None, 40)],
        per_piece: vec![
            tier(Some(10), 0),
            tier(Some(30), 100),
            FeeTier { to: None, rate: 20_000, step: Some(10), rise: Some(10_000) },
        ],
    }
}

fn asked(mode: FeeMode) -> Fee {
    fee(&tiers(), mode).unwrap()
}

/// Yuan for the pages of one application.
fn by_page(pages: u32) -> u64 {
    in_yuan(&asked(FeeMode::PerPage { pages }))
}

/// Yuan for `pieces` more after `already` in the month.
fn by_piece(already: u32, pieces: u32) -> u64 {
    in_yuan(&asked(FeeMode::PerPiece { already, pieces }))
}

fn in_yuan(fee: &Fee) -> u64 {
    assert_eq!(fee.amount % 100, 0);
    fee.amount / 100
}

#[test]
fn f1_the_1500_pages_of_the_published_case_cost_54700_yuan() {
    assert_eq!(by_page(1500), 54_700);
    let line = |from, to, rate, amount| FeeLine { from, to, rate, amount };
    let expected = [
        line(1, 30, 0, 0),
        line(31, 100, 1000, 70_000),
        line(101, 200, 2000, 200_000),
        line(201, 1500, 4000, 5_200_000),
    ];
    assert_eq!(asked(FeeMode::PerPage { pages: 1500 }).lines, expected);
}

#[test]
fn f2_68_pages_cost_380_yuan() {
    assert_eq!(by_page(68), 380);
}

#[test]
fn f3_30_pages_are_free_and_the_31st_costs_10_yuan() {
    assert_eq!((by_page(30), by_page(31)), (0, 10));
}

#[test]
fn f4_100_and_101_pages_cost_700_and_720_yuan() {
    assert_eq!((by_page(100), by_page(101)), (700, 720));
}

#[test]
fn f5_150_200_and_201_pages_cost_1700_2700_and_2740_yuan() {
    assert_eq!((by_page(150), by_page(200), by_page(201)), (1700, 2700, 2740));
}

#[test]
fn f6_350_pages_cost_8700_yuan() {
    assert_eq!(by_page(350), 8700);
}

#[test]
fn f7_800_pages_cost_26700_yuan() {
    assert_eq!(by_page(800), 26_700);
}

#[test]
fn f8_two_applications_of_25_pages_are_not_added_together() {
    assert_eq!(by_page(25) + by_page(25), 0);
}

#[test]
fn f9_the_10th_application_of_a_month_is_free_and_the_11th_costs_100_yuan() {
    assert_eq!((by_piece(9, 1), by_piece(10, 1)), (0, 100));
}

#[test]
fn f10_30_applications_in_a_month_cost_2000_yuan() {
    assert_eq!(by_piece(0, 30), 2000);
}

#[test]
fn f11_35_applications_in_a_month_cost_3000_yuan() {
    assert_eq!(by_piece(0, 35), 3000);
}

#[test]
fn f12_45_applications_in_a_month_cost_5500_yuan() {
    assert_eq!(by_piece(0, 45), 5500);
}

#[test]
fn f13_61_applications_in_a_month_cost_11500_yuan() {
    assert_eq!(by_piece(0, 61), 11_500);
    let lines = asked(FeeMode::PerPiece { already: 0, pieces: 61 }).lines;
    let spans: Vec<_> = lines.iter().map(|line| (line.from, line.to, line.rate / 100)).collect();
    let expected = [(1, 10, 0), (11, 30, 100), (31, 40, 200), (41, 50, 300), (51, 60, 400), (61, 61, 500)];
    assert_eq!(spans, expected);
}

#[test]
fn f14_eight_at_the_end_of_march_and_eight_in_april_are_free() {
    assert_eq!(by_piece(0, 8) + by_piece(0, 8), 0);
}

#[test]
fn f15_one_letter_split_into_14_pieces_costs_400_yuan() {
    assert_eq!(by_piece(0, 14), 400);
    let lines = asked(FeeMode::PerPiece { already: 0, pieces: 14 }).lines;
    assert_eq!(lines[1], FeeLine { from: 11, to: 14, rate: 10_000, amount: 40_000 });
}

#[test]
fn f16_the_12th_of_the_month_with_150_pages_costs_100_or_1700_yuan_and_never_both() {
    assert_eq!((by_piece(11, 1), by_page(150)), (100, 1700));
}

#[test]
fn nothing_costs_nothing() {
    let nothing = Fee { amount: 0, lines: Vec::new() };
    assert_eq!(asked(FeeMode::PerPage { pages: 0 }), nothing);
    assert_eq!(asked(FeeMode::PerPiece { already: 40, pieces: 0 }), nothing);
}

#[test]
fn what_is_beyond_the_bounds_is_refused_by_name() {
    let refused = |mode| fee(&tiers(), mode).unwrap_err();
    let most = asked(FeeMode::PerPage { pages: MOST_PAGES });
    assert_eq!(most.amount, 270_000 + u64::from(MOST_PAGES - 200) * 4000);
    asked(FeeMode::PerPiece { already: MOST_PIECES, pieces: MOST_PIECES });
    let pages = refused(FeeMode::PerPage { pages: MOST_PAGES + 1 });
    assert_eq!(pages, FeeError::TooMany { field: "pages", most: MOST_PAGES });
    assert_eq!(pages.to_string(), "pages: at most 1000000");
    let already = refused(FeeMode::PerPiece { already: MOST_PIECES + 1, pieces: 1 });
    assert_eq!(already, FeeError::TooMany { field: "already", most: MOST_PIECES });
    let pieces = refused(FeeMode::PerPiece { already: 0, pieces: u32::MAX });
    assert_eq!(pieces, FeeError::TooMany { field: "pieces", most: MOST_PIECES });
}

/// The rate of one piece by the formula of the digest: n ≤ 10 free, 11–30 at 100, then 100 × (⌊(n−31)/10⌋ + 2).
fn marginal(n: u32) -> u64 {
    match n {
        ..=10 => 0,
        11..=30 => 100,
        _ => 100 * (u64::from((n - 31) / 10) + 2),
    }
}

#[test]
fn each_piece_costs_what_the_formula_says() {
    for n in 1..=MOST_PIECES {
        assert_eq!(by_piece(n - 1, 1), marginal(n), "piece {n}");
    }
}

proptest! {
    #[test]
    fn more_pages_never_cost_less(pages in 0..MOST_PAGES, more in 1..1000_u32) {
        prop_assume!(pages + more <= MOST_PAGES);
        prop_assert!(by_page(pages) <= by_page(pages + more));
    }

    #[test]
    fn a_later_piece_never_costs_less(already in 0..MOST_PIECES) {
        prop_assert!(by_piece(already, 1) <= by_piece(already + 1, 1));
    }

    #[test]
    fn pieces_cost_the_same_together_and_one_after_another(
        already in 0..5000_u32,
        first in 0..2500_u32,
        then in 0..2500_u32,
    ) {
        let together = by_piece(already, first + then);
        prop_assert_eq!(together, by_piece(already, first) + by_piece(already + first, then));
        let one_by_one: u64 = (1..=first).map(|n| marginal(already + n)).sum();
        prop_assert_eq!(by_piece(already, first), one_by_one);
    }

    #[test]
    fn lines_follow_each_other_and_sum_up(already in 0..MOST_PIECES, pieces in 0..MOST_PIECES) {
        let fee = asked(FeeMode::PerPiece { already, pieces });
        let mut reached = already;
        for line in &fee.lines {
            prop_assert_eq!(line.from, reached + 1);
            prop_assert!(line.to >= line.from);
            prop_assert_eq!(line.amount, line.rate * u64::from(line.to - line.from + 1));
            reached = line.to;
        }
        prop_assert_eq!(reached, already + pieces);
        prop_assert_eq!(fee.amount, fee.lines.iter().map(|line| line.amount).sum::<u64>());
    }
}
