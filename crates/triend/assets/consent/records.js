import { callerOf } from "./caller.js";
import { decision } from "./decision.js";
import { icon, make, note } from "./dom.js";
import { endView } from "./end.js";
import { own } from "./catalogue.js";
import { STATUS } from "./pairing.js";
import { current, day, texts } from "./texts.js";
const WORDS = {
    vi: {
        place: "Quyền đối với sổ sách",
        rightsTitle: "Cho phép thêm quyền đối với sổ sách?",
        rightsText: "Chỉ cho phép nếu đây là phần mềm mà nhà trường dùng để quản lý sổ người ký và hồ sơ. Ký và kiểm tra chữ ký không cần quyền này.",
        can: "Nếu được phép, bên yêu cầu có thể",
        rights: {
            "records-read": "Đọc sổ người ký, thông tin lưu kèm hồ sơ và nhật ký: có tên người và số văn bản",
            "records-write": "Ghi thêm vào sổ người ký và hồ sơ, mỗi lần ghi đều vào nhật ký; hủy thì vẫn phải hỏi bạn",
        },
        rightsEnd: (address) => `Quyền này mất khi bạn gỡ kết nối ở ${address} trên máy này.`,
        allow: "Cho phép",
        rightsDone: "Đã cho phép",
        destructionPlace: "Hủy thông tin lưu kèm",
        destructionTitle: "Hủy thông tin lưu kèm hồ sơ này?",
        destructionText: "Thông tin đã hủy không lấy lại được. Chỉ đồng ý khi văn bản đã được hủy ở hệ thống khác theo quyết định dưới đây (TT 41/2017, Điều 10).",
        decision: "Quyết định",
        record: "Hồ sơ số",
        number: "Số, ký hiệu văn bản",
        direction: { incoming: "Văn bản đến", outgoing: "Văn bản đi" },
        kept: "Lưu từ",
        items: "Số mục sẽ hủy",
        sha256: "SHA-256 của văn bản",
        destroy: "Hủy vĩnh viễn",
        destructionDone: "Đã đồng ý hủy",
    },
    en: {
        place: "Right to the records",
        rightsTitle: "Give a right to the records?",
        rightsText: "Allow it only if this is the software with which the school keeps its register of signers and its records. Signing and checking signatures need no such right.",
        can: "If allowed, the caller can",
        rights: {
            "records-read": "Read the register of signers, the evidence kept with records, and the log: names of people and numbers of documents",
            "records-write": "Add to the register and the records; every entry goes into the log, and you are still asked before anything is destroyed",
        },
        rightsEnd: (address) => `The right ends when you disconnect it at ${address} on this computer.`,
        allow: "Allow",
        rightsDone: "Allowed",
        destructionPlace: "Destruction of evidence",
        destructionTitle: "Destroy the evidence kept with this record?",
        destructionText: "What is destroyed does not come back. Agree only where another system has destroyed the document by the decision below (TT 41/2017, art. 10).",
        decision: "Decision",
        record: "Record number",
        number: "Number and symbol of the document",
        direction: { incoming: "Incoming document", outgoing: "Outgoing document" },
        kept: "Kept since",
        items: "Items that will be destroyed",
        sha256: "SHA-256 of the document",
        destroy: "Destroy for good",
        destructionDone: "Agreed to destroy",
    },
};
export function rightsView(rights, caller, way) {
    const words = WORDS[current()];
    const choice = decision({ words: words.allow, kind: "primary", run: () => void way.answer({ answer: "approved" }) }, () => void way.answer({ answer: "refused" }));
    const items = rights.rights.map((right) => make("li", {}, icon("warning"), make("span", {}, words.rights[right] ?? right)));
    const element = make("article", { class: "card" }, make("h1", {}, words.rightsTitle), callerOf(caller), note("warning", words.rightsText), make("section", { class: "abilities can" }, make("h2", {}, words.can), make("ul", {}, ...items)), make("p", { class: "hint" }, words.rightsEnd(own(STATUS))), choice.element);
    return { element, title: words.rightsTitle, place: words.place, busy: (state) => choice.busy(state) };
}
export function destructionView(destruction, caller, way) {
    const words = WORDS[current()];
    const { record } = destruction;
    const choice = decision({ words: words.destroy, kind: "danger", run: () => void way.answer({ answer: "approved" }) }, () => void way.answer({ answer: "refused" }));
    const fact = (name, value) => value === null || value === "" ? [] : [make("dt", {}, name), make("dd", {}, value)];
    const number = [record.number, record.symbol].filter((part) => part !== null).join("/");
    const element = make("article", { class: "card" }, make("h1", {}, words.destructionTitle), note("danger", words.destructionText), make("dl", { class: "facts" }, ...fact(words.record, `${record.id} – ${words.direction[record.direction]}`), ...fact(words.number, number), ...fact(words.decision, destruction.decision), ...fact(words.kept, day(record.kept)), ...fact(words.items, String(destruction.items)), make("dt", {}, words.sha256), make("dd", { class: "fingerprint", translate: "no" }, record.sha256)), callerOf(caller), choice.element);
    return {
        element,
        title: words.destructionTitle,
        place: words.destructionPlace,
        busy: (state) => choice.busy(state),
    };
}
export const rightsGiven = () => endView("good", WORDS[current()].rightsDone, texts().closeWindow);
export const destructionAgreed = () => endView("good", WORDS[current()].destructionDone, texts().closeWindow);
