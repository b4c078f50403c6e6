import { documentList } from "./documents.js";
import { icon, make, note, say } from "./dom.js";
import { lasting, number, said, texts } from "./texts.js";
const SHAPES = {
    received: { shape: "wait", kind: "plain" },
    refused: { shape: "cross", kind: "bad" },
    signing: { shape: "wait", kind: "now" },
    signed: { shape: "check", kind: "good" },
    failed: { shape: "cross", kind: "bad" },
    cancelled: { shape: "minus", kind: "plain" },
};
const ENDS = ["finished", "stopped", "cancelled"];
export function hasEnded({ state }) {
    return ENDS.includes(state);
}
const course = { from: null, counted: 0, until: 0, isOver: false };
function follow(signing) {
    if (course.isOver) {
        return;
    }
    course.isOver = hasEnded(signing);
    const now = performance.now();
    if (course.from === null && !hasEnded(signing)) {
        course.from = now;
        course.counted = signing.signed;
    }
    course.until = now;
}
function rate(signing) {
    const seconds = course.from === null ? 0 : (course.until - course.from) / 1000;
    const signed = signing.signed - course.counted;
    return seconds >= 1 && signed > 0 ? signed / seconds : null;
}
function told(document, stopped) {
    const { shape, kind } = SHAPES[document.state];
    const words = texts().state[document.state];
    const isSaid = document.error === null || document.state === "cancelled" || document.error.message === stopped?.message;
    const why = isSaid || document.error === null ? words : `${words}: ${said(document.error)}`;
    return [{ shape, kind, words: why }];
}
function list(stopped) {
    const words = texts();
    const isUnsigned = ({ state }) => ["failed", "refused", "cancelled"].includes(state);
    return documentList([
        { name: "all", words: words.filterAll, has: () => true },
        { name: "failed", words: words.filterFailed, has: isUnsigned },
    ], (document) => told(document, stopped), null);
}
function keeping(documents) {
    return {
        kept: () => ({ list: documents.kept() }),
        resume: ({ list }) => {
            if (list !== undefined) {
                documents.resume(list);
            }
        },
    };
}
export function progressView(signing, way) {
    const words = texts();
    const bar = make("progress", { max: signing.total, value: 0, "aria-label": words.progressTitle });
    const count = make("p", { class: "count" });
    const pace = make("p", { class: "hint" });
    const documents = list(null);
    let spokenTenth = 0;
    const cancel = make("button", {
        type: "button",
        class: "button",
        click: () => {
            cancel.disabled = true;
            cancel.textContent = words.cancelling;
            say(words.cancelling);
            void way.cancel();
        },
    }, words.cancel);
    function draw(now) {
        follow(now);
        const done = now.signed + now.failed;
        bar.value = done;
        count.textContent = words.progressCount(number(done), number(now.total));
        const speed = rate(now);
        pace.textContent =
            speed === null
                ? done === 0
                    ? words.progressWait
                    : ""
                : `${words.progressRate(number(speed, speed < 10 ? 1 : 0))} · ${words.progressRest(lasting((now.total - done) / speed))}`;
        const tenth = Math.floor((done * 10) / Math.max(1, now.total));
        if (tenth > spokenTenth) {
            spokenTenth = tenth;
            say(count.textContent);
        }
        documents.update(now.documents);
    }
    draw(signing);
    const element = make("article", { class: "card course" }, make("h1", {}, words.progressTitle), bar, make("div", { class: "course-line" }, count, pace), documents.element, make("div", { class: "decision" }, make("div", { class: "buttons" }, make("p", { class: "hint" }, words.cancelHint), cancel)));
    return {
        element,
        title: words.progressTitle,
        place: words.signingPlace,
        update: (now) => {
            if (now.kind === "signing") {
                draw(now.signing);
            }
        },
        ...keeping(documents),
    };
}
export function summaryView(signing) {
    const words = texts();
    follow(signing);
    const { signed, total } = signing;
    const isWhole = signed === total;
    const title = isWhole
        ? words.doneAll(number(signed))
        : signed === 0
            ? words.doneNone
            : words.doneSome(number(signed), number(total));
    const documents = list(signing.stopped);
    documents.update(signing.documents);
    if (!isWhole) {
        documents.sort("failed");
    }
    const took = course.from === null ? null : (course.until - course.from) / 1000;
    const sign = isWhole ? "check" : "warning";
    const element = make("article", { class: `card course end-${isWhole ? "good" : "bad"}` }, make("div", { class: "course-head" }, make("div", { class: "end-sign" }, icon(sign)), make("h1", {}, title)), signing.stopped === null ? null : note("danger", said(signing.stopped)), signing.state === "cancelled" && signing.stopped === null ? note("info", words.cancelledText) : null, make("p", {}, isWhole ? words.doneText : signed === 0 ? words.doneNoneText : words.doneSomeText), took === null || signed === 0 ? null : make("p", { class: "hint" }, words.takesTime(lasting(took))), documents.element);
    return { element, title, place: words.signingPlace, ...keeping(documents) };
}
