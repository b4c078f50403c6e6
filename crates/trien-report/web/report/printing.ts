// What a view does before it is printed, and undoes after.

let prepare: (() => () => void) | null = null;

/** What is shown prepares itself so; it gives what undoes that. */
export function printing(how: (() => () => void) | null): void {
  prepare = how;
}

/** With more signatures, what the reader did not open stays closed on paper too: a class's record has forty, each with its rules and what came after it, some hundred sheets. What is broken is always there. */
const SIGNATURES = 8;

let undo: (() => void) | null = null;

addEventListener("beforeprint", () => {
  const many = document.querySelectorAll(".chain > li").length > SIGNATURES;
  const closed = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open])")].filter((details) => details.closest(many ? "figure, .chain" : "figure") === null);
  const undone = prepare?.() ?? null;
  for (const details of closed) {
    details.open = true;
  }
  undo = () => {
    for (const details of closed) {
      details.open = false;
    }
    undone?.();
  };
});

addEventListener("afterprint", () => {
  undo?.();
  undo = null;
});
