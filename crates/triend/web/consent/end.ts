// What a window shows when there is nothing more to answer.

import { type Shape, icon, make } from "./dom.js";
import type { Failure } from "./model.js";
import { said, texts } from "./texts.js";
import type { View } from "./view.js";

export type EndKind = "good" | "calm" | "bad";

export function endView(kind: EndKind, title: string, ...lines: string[]): View {
  const shapes: Record<EndKind, Shape> = { good: "check", calm: "info", bad: "warning" };
  const element = make(
    "article",
    { class: `card end end-${kind}` },
    make("div", { class: "end-sign" }, icon(shapes[kind])),
    make("h1", {}, title),
    ...lines.map((line) => make("p", {}, line)),
  );
  return { element, title, place: "" };
}

export const ended = {
  expired: (): View => endView("calm", texts().expiredTitle, texts().expiredText),
  unknown: (): View => endView("calm", texts().unknownTitle, texts().unknownText),
  unreachable: (): View => endView("bad", texts().unreachableTitle, texts().unreachableText),
  refused: (): View => endView("calm", texts().refusedTitle, texts().refusedText),
  answered: (): View => endView("calm", texts().answeredTitle, texts().closeWindow),
  underway: (): View => endView("calm", texts().underwayTitle),
  paired: (): View => endView("good", texts().pairedTitle, texts().pairedText),
  failed: (failure: Failure): View => endView("bad", texts().failedTitle, said(failure), texts().closeWindow),
  digests: (): View => endView("good", texts().digestsDone, texts().digestsDoneText),
  anchorAdded: (): View => endView("good", texts().anchorAdded, texts().closeWindow),
  anchorRemoved: (): View => endView("good", texts().anchorRemoved, texts().closeWindow),
};
