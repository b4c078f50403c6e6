use trien_policy::Language;

use super::*;

fn members(octets: &[u8]) -> Vec<StaffMember> {
    read(octets).unwrap().0
}

/// Names with numbers.
fn told(octets: &[u8]) -> Vec<(String, Option<String>)> {
    let people = members(octets).into_iter();
    people.map(|one| (one.name, one.identity)).collect()
}

fn person(name: &str, number: &str) -> (String, Option<String>) {
    (name.to_owned(), Some(number.to_owned()))
}

fn utf_16(text: &str, of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let marked = format!("\u{feff}{text}");
    marked.encode_utf16().flat_map(of).collect()
}

#[test]
fn a_list_as_spreadsheets_save_it_is_read() {
    let text =
        "\u{feff}ho_ten;dinh_danh;serial\r\nNguyễn Văn An;001200000001;\r\nTrần Bình;;0a:1b\r\n";
    let staff = members(text.as_bytes());
    assert_eq!(staff.len(), 2);
    assert_eq!(staff[0].identity.as_deref(), Some("001200000001"));
    assert_eq!(staff[1].serial.as_deref(), Some("0a:1b"));
    assert!(read(b"a,b\n1,2\n").is_err());
}

#[test]
fn fe7_19_encodings_and_separators_of_spreadsheets_are_read() {
    let text = "Họ và tên;Số CCCD;Trường\r\nNguyễn Văn An;031200000001;Trường A\r\n";
    let expected = [person("Nguyễn Văn An", "031200000001")];
    for separator in [";", ",", "\t"] {
        let text = text.replace(';', separator);
        let marked = format!("\u{feff}{text}");
        for octets in [
            text.as_bytes(),
            marked.as_bytes(),
            &utf_16(&text, u16::to_le_bytes),
            &utf_16(&text, u16::to_be_bytes),
        ] {
            assert_eq!(told(octets), expected, "{separator:?}");
            assert_eq!(members(octets)[0].school.as_deref(), Some("Trường A"));
        }
    }
    // A comma inside a cell does not part columns.
    let quoted = "Họ và tên,Số CCCD\n\"An, Nguyễn Văn\",031200000001\n";
    assert_eq!(told(quoted.as_bytes())[0].0, "An, Nguyễn Văn");
}

#[test]
fn fe7_19_heads_are_known_by_their_words() {
    for heads in [
        "HỌ VÀ TÊN;SỐ CCCD",
        "Họ tên;CCCD",
        "ho_ten;dinh_danh",
        "Họ và tên giáo viên;Căn cước",
        "Họ và tên;Số thẻ căn cước công dân",
        "Full name;cccd",
        "Họ và tên;Số CMND/CCCD",
        "name;identity",
        "\"Họ và\ntên\";\"Số\nCCCD\"",
    ] {
        let text = format!("{heads}\nNguyễn Văn An;031200000001\n");
        let expected = [person("Nguyễn Văn An", "031200000001")];
        assert_eq!(told(text.as_bytes()), expected, "{heads}");
    }
    // What a card has besides, and other people's numbers.
    let text = "STT;Họ và tên;Ngày cấp CCCD;Mã định danh Bộ GD&ĐT;Số hiệu;CMND;Số CCCD;Số sê-ri\n\
                1;Nguyễn Văn An;01/01/2021;3100112233;V07;031234567;031200000001;0a1b\n\
                2;Trần Bình;;;;031234568;chưa có;\n";
    let staff = members(text.as_bytes());
    assert_eq!(staff[0].identity.as_deref(), Some("031200000001"));
    assert_eq!(staff[0].serial.as_deref(), Some("0a1b"));
    assert_eq!(staff[1].identity.as_deref(), Some("031234568"));
}

#[test]
fn fe7_19_titles_above_heads_names_in_two_columns_and_lines_that_name_nobody() {
    let text = "TRƯỜNG THCS A;;;\nDANH SÁCH CÁN BỘ;;;\n;;;\nSTT;Họ và tên;;Số CCCD\n\
                1;Nguyễn Văn;An;031200000001\n;;;\n2;Trần;Bình;031200000002\n \t;;;\n\
                Tổng số: 2 người;;;2\n";
    let expected = [
        person("Nguyễn Văn An", "031200000001"),
        person("Trần Bình", "031200000002"),
    ];
    assert_eq!(told(text.as_bytes()), expected);
    let text = "Họ đệm;Tên;CCCD\nNguyễn Văn;An;031200000001\n;;\nTrần;Bình;031200000002\n";
    assert_eq!(told(text.as_bytes()), expected);
    let text = "Họ và tên;;Giấy tờ;\nHọ đệm;Tên;Số CCCD;Ngày cấp\n\
                Nguyễn Văn;An;031200000001;1/1/2021\nTrần;Bình;031200000002;\n";
    assert_eq!(told(text.as_bytes()), expected);
}

#[test]
fn fe7_19_numbers_without_their_zeros_are_read_with_them_and_noted() {
    let text = "Họ tên;CCCD\nNguyễn Văn An;31200000001\nTrần Bình;'031200000002\n\
                Lê Chi;CCCD: 031 200 000 003\nHồ Dung;1200000004\nVũ Em;12345\n\
                Nguyễn Văn An;031200000001\n";
    let (staff, notes) = read(text.as_bytes()).unwrap();
    let numbers: Vec<&str> = staff
        .iter()
        .filter_map(|one| one.identity.as_deref())
        .collect();
    assert_eq!(
        numbers,
        [
            "031200000001",
            "031200000002",
            "031200000003",
            "001200000004",
            "12345"
        ]
    );
    assert_eq!(
        (&notes.shortened[..], &notes.strange[..]),
        (&[2, 5][..], &[6][..])
    );
    assert_eq!(notes.twice, [(2, 7)]);
    let said = notes.told(Language::Vi).join("\n");
    for words in [
        "2 số CCCD mất số 0 ở đầu",
        "(dòng 2, 5)",
        "dòng 6",
        "dòng 7 như dòng 2",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("An"), "{said}");
    assert_eq!(notes.told(Language::En).len(), 3);
    let (_, notes) = read("Họ tên\nNguyễn Văn An\n".as_bytes()).unwrap();
    assert!(notes.told(Language::Vi)[0].contains("không có cột số CCCD"));
}

#[test]
fn fe7_19_a_list_that_cannot_be_used_is_told_by_its_line_with_the_way_out() {
    let ansi = b"Ho ten;CCCD\nNguy\xean V\xe3n An;031200000001\n";
    for (octets, line, way_out) in [
        (&ansi[..], Some(2), "CSV UTF-8"),
        (b"PK\x03\x04...", None, "Lưu thành"),
        (b"\n \n", None, "đúng tệp"),
        (
            "\nSTT;Tổ;Ghi chú\n1;Toán;\n".as_bytes(),
            Some(2),
            "“Họ và tên”",
        ),
        (
            "Họ tên;CCCD\nAn;1,23457E+10\n".as_bytes(),
            Some(2),
            "Văn bản",
        ),
        (
            "Họ tên;CCCD\n\n;031200000001\n".as_bytes(),
            Some(3),
            "ghi họ tên",
        ),
        (
            "Họ tên;CCCD\r\n\r\nAn;\r\n;031200000001\r\n".as_bytes(),
            Some(4),
            "ghi họ tên",
        ),
        (
            "Họ tên,CCCD\nAn, ThS,031200000001\n".as_bytes(),
            Some(2),
            "ngoặc kép",
        ),
        (
            "Họ tên;CCCD\n\"An;1\nBình;2\nChi;3\n".as_bytes(),
            Some(2),
            "dấu ngoặc kép",
        ),
        (b"\xff\xfeA\0\n\0\0\xdc", Some(2), "CSV UTF-8"),
    ] {
        let error = read(octets).unwrap_err();
        let said = error.told(Language::Vi);
        assert_eq!(error.line(), line, "{said}");
        assert!(said.contains(way_out), "{said}");
        if let Some(line) = line {
            assert!(said.starts_with(&format!("dòng {line}: ")), "{said}");
            assert!(error.to_string().starts_with(&format!("line {line}: ")));
        }
    }
}
