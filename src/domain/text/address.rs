//! The mask for an address.

/// The level of an administrative division.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Division {
    Province,
    Prefecture,
    County,
}

/// The longest name of a division, in characters.
const MAX_DIVISION_CHARS: usize = 15;

/// Masks an address below the county: `江苏省淮安市洪泽区***`. Where no county is named, less stays; where no division
/// is recognised, nothing.
///
/// ```
/// use gongkai::domain::text::mask_address;
///
/// assert_eq!(mask_address("江苏省淮安市洪泽区人民路1号"), "江苏省淮安市洪泽区***");
/// assert_eq!(mask_address("北京市海淀区中关村大街1号"), "北京市海淀区***");
/// assert_eq!(mask_address("人民路1号"), "***");
/// ```
pub fn mask_address(address: &str) -> String {
    let address = address.trim();
    let mut kept = 0;
    let mut last = None;
    while let Some(rest) = address.get(kept..).filter(|rest| !rest.is_empty()) {
        let Some((length, division)) = next_division(rest, kept > 0) else { break };
        kept += length;
        // A second division with the name of a city is a city at county level, such as 苏州市昆山市.
        if division == Division::County || last == Some(Division::Prefecture) {
            break;
        }
        last = Some(division);
    }
    match address.split_at_checked(kept) {
        Some((_, "")) => address.to_owned(),
        Some((divisions, _)) => format!("{divisions}***"),
        None => "***".to_owned(),
    }
}

/// The division that `rest` begins with, and its bytes. `None` as soon as a street, a number or anything but
/// a Chinese character comes before it ends.
fn next_division(rest: &str, below_province: bool) -> Option<(usize, Division)> {
    let mut characters = rest.char_indices().take(MAX_DIVISION_CHARS + 1).peekable();
    let (_, first) = characters.next().filter(|(_, first)| may_be_in_name(*first))?;
    let mut previous = first;
    while let Some((at, character)) = characters.next() {
        if !may_be_in_name(character) || character == '路' {
            return None;
        }
        let end = at + character.len_utf8();
        // 沙市区, 红旗区, 市南区: the ending is part of a longer name.
        let goes_on = characters.peek().is_some_and(|(_, next)| matches!(next, '市' | '区' | '县'));
        let name = rest.get(..end)?;
        if let Some(division) = division_ending(name, previous).filter(|_| !goes_on) {
            let misplaced = division == Division::Province && below_province;
            return (!misplaced).then_some((end, division));
        }
        if is_housing(name) {
            return None;
        }
        previous = character;
    }
    None
}

/// The division that a name is one of by its ending; `previous` is the character before the last.
fn division_ending(name: &str, previous: char) -> Option<Division> {
    let characters = name.chars().count();
    match name.chars().next_back()? {
        '省' => Some(Division::Province),
        '区' if name.ends_with("自治区") || name.ends_with("特别行政区") => Some(Division::Province),
        '区' if previous == '地' => Some(Division::Prefecture),
        '区' if is_housing(name) => None,
        '市' if characters == 2 && "城都超门夜集闹".contains(previous) => None,
        '市' => Some(Division::Prefecture),
        '州' if name.ends_with("自治州") => Some(Division::Prefecture),
        '盟' if ["兴安盟", "锡林郭勒盟", "阿拉善盟"].contains(&name) => {
            Some(Division::Prefecture)
        }
        '旗' if characters < 3 || previous == '红' => None,
        '区' | '县' | '旗' => Some(Division::County),
        _ => None,
    }
}

/// Whether the name is that of a housing estate, a school's grounds or the like, not of a district.
fn is_housing(name: &str) -> bool {
    const ENDINGS: [&str; 15] = [
        "小区",
        "社区",
        "校区",
        "厂区",
        "院区",
        "库区",
        "园区",
        "街区",
        "景区",
        "片区",
        "生活区",
        "住宅区",
        "宿舍区",
        "家属区",
        "别墅区",
    ];
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether the character may be part of a division's name: Chinese, and none that streets and houses are
/// named with.
fn may_be_in_name(character: char) -> bool {
    matches!(character, '\u{4E00}'..='\u{9FFF}') && !"街巷弄号栋幢室".contains(character)
}

#[cfg(test)]
mod tests {
    use super::mask_address;

    #[test]
    fn addresses_keep_the_county() {
        let cases = [
            ("", ""),
            ("江苏省淮安市洪泽区人民路1号", "江苏省淮安市洪泽区***"),
            ("江苏省淮安市洪泽区", "江苏省淮安市洪泽区"),
            (" 江苏省苏州市昆山市玉山镇前进路1号", "江苏省苏州市昆山市***"),
            ("昆山市玉山镇前进路1号", "昆山市***"),
            ("洪泽区老子山镇龟山村3组", "洪泽区***"),
            ("上海市浦东新区张江镇", "上海市浦东新区***"),
            ("北京市市辖区东城区1号", "北京市市辖区***"),
            ("山东省青岛市市南区香港中路1号", "山东省青岛市市南区***"),
            ("湖北省荆州市沙市区北京路1号", "湖北省荆州市沙市区***"),
            ("湖南省常德市津市市1号", "湖南省常德市津市市***"),
            ("浙江省台州市路桥区1号", "浙江省台州市路桥区***"),
            ("浙江省宁波市镇海区1号", "浙江省宁波市镇海区***"),
            ("河南省新乡市红旗区1号", "河南省新乡市红旗区***"),
            ("内蒙古自治区锡林郭勒盟正蓝旗1号", "内蒙古自治区锡林郭勒盟正蓝旗***"),
            ("新疆维吾尔自治区喀什地区疏附县1号", "新疆维吾尔自治区喀什地区疏附县***"),
            ("新疆维吾尔自治区伊犁哈萨克自治州伊宁市1号", "新疆维吾尔自治区伊犁哈萨克自治州伊宁市***"),
            ("香港特别行政区湾仔1号", "香港特别行政区***"),
            (
                "云南省临沧市双江拉祜族佤族布朗族傣族自治县1号",
                "云南省临沧市双江拉祜族佤族布朗族傣族自治县***",
            ),
            // No county is named: streets and estates are not taken for one.
            ("江苏省淮安市人民路1号阳光小区", "江苏省淮安市***"),
            ("江苏省淮安市人民路市场", "江苏省淮安市***"),
            ("江苏省淮安市阳光小区3栋", "江苏省淮安市***"),
            ("江苏省淮安市淮钢生活区3栋", "江苏省淮安市***"),
            ("江苏省淮安市红旗新村1号", "江苏省淮安市***"),
            ("江苏省淮安市城市花园1号", "江苏省淮安市***"),
            ("人民路1号", "***"),
            ("12 Main Street", "***"),
        ];
        for (address, masked) in cases {
            assert_eq!(mask_address(address), masked, "{address}");
        }
    }
}
