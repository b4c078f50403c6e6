// The two buttons of every question.

import { type Child, make } from "./dom.js";
import { texts } from "./texts.js";

/**
 * A window that comes under the pointer must not be answered by a click that was meant for
 * something else: what comes sooner is no answer.
 */
const NO_SOONER_THAN = 600;

/** When this window last came into sight, or changed its place under the pointer. */
let seen = performance.now();
const isSeen = (): void => {
  seen = performance.now();
};
// A view can be made long before anybody sees it: behind another window, which then closes.
addEventListener("focus", isSeen);
addEventListener("resize", isSeen);
document.addEventListener("visibilitychange", isSeen);

export interface Decision {
  element: HTMLElement;
  approve: HTMLButtonElement;
  /** While the answer is on its way nothing can be pressed. */
  busy(state: "sending" | "waiting"): void;
}

export function decision(
  approve: { words: string; kind: "primary" | "danger"; run: () => void },
  refuse: () => void,
  ...before: Child[]
): Decision {
  isSeen();
  const hurried = make("p", { class: "hint hurried", role: "status" });
  const unhurried = (run: () => void) => (): void => {
    const isHurried = performance.now() - seen < NO_SOONER_THAN;
    hurried.textContent = isHurried ? texts().hurried : "";
    if (!isHurried) {
      run();
    }
  };
  const yes = make(
    "button",
    { type: "button", class: `button ${approve.kind}`, click: unhurried(approve.run) },
    approve.words,
  );
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
