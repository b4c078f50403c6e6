// What a view does before it is printed, and undoes after.

let prepare: (() => () => void) | null = null;

/** What is shown prepares itself so; it gives what undoes that. */
export function printing(how: (() => () => void) | null): void {
  prepare = how;
}

let undo: (() => void) | null = null;

addEventListener("beforeprint", () => {
  const closed = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open])")].filter((details) => details.closest("figure") === null);
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
