import { make } from "./dom.js";
import { texts } from "./texts.js";
const NO_SOONER_THAN = 600;
export function decision(approve, refuse, ...before) {
    const shown = performance.now();
    const unhurried = (run) => () => {
        if (performance.now() - shown >= NO_SOONER_THAN) {
            run();
        }
    };
    const yes = make("button", { type: "button", class: `button ${approve.kind}`, click: unhurried(approve.run) }, approve.words);
    const no = make("button", { type: "button", class: "button", click: unhurried(refuse) }, texts().refuse);
    return {
        element: make("div", { class: "decision" }, ...before, make("div", { class: "buttons" }, yes, no)),
        approve: yes,
        busy(state) {
            yes.disabled = state === "sending";
            no.disabled = state === "sending";
        },
    };
}
