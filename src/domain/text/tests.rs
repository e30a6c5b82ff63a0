use super::{
    FindingKind, find_personal_data, mask_address, mask_email, mask_id_number, mask_name, mask_phone,
    mask_text,
};
use crate::domain::channel::tests::assert_coded;
use proptest::prelude::*;

/// What is found, as kind and text.
fn found(text: &str) -> Vec<(FindingKind, &str)> {
    find_personal_data(text).iter().map(|finding| (finding.kind, &text[finding.start..finding.end])).collect()
}

#[test]
fn finding_kinds_are_coded() {
    let labels = [FindingKind::label_zh, FindingKind::label_en];
    assert_coded(FindingKind::ALL, FindingKind::code, FindingKind::parse, labels);
}

#[test]
fn each_way_of_writing_is_found() {
    let cases = [
        (FindingKind::ResidentId, "11010519491231002X"),
        (FindingKind::ResidentId, "11010519491231002x"),
        (FindingKind::ResidentId, "110105 19491231 002X"),
        (FindingKind::ResidentId, "110105-1949-1231-002X"),
        (FindingKind::ResidentId, "1101 0519 4912 3100 2X"),
        (FindingKind::ResidentId, "１１０１０５１９４９１２３１００２Ｘ"),
        (FindingKind::ResidentId, "440524188001010014"),
        (FindingKind::ResidentId, "110105194912310021"), // a wrong check digit: mistyped, and still somebody's
        (FindingKind::ResidentId, "110105491231002"),
        (FindingKind::MobilePhone, "13812345678"),
        (FindingKind::MobilePhone, "138 1234 5678"),
        (FindingKind::MobilePhone, "138-1234-5678"),
        (FindingKind::MobilePhone, "138－1234－5678"),
        (FindingKind::MobilePhone, "138 - 1234 - 5678"),
        (FindingKind::MobilePhone, "138\u{a0}1234\u{2011}5678"),
        (FindingKind::MobilePhone, "1381234 5678"),
        (FindingKind::MobilePhone, "138 12345678"),
        (FindingKind::MobilePhone, "1 3 8 1 2 3 4 5 6 7 8"),
        (FindingKind::MobilePhone, "１３８１２３４５６７８"),
        (FindingKind::MobilePhone, "１３８　１２３４　５６７８"),
        (FindingKind::MobilePhone, "8613812345678"),
        (FindingKind::MobilePhone, "008613812345678"),
        (FindingKind::MobilePhone, "19912345678"),
        (FindingKind::Email, "zhang.wei@example.com"),
        (FindingKind::Email, "13812345678@139.com"),
        (FindingKind::Email, "zhang＠example．com"),
        (FindingKind::Email, "a@b.cn"),
        (FindingKind::BankCard, "6222021001116245702"),
        (FindingKind::BankCard, "6222 0210 0111 6245 702"),
        (FindingKind::BankCard, "6222-0210-0111-6245-702"),
        (FindingKind::BankCard, "4111111111111111"),
        (FindingKind::Landline, "0517-83901234"),
        (FindingKind::Landline, "051783901234"),
        (FindingKind::Landline, "010 6512 3456"),
        (FindingKind::Landline, "0717-6512345"),
        (FindingKind::Landline, "０２１－６５１２３４５６"),
    ];
    for (kind, personal) in cases {
        assert_eq!(found(personal), [(kind, personal)]);
        for (before, after) in
            [("申请人：", "。"), ("（", "）"), ("电话", "转交"), ("a：", "\n1"), ("#", ",")]
        {
            let text = format!("{before}{personal}{after}");
            assert_eq!(found(&text).last(), Some(&(kind, personal)), "{text}");
        }
    }
}

#[test]
fn several_are_found_in_order() {
    let text = "张伟13812345678 13912345678；zhang@example.com，身份证11010519491231002X/138 1234 5678";
    let expected = [
        (FindingKind::MobilePhone, "13812345678"),
        (FindingKind::MobilePhone, "13912345678"),
        (FindingKind::Email, "zhang@example.com"),
        (FindingKind::ResidentId, "11010519491231002X"),
        (FindingKind::MobilePhone, "138 1234 5678"),
    ];
    assert_eq!(found(text), expected);
    let country_code = [(FindingKind::MobilePhone, "138 1234 5678")];
    assert_eq!(found("+86 138 1234 5678"), country_code);
    let unspaced = "zhang@example.com13812345678/11010519491231002X13912345678";
    let expected = [
        (FindingKind::Email, "zhang@example.com"),
        (FindingKind::MobilePhone, "13812345678"),
        (FindingKind::ResidentId, "11010519491231002X"),
        (FindingKind::MobilePhone, "13912345678"),
    ];
    assert_eq!(found(unspaced), expected);
    let touching = [(FindingKind::MobilePhone, "138 1234 5678"), (FindingKind::Email, "abc@example.com")];
    assert_eq!(found("138 1234 5678abc@example.com"), touching);
}

#[test]
fn what_offices_write_every_day_is_not_found() {
    for text in [
        "",
        "淮公申〔2026〕12号",
        "苏政办发〔2019〕50号、国办公开办函〔2021〕30号",
        "2026-03-02至2026-03-30，共20个工作日",
        "1995-2005 年度 001 至 100 号档案",
        "1986-1990-123",
        "投资 13 500 000 000 元、13500000 元",
        "统一社会信用代码91350100M000100Y43",
        "110105-1949-1231-0021", // in groups, with a wrong check digit
        "110105194913310021",    // a thirteenth month
        "138123456789",          // a digit too many
        "12812345678",           // no mobile network
        "1381234567",            // a digit short
        "138\n1234\n5678",       // three lines
        "138----1234----5678",   // too far apart
        "83901234",              // a landline without its area code
        "6222021001116245703",   // as a bank card, with a wrong check digit
        "9222021001116245702",   // of no network
        "0917-12345678",         // no line begins so
        "0517-2025",
        "001-83901234",
        "E1234567、E123456789、EI1234567、国药准字H20190012、XE12345678",
        "申请公开洪泽区人民路1号地块的征收补偿方案", // what is asked for, and nobody's home
        "住建局2025年住房保障名单、住房公积金、住宅小区3号楼",
        "网站地址：www.example.gov.cn",
        "住址：江苏省淮安市洪泽区",
        "202603021530123456789",
        "@example.com",
        "zhang@",
        "zhang@example",
        "zhang@example.c",
        "zhang@.example.",
        "@所有人",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn what_a_mask_leaves_makes_no_number_with_its_neighbours() {
    // The first number's last four digits and the second group would be a resident number.
    let text = "13812341101 0519491231002X";
    assert_eq!(found(text), [(FindingKind::MobilePhone, "13812341101")]);
    assert_eq!(mask_text(text), "138*******");
    assert_eq!(mask_text("没有个人信息"), "没有个人信息");
}

/// Texts of pieces that the scanners care about, so that random ones come near to what they look for.
fn near_texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,6}",
        "[1１][38３][0-9０-９]{9}",
        "[-－  ·.@＠Xx省市县区路]",
        "[a-z.]{1,4}",
        Just("11010519491231002X".to_owned()),
        Just("110105".to_owned()),
        Just("19491231".to_owned()),
        Just("z@e.cn".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

fn assert_masks_hold(text: &str) {
    let mut end = 0;
    for finding in find_personal_data(text) {
        assert!(finding.start >= end && finding.start < finding.end);
        assert!(text.get(finding.start..finding.end).is_some());
        end = finding.end;
    }
    let masked = mask_text(text);
    assert!(find_personal_data(&masked).is_empty());
    assert_eq!(mask_text(&masked), masked);
    for mask in [mask_name, mask_id_number, mask_phone, mask_email] {
        let masked = mask(text);
        assert!(masked.contains('*') || !text.chars().any(char::is_alphanumeric), "{text} {masked}");
    }
    let address = mask_address(text);
    assert!(text.trim().starts_with(address.trim_end_matches('*')) || address == text.trim());
}

proptest! {
    #[test]
    fn masks_hold_for_any_text(text in any::<String>()) {
        assert_masks_hold(&text);
    }

    #[test]
    fn masks_hold_for_texts_near_personal_data(text in near_texts()) {
        assert_masks_hold(&text);
    }

    #[test]
    fn every_mobile_number_is_found_between_chinese_characters(number in "1[3-9][0-9]{9}") {
        let text = format!("电话{number}，谢谢");
        prop_assert_eq!(found(&text), [(FindingKind::MobilePhone, number.as_str())]);
        let masked = format!("电话{}****{}，谢谢", &number[..3], &number[7..]);
        prop_assert_eq!(mask_text(&text), masked);
    }
}

#[test]
fn a_landline_in_brackets_and_a_passport_are_found() {
    assert_eq!(found("电话(0517)83901234。"), [(FindingKind::Landline, "0517)83901234")]);
    for passport in ["E12345678", "EA1234567", "G12345678", "SE1234567", "Ｅ１２３４５６７８"] {
        assert_eq!(found(&format!("护照{passport}，")), [(FindingKind::Passport, passport)]);
    }
    assert_eq!(mask_text("护照EA1234567"), "护照EA1****67");
    assert_eq!(mask_text("卡号6222021001116245702"), "卡号***************5702");
    assert_eq!(mask_text("电话0517-83901234"), "电话**********34");
}

#[test]
fn where_somebody_lives_is_masked_to_the_county_and_what_is_asked_for_is_not() {
    for (words, masked) in [
        ("本人住洪泽区人民路1号，", "本人住洪泽区***，"),
        ("住址：江苏省淮安市洪泽区人民路1号3幢502室。", "住址：江苏省淮安市洪泽区***。"),
        ("家庭住址为北京市海淀区中关村大街1号", "家庭住址为北京市海淀区***"),
        ("通讯地址: 人民路1号", "通讯地址: ***"),
        ("家住老子山镇龟山村3组，电话", "家住***，电话"),
        ("住址：洪泽区人民路1号13812345678", "住址：洪泽区***"),
        ("申请公开淮安市洪泽区人民路1号地块的规划", "申请公开淮安市洪泽区人民路1号地块的规划"),
    ] {
        assert_eq!(mask_text(words), masked);
        assert_eq!(mask_text(masked), masked, "a mask is not masked again");
    }
}
