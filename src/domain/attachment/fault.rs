//! Why a file is not taken: each reason has a code, its words in both languages, and what kind of reason it is.

/// What kind of reason it is; the interface has a status for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It is too large.
    Size,
    /// It is of no type that is taken.
    Type,
    /// Its content is not as it must be.
    Content,
}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $kind:ident, $zh:literal, $en:literal;)+) => {
        /// The reasons there are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FileFault {
            $($(#[$doc])* $name,)+
        }

        impl FileFault {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code of the catalogue.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What kind of reason it is.
            pub fn kind(self) -> FaultKind {
                match self { $(Self::$name => FaultKind::$kind,)+ }
            }

            /// What is wrong and what would be right, in Chinese.
            pub fn zh(self) -> &'static str {
                match self { $(Self::$name => $zh,)+ }
            }

            /// The same in English.
            pub fn en(self) -> &'static str {
                match self { $(Self::$name => $en,)+ }
            }
        }
    };
}

faults! {
    /// Larger than one file may be.
    TooLarge = "file_too_large", Size, "文件超过单个文件的大小上限。", "The file is larger than one file may be.";
    /// The case's files together would be too large, or too many.
    CaseFull = "case_quota", Size, "该申请的附件总量将超过上限。", "The files of this case would be more, or larger together, than they may be.";
    /// None of the types that are taken.
    Unsupported = "file_type_not_allowed", Type, "不接受这种文件。可上传 PDF、DOCX、XLSX、OFD、JPG、PNG、TXT。", "Files of this type are not taken: send PDF, DOCX, XLSX, OFD, JPG, PNG or TXT.";
    /// HTML, SVG or other markup, or a script.
    Markup = "file_markup", Type, "网页、SVG 或脚本不能作为附件；请转为 PDF。", "Web pages, SVG and scripts are not taken: make a PDF of it.";
    /// The name has another type's ending.
    Extension = "file_extension_differs", Content, "文件内容与文件名的扩展名不符。", "The content is not of the type that the name's ending says.";
    /// It ends before its end.
    Truncated = "file_truncated", Content, "文件不完整，请重新导出或重新上传。", "The file ends before its end: export or send it again.";
    /// It breaks its own format.
    Damaged = "file_damaged", Content, "文件已损坏或不符合其格式。", "The file is damaged or breaks its own format.";
    /// Something follows its end, or precedes its beginning.
    Trailing = "file_trailing_data", Content, "文件首尾夹带了其他内容，请另存后上传。", "Something else precedes or follows the file's content: save it anew.";
    /// It is also a file of another type.
    Polyglot = "file_polyglot", Content, "文件同时是另一种格式的文件，不能接受。", "The file is at the same time one of another type.";
    /// Known as harmful.
    Infected = "file_infected", Content, "文件中发现恶意代码。", "Something harmful was found in the file.";
    /// More entries than may be.
    Entries = "archive_too_many_entries", Content, "压缩结构中的条目过多。", "The file packs too many entries.";
    /// It would unpack to more than may be.
    Unpacked = "archive_too_large_unpacked", Content, "文件解压后过大。", "The file would unpack to too much.";
    /// It is packed more tightly than real documents are.
    Ratio = "archive_ratio", Content, "文件压缩比异常。", "The file is packed more tightly than real documents are.";
    /// An archive within the archive.
    Nested = "archive_nested", Content, "文档内嵌有压缩包或其他文档，请分别上传。", "Another archive or document is packed within: send it by itself.";
    /// Two entries share bytes.
    Overlap = "archive_overlap", Content, "压缩结构中的条目相互重叠。", "Entries of the file overlap.";
    /// Bytes that belong to no entry, or entries that the directory does not name.
    Gap = "archive_hidden_data", Content, "压缩结构中有目录之外的数据。", "The file holds bytes that its directory does not name.";
    /// Directory and entry disagree.
    Disagree = "archive_inconsistent", Content, "压缩结构的目录与条目不一致。", "The file's directory and its entries disagree.";
    /// An entry's name leads out of the archive.
    Path = "archive_unsafe_path", Content, "压缩结构中有不安全的路径。", "An entry's name leads elsewhere.";
    /// Two entries of one name.
    Duplicate = "archive_duplicate_entry", Content, "压缩结构中有重名条目。", "Two entries have one name.";
    /// An entry that is a link or a device.
    Link = "archive_link", Content, "压缩结构中有链接或特殊文件。", "An entry is a link or a special file.";
    /// Encrypted entries.
    Encrypted = "file_encrypted", Content, "文件已加密，请去除密码后上传。", "The file is encrypted: take its password off.";
    /// A method other than stored and deflate, ZIP64, several disks.
    Method = "archive_method", Content, "文件使用了不支持的压缩方式。", "The file is packed in a way that is not supported.";
    /// A program among the entries.
    Program = "archive_program", Content, "文档内含有可执行文件或脚本。", "The document packs a program or a script.";
    /// An XML part declares a document type or entities.
    Doctype = "xml_doctype", Content, "文档的 XML 中含有 DOCTYPE 或实体声明。", "An XML part declares a document type or entities.";
    /// An XML part that is not UTF-8, or cannot be read.
    Xml = "xml_unreadable", Content, "文档的 XML 不能按 UTF-8 读取。", "An XML part cannot be read as UTF-8.";
    /// Macros.
    Macros = "office_macros", Content, "文档含有宏，请另存为不含宏的格式。", "The document holds macros: save it without.";
    /// ActiveX controls or embedded objects.
    Active = "office_active_content", Content, "文档含有 ActiveX 控件或嵌入对象，请去除后上传。", "The document holds ActiveX controls or embedded objects: take them out.";
    /// It loads something from elsewhere.
    External = "office_external_reference", Content, "文档引用了外部模板、对象或图片，请断开链接后上传。", "The document loads a template, object or picture from elsewhere: break the link.";
    /// A field that starts a program or fetches data.
    Dde = "office_dynamic_data", Content, "文档含有动态数据交换（DDE）等可执行域。", "The document holds fields that start programs or fetch data (DDE).";
    /// JavaScript in a PDF.
    PdfScript = "pdf_javascript", Content, "PDF 含有脚本，请“打印为 PDF”后上传。", "The PDF holds scripts: print it to a new PDF.";
    /// Launches programs, sends forms, opens other files.
    PdfAction = "pdf_action", Content, "PDF 含有启动程序、提交数据等动作。", "The PDF starts programs, sends data or plays media.";
    /// Files within the PDF.
    PdfEmbedded = "pdf_embedded_file", Content, "PDF 内嵌有其他文件，请分别上传。", "Other files are packed within the PDF: send them by themselves.";
    /// What the checks cannot look into.
    PdfOpaque = "pdf_unreadable", Content, "PDF 的结构无法检查，请“打印为 PDF”后上传。", "The PDF's structure cannot be checked: print it to a new PDF.";
    /// More pixels than may be.
    Pixels = "image_too_large", Content, "图片像素过多（上限 5000 万像素）。", "The picture has more than 50 million pixels.";
    /// Sums that do not match what the sender said.
    Digest = "content_digest_differs", Content, "收到的内容与所声明的 SHA-256 不符，请重新上传。", "What arrived is not what the SHA-256 given says: send it again.";
}

impl FileFault {
    /// The reason with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::FileFault;

    #[test]
    fn each_reason_has_a_code_of_its_own_and_words_in_both_languages() {
        let codes: BTreeSet<_> = FileFault::ALL.iter().map(|fault| fault.code()).collect();
        assert_eq!(codes.len(), FileFault::ALL.len());
        for fault in FileFault::ALL {
            assert_eq!(FileFault::parse(fault.code()), Some(*fault));
            assert!(fault.zh().ends_with('。') && fault.en().ends_with('.') && fault.en().is_ascii());
        }
    }
}
