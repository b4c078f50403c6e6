import { anchorView } from "./anchor.js";
import { Refused, Window } from "./calls.js";
import { digestsCourse, digestsView } from "./digests.js";
import { make, note, say, show } from "./dom.js";
import { ended } from "./end.js";
import { pairingView } from "./pairing.js";
import { hasEnded, progressView, summaryView } from "./progress.js";
import { signingView } from "./signing.js";
import { destructionAgreed, destructionView, rightsGiven, rightsView } from "./records.js";
import { LANGUAGES, current, said, speak, texts } from "./texts.js";
const ANSWERED = "trien-answered";
let view = null;
let again = () => ended.unknown();
let trouble = null;
let isSending = false;
let ask = null;
let ends = null;
function put(make) {
    again = make;
    trouble = null;
    view = make();
    show(view.element, view.title);
    const place = document.getElementById("place");
    if (place !== null) {
        place.textContent = view.place;
    }
}
function translate() {
    const [old, told] = [view?.kept?.(), trouble];
    put(again);
    if (old !== undefined) {
        view?.resume?.(old);
    }
    view?.busy?.(isSending ? "sending" : "waiting");
    if (told !== null) {
        complain(told);
    }
}
function finish(make) {
    ends = null;
    tick();
    put(make);
}
function tick() {
    const clock = document.getElementById("clock");
    if (clock === null) {
        return;
    }
    clock.hidden = ends === null;
    if (ends === null) {
        return;
    }
    const left = Math.max(0, Math.round((ends - performance.now()) / 1000));
    clock.textContent = texts().clock(`${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
    clock.classList.toggle("soon", left <= 60);
    if (left === 60) {
        say(texts().clockSoon);
    }
    if (left === 0) {
        finish(ended.expired);
    }
}
function languages() {
    document.documentElement.lang = current();
    const group = document.getElementById("languages");
    group?.setAttribute("aria-label", texts().language);
    group?.replaceChildren(...LANGUAGES.map(({ language, name }) => make("button", {
        type: "button",
        lang: language,
        "aria-pressed": String(language === current()),
        click: () => {
            speak(language);
            languages();
            translate();
            tick();
            group.querySelector('[aria-pressed="true"]')?.focus();
        },
    }, name)));
}
function viewOf(now, way) {
    const stopped = now.outcome?.stopped ?? null;
    if (stopped !== null) {
        return () => ended.failed(stopped);
    }
    if (!now.answered) {
        return () => {
            switch (now.kind) {
                case "pairing":
                    return pairingView(now.pairing, way);
                case "anchor":
                    return anchorView(now.anchor, now.caller, way);
                case "rights":
                    return rightsView(now.rights, now.caller, way);
                case "destruction":
                    return destructionView(now.destruction, now.caller, way);
                case "digests":
                    return digestsView(now.digests, ask ?? now, way);
                case "signing":
                    return signingView(now.signing, ask ?? now, way);
            }
        };
    }
    const answered = sessionStorage.getItem(ANSWERED);
    if (answered === "refused") {
        return ended.refused;
    }
    if (now.kind === "signing") {
        return () => {
            const { signing } = ask?.kind === "signing" ? ask : now;
            return hasEnded(signing) ? summaryView(signing) : progressView(signing, way);
        };
    }
    if (answered === null) {
        return ended.answered;
    }
    const isDone = now.outcome?.state === "done";
    if (now.kind === "digests") {
        return isDone ? ended.digests : () => digestsCourse(ask ?? now, way);
    }
    if (!isDone) {
        return ended.underway;
    }
    switch (now.kind) {
        case "pairing":
            return ended.paired;
        case "rights":
            return rightsGiven;
        case "destruction":
            return destructionAgreed;
        case "anchor":
            return now.anchor.change === "add" ? ended.anchorAdded : ended.anchorRemoved;
    }
}
function goesOn(now) {
    if (!now.answered || sessionStorage.getItem(ANSWERED) === "refused") {
        return false;
    }
    const state = now.outcome?.state;
    return now.kind === "signing" ? !hasEnded(now.signing) && state !== "stopped" : state !== "done" && state !== "stopped";
}
function stage(now) {
    return JSON.stringify([now.answered, goesOn(now), now.outcome ?? null]);
}
function take(now, way) {
    const turned = ask === null || stage(ask) !== stage(now);
    ask = now;
    if (now.seconds_left !== null) {
        ends = performance.now() + now.seconds_left * 1000;
    }
    if (now.answered || now.outcome?.state === "stopped") {
        ends = null;
    }
    tick();
    if (turned) {
        put(viewOf(now, way));
    }
    else {
        view?.update?.(now);
    }
    const isOver = now.answered ? !goesOn(now) : now.outcome?.state === "stopped";
    return isOver ? "enough" : "more";
}
function wayOf(window) {
    const way = {
        async answer(answer) {
            isSending = true;
            view?.busy?.("sending");
            sessionStorage.setItem(ANSWERED, answer.answer);
            try {
                await window.answer(answer);
            }
            catch (error) {
                sessionStorage.removeItem(ANSWERED);
                isSending = false;
                view?.busy?.("waiting");
                fail(error);
                return;
            }
            isSending = false;
            try {
                take(await window.ask(), way);
            }
            catch (error) {
                if (answer.answer === "refused") {
                    finish(ended.refused);
                }
                else if (!(error instanceof Refused) || error.failure === null) {
                    fail(error);
                }
            }
        },
        cancel: () => window.cancel(),
        picture: (document, page, width) => window.picture(document, page, width),
        markPicture: () => window.markPicture(),
    };
    return way;
}
function fail(error) {
    const failure = error instanceof Refused ? error.failure : null;
    if (failure === null) {
        finish(ended.unreachable);
    }
    else if (failure.code === "consent-unknown") {
        finish(ended.unknown);
    }
    else {
        complain(failure);
    }
}
function complain(failure) {
    trouble = failure;
    if (view?.failed?.(failure) !== "shown") {
        const words = note("danger", make("b", {}, texts().failedTitle), ": ", said(failure));
        words.setAttribute("role", "alert");
        words.classList.add("trouble");
        view?.element.querySelector(".trouble")?.remove();
        view?.element.querySelector(".decision")?.before(words);
    }
}
function gone() {
    if (sessionStorage.getItem(ANSWERED) === "refused") {
        finish(ended.refused);
    }
    else if (ask?.answered !== true) {
        finish(ended.expired);
    }
    else if (ask.kind !== "signing" || ask.signing.signed + ask.signing.failed === 0) {
        finish(ended.answered);
    }
}
async function start() {
    languages();
    setInterval(tick, 1000);
    try {
        const window = await Window.open();
        const way = wayOf(window);
        if (take(await window.ask(), way) === "more") {
            const end = await window.watch((now) => take(now, way));
            if (end === "lost") {
                finish(ended.unreachable);
            }
            else if (end === "gone") {
                gone();
            }
        }
    }
    catch (error) {
        fail(error);
    }
}
void start();
