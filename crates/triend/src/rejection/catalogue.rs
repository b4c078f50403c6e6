//! The codes and their sentences, in one table.
//! Does not know when each is used.

use super::Retriable;

/// One line of the table.
struct Entry {
    name: &'static str,
    status: u16,
    retriable: Retriable,
    vi: &'static str,
    en: &'static str,
}

const fn entry(
    name: &'static str,
    status: u16,
    retriable: Retriable,
    vi: &'static str,
    en: &'static str,
) -> Entry {
    Entry {
        name,
        status,
        retriable,
        vi,
        en,
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $status:literal, $retriable:ident,
       $vi:literal, $en:literal;)+) => {
        /// Why a call failed. The names are part of the interface and never change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            const fn entry(self) -> Entry {
                match self {
                    $(Self::$variant => entry($name, $status, Retriable::$retriable, $vi, $en),)+
                }
            }
        }
    };
}

codes! {
    /// `Host` names neither 127.0.0.1, `[::1]` nor localhost with our port.
    HostForeign = "host-foreign", 403, No,
        "Yêu cầu không gọi đúng địa chỉ của triend: hãy dùng http://127.0.0.1 với cổng của triend.",
        "The request does not name triend's address: use http://127.0.0.1 with triend's port.";
    /// `Origin` is no paired one, is `null`, or cannot be read.
    OriginForeign = "origin-foreign", 403, No,
        "Trang này chưa được kết nối với triend: hãy kết nối rồi làm lại.",
        "This page is not paired with triend: pair it first.";
    /// A page that anybody on the way can change asks to be paired: neither https nor this machine.
    OriginInsecure = "origin-insecure", 403, No,
        "Chỉ kết nối được trang https hoặc trang trên chính máy này.",
        "Only pages over https or of this machine can be paired.";
    /// A browser says that the call crosses sites where it may not.
    CrossSite = "cross-site", 403, No,
        "Yêu cầu này không được gửi từ trang khác.",
        "This call may not come from another page.";
    /// Neither a paired origin nor a bearer token that is known.
    NotPaired = "not-paired", 401, No,
        "Chương trình này chưa được kết nối với triend: hãy gửi POST /v1/pairings và chờ người dùng đồng ý.",
        "This program is not paired with triend: send POST /v1/pairings and wait for the user.";
    /// The pairing was not given this right.
    RightMissing = "right-missing", 403, No,
        "Trang hoặc chương trình này chưa được phép đọc hoặc ghi sổ sách: hãy gửi POST /v1/rights và chờ người dùng đồng ý.",
        "This page or program may not read or write the records: send POST /v1/rights and wait for the user.";
    /// There is no such address.
    RouteUnknown = "route-unknown", 404, No,
        "triend không có địa chỉ này: xem /docs.",
        "triend has no such address: see /docs.";
    /// The address does not take this method.
    MethodUnknown = "method-unknown", 405, No,
        "Địa chỉ này không nhận phương thức đó: xem /docs.",
        "This address does not take that method: see /docs.";
    /// Another protocol is asked for, such as WebSocket.
    UpgradeRefused = "upgrade-refused", 403, No,
        "triend không dùng WebSocket: hãy gọi bằng HTTP, xem /docs.",
        "triend does not speak WebSocket: call over HTTP, see /docs.";
    /// The content type is not the one the address takes.
    ContentTypeWrong = "content-type-wrong", 415, No,
        "Kiểu nội dung không đúng: cần application/json hoặc application/pdf.",
        "The content type is wrong: application/json or application/pdf is needed.";
    /// The body is larger than its limit.
    BodyTooLarge = "body-too-large", 413, No,
        "Nội dung gửi đến lớn hơn mức cho phép.",
        "The body is larger than allowed.";
    /// The JSON cannot be read, or a member is missing, unknown or of the wrong kind.
    RequestMalformed = "request-malformed", 400, No,
        "Nội dung yêu cầu không đúng mẫu: xem /docs.",
        "The request has not the right form: see /docs.";
    /// Too many calls in a short time.
    TooManyRequests = "too-many-requests", 429, Yes,
        "Quá nhiều yêu cầu trong thời gian ngắn: hãy chờ một phút.",
        "Too many calls in a short time: wait a minute.";
    /// The user's answer is still awaited for an earlier call of the same caller.
    ConsentPending = "consent-pending", 409, Yes,
        "Đang chờ người dùng trả lời yêu cầu trước trong cửa sổ của triend.",
        "The user has not answered the earlier request in triend's window yet.";
    /// The user said no.
    ConsentRefused = "consent-refused", 403, No,
        "Người dùng đã từ chối.",
        "The user said no.";
    /// Nobody answered in time.
    ConsentExpired = "consent-expired", 408, Yes,
        "Người dùng không trả lời trong thời gian cho phép: hãy gửi lại.",
        "The user did not answer in time: send it again.";
    /// The window was closed before it was answered, or the browser never showed it.
    ConsentClosed = "consent-closed", 408, Yes,
        "Cửa sổ của triend đã bị đóng khi chưa trả lời: hãy gửi lại.",
        "triend's window was closed before it was answered: send it again.";
    /// The consent page's secret is wrong, used already, or its question has ended.
    ConsentUnknown = "consent-unknown", 404, No,
        "Cửa sổ này không còn hiệu lực: hãy đóng nó và gửi lại yêu cầu từ trang của trường.",
        "This window is no longer valid: close it and start again from the school's page.";
    /// No browser could be opened for the user.
    NoWindow = "no-window", 503, Yes,
        "triend không mở được cửa sổ trình duyệt: hãy kiểm tra mục browser trong tệp cấu hình.",
        "triend could not open a browser window: check browser in the configuration file.";
    /// A page cannot be drawn for the person to look at.
    PreviewUnavailable = "preview-unavailable", 503, No,
        "Không vẽ được trang này để xem trước: hãy xem tài liệu bằng chương trình khác trước khi ký.",
        "This page cannot be drawn: look at the document in another program before you sign.";
    /// There is no such pairing.
    PairingUnknown = "pairing-unknown", 404, No,
        "Không có kết nối này.",
        "There is no such pairing.";
    /// The pairing was revoked while its question waited or its documents were signed.
    PairingEnded = "pairing-ended", 403, No,
        "Trang hoặc chương trình này đã bị gỡ kết nối với triend: phần chưa ký không được ký.",
        "This page or program was disconnected from triend: what is not signed yet is not signed.";
    /// There is no such job, or it belongs to another caller: which one is not told.
    JobUnknown = "job-unknown", 404, No,
        "Không có lượt ký này.",
        "There is no such job.";
    /// The job has no document of this number.
    DocumentUnknown = "document-unknown", 404, No,
        "Lượt ký không có tài liệu này.",
        "The job has no such document.";
    /// The job is past the point where this can be done.
    JobState = "job-state", 409, No,
        "Lượt ký không còn ở bước này.",
        "The job is not at this step.";
    /// More documents than a job takes.
    TooManyDocuments = "too-many-documents", 400, No,
        "Một lượt ký nhận nhiều nhất 1.000 tài liệu: hãy chia thành nhiều lượt.",
        "A job takes at most 1,000 documents: split it.";
    /// No document at all.
    NoDocuments = "no-documents", 400, No,
        "Lượt ký không có tài liệu nào.",
        "The job has no document.";
    /// A path or an address was given where the content belongs.
    ContentNotGiven = "content-not-given", 400, No,
        "triend chỉ nhận nội dung tài liệu, không nhận đường dẫn hay địa chỉ: hãy gửi chính tệp.",
        "triend takes the document itself, neither a path nor an address: send the file.";
    /// Another program of the user changed the document in the spool after it came.
    DocumentChanged = "document-changed", 409, No,
        "Tài liệu đã bị chương trình khác thay đổi sau khi triend nhận nên không được ký: hãy gửi lại tài liệu.",
        "Another program changed the document after triend received it, so it was not signed: send it again.";
    /// The document is not the one that the window showed, or has warnings that it did not show.
    DocumentUnseen = "document-unseen", 409, Yes,
        "Tài liệu không còn đúng như cửa sổ đã cho xem nên không được ký: hãy ký lại để xem lại.",
        "The document is no longer as the window showed it, so it was not signed: sign again to see it.";
    /// The octets are no PDF that can be read.
    NotAPdf = "not-a-pdf", 400, No,
        "Tệp không phải là PDF đọc được.",
        "The file is no PDF that can be read.";
    /// The document is encrypted: nothing can be added to it.
    DocumentEncrypted = "document-encrypted", 400, No,
        "Tài liệu đã mã hóa nên không ký được: hãy lưu lại không đặt mật khẩu rồi gửi lại.",
        "The document is encrypted and cannot be signed: save it without a password and send that.";
    /// The document has no page.
    DocumentWithoutPages = "document-without-pages", 400, No,
        "Tài liệu không có trang nào: hãy gửi tài liệu có nội dung.",
        "The document has no page: send one that has something to be signed.";
    /// The rules forbid this signature.
    SigningRefused = "signing-refused", 403, No,
        "Quy định không cho phép ký tài liệu này.",
        "The rules forbid signing this document.";
    /// The document cannot take the signature or its mark where it was asked for.
    NoPlace = "no-place", 400, No,
        "Không đặt được chữ ký vào tài liệu này: hãy chọn chỗ khác.",
        "The signature has no place in this document: choose another one.";
    /// No signing certificate on any token, or not the one asked for.
    CertificateUnknown = "certificate-unknown", 404, Yes,
        "Không tìm thấy chứng thư số: hãy cắm thiết bị ký rồi thử lại.",
        "The certificate was not found: plug the token in and try again.";
    /// The answer has no PIN, and the token has no pad to ask for it. Nothing was tried.
    PinMissing = "pin-missing", 400, Yes,
        "Chưa nhập mã PIN: hãy nhập mã PIN của thiết bị ký.",
        "There is no PIN: type the token's PIN.";
    /// The PIN cannot be the token's. Nothing was tried.
    PinMalformed = "pin-malformed", 400, Yes,
        "Mã PIN không thể là của thiết bị này, chưa thử lần nào: hãy nhập lại.",
        "This cannot be the token's PIN, and it was not tried: type it again.";
    /// A mark was moved that cannot be.
    MarkNotMovable = "mark-not-movable", 400, No,
        "Không dời được hình chữ ký này.",
        "This mark cannot be moved.";
    /// The PIN was wrong. It is not tried again.
    PinIncorrect = "pin-incorrect", 403, Yes,
        "Mã PIN không đúng: lượt ký đã dừng, triend không tự thử lại. Hãy ký lại với mã đúng.",
        "The PIN is wrong: the job has stopped and it was not tried again. Sign again with the right one.";
    /// Wrong PINs have locked the token.
    PinLocked = "pin-locked", 403, No,
        "Thiết bị đã bị khóa do nhập sai mã PIN nhiều lần: hãy liên hệ nơi cấp để mở khóa.",
        "The token is locked by wrong PINs: ask its issuer to unlock it.";
    /// One try is left and the user has not confirmed it.
    PinFinalTry = "pin-final-try", 403, Yes,
        "Thiết bị chỉ còn một lần nhập mã PIN: hãy xác nhận trước khi thử.",
        "The token has one try of the PIN left: confirm before trying.";
    /// The token was pulled.
    TokenRemoved = "token-removed", 503, Yes,
        "Thiết bị ký đã bị rút: phần đã ký được giữ lại. Hãy cắm lại và ký tiếp phần còn lại.",
        "The token was pulled: what is signed is kept. Plug it in and sign the rest.";
    /// Another job holds the token.
    TokenBusy = "token-busy", 409, Yes,
        "Thiết bị ký đang bận với lượt ký khác: hãy chờ lượt đó xong.",
        "The token is busy with another job: wait for it.";
    /// The token's driver crashed, hangs, or cannot be loaded.
    TokenFailed = "token-failed", 503, Yes,
        "Trình điều khiển của thiết bị ký không trả lời hoặc bị lỗi: hãy rút ra, cắm lại và thử lại.",
        "The token's driver failed or does not answer: unplug the token, plug it in and try again.";
    /// The key cannot sign like this.
    KeyUnusable = "key-unusable", 400, No,
        "Khóa của chứng thư số này không ký được theo cách đã yêu cầu.",
        "The key of this certificate cannot sign as asked.";
    /// No time-stamp authority gave a time stamp.
    TimeStampUnavailable = "time-stamp-unavailable", 503, Yes,
        "Không lấy được dấu thời gian: hãy kiểm tra mạng rồi ký lại tài liệu này.",
        "No time stamp could be had: check the network and sign this document again.";
    /// The configuration lacks what signatures of this level need.
    LevelNotSetUp = "level-not-set-up", 409, No,
        "triend trên máy này chưa được cấu hình cho mức chữ ký đã yêu cầu: hãy bổ sung tệp cấu hình.",
        "triend on this machine is not set up for the level that was asked for: complete its configuration.";
    /// The evidence for the level could not be gathered.
    EvidenceUnavailable = "evidence-unavailable", 503, Yes,
        "Chưa thu thập đủ thông tin kiểm tra trạng thái chứng thư số: hãy kiểm tra mạng rồi thử lại.",
        "The evidence for this level could not be gathered: check the network and try again.";
    /// The user or the caller cancelled.
    Cancelled = "cancelled", 409, Yes,
        "Đã hủy: tài liệu này chưa được ký.",
        "Cancelled: this document was not signed.";
    /// The daemon ended while the document waited.
    Interrupted = "interrupted", 503, Yes,
        "triend đã bị tắt giữa chừng: tài liệu này chưa được ký. Hãy ký tiếp phần còn lại.",
        "triend was stopped in between: this document was not signed. Sign the rest.";
    /// Signing took longer than a job may take.
    TimeOver = "time-over", 408, Yes,
        "Lượt ký kéo dài quá thời gian cho phép: phần đã ký được giữ lại. Hãy ký tiếp phần còn lại.",
        "Signing took longer than allowed: what is signed is kept. Sign the rest.";
    /// The disk is full.
    NoRoom = "no-room", 507, Yes,
        "Hết chỗ trống trên đĩa: hãy giải phóng đĩa rồi làm lại.",
        "The disk is full: make room and try again.";
    /// There is no such workflow.
    WorkflowUnknown = "workflow-unknown", 404, No,
        "Không có quy trình này: xem GET /v1/workflows.",
        "There is no such workflow: see GET /v1/workflows.";
    /// Nobody trusts this certificate as a root.
    AnchorUnknown = "anchor-unknown", 404, No,
        "Không có chứng thư số gốc này trong thư mục tin cậy.",
        "There is no such root in the folder of trusted ones.";
    /// The root cannot be added or removed: the detail tells why.
    AnchorRefused = "anchor-refused", 409, No,
        "Không thay đổi được chứng thư số gốc này.",
        "This root cannot be changed.";
    /// What the entry is about is not there.
    EntryUnknown = "entry-unknown", 404, No,
        "Không có mục này.",
        "There is no such entry.";
    /// The store says no: the detail tells why.
    EntryRefused = "entry-refused", 409, No,
        "Không ghi được mục này.",
        "The entry cannot be written.";
    /// The fingerprint typed or sent is not that of the certificate.
    FingerprintDiffers = "fingerprint-differs", 400, No,
        "Dấu vân tay không khớp với chứng thư số: không thêm.",
        "The fingerprint is not that of the certificate: nothing was added.";
    /// The body came too slowly.
    TooSlow = "too-slow", 408, Yes,
        "Nội dung gửi đến quá chậm: hãy gửi lại.",
        "The body came too slowly: send it again.";
    /// The daemon ends.
    Stopping = "stopping", 503, Yes,
        "triend đang tắt: hãy thử lại khi triend đã chạy lại.",
        "triend is stopping: try again once it runs.";
    /// The activation data (SAD) of a consent has expired or was used.
    ActivationExpired = "activation-expired", 400, No,
        "Lần đồng ý ký này đã hết hiệu lực hoặc đã dùng: hãy ký lại từ đầu.",
        "This consent has expired or was used: sign again from the start.";
    /// The activation data (SAD) of a consent was not given for this.
    ActivationDiffers = "activation-differs", 400, No,
        "Chương trình gọi đòi ký dữ liệu khác với dữ liệu bạn đã đồng ý: triend không ký.",
        "The caller asks for other data than you agreed to: triend did not sign.";
    /// The signer's certificate has expired.
    CertificateExpired = "certificate-expired", 400, No,
        "Chứng thư số đã hết hạn: hãy dùng chứng thư số khác hoặc gia hạn.",
        "The certificate has expired: use another one or have it renewed.";
    /// The method belongs to an interface that triend offers in part.
    MethodNotOffered = "method-not-offered", 501, No,
        "triend không có phương thức này của giao diện CSC: xem /docs.",
        "triend does not offer this method of the CSC interface: see /docs.";
    /// A part of the daemon failed in a way that has no code of its own.
    Internal = "internal", 500, Yes,
        "triend gặp lỗi: hãy thử lại; nếu vẫn lỗi, hãy gửi nhật ký cho người quản trị.",
        "triend failed: try again, and if it fails again send the log to the administrator.";
}

impl Code {
    /// The name in answers and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.entry().name
    }

    /// The code of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// The HTTP status (RFC 9110, 15).
    #[must_use]
    pub const fn status(self) -> u16 {
        self.entry().status
    }

    /// Whether trying again can help.
    #[must_use]
    pub const fn retriable(self) -> Retriable {
        self.entry().retriable
    }

    /// The sentence in Vietnamese.
    #[must_use]
    pub const fn vietnamese(self) -> &'static str {
        self.entry().vi
    }

    /// The sentence in English.
    #[must_use]
    pub const fn english(self) -> &'static str {
        self.entry().en
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own_and_sentences_that_end() {
        let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.vietnamese().ends_with('.') && code.english().ends_with('.'));
            assert!((400..600).contains(&code.status()), "{}", code.name());
        }
    }

    #[test]
    fn the_handbook_has_every_code_with_its_status() {
        let handbook = include_str!("../../../../docs/DAEMON.md");
        let listed: Vec<&str> = handbook
            .lines()
            .skip_while(|line| *line != "## Error codes")
            .take_while(|line| *line != "## CSC")
            .filter(|line| line.starts_with("| `"))
            .collect();
        assert_eq!(listed.len(), Code::ALL.len());
        for (line, code) in listed.iter().zip(Code::ALL) {
            let start = format!("| `{}` | {} |", code.name(), code.status());
            assert!(line.starts_with(&start), "{line}: {start}");
        }
    }
}
