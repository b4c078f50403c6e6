//! Học bạ, the school report of a pupil of a lower secondary school: a cover and a page per grade.
//! Everybody in it is invented; the form follows the habit of such reports, not one circular.

use super::RecordError;
use super::page::{Column, Faces, HEIGHT, LEFT, Page, Painted, RIGHT, Style, WIDTH};
use super::pupil::{Choice, Pupil};
use crate::pki::Role;

/// Subjects of lower secondary schools; the second kind is judged Đ or CĐ, without marks.
const MARKED: [&str; 8] = [
    "Ngữ văn",
    "Toán",
    "Ngoại ngữ 1 (Tiếng Anh)",
    "Giáo dục công dân",
    "Khoa học tự nhiên",
    "Lịch sử và Địa lí",
    "Công nghệ",
    "Tin học",
];
const JUDGED: [&str; 4] = [
    "Giáo dục thể chất",
    "Nghệ thuật",
    "Hoạt động trải nghiệm, hướng nghiệp",
    "Nội dung giáo dục của địa phương",
];
const REMARKS: [&str; 7] = [
    "Nắm vững kiến thức, trình bày rõ ràng.",
    "Có tiến bộ, cần đọc kỹ đề bài hơn.",
    "Tích cực xây dựng bài.",
    "Vận dụng tốt vào bài thực hành.",
    "Hiểu bài, chữ viết đẹp.",
    "Cần luyện tập thêm ở nhà.",
    "Sáng tạo, biết giúp đỡ bạn.",
];

/// The middle of the text's width.
const MIDDLE_X: f32 = (LEFT + RIGHT) / 2.0;

/// Names of the two halves at the head of official papers.
fn letterhead(page: &mut Page, faces: &Faces<'_>, top: f32) -> Result<(), RecordError> {
    let (body, nation) = ((LEFT + 88.0, 190.0), (RIGHT - 128.0, 262.0));
    let district = ["ỦY BAN NHÂN DÂN", "QUẬN THỬ NGHIỆM"];
    page.fitted(faces, body, top, (Style::Regular, 11.0), district[0])?;
    page.fitted(faces, body, top - 14.0, (Style::Regular, 11.0), district[1])?;
    let school = "TRƯỜNG THCS THỬ NGHIỆM";
    page.fitted(faces, body, top - 28.0, (Style::Bold, 11.0), school)?;
    let body = body.0;
    page.rule((body - 40.0, top - 33.0), (body + 40.0, top - 33.0), 0.8);
    let motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
    page.fitted(faces, nation, top, (Style::Bold, 11.5), motto)?;
    let motto = "Độc lập - Tự do - Hạnh phúc";
    let width = page.fitted(faces, nation, top - 15.0, (Style::Bold, 12.5), motto)?;
    let (nation, half) = (nation.0, width / 2.0);
    page.rule(
        (nation - half, top - 20.0),
        (nation + half, top - 20.0),
        0.8,
    );
    Ok(())
}

/// The cover with the pupil's particulars; `picture` is the index of the portrait.
pub(super) fn cover(
    faces: &Faces<'_>,
    pupil: &Pupil,
    grades: &[Grade],
    picture: usize,
) -> Result<Page, RecordError> {
    let mut page = Page::default();
    let top = HEIGHT - 68.0;
    letterhead(&mut page, faces, top)?;
    page.centred(faces, MIDDLE_X, top - 142.0, (Style::Bold, 34.0), "HỌC BẠ")?;
    let level = "TRUNG HỌC CƠ SỞ";
    page.centred(faces, MIDDLE_X, top - 172.0, (Style::Bold, 17.0), level)?;
    let number = format!("Số: {}/THCS-THB", pupil.identifier);
    page.centred(faces, MIDDLE_X, top - 196.0, (Style::Italic, 12.0), &number)?;
    // A photograph of 3 by 4 cm.
    let (width, height) = (85.0, 113.4);
    let (left, bottom) = (LEFT, top - 362.0);
    page.painted.push(Painted::Picture {
        index: picture,
        left,
        bottom,
        width,
        height,
    });
    frame(&mut page, [left, bottom, left + width, bottom + height]);
    let particulars = [
        ("Họ và tên:", pupil.name.to_uppercase()),
        ("Ngày, tháng, năm sinh:", pupil.born.clone()),
        ("Nơi sinh:", pupil.birthplace.to_owned()),
        ("Dân tộc:", pupil.ethnicity.to_owned()),
        ("Số định danh cá nhân:", pupil.identifier.clone()),
        ("Họ và tên cha:", pupil.father.clone()),
        ("Họ và tên mẹ:", pupil.mother.clone()),
        (
            "Chỗ ở hiện tại:",
            "Số 1, đường Thử Nghiệm, Hải Phòng".to_owned(),
        ),
    ];
    let left = left + width + 22.0;
    let mut baseline = bottom + height - 4.0;
    for (name, value) in particulars {
        let name_width = faces.face(Style::Regular).width(name, 12.0)?;
        page.text(left, baseline, Style::Regular, 12.0, name);
        page.text(left + name_width + 6.0, baseline, Style::Bold, 12.0, &value);
        baseline -= 18.2;
    }
    let heading = "QUÁ TRÌNH HỌC TẬP";
    page.centred(faces, MIDDLE_X, bottom - 64.0, (Style::Bold, 13.0), heading)?;
    let mut rows = vec![texts(&["Năm học", "Lớp", "Tên trường, quận, thành phố"])];
    for grade in grades {
        let school = "THCS Thử Nghiệm, Quận Thử Nghiệm, Hải Phòng";
        rows.push(texts(&[&grade.year(), &grade.class(), school]));
    }
    let columns = [
        Column::centre(100.0),
        Column::centre(70.0),
        Column::left(RIGHT - LEFT - 170.0),
    ];
    let foot = page.table(faces, (LEFT, bottom - 78.0), &columns, 12.0, &rows)?;
    let signed = RIGHT - 110.0;
    // The book is begun in the September of the first grade.
    let begun = grades
        .first()
        .map_or(2025, |grade| grade.ends.saturating_sub(1));
    let date = format!("Hải Phòng, ngày 12 tháng 9 năm {begun}");
    page.centred(faces, signed, foot - 50.0, (Style::Italic, 12.0), &date)?;
    page.centred(
        faces,
        signed,
        foot - 67.0,
        (Style::Bold, 12.0),
        "HIỆU TRƯỞNG",
    )?;
    let name = "Phạm Đức Thắng";
    page.centred(faces, signed, foot - 150.0, (Style::Bold, 12.0), name)?;
    Ok(page)
}

/// A grade that a pupil went through: 6 to 9, in the school year that ends in `ends`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grade {
    pub(super) number: u16,
    pub(super) ends: u16,
}

impl Grade {
    fn year(self) -> String {
        format!("{} - {}", self.ends.saturating_sub(1), self.ends)
    }

    /// The day in the last week of May on which the year is closed; no two years the same.
    fn closing_date(self) -> String {
        let day = 26_u16.saturating_add(self.ends.saturating_add(self.number) % 5);
        format!("Hải Phòng, ngày {day} tháng 5 năm {}", self.ends)
    }

    fn class(self) -> String {
        format!("{}A1", self.number)
    }
}

/// Whether a page bears the pupil's portrait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Portrait {
    Absent,
    /// Picture of this index.
    Shown(usize),
}

/// The results of one grade, with the places where the class's teacher and the principal sign and
/// where the seal goes. `suffix` makes the names of the fields differ between pages.
pub(super) fn grade_page(
    faces: &Faces<'_>,
    pupil: &Pupil,
    grade: Grade,
    (portrait, number, suffix): (Portrait, usize, &str),
) -> Result<Page, RecordError> {
    let mut page = Page::default();
    let mut top = HEIGHT - 68.0;
    if number > 1 {
        // vis.10: the page number stands in the middle of the upper margin, not on page 1.
        let middle = WIDTH / 2.0;
        page.centred(
            faces,
            middle,
            HEIGHT - 40.0,
            (Style::Regular, 13.0),
            &number.to_string(),
        )?;
    }
    if let Portrait::Shown(index) = portrait {
        let (width, height) = (56.7, 75.6);
        let rectangle = [RIGHT - width, top + 8.0 - height, RIGHT, top + 8.0];
        page.painted.push(Painted::Picture {
            index,
            left: RIGHT - width,
            bottom: top + 8.0 - height,
            width,
            height,
        });
        frame(&mut page, rectangle);
    }
    let heading = "KẾT QUẢ HỌC TẬP VÀ RÈN LUYỆN";
    page.centred(faces, MIDDLE_X, top, (Style::Bold, 14.0), heading)?;
    let line = format!("Họ và tên: {}", pupil.name);
    page.text(LEFT, top - 24.0, Style::Bold, 12.0, &line);
    let line = format!("Lớp: {}     Năm học: {}", grade.class(), grade.year());
    page.text(LEFT, top - 41.0, Style::Regular, 12.0, &line);
    let line = format!(
        "Ngày sinh: {}     Số định danh: {}",
        pupil.born, pupil.identifier
    );
    page.text(LEFT, top - 58.0, Style::Regular, 12.0, &line);
    top -= 72.0;
    let columns = [
        Column::left(150.0),
        Column::centre(46.0),
        Column::centre(46.0),
        Column::centre(46.0),
        Column::left(RIGHT - LEFT - 288.0),
    ];
    let rows = marks(pupil, grade);
    let foot = page.table(faces, (LEFT, top), &columns, 10.5, &rows)?;
    let rows = [
        texts(&["Kết quả", "Học kỳ I", "Học kỳ II", "Cả năm"]),
        texts(&["Học tập", "Khá", "Tốt", "Tốt"]),
        texts(&["Rèn luyện", "Tốt", "Tốt", "Tốt"]),
        texts(&["Số buổi nghỉ học có phép", "1", "0", "1"]),
    ];
    let third = (RIGHT - LEFT - 150.0) / 3.0;
    let columns = [
        Column::left(150.0),
        Column::centre(third),
        Column::centre(third),
        Column::centre(third),
    ];
    let foot = page.table(faces, (LEFT, foot - 10.0), &columns, 10.5, &rows)?;
    let heading = "Nhận xét của giáo viên chủ nhiệm:";
    page.text(LEFT, foot - 20.0, Style::Bold, 11.5, heading);
    let remark = format!(
        "Em {} ngoan, lễ phép, có ý thức kỷ luật tốt; chăm chỉ học tập và biết giúp đỡ bạn bè. \
         Em cần mạnh dạn hơn khi phát biểu và luyện thêm kỹ năng viết. Được lên lớp.",
        pupil.name
    );
    let size = (Style::Italic, 11.5);
    let foot = page.paragraph(faces, (LEFT, RIGHT), foot - 35.0, size, &remark)?;
    signatures(&mut page, faces, foot - 8.0, (grade, suffix))?;
    Ok(page)
}

fn marks(pupil: &Pupil, grade: Grade) -> Vec<Vec<String>> {
    let mut choose = Choice(
        pupil
            .seed
            .wrapping_mul(31)
            .wrapping_add(grade.number.into()),
    );
    let mut rows = vec![texts(&[
        "Môn học",
        "HK I",
        "HK II",
        "Cả năm",
        "Nhận xét của giáo viên bộ môn",
    ])];
    for subject in MARKED {
        // In tenths, so that the year's mark is exact: the second term counts twice.
        let first = 65_u16.saturating_add(choose.below(33));
        let second = 68_u16.saturating_add(choose.below(31));
        let year = first
            .saturating_add(second.saturating_mul(2))
            .saturating_add(1)
            / 3;
        let remark = choose.of(&REMARKS);
        rows.push(texts(&[
            subject,
            &mark(first),
            &mark(second),
            &mark(year),
            remark,
        ]));
    }
    for subject in JUDGED {
        rows.push(texts(&[subject, "Đ", "Đ", "Đ", choose.of(&REMARKS)]));
    }
    rows
}

/// A mark of so many tenths with a decimal comma.
fn mark(tenths: u16) -> String {
    format!("{},{}", tenths / 10, tenths % 10)
}

fn signatures(
    page: &mut Page,
    faces: &Faces<'_>,
    top: f32,
    (grade, suffix): (Grade, &str),
) -> Result<(), RecordError> {
    let (teacher, principal) = (LEFT + 105.0, RIGHT - 115.0);
    let date = grade.closing_date();
    page.centred(faces, principal, top, (Style::Italic, 11.5), &date)?;
    let heading = "GIÁO VIÊN CHỦ NHIỆM";
    page.centred(faces, teacher, top - 16.0, (Style::Bold, 11.5), heading)?;
    page.centred(
        faces,
        principal,
        top - 16.0,
        (Style::Bold, 11.5),
        "HIỆU TRƯỞNG",
    )?;
    let hint = "(Ký và ghi rõ họ tên)";
    page.centred(faces, teacher, top - 30.0, (Style::Italic, 10.5), hint)?;
    let hint = "(Ký, ghi rõ họ tên và đóng dấu)";
    page.centred(faces, principal, top - 30.0, (Style::Italic, 10.5), hint)?;
    let name = "Trần Quốc Tuấn";
    page.centred(faces, teacher, top - 124.0, (Style::Bold, 11.5), name)?;
    page.centred(
        faces,
        principal,
        top - 124.0,
        (Style::Bold, 11.5),
        "Phạm Đức Thắng",
    )?;
    // The seal covers about a third of the principal's signature, on its left (vis.2); 36 mm.
    let seal = principal - 100.0;
    let places = [
        (
            Role::HomeroomTeacher,
            [teacher - 75.0, top - 108.0, teacher + 75.0, top - 38.0],
        ),
        (
            Role::Principal,
            [principal - 50.0, top - 108.0, principal + 90.0, top - 38.0],
        ),
        (
            Role::SchoolSeal,
            [seal - 16.0, top - 126.0, seal + 86.0, top - 24.0],
        ),
    ];
    for (role, rectangle) in places {
        page.fields
            .push((format!("{}{suffix}", role.label()), rectangle));
    }
    Ok(())
}

fn frame(page: &mut Page, [left, bottom, right, top]: [f32; 4]) {
    page.rule((left, bottom), (right, bottom), 0.6);
    page.rule((right, bottom), (right, top), 0.6);
    page.rule((right, top), (left, top), 0.6);
    page.rule((left, top), (left, bottom), 0.6);
}

fn texts(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}
