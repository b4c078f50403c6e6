// What keeps a page from triend, in words for the person in front of it.

import type { Failure } from "./model.js";

/** A call that failed: what triend said, or what keeps the page from it. */
export class TrienError extends Error {
  readonly code: string;
  /** The sentence in English; `message` is the one in Vietnamese. */
  readonly messageEnglish: string;
  readonly retriable: boolean;
  /** The document it is about, from 0 in the order in which they were given; absent for all others. */
  readonly document: number | null;

  constructor(failure: Failure, document: number | null = null) {
    super(failure.message);
    this.name = "TrienError";
    this.code = failure.code;
    this.messageEnglish = failure.message_en;
    this.retriable = failure.retriable;
    this.document = document;
  }

  /** @internal */
  about(document: number): TrienError {
    const { code, message, messageEnglish, retriable } = this;
    return new TrienError({ code, message, message_en: messageEnglish, retriable }, document);
  }
}

/**
 * What this client itself tells; all others are triend's.
 * @internal
 */
export const OWN_FAILURES = {
  "not-reachable": {
    code: "not-reachable",
    message:
      "Không tìm thấy triend trên máy này: hãy mở chương trình triend (hoặc cài đặt, nếu chưa có) rồi thử lại.",
    message_en: "triend was not found on this machine: start it, or install it first, and try again.",
    retriable: true,
  },
  "connection-lost": {
    code: "connection-lost",
    message: "Mất liên lạc với triend giữa chừng: hãy kiểm tra rằng triend vẫn đang chạy rồi thử lại.",
    message_en: "The connection to triend was lost on the way: check that it still runs, and try again.",
    retriable: true,
  },
  // triend's own code: a browser gives a page that is not let in nothing of that answer to read.
  "origin-foreign": {
    code: "origin-foreign",
    message: "Trang này chưa được kết nối hoặc đã bị gỡ kết nối với triend trên máy này: hãy kết nối lại.",
    message_en: "This page is not connected to triend on this machine, or was disconnected: connect it again.",
    retriable: false,
  },
  "blocked-by-page": {
    code: "blocked-by-page",
    message:
      "Chính sách nội dung (CSP) của trang này chặn việc gọi triend: người quản trị trang cần thêm địa chỉ http://127.0.0.1:14741 đến 14744 vào connect-src.",
    message_en:
      "This page's content security policy keeps it from triend: whoever runs the page must add http://127.0.0.1:14741 to 14744 to connect-src.",
    retriable: false,
  },
  "version-too-old": {
    code: "version-too-old",
    message: "triend trên máy này là bản cũ, trang này cần bản mới hơn: hãy cập nhật triend rồi thử lại.",
    message_en: "triend on this machine is too old for this page: update it and try again.",
    retriable: false,
  },
  "permission-denied": {
    code: "permission-denied",
    message:
      "Trình duyệt không cho trang này gọi ứng dụng trên máy: hãy bấm biểu tượng bên trái thanh địa chỉ, cho phép “Ứng dụng trên thiết bị” (truy cập mạng cục bộ), rồi tải lại trang.",
    message_en:
      "The browser does not let this page reach programs on this device: click the icon left of the address, allow access to apps on the device (local network), and load the page again.",
    retriable: true,
  },
  "page-insecure": {
    code: "page-insecure",
    message: "Trang này không dùng https nên trình duyệt không cho gọi triend: hãy mở trang bằng https.",
    message_en: "This page is not served by https, so the browser does not let it reach triend: open it by https.",
    retriable: false,
  },
  "not-triend": {
    code: "not-triend",
    message:
      "Một chương trình khác đang giả làm triend trên máy này: đừng ký. Hãy báo người quản trị máy.",
    message_en: "Another program on this machine pretends to be triend: do not sign, and tell its administrator.",
    retriable: false,
  },
  "pairing-refused": {
    code: "pairing-refused",
    message: "Bạn chưa cho phép trang này dùng triend.",
    message_en: "You did not let this page use triend.",
    retriable: true,
  },
  "pairing-expired": {
    code: "pairing-expired",
    message: "Chưa có câu trả lời trong cửa sổ của triend: hãy bấm kết nối lại và trả lời trong bốn phút.",
    message_en: "triend's window was not answered: connect again and answer within four minutes.",
    retriable: true,
  },
  "answer-unreadable": {
    code: "answer-unreadable",
    message: "triend trả lời không đọc được: hãy cập nhật triend hoặc trang này.",
    message_en: "triend's answer cannot be read: update triend or this page.",
    retriable: false,
  },
} as const satisfies Record<string, Failure>;

/** @internal */
export function own(code: keyof typeof OWN_FAILURES): TrienError {
  return new TrienError(OWN_FAILURES[code]);
}
