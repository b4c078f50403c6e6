export function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === false) {
            continue;
        }
        if (typeof value === "function") {
            element.addEventListener(name, value);
        }
        else {
            element.setAttribute(name, value === true ? "" : String(value));
        }
    }
    element.append(...children.filter((child) => child !== null && child !== false));
    return element;
}
const SHAPES = {
    check: "M5 12.5l4.5 4.5L19 7.5",
    cross: "M6 6l12 12M18 6L6 18",
    warning: "M12 3.5L22 20.5H2L12 3.5M12 10v4.5M12 17.2v.6",
    info: "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 11v5.5M12 7.6v.6",
    lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    token: "M8 3h8v5H8zM6.5 8h11v9.5a3.5 3.5 0 0 1-3.5 3.5h-4a3.5 3.5 0 0 1-3.5-3.5zM10.6 5.5h.1M13.4 5.5h.1",
    page: "M6 3h8l4 4v14H6zM14 3v4h4",
    wait: "M12 3a9 9 0 1 0 9 9M12 7v5l3 2",
    left: "M14.5 5.5L8 12l6.5 6.5",
    down: "M5.5 9.5L12 16l6.5-6.5",
    right: "M9.5 5.5L16 12l-6.5 6.5",
    plus: "M12 5v14M5 12h14",
    minus: "M5 12h14",
};
export function icon(shape) {
    const space = "http://www.w3.org/2000/svg";
    const drawing = document.createElementNS(space, "svg");
    drawing.setAttribute("viewBox", "0 0 24 24");
    drawing.setAttribute("class", `icon icon-${shape}`);
    drawing.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", SHAPES[shape]);
    drawing.append(path);
    return drawing;
}
let numbers = 0;
export function freshId() {
    numbers += 1;
    return `e${numbers}`;
}
export function note(kind, ...children) {
    const shapes = { info: "info", warning: "warning", danger: "warning", good: "check" };
    return make("div", { class: `note note-${kind}` }, icon(shapes[kind]), make("div", {}, ...children));
}
export function reveal(inside, wanted, room = 0) {
    const [frame, box] = [inside.getBoundingClientRect(), wanted.getBoundingClientRect()];
    if (box.top - room < frame.top) {
        inside.scrollTop += box.top - room - frame.top;
    }
    else if (box.bottom + room > frame.bottom) {
        inside.scrollTop += box.bottom + room - frame.bottom;
    }
    if (box.left - room < frame.left) {
        inside.scrollLeft += box.left - room - frame.left;
    }
    else if (box.right + room > frame.right) {
        inside.scrollLeft += box.right + room - frame.right;
    }
}
export function say(text) {
    const spoken = document.getElementById("spoken");
    if (spoken !== null) {
        spoken.textContent = text;
    }
}
export function show(content, title) {
    const main = document.getElementById("main");
    main?.replaceChildren(content);
    document.title = `${title} – triend`;
    const heading = content.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
}
