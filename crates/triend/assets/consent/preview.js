import { Refused } from "./calls.js";
import { freshId, icon, make, note, reveal, say } from "./dom.js";
import {} from "./places.js";
import { millimetres, number, said, texts } from "./texts.js";
const ZOOMS = [1, 1.5, 2, 3];
const MARGIN = 48;
const KEPT = 12;
const STEP = 72 / 25.4;
const LONG_STEP = STEP * 10;
const WIDEST = 860;
function drawnLooks(looks, way) {
    const drawn = make("span", { class: "mark-looks", "aria-hidden": "true" });
    if (looks?.kind === "text") {
        drawn.append(...looks.lines.map((line) => make("span", { class: "mark-line" }, line)));
    }
    else if (looks?.kind === "picture") {
        const ink = make("img", { alt: "", draggable: "false" });
        drawn.append(ink);
        void way.markPicture().then((address) => {
            ink.src = address;
        }, () => {
            drawn.replaceChildren(texts().markUnseen);
            say(texts().markUnseen);
        });
    }
    return drawn;
}
function pagesOf({ pages }) {
    return Math.max(1, pages ?? 1);
}
export function preview(way, places, all, { act, looks = null }) {
    const words = texts();
    const drawn = drawnLooks(looks, way);
    const kept = new Map();
    let shown = null;
    let page = 0;
    let zoom = 0;
    let picture = null;
    let call = 0;
    let speaking = 0;
    const hintId = freshId();
    const tool = (shape, name, run) => make("button", { type: "button", class: "tool", "aria-label": name, title: name, click: run }, icon(shape));
    const previous = tool("left", words.previewPrevious, () => turn(page - 1));
    const next = tool("right", words.previewNext, () => turn(page + 1));
    const smaller = tool("minus", words.previewSmaller, () => scale(zoom - 1));
    const larger = tool("plus", words.previewLarger, () => scale(zoom + 1));
    const pageName = make("span", { class: "page-name", "aria-live": "polite" });
    const title = make("h2", { class: "preview-name" });
    const image = make("img", { alt: "", draggable: "false" });
    const waiting = make("p", { class: "hint waiting" }, icon("wait"), words.previewLoading);
    const trouble = make("div", { class: "picture-trouble" });
    const markLabel = act === "seal" || act === "copy" ? words.sealHere : words.markHere;
    const markName = make("span", { class: "mark-name" }, markLabel);
    const mark = make("button", {
        type: "button",
        class: "mark",
        "aria-describedby": hintId,
        pointerdown: (event) => drag(event),
        keydown: (event) => nudge(event),
    }, markName);
    const sheet = make("div", { class: "sheet", click: (event) => putThere(event) }, image, drawn, mark);
    const stage = make("div", { class: "stage", tabindex: 0, role: "group", "aria-label": words.preview }, waiting, trouble, sheet);
    const hint = make("p", { class: "hint", id: hintId });
    const forAll = make("button", { type: "button", class: "small-button", click: () => putAll() }, words.markForAll);
    const back = make("button", { type: "button", class: "small-button", click: () => reset() }, words.markReset);
    const hither = make("button", { type: "button", class: "small-button", click: () => bring() }, words.markToThisPage);
    const goThere = make("button", { type: "button", class: "small-button", click: () => turn(place()?.page ?? page) });
    const tools = make("div", { class: "mark-tools" }, goThere, hither, forAll, back);
    const concerns = make("div", { class: "concerns" });
    function marked() {
        return shown !== null && shown.mark !== null && shown.state === "received"
            ? shown
            : null;
    }
    function place() {
        const document = marked();
        return document === null ? null : places.of(document);
    }
    function turn(to) {
        if (shown !== null && to >= 0 && to < pagesOf(shown)) {
            page = to;
            void load();
        }
    }
    function scale(to) {
        zoom = Math.max(0, Math.min(ZOOMS.length - 1, to));
        void load();
    }
    async function load() {
        const document = shown;
        if (document === null) {
            return;
        }
        call += 1;
        const mine = call;
        const factor = ZOOMS[zoom] ?? 1;
        const width = Math.min(WIDEST, Math.max(200, stage.clientWidth - 32)) * factor;
        const pixels = Math.min(2400, Math.ceil((width * devicePixelRatio) / 200) * 200);
        const key = `${document.number}/${page}/${pixels}`;
        previous.disabled = page === 0;
        next.disabled = page + 1 >= pagesOf(document);
        smaller.disabled = zoom === 0;
        larger.disabled = zoom === ZOOMS.length - 1;
        pageName.textContent = words.previewPage(number(page + 1), number(pagesOf(document)));
        trouble.replaceChildren();
        let got = kept.get(key);
        if (got === undefined) {
            waiting.hidden = false;
            sheet.hidden = true;
            try {
                got = await way.picture(document.number, page, pixels);
            }
            catch (error) {
                if (mine === call) {
                    waiting.hidden = true;
                    const failure = error instanceof Refused ? error.failure : null;
                    trouble.replaceChildren(note("warning", failure === null ? words.unreachableTitle : said(failure)));
                }
                return;
            }
            keep(key, got);
        }
        if (mine !== call) {
            return;
        }
        picture = got;
        image.src = got.address;
        image.alt = words.previewOf(document.name, number(page + 1));
        sheet.style.width = `${width}px`;
        sheet.style.aspectRatio = `${got.width} / ${got.height}`;
        const missing = got.leftOut.map((what) => words.leftOut[what]).filter((what) => what !== undefined);
        trouble.replaceChildren(...(missing.length === 0 ? [] : [note("warning", `${words.leftOutOf} ${missing.join("; ")}. ${words.leftOutDo}`)]));
        waiting.hidden = true;
        sheet.hidden = false;
        drawMark();
        if (place()?.page === page) {
            reveal(stage, mark, MARGIN);
        }
        else {
            stage.scrollTo(0, 0);
        }
    }
    function keep(key, got) {
        kept.set(key, got);
        for (const [old, { address }] of kept) {
            if (kept.size <= KEPT) {
                break;
            }
            URL.revokeObjectURL(address);
            kept.delete(old);
        }
    }
    function drawMark() {
        const document = marked();
        const at = place();
        const here = document !== null && at !== null && at.page === page && picture !== null;
        const movable = document?.mark.movable === true;
        mark.hidden = !here;
        drawn.hidden = !here;
        mark.classList.toggle("movable", movable);
        sheet.classList.toggle("movable", movable);
        mark.setAttribute("aria-disabled", String(!movable));
        forAll.hidden = !movable || all().filter((other) => other.mark?.movable === true).length < 2;
        back.hidden = !movable || !(document !== null && places.isMoved(document));
        hither.hidden = !movable || at?.page === page;
        goThere.hidden = at === null || at.page === page;
        goThere.textContent = at === null ? "" : words.markElsewhere(number(at.page + 1));
        hint.textContent = shown === null || shown.state !== "received" ? "" : document === null ? words.markNone : movable ? words.markMove : words.markFixed;
        if (here && picture !== null && document !== null && at !== null) {
            const { width, height } = document.mark;
            for (const part of [mark, drawn]) {
                part.style.left = `${(at.left / picture.width) * 100}%`;
                part.style.bottom = `${(at.bottom / picture.height) * 100}%`;
                part.style.width = `${(width / picture.width) * 100}%`;
                part.style.height = `${(height / picture.height) * 100}%`;
            }
            const beside = (1 - (at.left + width) / picture.width) * sheet.clientWidth;
            mark.classList.toggle("leftward", beside < markName.offsetWidth);
            if (looks?.kind === "text") {
                const pixels = (height / picture.height) * sheet.clientHeight;
                const line = Number(getComputedStyle(drawn).getPropertyValue("--line-of-mark"));
                drawn.style.fontSize = `${pixels / (looks.lines.length * line)}px`;
            }
            mark.setAttribute("aria-label", words.markPosition(markLabel, number(at.page + 1), millimetres(at.left), millimetres(at.bottom)));
        }
    }
    function put(left, bottom) {
        const document = marked();
        if (document === null || picture === null || !document.mark.movable) {
            return;
        }
        const within = (value, most) => Math.max(0, Math.min(most, value));
        places.put(document, {
            page,
            left: within(left, picture.width - document.mark.width),
            bottom: within(bottom, picture.height - document.mark.height),
        });
        drawMark();
        clearTimeout(speaking);
        speaking = window.setTimeout(() => say(mark.getAttribute("aria-label") ?? ""), 600);
    }
    function unit() {
        return picture === null ? 1 : picture.width / sheet.clientWidth;
    }
    function drag(event) {
        const from = place();
        if (from === null || marked()?.mark.movable !== true || event.button !== 0) {
            return;
        }
        event.preventDefault();
        mark.focus();
        mark.setPointerCapture(event.pointerId);
        const move = (now) => put(from.left + (now.clientX - event.clientX) * unit(), from.bottom - (now.clientY - event.clientY) * unit());
        const end = () => {
            mark.removeEventListener("pointermove", move);
            mark.classList.remove("held");
        };
        mark.classList.add("held");
        mark.addEventListener("pointermove", move);
        mark.addEventListener("lostpointercapture", end, { once: true });
    }
    function nudge(event) {
        const at = place();
        const step = event.shiftKey ? LONG_STEP : STEP;
        const by = {
            ArrowLeft: [-step, 0],
            ArrowRight: [step, 0],
            ArrowUp: [0, step],
            ArrowDown: [0, -step],
        };
        const [right, up] = by[event.key] ?? [0, 0];
        if (at !== null && (right !== 0 || up !== 0)) {
            event.preventDefault();
            put(at.left + right, at.bottom + up);
            reveal(stage, mark, MARGIN);
        }
    }
    function putThere(event) {
        const document = marked();
        if (document === null || event.target === mark || mark.contains(event.target)) {
            return;
        }
        const box = sheet.getBoundingClientRect();
        put((event.clientX - box.left) * unit() - document.mark.width / 2, (box.bottom - event.clientY) * unit() - document.mark.height / 2);
    }
    function bring() {
        const at = place();
        if (at !== null) {
            put(at.left, at.bottom);
            mark.focus();
        }
    }
    function putAll() {
        const at = place();
        if (at !== null) {
            say(words.markForAllDone(number(places.putAll(all(), at))));
            forAllDone.textContent = words.markForAllDone(number(places.all().length));
            drawMark();
        }
    }
    const forAllDone = make("span", { class: "hint" });
    tools.append(forAllDone);
    function reset() {
        const document = marked();
        if (document !== null) {
            places.reset(document);
            page = document.mark.page;
            forAllDone.textContent = "";
            void load();
            mark.focus();
        }
    }
    let width = 0;
    new ResizeObserver(() => {
        if (Math.abs(stage.clientWidth - width) > 8) {
            width = stage.clientWidth;
            void load();
        }
    }).observe(stage);
    return {
        element: make("section", { class: "preview", "aria-label": words.preview }, make("div", { class: "preview-bar" }, title, make("div", { class: "tools" }, previous, pageName, next, smaller, larger)), stage, make("div", { class: "preview-foot" }, hint, tools, concerns)),
        show(document) {
            shown = document;
            page = place()?.page ?? 0;
            title.textContent = document.name;
            forAllDone.textContent = "";
            concerns.replaceChildren(...(document.error === null ? [] : [note("danger", said(document.error))]), ...document.warnings.map((warning) => note("warning", said(warning), warning.clause === null || warning.clause === ""
                ? null
                : make("span", { class: "hint clause" }, ` ${words.clause(warning.clause)}`))));
            drawMark();
            void load();
        },
        kept: () => ({ page, zoom }),
        resume(kept) {
            page = kept.page;
            scale(kept.zoom);
        },
    };
}
