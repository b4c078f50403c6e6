import { isEncryptedOrLocal, nameBeside, originOf } from "./caller.js";
import { decision } from "./decision.js";
import { icon, make, note } from "./dom.js";
import { own } from "./catalogue.js";
import { texts } from "./texts.js";
export const STATUS = `${location.origin}/status`;
function list(title, kind, shape, items) {
    return make("section", { class: `abilities ${kind}` }, make("h2", {}, title), make("ul", {}, ...items.map((item) => make("li", {}, icon(shape), make("span", {}, item)))));
}
export function pairingView(pairing, way) {
    const words = texts();
    const { origin } = pairing;
    const name = nameBeside(pairing);
    const isPage = origin !== null;
    const title = isPage ? words.pairingTitle : words.pairingTitleProgram;
    const choice = decision({ words: words.allow, kind: "primary", run: () => void way.answer({ answer: "approved" }) }, () => void way.answer({ answer: "refused" }));
    const element = make("article", { class: "card" }, make("h1", {}, title), make("div", { class: "who" }, originOf(origin), name === null ? null : make("p", { class: "hint" }, words.callsItself(name))), isPage && !isEncryptedOrLocal(origin) ? note("warning", words.insecure) : null, make("p", { class: "lead" }, isPage ? words.pairingCheck : words.pairingCheckProgram), make("div", { class: "pair" }, list(isPage ? words.pairingWill : words.pairingWillProgram, "can", "check", words.pairingCan), isPage
        ? list(words.pairingWillNot, "cannot", "cross", words.pairingCannot)
        : list(words.pairingWillNotProgram, "cannot", "cross", words.pairingCannotProgram)), isPage ? null : note("warning", words.pairingProgramText), make("p", { class: "hint" }, words.pairingEnd(own(STATUS))), choice.element);
    return { element, title, place: words.pairingPlace, busy: (state) => choice.busy(state) };
}
