//! The test PKI in one table: who there is, who issues whom, under which names.
//! Makes no key and no certificate.

use super::{CertificatePurpose, KeyKind, Role, SubjectAttribute};

use CertificatePurpose as For;
use SubjectAttribute::{
    CommonName as Cn, Country as C, Locality as L, Organization as O, OrganizationalUnit as Ou,
    State as St, Title as T, UserId as Uid,
};

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) role: Role,
    /// Also the token's label: ASCII, because PKCS#11 labels are bytes that drivers mistreat.
    pub(super) label: &'static str,
    /// A root signs itself.
    pub(super) issuer: Role,
    pub(super) key: KeyKind,
    pub(super) purpose: CertificatePurpose,
    pub(super) subject: &'static [(SubjectAttribute, &'static str)],
}

/// The test PKI. Every commonName says that it is a test; no CCCD or tax code here can exist:
/// province code 000 is not assigned and a tax code has a check digit that these lack.
pub(super) const TABLE: [Row; 13] = [
    Row {
        role: Role::NationalRoot,
        label: "NationalRoot",
        issuer: Role::NationalRoot,
        key: KeyKind::Rsa3072,
        purpose: For::Root,
        subject: &[
            (C, "VN"),
            (O, "TEST MINISTRY OF SCIENCE AND TECHNOLOGY"),
            (Ou, "TEST NATIONAL ELECTRONIC AUTHENTICATION CENTRE"),
            (Cn, "TEST VIETNAM NATIONAL ROOT CA - USBTOKEN"),
        ],
    },
    Row {
        role: Role::GovernmentRoot,
        label: "GovernmentRoot",
        issuer: Role::GovernmentRoot,
        key: KeyKind::Rsa3072,
        purpose: For::Root,
        subject: &[
            (C, "VN"),
            (O, "Ban Cơ yếu Chính phủ (THỬ NGHIỆM)"),
            (Cn, "RootCA chuyên dùng Chính phủ THỬ NGHIỆM"),
        ],
    },
    Row {
        role: Role::PublicAuthority,
        label: "PublicAuthority",
        issuer: Role::NationalRoot,
        key: KeyKind::Rsa3072,
        purpose: For::IssuingAuthority,
        subject: &[
            (C, "VN"),
            (O, "TEST Certification Company"),
            (Cn, "TEST-CA SHA-256"),
        ],
    },
    Row {
        role: Role::GovernmentAuthority,
        label: "GovernmentAuthority",
        issuer: Role::GovernmentRoot,
        key: KeyKind::Rsa3072,
        purpose: For::IssuingAuthority,
        subject: &[
            (C, "VN"),
            (O, "Ban Cơ yếu Chính phủ (THỬ NGHIỆM)"),
            (Cn, "CA phục vụ các cơ quan Nhà nước THỬ NGHIỆM"),
        ],
    },
    Row {
        role: Role::SubjectTeacher,
        label: "GiaoVienBoMon",
        issuer: Role::PublicAuthority,
        key: KeyKind::Rsa2048,
        purpose: For::Signer,
        subject: &[
            (Uid, "CCCD:000000000001"),
            (Cn, "Nguyễn Thị Hường (THỬ NGHIỆM)"),
            (L, "Quận Lê Chân"),
            (St, "Hải Phòng"),
            (C, "VN"),
        ],
    },
    Row {
        role: Role::HomeroomTeacher,
        label: "GiaoVienChuNhiem",
        issuer: Role::PublicAuthority,
        key: KeyKind::Rsa2048,
        purpose: For::Signer,
        subject: &[
            (Uid, "CCCD:000000000002"),
            (Cn, "Trần Quốc Tuấn (THỬ NGHIỆM)"),
            (L, "Quận Lê Chân"),
            (St, "Hải Phòng"),
            (C, "VN"),
        ],
    },
    Row {
        role: Role::HeadOfGroup,
        label: "ToTruong",
        issuer: Role::PublicAuthority,
        key: KeyKind::Rsa2048,
        purpose: For::Signer,
        subject: &[
            (Uid, "MST:0000000001"),
            (Uid, "CCCD:000000000003"),
            (Cn, "Lê Thị Ngọc Ánh (THỬ NGHIỆM)"),
            (T, "Tổ trưởng chuyên môn"),
            (O, "Trường THCS Thử Nghiệm"),
            (St, "Hải Phòng"),
            (C, "VN"),
        ],
    },
    Row {
        role: Role::Principal,
        label: "HieuTruong",
        issuer: Role::GovernmentAuthority,
        key: KeyKind::Rsa2048,
        purpose: For::Signer,
        subject: &[
            (Uid, "CCCD:000000000004"),
            (Cn, "Phạm Đức Thắng (THỬ NGHIỆM)"),
            (Ou, "Trường THCS Thử Nghiệm"),
            (O, "Ủy ban nhân dân Quận Thử Nghiệm"),
            (L, "Hải Phòng"),
            (C, "VN"),
        ],
    },
    Row {
        role: Role::SchoolSeal,
        label: "ConDau",
        issuer: Role::GovernmentAuthority,
        key: KeyKind::Rsa2048,
        purpose: For::Signer,
        subject: &[
            (Uid, "MST:0000000001-001"),
            (Cn, "Trường THCS Thử Nghiệm (THỬ NGHIỆM)"),
            (Ou, "Trường THCS Thử Nghiệm"),
            (Ou, "Phòng Giáo dục và Đào tạo Quận Thử Nghiệm"),
            (O, "Ủy ban nhân dân Quận Thử Nghiệm"),
            (L, "Hải Phòng"),
            (C, "VN"),
        ],
    },
    Row {
        role: Role::TimeStampAuthority,
        label: "TimeStampAuthority",
        issuer: Role::GovernmentRoot,
        key: KeyKind::Rsa2048,
        purpose: For::TimeStamping,
        subject: &[
            (C, "VN"),
            (O, "Ban Cơ yếu Chính phủ (THỬ NGHIỆM)"),
            (Cn, "Máy chủ cấp dấu thời gian THỬ NGHIỆM 01"),
        ],
    },
    Row {
        role: Role::PublicTimeStampAuthority,
        label: "PublicTimeStampAuthority",
        issuer: Role::PublicAuthority,
        key: KeyKind::Rsa2048,
        purpose: For::TimeStamping,
        subject: &[
            (C, "VN"),
            (O, "TEST Certification Company"),
            (Cn, "TEST-CA Timestamping Authority"),
        ],
    },
    Row {
        role: Role::PublicOcspResponder,
        label: "PublicOcspResponder",
        issuer: Role::PublicAuthority,
        key: KeyKind::Rsa2048,
        purpose: For::OcspResponder,
        subject: &[
            (C, "VN"),
            (O, "TEST Certification Company"),
            (Cn, "TEST-CA OCSP Responder"),
        ],
    },
    Row {
        role: Role::GovernmentOcspResponder,
        label: "GovernmentOcspResponder",
        issuer: Role::GovernmentAuthority,
        key: KeyKind::Rsa2048,
        purpose: For::OcspResponder,
        subject: &[
            (C, "VN"),
            (O, "Ban Cơ yếu Chính phủ (THỬ NGHIỆM)"),
            (Cn, "Máy chủ OCSP THỬ NGHIỆM"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_name_says_that_it_is_a_test() {
        for row in &TABLE {
            let name = row.subject.iter().find(|entry| entry.0 == Cn).unwrap().1;
            assert!(
                name.contains("TEST") || name.contains("THỬ NGHIỆM"),
                "{name}"
            );
        }
    }

    #[test]
    fn every_issuer_stands_before_what_it_issues() {
        for (position, row) in TABLE.iter().enumerate() {
            let issuer = TABLE
                .iter()
                .position(|other| other.role == row.issuer)
                .unwrap();
            let is_root = row.purpose == CertificatePurpose::Root;
            assert_eq!(issuer == position, is_root, "{:?}", row.role);
            assert!(issuer <= position, "{:?}", row.role);
        }
    }
}
