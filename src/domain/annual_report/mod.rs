//! The annual report's figures on requests (年度报告; Art. 49: due 31 January and 31 March; Art. 50: its content
//! and the uniform form; the form itself is 国办公开办函〔2021〕30号, before it 国办公开办函〔2019〕60号).
//!
//! - [`Table3`]: 表三 收到和处理政府信息公开申请情况, computed from counts or from cases;
//! - [`Table4`]: 表四 政府信息公开行政复议、行政诉讼情况, computed from counts;
//! - [`Table2`]: 表二 主动公开政府信息情况, entered by hand;
//! - [`cell_of`]: which remedy counts in which cell of table 4;
//! - [`cells_of`]: which case counts in which row of which year, the definition that every query must agree
//!   with;
//! - [`check()`]: the form's own identities, applied to any report as printed, ours or another office's.
//!
//! Every total is computed, never entered, so our own report keeps the sums by construction; the form's
//! balance (一＋二＝三＋四) holds because each case of a year comes in once and goes out once.

mod check;
mod facts;
mod remedies;
mod sheet;
mod table2;
mod table3;
mod table4;

pub use check::{Broken, Checked, Identity, PublishedReport, check};
pub use facts::{ReportFacts, cells_of};
pub use remedies::{RemedyFacts, cell_of};
pub use sheet::Sheet;
pub use table2::{Issued, Table2, Unexpected};
pub use table3::{Column, Form, Row, Table3};
pub use table4::{Table4, Table4Column, Table4Row};
