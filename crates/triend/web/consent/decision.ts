// The two buttons of every question.

import { type Child, make } from "./dom.js";
import { texts } from "./texts.js";

/**
 * A window that opens under the pointer must not be answered by a click that was meant for
 * something else: what comes sooner is no answer.
 */
const NO_SOONER_THAN = 600;

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
  const shown = performance.now();
  const unhurried = (run: () => void) => (): void => {
    if (performance.now() - shown >= NO_SOONER_THAN) {
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
    element: make("div", { class: "decision" }, ...before, make("div", { class: "buttons" }, yes, no)),
    approve: yes,
    busy(state) {
      yes.disabled = state === "sending";
      no.disabled = state === "sending";
    },
  };
}
