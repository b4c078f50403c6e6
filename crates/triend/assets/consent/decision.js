import { make } from "./dom.js";
import { texts } from "./texts.js";
const NO_SOONER_THAN = 600;
let seen = performance.now();
const isSeen = () => {
    seen = performance.now();
};
addEventListener("focus", isSeen);
addEventListener("resize", isSeen);
document.addEventListener("visibilitychange", isSeen);
export function decision(approve, refuse, ...before) {
    isSeen();
    const hurried = make("p", { class: "hint hurried", role: "status" });
    const unhurried = (run) => () => {
        const isHurried = performance.now() - seen < NO_SOONER_THAN;
        hurried.textContent = isHurried ? texts().hurried : "";
        if (!isHurried) {
            run();
        }
    };
    const yes = make("button", { type: "button", class: `button ${approve.kind}`, click: unhurried(approve.run) }, approve.words);
    const no = make("button", { type: "button", class: "button", click: unhurried(refuse) }, texts().refuse);
    return {
        element: make("div", { class: "decision" }, ...before, hurried, make("div", { class: "buttons" }, yes, no)),
        approve: yes,
        busy(state) {
            yes.disabled = state === "sending";
            no.disabled = state === "sending";
        },
    };
}
