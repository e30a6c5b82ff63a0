//! The page for whoever gets the ZIP, a judge say: what it is, how it is checked, and what happened in the case.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{App, Export};
use crate::app::error::AppError;
use crate::domain::archive::catalogue::Piece;
use crate::domain::case::{By, Recorded};
use crate::domain::outcome::Outcome;
use crate::store::Key;

/// What it is, and how it is checked.
const INSTRUCTIONS: &str = "\
核验说明
========

一、这是什么

本压缩包是一件政府信息公开申请的全部记录，供人民法院、复议机关和其他有权机关核验。其中：

    index.html       案卷首页，用浏览器打开
    catalogue.json   卷内目录
    words/           申请、征求意见、审核、答复等文字，个人信息已遮盖
    attachments/     附件原件，未经遮盖：答复附件；其他附件可能载有个人信息，说明理由后导出的才在其中，身份证明一律不在其中
    time-limit.txt   期限的计算
    events.jsonl     事件记录，每行一条，依次以SHA-256链接
    evidence.json    机关的公钥、签名的检查点、每个事件在机关审计记录中的位置证明（RFC 6962 默克尔树）
    manifest.json    文件清单及每个文件的SHA-256；未附的附件列于 left_out，理由 personal_data 为可能载有个人信息
    manifest.sig     机关对文件清单的签名（Ed25519）

二、如何核验

任何人都可以在任何电脑上离线核验，无须数据库、无须联网、无须本系统的账号：

    gongkai-verify 本压缩包.zip --key 公钥

gongkai-verify 是与本系统同一源代码的独立小程序，核对以下各项，有一项不符即指出位置和原因，退出状态为1：

  1. 清单由机关签名；每个文件的长度和SHA-256与清单相符，无增无减；
  2. 每个事件与上一事件相接，无删、无改、无插入、无调换；
  3. 每个附件与登记它的事件中的加盐承诺相符；
  4. 每个事件处于机关审计记录的原位，在签名的检查点之下；其他案件的内容不会因此显露。

公钥请不要取自本压缩包：向机关的审计管理员，或者保管检查点第二存放处的人另行取得，用 --key 给出。
有第二存放处的文件夹的，用 --checkpoints 文件夹 一并核对：整个记录被重写的，由此发现。

本核验不能证明：从未写入记录的事；最新的检查点之后、第二存放处未及收到的部分。

In English: check this ZIP offline with `gongkai-verify THIS.zip --key PUBLIC`. Get the public key from somebody else than whoever
gave you the ZIP. What is wrong is told with its place and reason.
";

impl App {
    /// The instructions, with a summary of the case: number, dates, each step and who took it (a staff number, no name).
    pub(super) async fn instructions(
        &self,
        export: &Export,
        pieces: &[Piece<'_>],
        checkpoints: usize,
    ) -> Result<String, AppError> {
        let loaded = &export.file.loaded;
        let mut persons: Vec<Key> = loaded.events.iter().filter_map(|it| person(it.by)).collect();
        persons.sort_unstable();
        persons.dedup();
        let known = self.store.persons_by_id(persons).await?;
        let known: BTreeMap<Key, String> = known.into_iter().map(|row| (row.id, row.reference)).collect();
        let (case, row) = (&loaded.before.case, &loaded.before.row);
        let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "—".to_owned(), |day| day.to_string());
        let outcome = case.state.conclusion().map(|it| Outcome::label_zh(it.outcome()).to_owned());
        let head = loaded.before.head;
        let mut text = format!("{INSTRUCTIONS}\n三、案件摘要\n\n");
        let lines = [
            ("办理机关", format!("{}（{}）", line(&loaded.agency.row.name), loaded.agency.row.code)),
            ("登记编号", row.number.as_deref().map_or_else(|| "（未登记）".to_owned(), line)),
            ("到达日期", case.receipt.arrived_on.to_string()),
            ("收到申请之日", day(case.receipt.received_on)),
            ("登记日期", day(row.registered_on)),
            ("状态", case.state.status().label_zh().to_owned()),
            ("处理结果", outcome.unwrap_or_else(|| "—".to_owned())),
            ("办结日期", day(row.concluded_on)),
            ("归档日期", day(row.archived_on)),
            ("附件", files_told(export)),
            ("记录", format!("{}个事件，检查点{checkpoints}个", loaded.events.len())),
            ("链尾", format!("{}:{}", head.seq, head.link)),
            ("软件", concat!("gongkai ", env!("CARGO_PKG_VERSION")).to_owned()),
        ];
        for (label, value) in lines {
            let _ = writeln!(text, "{label}：{value}");
        }
        text.push_str("\n办理经过（序号、日期、事项、文种、责任者、经办人员编号）：\n\n");
        for piece in pieces {
            let by = loaded.events.get(usize::try_from(piece.seq.saturating_sub(1)).unwrap_or(usize::MAX));
            let _ = writeln!(
                text,
                "{:>4}  {}  {}  {}  {}  {}",
                piece.number,
                piece.on,
                line(&piece.title),
                piece.document_type.label_zh(),
                piece.author.label_zh(),
                by.map_or_else(|| "—".to_owned(), |recorded| who(recorded, &known)),
            );
        }
        Ok(text)
    }
}

/// How many files are here, and how many are not, by reason.
fn files_told(export: &Export) -> String {
    let mut text = format!("附{}件", export.files.contents.len());
    let mut why: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in export.files.left_out.values() {
        let count = why.entry(reason).or_default();
        *count = count.saturating_add(1);
    }
    for (reason, count) in why {
        let _ = write!(text, "，未附{count}件（{}）", left_out_zh(reason));
    }
    text
}

/// Why a file is not in an export, in Chinese.
pub(super) fn left_out_zh(reason: &str) -> &'static str {
    match reason {
        "identity_proof" => "身份证明",
        "personal_data" => "可能载有个人信息",
        "quarantined" => "待病毒扫描",
        "blocked" => "发现恶意代码",
        _ => "已删除",
    }
}

fn person(by: By) -> Option<Key> {
    match by {
        By::Account { person, .. } => Some(Key(person.0)),
        By::Operator => None,
    }
}

fn who(recorded: &Recorded, known: &BTreeMap<Key, String>) -> String {
    let Some(person) = person(recorded.by) else { return "服务器操作员".to_owned() };
    known.get(&person).map_or_else(|| person.0.to_string(), |reference| line(reference))
}

/// A text on one line.
fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
