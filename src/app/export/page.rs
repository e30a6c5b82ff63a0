//! The index page: plain HTML that any browser and screen reader opens, without scripts and without anything from elsewhere.

mod answers;

use std::fmt::Write as _;

use super::instructions::left_out_zh;
use super::{attachment_name, words_name};
use crate::app::archive::CaseFile;
use crate::app::attachments::HandedOut;
use crate::app::people::Applicant;
use crate::audit::export::{CATALOGUE, EVENTS, EVIDENCE, INSTRUCTIONS, MANIFEST, SIGNATURE, TIME_LIMIT};
use crate::domain::archive::catalogue::Piece;
use crate::domain::outcome::Outcome;
use crate::domain::statute::StatutePack;

/// A text as it stands in HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A file's name as a relative address: everything but letters and digits of ASCII, `-`, `_`, `.` and `/` is escaped.
fn address(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// The page.
pub(super) fn index(
    file: &CaseFile,
    named: &[Applicant],
    (pieces, files): (&[Piece], &HandedOut),
    pack: &StatutePack,
) -> String {
    let title = file.loaded.before.row.number.clone().unwrap_or_else(|| "未登记的申请".to_owned());
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{0} 案卷</title>\n<style>\n\
         body {{ font-family: sans-serif; line-height: 1.6; max-width: 60em; margin: 1em auto; padding: 0 1em; }}\n\
         table {{ border-collapse: collapse; width: 100%; }}\n\
         caption {{ text-align: left; font-weight: bold; margin: 0.5em 0; }}\n\
         th, td {{ border: 1px solid #767676; padding: 0.3em 0.5em; text-align: left; vertical-align: top; }}\n\
         </style>\n</head>\n<body>\n<main>\n<h1>{0} 案卷</h1>\n",
        escaped(&title)
    );
    about(&mut page, file, named);
    answers::answers(&mut page, &file.loaded.before.case, pack);
    answers::remedies(&mut page, &file.loaded.before.case);
    pieces_table(&mut page, file, pieces, files);
    let instructions = address(INSTRUCTIONS);
    let _ = write!(
        page,
        "<h2>其他文件</h2>\n<ul>\n\
         <li><a href=\"{TIME_LIMIT}\">期限说明</a></li>\n\
         <li><a href=\"{CATALOGUE}\">案卷目录（JSON）</a></li>\n\
         <li><a href=\"{EVENTS}\">事件记录及校验链（每行一条）</a></li>\n\
         <li><a href=\"{EVIDENCE}\">检查点和位置证明</a></li>\n\
         <li><a href=\"{MANIFEST}\">文件清单及散列值</a>，<a href=\"{SIGNATURE}\">机关的签名</a></li>\n\
         <li><a href=\"{instructions}\">核验说明和案件摘要</a></li>\n</ul>\n\
         <h2>如何核验</h2>\n\
         <p>运行 <code>gongkai-verify 本文件.zip --key 公钥</code>，可离线核验记录是否被改动，并指出改动的位置。\
         公钥请另行取得，详见核验说明。</p>\n\
         <p>文字中的个人信息已按系统规则遮盖；<code>attachments/</code> 中的附件是原件，未经遮盖，对外提供前请审查；不在其中的附件，目录中注明理由。\
         已删除的内容不在其中，但事件记录仍可核验。</p>\n\
         </main>\n</body>\n</html>\n"
    );
    page
}

/// What the case is.
fn about(page: &mut String, file: &CaseFile, named: &[Applicant]) {
    let before = &file.loaded.before;
    let (case, row) = (&before.case, &before.row);
    let date = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    let conclusion = case.state.conclusion();
    let period = file.kept.ends_on.map_or_else(
        || file.kept.retention.label_zh().to_owned(),
        |day| format!("{}（至 {day}）", file.kept.retention.label_zh()),
    );
    let period = format!("{period}，{}", file.kept.ground.label_zh());
    let applicant = named.last().map(|applicant| applicant.masked().name);
    let rows = [
        ("办理机关", Some(file.loaded.custodian.row.name.clone())),
        ("登记编号", row.number.clone()),
        ("内容摘要", row.subject.clone()),
        ("申请人", Some(applicant.unwrap_or_else(|| "（已删除）".to_owned()))),
        ("接收渠道", Some(case.receipt.channel.label_zh().to_owned())),
        ("到达日期", date(Some(case.receipt.arrived_on))),
        ("收到申请之日", date(case.receipt.received_on)),
        ("登记日期", date(row.registered_on)),
        ("状态", Some(case.state.status().label_zh().to_owned())),
        ("处理结果", conclusion.as_ref().map(|it| Outcome::label_zh(it.outcome()).to_owned())),
        ("办结日期", date(row.concluded_on)),
        ("归档日期", date(row.archived_on)),
        ("档号", row.archival_code.clone()),
        ("保管期限", row.archived_on.map(|_| period)),
        ("销毁日期", date(row.disposed_on)),
        ("记录版本", Some(case.version.to_string())),
    ];
    page.push_str("<table>\n<caption>申请概要</caption>\n<tbody>\n");
    for (label, value) in rows {
        if let Some(value) = value {
            let _ = writeln!(page, "<tr><th scope=\"row\">{label}</th><td>{}</td></tr>", escaped(&value));
        }
    }
    page.push_str("</tbody>\n</table>\n");
}

/// The catalogue, with a link to each piece's words.
fn pieces_table(page: &mut String, file: &CaseFile, pieces: &[Piece], files: &HandedOut) {
    page.push_str(
        "<table>\n<caption>卷内目录</caption>\n<thead>\n<tr><th scope=\"col\">序号</th><th scope=\"col\">题名</th>\
         <th scope=\"col\">文种</th><th scope=\"col\">责任者</th><th scope=\"col\">日期</th>\
         <th scope=\"col\">内容</th></tr>\n</thead>\n<tbody>\n",
    );
    for piece in pieces {
        let mut words: Vec<String> = piece
            .words
            .iter()
            .zip(1..)
            .map(|(words, n)| {
                let label = words.label.map_or_else(|| format!("第{n}份"), ToOwned::to_owned);
                if !file.present.contains(&words.text.id) {
                    return format!("{label}（已删除）");
                }
                let name = address(&words_name(piece, n));
                format!("<a href=\"{name}\">{}，{label}</a>", escaped(&piece.title))
            })
            .collect();
        if let (Some(it), Some(name)) = (piece.file, attachment_name(piece)) {
            words.push(if files.contents.contains_key(&it.attachment) {
                format!("<a href=\"{}\">{}，文件</a>", address(&name), escaped(&piece.title))
            } else {
                let why =
                    files.left_out.get(&it.attachment).map_or("已删除", |reason| left_out_zh(reason));
                format!("文件（不在其中：{why}）")
            });
            words.push(format!("{}字节，记录中的哈希 {}", it.size, it.content));
            words.extend(file.digests.get(&it.attachment).map(|(_, sha256)| format!("SHA-256 {sha256}")));
        }
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            piece.number,
            escaped(&piece.title),
            piece.document_type.label_zh(),
            piece.author.label_zh(),
            piece.on,
            if words.is_empty() { "—".to_owned() } else { words.join("<br>") },
        );
    }
    page.push_str("</tbody>\n</table>\n");
}
