import { callerOf } from "./caller.js";
import { decision } from "./decision.js";
import { icon, make, note } from "./dom.js";
import { endView } from "./end.js";
import { signer } from "./signer.js";
import { number, said, texts } from "./texts.js";
export function digestsView(digests, ask, way) {
    const words = texts();
    const title = words.digestsTitle(number(digests.count));
    const choice = signer(digests.credential);
    const approve = () => {
        const chosen = choice.take();
        if (chosen !== null) {
            void way.answer({ answer: "approved", ...chosen });
        }
    };
    choice.onEnter = approve;
    choice.update(ask.tokens ?? null);
    const buttons = decision({ words: words.digestsSign, kind: "danger", run: approve }, () => void way.answer({ answer: "refused" }), choice.pin);
    const names = digests.names.filter((name) => name !== "");
    const element = make("article", { class: "card" }, make("h1", {}, title), make("div", { class: "loud" }, icon("warning"), make("div", {}, make("p", { class: "loud-title" }, words.digestsLoud), make("p", {}, words.digestsText))), callerOf(ask.caller), digests.description === ""
        ? null
        : make("div", {}, make("p", { class: "label" }, words.digestsDescription), make("blockquote", {}, digests.description)), names.length === 0
        ? null
        : make("div", {}, make("p", { class: "label" }, words.digestsNames), make("ul", { class: "names" }, ...names.map((name) => make("li", {}, name)))), make("details", {}, make("summary", {}, `${words.digestsValues} (${number(digests.count)})`), make("ul", { class: "digests" }, ...digests.digests.map((digest) => make("li", { translate: "no" }, digest)))), choice.element, buttons.element);
    return {
        element,
        title,
        place: words.digestsPlace,
        update: (now) => choice.update(now.tokens ?? null),
        busy: (state) => buttons.busy(state),
        kept: () => ({ choice: choice.kept() }),
        resume: (kept) => {
            if (kept.choice !== undefined) {
                choice.resume(kept.choice);
            }
        },
    };
}
export function digestsCourse(ask, way) {
    const words = texts();
    if (ask.outcome?.state !== "underway") {
        return endView("calm", words.digestsOpening);
    }
    const view = endView("good", words.digestsUnderway, words.digestsUnderwayText);
    const refused = ask.outcome.refused ?? null;
    if (refused !== null) {
        view.element.append(note("warning", make("b", {}, words.digestsRefused), " ", said(refused)));
    }
    const back = make("button", {
        type: "button",
        class: "button",
        click: () => {
            back.disabled = true;
            void way.cancel();
        },
    }, words.digestsTakeBack);
    view.element.append(back);
    return view;
}
