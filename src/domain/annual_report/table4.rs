//! Table 4 (表四 政府信息公开行政复议、行政诉讼情况): how remedies against replies ended.

use std::collections::BTreeMap;

use super::sheet::{Sheet, sum};

/// A block of table 4: one kind of remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table4Row {
    /// 行政复议.
    Reconsideration,
    /// 行政诉讼, 未经复议直接起诉.
    LitigationDirect,
    /// 行政诉讼, 复议后起诉.
    LitigationAfterReconsideration,
}

impl Table4Row {
    /// The three blocks, in the form's order.
    pub const ALL: &'static [Self] =
        &[Self::Reconsideration, Self::LitigationDirect, Self::LitigationAfterReconsideration];

    /// The key used in the API and in report files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reconsideration => "reconsideration",
            Self::LitigationDirect => "litigation_direct",
            Self::LitigationAfterReconsideration => "litigation_after_reconsideration",
        }
    }

    /// The block with this key, if there is one.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|row| row.code() == code)
    }

    /// The form's label of the block.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Reconsideration => "行政复议",
            Self::LitigationDirect => "行政诉讼 未经复议直接起诉",
            Self::LitigationAfterReconsideration => "行政诉讼 复议后起诉",
        }
    }
}

/// A column of a block of table 4: one result, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table4Column {
    /// 结果维持.
    Upheld,
    /// 结果纠正.
    Corrected,
    /// 其他结果.
    OtherResult,
    /// 尚未审结: still open on 31 December.
    Pending,
    /// 总计.
    Total,
}

impl Table4Column {
    /// The five columns, in the form's order.
    pub const ALL: [Self; 5] = [Self::Upheld, Self::Corrected, Self::OtherResult, Self::Pending, Self::Total];

    /// The four results, without the total.
    pub const RESULTS: [Self; 4] = [Self::Upheld, Self::Corrected, Self::OtherResult, Self::Pending];

    /// The key used in the API and in report files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Corrected => "corrected",
            Self::OtherResult => "other_result",
            Self::Pending => "pending",
            Self::Total => "total",
        }
    }

    /// The column with this key, if there is one.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.code() == code)
    }

    /// The form's label of the column.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Upheld => "结果维持",
            Self::Corrected => "结果纠正",
            Self::OtherResult => "其他结果",
            Self::Pending => "尚未审结",
            Self::Total => "总计",
        }
    }
}

/// Table 4 of one agency and year, computed: the totals are sums taken on reading. Its `Default` is the table
/// of a year without remedies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table4 {
    counted: BTreeMap<(Table4Row, Table4Column), u64>,
}

impl Table4 {
    /// The table from grouped counts. Groups may come in any order, be missing (0) or come in parts (they add
    /// up); a count given for [`Table4Column::Total`] is ignored, since totals are computed.
    ///
    /// ```
    /// use gongkai::domain::annual_report::{Table4, Table4Column as C, Table4Row::Reconsideration};
    /// let counts = [(C::Upheld, 2), (C::Pending, 1)];
    /// let table = Table4::from_counts(counts.map(|(column, count)| ((Reconsideration, column), count)));
    /// assert_eq!(table.cell(Reconsideration, C::Total), 3);
    /// ```
    pub fn from_counts(counts: impl IntoIterator<Item = ((Table4Row, Table4Column), u64)>) -> Self {
        let mut counted = BTreeMap::new();
        for ((row, column), count) in counts {
            let cell = counted.entry((row, column)).or_insert(0_u64);
            *cell = cell.saturating_add(count);
        }
        Self { counted }
    }

    /// One cell: the number of proceedings in the row and column, the total included.
    pub fn cell(&self, row: Table4Row, column: Table4Column) -> u64 {
        let counted = |column| self.counted.get(&(row, column)).copied().unwrap_or(0);
        match column {
            Table4Column::Total => sum(Table4Column::RESULTS.map(counted)),
            Table4Column::Upheld
            | Table4Column::Corrected
            | Table4Column::OtherResult
            | Table4Column::Pending => counted(column),
        }
    }

    /// The three blocks in the form's order, each with its five cells in the order of [`Table4Column::ALL`].
    pub fn rows(&self) -> impl Iterator<Item = (Table4Row, [u64; 5])> {
        Table4Row::ALL.iter().map(|&row| (row, Table4Column::ALL.map(|column| self.cell(row, column))))
    }

    /// The table as a report prints it: every cell printed, none blank.
    pub fn sheet(&self) -> Sheet<Table4Row, Table4Column> {
        let mut sheet = Sheet::new();
        for &row in Table4Row::ALL {
            for column in Table4Column::ALL {
                sheet.set(row, column, Some(self.cell(row, column)));
            }
        }
        sheet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_and_column_is_found_by_its_own_code() {
        for &row in Table4Row::ALL {
            assert_eq!(Table4Row::parse(row.code()), Some(row));
        }
        for column in Table4Column::ALL {
            assert_eq!(Table4Column::parse(column.code()), Some(column));
        }
        assert_eq!((Table4Row::parse("complaint"), Table4Column::parse("won")), (None, None));
    }

    #[test]
    fn the_total_is_the_sum_of_the_four_results() {
        use Table4Column::{Corrected, OtherResult, Pending, Total, Upheld};
        let row = Table4Row::LitigationDirect;
        let counts =
            [(Upheld, 16), (Corrected, 1), (OtherResult, 12), (Pending, 20), (Pending, 7), (Total, 99)];
        let table = Table4::from_counts(counts.map(|(column, count)| ((row, column), count)));
        let rows: Vec<_> = table.rows().collect();
        assert_eq!(rows[1], (row, [16, 1, 12, 27, 56]));
        assert_eq!(table.sheet().printed(Table4Row::Reconsideration, Total), Some(0));
    }
}
