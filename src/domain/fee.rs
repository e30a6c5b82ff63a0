//! The information-processing fee (信息处理费, Art. 42; 国办函〔2020〕109号, Arts. 3–5), by the tiers of a statute.

use super::lang::Lang;
use super::statute::{FeeTier, Fees};
use thiserror::Error;

/// The most pages of one application that are computed.
pub const MOST_PAGES: u32 = 1_000_000;
/// The most applications that are computed, both those before and those asked about.
pub const MOST_PIECES: u32 = 10_000;

/// By what is counted. The organ chooses one mode for one application, never both (109号, Art. 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeeMode {
    /// By the pages of this one application: the sides of A4 sheets or smaller (Art. 5). Applications are not added together.
    PerPage {
        /// How many pages; at most [`MOST_PAGES`].
        pages: u32,
    },
    /// By the applications of one applicant in one calendar month (Art. 4).
    PerPiece {
        /// How many there were this month before; at most [`MOST_PIECES`].
        already: u32,
        /// How many are asked about; at most [`MOST_PIECES`].
        pieces: u32,
    },
}

/// What may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fee {
    /// The sum of the lines, in the statute's unit (fen).
    pub amount: u64,
    /// One line for each rate, in order, the free ones included; none when nothing is counted.
    pub lines: Vec<FeeLine>,
}

/// Pages or pieces of one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeLine {
    /// The first page, or the first piece by its number in the month; from 1.
    pub from: u32,
    /// The last, included.
    pub to: u32,
    /// For each, in the statute's unit.
    pub rate: u64,
    /// For all of the line.
    pub amount: u64,
}

/// Why there is no fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FeeError {
    /// A number beyond what is computed.
    #[error("{}: {}", .field, self.message(Lang::En))]
    TooMany {
        /// Which: `pages`, `already` or `pieces`.
        field: &'static str,
        /// The most.
        most: u32,
    },
    /// The tiers cost more than can be told, which a validated pack's never do.
    #[error("the fee is out of range")]
    OutOfRange,
}

impl FeeError {
    /// The reason and what would be right, in words.
    pub fn message(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::TooMany { most, .. }, Lang::Zh) => format!("不得超过 {most}。"),
            (Self::TooMany { most, .. }, Lang::En) => format!("at most {most}"),
            (Self::OutOfRange, Lang::Zh) => "金额超出可以计算的范围。".to_owned(),
            (Self::OutOfRange, Lang::En) => "the fee is out of range".to_owned(),
        }
    }
}

/// What may be asked by the tiers of a statute.
///
/// # Errors
/// [`FeeError::TooMany`] for the first number beyond its bound.
pub fn fee(fees: &Fees, mode: FeeMode) -> Result<Fee, FeeError> {
    match mode {
        FeeMode::PerPage { pages } => {
            within("pages", pages, MOST_PAGES)?;
            charge(&fees.per_page, 0, pages)
        }
        FeeMode::PerPiece { already, pieces } => {
            within("already", already, MOST_PIECES)?;
            within("pieces", pieces, MOST_PIECES)?;
            charge(&fees.per_piece, already, already.saturating_add(pieces))
        }
    }
}

fn within(field: &'static str, value: u32, most: u32) -> Result<(), FeeError> {
    if value <= most { Ok(()) } else { Err(FeeError::TooMany { field, most }) }
}

/// What the numbers after `before` through `through` cost.
fn charge(tiers: &[FeeTier], before: u32, through: u32) -> Result<Fee, FeeError> {
    let mut lines = Vec::new();
    let mut amount: u64 = 0;
    let mut reached = before;
    while reached < through {
        let (last, rate) = step_of(tiers, reached).ok_or(FeeError::OutOfRange)?;
        let to = last.min(through);
        let count = to.saturating_sub(reached);
        let cost = rate.checked_mul(u64::from(count)).ok_or(FeeError::OutOfRange)?;
        lines.push(FeeLine { from: reached.saturating_add(1), to, rate, amount: cost });
        amount = amount.checked_add(cost).ok_or(FeeError::OutOfRange)?;
        reached = to;
    }
    Ok(Fee { amount, lines })
}

/// The rate of the number after `reached`, and the last number with that rate.
fn step_of(tiers: &[FeeTier], reached: u32) -> Option<(u32, u64)> {
    let mut below = 0;
    for tier in tiers {
        if let Some(to) = tier.to {
            if reached < to {
                return Some((to, tier.rate));
            }
            below = to;
            continue;
        }
        let (Some(step), Some(rise)) = (tier.step, tier.rise) else { return Some((u32::MAX, tier.rate)) };
        let steps = reached.checked_sub(below)?.checked_div(step)?;
        let last = steps.checked_add(1)?.checked_mul(step)?.checked_add(below)?;
        let rate = rise.checked_mul(u64::from(steps))?.checked_add(tier.rate)?;
        return Some((last, rate));
    }
    None
}

#[cfg(test)]
mod tests;
