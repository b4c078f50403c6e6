// Every text of the page, Vietnamese first. A text that one language lacks does not compile.

const vi = {
  // The bar and what every page has
  clock: (time: string) => `Còn ${time}`,
  clockSoon: "Còn một phút để trả lời.",
  loading: "Đang mở yêu cầu…",
  language: "Ngôn ngữ",
  refuse: "Từ chối",
  program: "Một chương trình trên máy này",
  insecure: "Kết nối tới trang này không được mã hóa: người khác có thể đã sửa nội dung trang.",
  calledBy: "Bên yêu cầu",
  callsItself: (name: string) => `Tự giới thiệu là “${name}”. triend không kiểm tra tên này.`,
  from: "từ",
  details: "Chi tiết",

  // The end of a window
  expiredTitle: "Yêu cầu đã hết thời gian",
  expiredText: "Không có câu trả lời trong thời gian cho phép nên không có gì được ký hay thay đổi. Hãy gửi lại yêu cầu từ trang của trường.",
  unknownTitle: "Cửa sổ này không còn hiệu lực",
  unknownText: "Mỗi cửa sổ chỉ dùng được một lần. Hãy đóng cửa sổ này và gửi lại yêu cầu từ trang của trường.",
  unreachableTitle: "Không kết nối được với triend",
  unreachableText: "triend trên máy này không trả lời. Hãy kiểm tra rằng chương trình đang chạy, rồi gửi lại yêu cầu.",
  refusedTitle: "Đã từ chối",
  refusedText: "Không có gì được ký hay thay đổi. Bạn có thể đóng cửa sổ này.",
  answeredTitle: "Yêu cầu đã được trả lời",
  closeWindow: "Bạn có thể đóng cửa sổ này.",
  failedTitle: "Không thực hiện được",

  // Pairing
  pairingPlace: "Yêu cầu kết nối",
  pairingTitle: "Cho phép trang này dùng triend?",
  pairingTitleProgram: "Cho phép chương trình này dùng triend?",
  pairingCheck: "Chỉ cho phép nếu bạn vừa bấm nút kết nối trên đúng trang này. Hãy đọc kỹ địa chỉ.",
  pairingCheckProgram: "Chỉ cho phép nếu chính bạn vừa mở chương trình này và bấm nút kết nối.",
  pairingWill: "Sau khi được phép, trang có thể",
  pairingWillNot: "Trang không bao giờ có thể",
  pairingWillProgram: "Sau khi được phép, chương trình có thể",
  pairingWillNotProgram: "Chương trình không bao giờ có thể",
  pairingCan: [
    "Xem chứng thư số trên thiết bị ký đang cắm: tên, đơn vị, nơi cấp, thời hạn",
    "Gửi tài liệu đến để ký; mỗi lần ký, bạn được hỏi lại trong cửa sổ như thế này",
    "Nhờ triend kiểm tra chữ ký trên tài liệu",
  ],
  pairingCannot: ["Ký khi bạn không đồng ý", "Biết mã PIN của bạn", "Đọc các tệp khác trên máy này"],
  pairingEnd: "Bạn có thể gỡ kết nối này bất cứ lúc nào trong triend.",
  allow: "Cho phép",
  pairedTitle: "Đã cho phép",
  pairedText: "Hãy quay lại trang của trường để tiếp tục. Bạn có thể đóng cửa sổ này.",

  // Trust anchors
  anchorPlace: "Chứng thư số gốc",
  anchorAddTitle: "Tin cậy chứng thư số gốc này?",
  anchorRemoveTitle: "Thôi tin cậy chứng thư số gốc này?",
  anchorAddText: "Mọi chữ ký dựa trên chứng thư số này sẽ được coi là đáng tin trên máy này. Kẻ gian có thể đưa đến một chứng thư số cùng tên: chỉ dấu vân tay mới phân biệt được.",
  anchorRemoveText: "Các chữ ký dựa trên chứng thư số này sẽ không còn được coi là đáng tin trên máy này.",
  subject: "Chủ thể",
  issuer: "Nơi cấp",
  validity: "Thời hạn",
  fingerprint: "Dấu vân tay SHA-256",
  anchorHidden: "tám ký tự cuối được giấu",
  anchorTypeAdd: "Gõ tám ký tự cuối của dấu vân tay",
  anchorHintAdd: "Lấy từ văn bản hoặc trang chính thức của nơi cấp, không lấy từ trang vừa gửi yêu cầu. So cả phần hiện ở trên.",
  anchorTypeRemove: "Gõ tám ký tự cuối của dấu vân tay để xác nhận",
  anchorWrong: "Tám ký tự này không khớp với dấu vân tay của chứng thư số. Nếu bạn đã gõ đúng theo văn bản, đây là chứng thư số khác: hãy từ chối.",
  anchorNeedEight: "Cần đúng tám ký tự, gồm chữ số 0–9 và chữ a–f.",
  anchorAdd: "Tin cậy",
  anchorRemove: "Thôi tin cậy",
  anchorAdded: "Đã tin cậy chứng thư số gốc",
  anchorRemoved: "Đã thôi tin cậy chứng thư số gốc",

  // Digests
  digestsPlace: "Yêu cầu ký mã băm",
  digestsTitle: (count: string) => `Ký ${count} mã băm mà không thấy nội dung?`,
  digestsLoud: "triend không thấy nội dung sẽ được ký",
  digestsText: "Bên yêu cầu chỉ gửi mã băm, không gửi tài liệu. Tên tài liệu dưới đây do họ tự ghi và có thể sai. Chữ ký của bạn có giá trị với bất cứ nội dung nào có mã băm này.",
  digestsDescription: "Họ mô tả",
  digestsNames: "Tên tài liệu, theo lời họ",
  digestsValues: "Các mã băm",
  digestsSign: "Ký dù không thấy nội dung",
  digestsDone: "Đã đồng ý",
  digestsDoneText: "Kết quả được gửi cho bên yêu cầu. Bạn có thể đóng cửa sổ này.",

  // Certificates and PIN
  certificate: "Chứng thư số",
  tokensLoading: "Đang đọc thiết bị ký…",
  tokensNone: "Chưa thấy thiết bị ký nào. Hãy cắm thiết bị vào máy; danh sách tự cập nhật.",
  certificatesNone: "Thiết bị này không có chứng thư số để ký.",
  credentialMissing: "Chưa thấy thiết bị có chứng thư số mà bên yêu cầu đã chọn. Hãy cắm thiết bị đó vào máy.",
  tokenNamed: (label: string) => `Thiết bị ${label}`,
  kindOf: { personal: "Cá nhân", organisation: "Cơ quan, tổ chức", unknown: "Không rõ loại" },
  organisation: "Đơn vị",
  issuedBy: (issuer: string) => `Nơi cấp: ${issuer}`,
  validTo: (date: string) => `Hiệu lực đến ${date}`,
  serial: (serial: string) => `Số hiệu: ${serial}`,
  unusable: "Không dùng được:",
  unusableUnknown: "thiết bị không nói lý do",
  pin: "Mã PIN của thiết bị",
  pinShow: "Mã PIN chỉ dùng cho lần ký này, không được lưu và không gửi cho trang yêu cầu.",
  pinPad: "Hãy nhập mã PIN trên chính thiết bị hoặc trong cửa sổ của thiết bị, sau khi bấm Ký.",
  pinMissing: "Hãy nhập mã PIN.",
  pinCapsLock: "Phím Caps Lock đang bật.",
  pinLow: "Mã PIN của thiết bị này đã bị nhập sai trước đó. Nhập sai thêm vài lần, thiết bị sẽ bị khóa.",
  pinFinal: "Thiết bị chỉ còn một lần nhập mã PIN. Nếu sai, thiết bị bị khóa và chỉ nơi cấp mở được.",
  pinFinalConfirm: "Tôi hiểu và chắc chắn về mã PIN của mình",
  pinFinalMissing: "Hãy xác nhận trước khi dùng lần nhập cuối cùng.",
  pinLocked: "Thiết bị đã bị khóa do nhập sai mã PIN nhiều lần. Hãy liên hệ nơi cấp để mở khóa.",
  certificateMissing: "Hãy chọn chứng thư số.",

  // Signing
  signingPlace: "Yêu cầu ký",
  signingTitle: (count: string) => `Ký ${count} tài liệu`,
  signingTitleOne: "Ký một tài liệu",
  sign: (count: string) => `Ký ${count} tài liệu`,
  signOne: "Ký tài liệu",
  act: { personal: "Chữ ký cá nhân", seal: "Con dấu của cơ quan", copy: "Ký bản sao" },
  level: {
    "b-b": "không có dấu thời gian",
    "b-t": "kèm dấu thời gian",
    "b-lt": "kèm dấu thời gian và bằng chứng để kiểm tra lâu dài",
    "b-lta": "kèm dấu thời gian và bằng chứng để lưu trữ",
  },
  reason: (reason: string) => `Lý do: ${reason}`,
  role: (role: string) => `Với vai trò: ${role}`,
  documents: "Tài liệu",
  filter: "Lọc theo tên",
  filterAll: (count: string) => `Tất cả (${count})`,
  filterWarned: (count: string) => `Có cảnh báo (${count})`,
  filterRefused: (count: string) => `Không ký được (${count})`,
  filterFailed: (count: string) => `Chưa ký được (${count})`,
  filterNone: "Không có tài liệu nào khớp.",
  filterFound: (count: string) => `${count} tài liệu`,
  pagesOf: (count: string) => `${count} trang`,
  hasWarning: "có cảnh báo",
  isRefused: "không ký được",
  preview: "Xem trước",
  previewPage: (page: string, total: string) => `Trang ${page} / ${total}`,
  previewPrevious: "Trang trước",
  previewNext: "Trang sau",
  previewLarger: "Phóng to",
  previewSmaller: "Thu nhỏ",
  previewOf: (name: string, page: string) => `Trang ${page} của ${name}`,
  previewLoading: "Đang vẽ trang…",
  previewNone: "Chọn một tài liệu để xem trước.",
  markHere: "Chữ ký ở đây",
  markElsewhere: (page: string) => `Chữ ký ở trang ${page}`,
  markNone: "Chữ ký trên tài liệu này không hiện ra trên trang.",
  markMove: "Kéo khung, bấm vào chỗ trống trên trang, hoặc dùng phím mũi tên (giữ Shift để đi xa hơn).",
  markFixed: "Bên yêu cầu đã chọn chỗ này; không dời được.",
  markPosition: (page: string, left: string, bottom: string) =>
    `Khung chữ ký, trang ${page}, cách mép trái ${left} mm, cách mép dưới ${bottom} mm`,
  markToThisPage: "Đặt chữ ký ở trang này",
  markForAll: "Dùng chỗ này cho mọi tài liệu",
  markForAllDone: (count: string) => `Đã đặt chỗ này cho ${count} tài liệu.`,
  markReset: "Về chỗ ban đầu",
  warnings: "Cảnh báo",
  warningsOfOthers: (count: string) => `${count} tài liệu`,
  clause: (clause: string) => `Căn cứ: ${clause}`,
  refusedSome: (count: string) => `${count} tài liệu không ký được và sẽ được bỏ qua.`,
  refusedAll: "Không tài liệu nào ký được. Hãy sửa tài liệu rồi gửi lại từ trang của trường.",
  unseen: "Kiểm tra nội dung trước khi ký: chữ ký số có giá trị như chữ ký tay.",

  // Progress and end
  progressTitle: "Đang ký",
  progressCount: (done: string, total: string) => `${done} / ${total} tài liệu`,
  progressRate: (rate: string) => `${rate} tài liệu mỗi giây`,
  progressRest: (time: string) => `còn khoảng ${time}`,
  progressWait: "Đang mở thiết bị ký…",
  progressPad: "Hãy nhập mã PIN trên thiết bị nếu được hỏi.",
  seconds: (count: string) => `${count} giây`,
  minutes: (count: string) => `${count} phút`,
  cancel: "Dừng ký",
  cancelling: "Đang dừng…",
  cancelHint: "Những tài liệu đã ký được giữ lại.",
  state: {
    received: "Chờ ký",
    refused: "Không ký được",
    signing: "Đang ký",
    signed: "Đã ký",
    failed: "Lỗi",
    cancelled: "Chưa ký",
  },
  doneAll: (count: string) => `Đã ký ${count} tài liệu`,
  doneSome: (done: string, total: string) => `Đã ký ${done} trong ${total} tài liệu`,
  doneNone: "Không tài liệu nào được ký",
  doneText: "Kết quả đã sẵn sàng trên trang của trường. Bạn có thể đóng cửa sổ này.",
  doneSomeText: "Phần đã ký được giữ lại trên trang của trường; phần còn lại có thể ký lại từ đó.",
  doneNoneText: "Không có gì bị thay đổi. Hãy làm lại từ trang của trường.",
  cancelledText: "Bạn đã dừng lượt ký.",
  takesTime: (time: string) => `Thời gian: ${time}`,
};

type Texts = typeof vi;

const en: Texts = {
  clock: (time) => `${time} left`,
  clockSoon: "One minute left to answer.",
  loading: "Opening the request…",
  language: "Language",
  refuse: "Refuse",
  program: "A program on this computer",
  insecure: "The connection to this page is not encrypted: somebody may have changed the page on its way.",
  calledBy: "Requested by",
  callsItself: (name) => `Calls itself “${name}”. triend does not check this name.`,
  from: "from",
  details: "Details",

  expiredTitle: "The request has run out of time",
  expiredText: "It was not answered in time, so nothing was signed or changed. Send it again from the school's page.",
  unknownTitle: "This window is no longer valid",
  unknownText: "Each window works once. Close this one and send the request again from the school's page.",
  unreachableTitle: "triend cannot be reached",
  unreachableText: "triend on this computer does not answer. Check that it is running, then send the request again.",
  refusedTitle: "Refused",
  refusedText: "Nothing was signed or changed. You can close this window.",
  answeredTitle: "The request has been answered",
  closeWindow: "You can close this window.",
  failedTitle: "It could not be done",

  pairingPlace: "Connection request",
  pairingTitle: "Allow this page to use triend?",
  pairingTitleProgram: "Allow this program to use triend?",
  pairingCheck: "Allow it only if you have just clicked Connect on exactly this page. Read the address with care.",
  pairingCheckProgram: "Allow it only if you have just started this program yourself and clicked Connect.",
  pairingWill: "Once allowed, the page can",
  pairingWillNot: "The page can never",
  pairingWillProgram: "Once allowed, the program can",
  pairingWillNotProgram: "The program can never",
  pairingCan: [
    "See the certificates on tokens that are plugged in: name, organisation, issuer, validity",
    "Send documents to be signed; you are asked each time, in a window like this one",
    "Have triend check the signatures on documents",
  ],
  pairingCannot: ["Sign without your consent", "Learn your PIN", "Read other files on this computer"],
  pairingEnd: "You can end this connection in triend at any time.",
  allow: "Allow",
  pairedTitle: "Allowed",
  pairedText: "Go back to the school's page to continue. You can close this window.",

  anchorPlace: "Root certificate",
  anchorAddTitle: "Trust this root certificate?",
  anchorRemoveTitle: "Stop trusting this root certificate?",
  anchorAddText: "Every signature that rests on this certificate will count as trustworthy on this computer. Somebody could bring a certificate of the same name: only the fingerprint tells them apart.",
  anchorRemoveText: "Signatures that rest on this certificate will no longer count as trustworthy on this computer.",
  subject: "Subject",
  issuer: "Issuer",
  validity: "Validity",
  fingerprint: "SHA-256 fingerprint",
  anchorHidden: "the last eight digits are hidden",
  anchorTypeAdd: "Type the last eight digits of the fingerprint",
  anchorHintAdd: "Take them from the issuer's own paper or official site, not from the page that sent this request. Compare what is shown above as well.",
  anchorTypeRemove: "Type the last eight digits of the fingerprint to confirm",
  anchorWrong: "These eight digits are not those of the certificate. If you typed them as the issuer prints them, this is another certificate: refuse it.",
  anchorNeedEight: "Exactly eight digits are needed: 0–9 and a–f.",
  anchorAdd: "Trust",
  anchorRemove: "Stop trusting",
  anchorAdded: "The root certificate is trusted",
  anchorRemoved: "The root certificate is no longer trusted",

  digestsPlace: "Request to sign digests",
  digestsTitle: (count) => `Sign ${count} digests without seeing the content?`,
  digestsLoud: "triend cannot see what will be signed",
  digestsText: "The caller sent digests and no documents. The names below are the caller's own words and may be wrong. Your signature will hold for whatever content has these digests.",
  digestsDescription: "Their description",
  digestsNames: "Names of the documents, in their words",
  digestsValues: "The digests",
  digestsSign: "Sign without seeing the content",
  digestsDone: "Agreed",
  digestsDoneText: "The result goes to the caller. You can close this window.",

  certificate: "Certificate",
  tokensLoading: "Reading tokens…",
  tokensNone: "No token found. Plug yours in; the list updates by itself.",
  certificatesNone: "This token has no certificate to sign with.",
  credentialMissing: "The token with the certificate that the caller chose is not here. Plug it in.",
  tokenNamed: (label) => `Token ${label}`,
  kindOf: { personal: "Person", organisation: "Organisation", unknown: "Of unknown kind" },
  organisation: "Organisation",
  issuedBy: (issuer) => `Issued by ${issuer}`,
  validTo: (date) => `Valid until ${date}`,
  serial: (serial) => `Serial number ${serial}`,
  unusable: "Cannot be used:",
  unusableUnknown: "the token does not say why",
  pin: "The token's PIN",
  pinShow: "The PIN is used for this signing alone, is not kept, and is not sent to the calling page.",
  pinPad: "Enter the PIN on the token itself or in its own window, after you press Sign.",
  pinMissing: "Enter the PIN.",
  pinCapsLock: "Caps Lock is on.",
  pinLow: "A wrong PIN was entered on this token before. After a few more the token locks.",
  pinFinal: "The token has one try of the PIN left. If it is wrong, the token locks and only its issuer can unlock it.",
  pinFinalConfirm: "I understand, and I am sure of my PIN",
  pinFinalMissing: "Confirm before you use the last try.",
  pinLocked: "The token is locked by wrong PINs. Ask its issuer to unlock it.",
  certificateMissing: "Choose a certificate.",

  signingPlace: "Request to sign",
  signingTitle: (count) => `Sign ${count} documents`,
  signingTitleOne: "Sign one document",
  sign: (count) => `Sign ${count} documents`,
  signOne: "Sign the document",
  act: { personal: "Personal signature", seal: "Seal of the organisation", copy: "Signed copy" },
  level: {
    "b-b": "without a time stamp",
    "b-t": "with a time stamp",
    "b-lt": "with a time stamp and the evidence for long-term verification",
    "b-lta": "with time stamps and the evidence for archiving",
  },
  reason: (reason) => `Reason: ${reason}`,
  role: (role) => `As: ${role}`,
  documents: "Documents",
  filter: "Filter by name",
  filterAll: (count) => `All (${count})`,
  filterWarned: (count) => `With warnings (${count})`,
  filterRefused: (count) => `Cannot be signed (${count})`,
  filterFailed: (count) => `Not signed (${count})`,
  filterNone: "No document matches.",
  filterFound: (count) => `${count} documents`,
  pagesOf: (count) => `${count} pages`,
  hasWarning: "has a warning",
  isRefused: "cannot be signed",
  preview: "Preview",
  previewPage: (page, total) => `Page ${page} of ${total}`,
  previewPrevious: "Previous page",
  previewNext: "Next page",
  previewLarger: "Larger",
  previewSmaller: "Smaller",
  previewOf: (name, page) => `Page ${page} of ${name}`,
  previewLoading: "Drawing the page…",
  previewNone: "Choose a document to look at.",
  markHere: "Signature here",
  markElsewhere: (page) => `The signature is on page ${page}`,
  markNone: "The signature on this document shows on no page.",
  markMove: "Drag the frame, click a free place on the page, or use the arrow keys (with Shift to go further).",
  markFixed: "The caller chose this place; it cannot be moved.",
  markPosition: (page, left, bottom) =>
    `Frame of the signature, page ${page}, ${left} mm from the left edge, ${bottom} mm from the lower edge`,
  markToThisPage: "Put the signature on this page",
  markForAll: "Use this place for all documents",
  markForAllDone: (count) => `This place is used for ${count} documents.`,
  markReset: "Back to the first place",
  warnings: "Warnings",
  warningsOfOthers: (count) => `${count} documents`,
  clause: (clause) => `Rule: ${clause}`,
  refusedSome: (count) => `${count} documents cannot be signed and will be left out.`,
  refusedAll: "No document can be signed. Correct them and send them again from the school's page.",
  unseen: "Check the content before you sign: a digital signature binds like one by hand.",

  progressTitle: "Signing",
  progressCount: (done, total) => `${done} of ${total} documents`,
  progressRate: (rate) => `${rate} documents a second`,
  progressRest: (time) => `about ${time} left`,
  progressWait: "Opening the token…",
  progressPad: "Enter the PIN on the token if it asks.",
  seconds: (count) => `${count} s`,
  minutes: (count) => `${count} min`,
  cancel: "Stop signing",
  cancelling: "Stopping…",
  cancelHint: "Documents that are signed are kept.",
  state: {
    received: "Waiting",
    refused: "Cannot be signed",
    signing: "Signing",
    signed: "Signed",
    failed: "Failed",
    cancelled: "Not signed",
  },
  doneAll: (count) => `${count} documents signed`,
  doneSome: (done, total) => `${done} of ${total} documents signed`,
  doneNone: "No document was signed",
  doneText: "The results are ready on the school's page. You can close this window.",
  doneSomeText: "What is signed is kept on the school's page; the rest can be signed again from there.",
  doneNoneText: "Nothing was changed. Start again from the school's page.",
  cancelledText: "You stopped the signing.",
  takesTime: (time) => `Time: ${time}`,
};

const CATALOGUE = { vi, en };
export type Language = keyof typeof CATALOGUE;

const KEPT = "trien-language";

export const LANGUAGES: readonly { language: Language; name: string }[] = [
  { language: "vi", name: "Tiếng Việt" },
  { language: "en", name: "English" },
];

let language: Language = localStorage.getItem(KEPT) === "en" ? "en" : "vi";

export function current(): Language {
  return language;
}

export function speak(chosen: Language): void {
  language = chosen;
  localStorage.setItem(KEPT, chosen);
}

export function texts(): Texts {
  return CATALOGUE[language];
}

/** The one of two sentences that the daemon sends which is in the page's language. */
export function said(sentences: { message: string; message_en: string }): string {
  return language === "en" ? sentences.message_en : sentences.message;
}

export function number(value: number, digits = 0): string {
  const format = { maximumFractionDigits: digits, minimumFractionDigits: digits };
  return new Intl.NumberFormat(language === "en" ? "en-GB" : "vi-VN", format).format(value);
}

/** The day of a time in RFC 3339, as its offset has it. */
export function day(time: string): string {
  const [year, month, date] = time.slice(0, 10).split("-");
  return `${date}/${month}/${year}`;
}

/** A length of time in words: seconds up to two minutes, then minutes. */
export function lasting(seconds: number): string {
  return seconds < 120 ? texts().seconds(number(Math.max(1, Math.round(seconds)))) : texts().minutes(number(Math.round(seconds / 60)));
}

/** PDF points in whole millimetres. */
export function millimetres(points: number): string {
  return number(Math.round((points * 25.4) / 72));
}
