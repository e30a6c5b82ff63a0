//! A table as a report prints it: cells that may be blank.

use std::collections::BTreeMap;

/// The printed cells of one table. A cell is a whole number of cases or proceedings, or blank; a cell never
/// set is blank too. Totals are cells like any other here: what a report prints is not trusted to add up.
///
/// ```
/// use gongkai::domain::annual_report::{Sheet, Table4Column, Table4Row};
///
/// let mut sheet = Sheet::new();
/// sheet.set(Table4Row::Reconsideration, Table4Column::Upheld, Some(3));
/// sheet.set(Table4Row::Reconsideration, Table4Column::Corrected, None);
/// assert_eq!(sheet.printed(Table4Row::Reconsideration, Table4Column::Upheld), Some(3));
/// assert_eq!(sheet.value(Table4Row::Reconsideration, Table4Column::Corrected), 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet<R: Ord, C: Ord> {
    cells: BTreeMap<(R, C), u64>,
}

impl<R: Ord, C: Ord> Sheet<R, C> {
    /// A table in which every cell is blank.
    pub fn new() -> Self {
        Self { cells: BTreeMap::new() }
    }

    /// Prints a number in a cell, or blanks it with `None`.
    pub fn set(&mut self, row: R, column: C, printed: Option<u64>) {
        match printed {
            Some(count) => self.cells.insert((row, column), count),
            None => self.cells.remove(&(row, column)),
        };
    }

    /// What the cell prints; `None` is a blank cell.
    pub fn printed(&self, row: R, column: C) -> Option<u64> {
        self.cells.get(&(row, column)).copied()
    }

    /// What the cell counts as: a blank cell counts as 0.
    pub fn value(&self, row: R, column: C) -> u64 {
        self.printed(row, column).unwrap_or(0)
    }
}

impl<R: Ord, C: Ord> Default for Sheet<R, C> {
    fn default() -> Self {
        Self::new()
    }
}

/// The sum of counts. It stops at the largest number instead of wrapping round, so that no input can make a
/// sum look smaller than its parts.
pub(super) fn sum(counts: impl IntoIterator<Item = u64>) -> u64 {
    counts.into_iter().fold(0, u64::saturating_add)
}
