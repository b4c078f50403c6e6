import { icon, make } from "./dom.js";
import { said, texts } from "./texts.js";
export function endView(kind, title, ...lines) {
    const shapes = { good: "check", calm: "info", bad: "warning" };
    const element = make("article", { class: `card end end-${kind}` }, make("div", { class: "end-sign" }, icon(shapes[kind])), make("h1", {}, title), ...lines.map((line) => make("p", {}, line)));
    return { element, title, place: "" };
}
export const ended = {
    expired: () => endView("calm", texts().expiredTitle, texts().expiredText),
    unknown: () => endView("calm", texts().unknownTitle, texts().unknownText),
    unreachable: () => endView("bad", texts().unreachableTitle, texts().unreachableText),
    refused: () => endView("calm", texts().refusedTitle, texts().refusedText),
    answered: () => endView("calm", texts().answeredTitle, texts().closeWindow),
    underway: () => endView("calm", texts().underwayTitle),
    paired: () => endView("good", texts().pairedTitle, texts().pairedText),
    failed: (failure) => endView("bad", texts().failedTitle, said(failure), texts().closeWindow),
    digests: () => endView("good", texts().digestsDone, texts().digestsDoneText),
    anchorAdded: () => endView("good", texts().anchorAdded, texts().closeWindow),
    anchorRemoved: () => endView("good", texts().anchorRemoved, texts().closeWindow),
};
