// May this root be trusted, or no longer?
//
// The last digits of the fingerprint are hidden where a root is added: who types them has them from
// somewhere else.

import { callerOf } from "./caller.js";
import { decision } from "./decision.js";
import { freshId, make, note } from "./dom.js";
import type { Anchor, Caller } from "./model.js";
import { day, texts } from "./texts.js";
import type { View, Way } from "./view.js";

const TYPED = 8;

function fingerprintOf(anchor: Anchor): HTMLElement {
  const hidden = anchor.change === "add";
  const groups = anchor.fingerprint.match(/.{1,4}/g) ?? [];
  const shown = hidden ? groups.slice(0, -TYPED / 4) : groups;
  return make(
    "dd",
    { class: "fingerprint", translate: "no" },
    ...shown.map((group) => make("span", {}, group)),
    hidden
      ? make("span", { class: "hidden-digits", role: "img", "aria-label": texts().anchorHidden }, "•••• ••••")
      : null,
  );
}

export function anchorView(anchor: Anchor, caller: Caller | null, way: Way): View {
  const words = texts();
  const adds = anchor.change === "add";
  const title = adds ? words.anchorAddTitle : words.anchorRemoveTitle;
  const [field, hint, error] = [freshId(), freshId(), freshId()];
  const typed = make("input", {
    id: field,
    class: "typed",
    type: "text",
    maxlength: 12,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-describedby": `${hint} ${error}`,
  });
  const wrong = make("p", { id: error, class: "error", role: "alert" });
  const complain = (words: string): void => {
    wrong.textContent = words;
    typed.setAttribute("aria-invalid", "true");
    typed.focus();
  };
  const approve = (): void => {
    const digits = typed.value.replace(/[\s:]/g, "");
    if (!/^[0-9a-f]{8}$/i.test(digits)) {
      complain(words.anchorNeedEight);
      return;
    }
    void way.answer({ answer: "approved", fingerprint: digits });
  };
  const choice = decision(
    { words: adds ? words.anchorAdd : words.anchorRemove, kind: adds ? "primary" : "danger", run: approve },
    () => void way.answer({ answer: "refused" }),
  );
  const form = make(
    "form",
    {
      novalidate: true,
      submit: (event: SubmitEvent) => {
        event.preventDefault();
        choice.approve.click();
      },
    },
    make("label", { for: field }, adds ? words.anchorTypeAdd : words.anchorTypeRemove),
    typed,
    make("p", { id: hint, class: "hint" }, adds ? words.anchorHintAdd : ""),
    wrong,
    choice.element,
  );
  const fact = (name: string, value: string | undefined): HTMLElement[] =>
    value === undefined ? [] : [make("dt", {}, name), make("dd", {}, value)];
  const validity =
    anchor.valid_from === undefined || anchor.valid_until === undefined
      ? undefined
      : `${day(anchor.valid_from)} – ${day(anchor.valid_until)}`;
  const element = make(
    "article",
    { class: "card" },
    make("h1", {}, title),
    note(adds ? "warning" : "info", adds ? words.anchorAddText : words.anchorRemoveText),
    make(
      "dl",
      { class: "facts" },
      ...fact(words.subject, anchor.subject),
      ...(anchor.issuer === anchor.subject ? [] : fact(words.issuer, anchor.issuer)),
      ...fact(words.validity, validity),
      make("dt", {}, words.fingerprint),
      fingerprintOf(anchor),
    ),
    callerOf(caller),
    form,
  );
  return {
    element,
    title,
    place: words.anchorPlace,
    busy: (state) => choice.busy(state),
    kept: () => ({ typed: typed.value }),
    resume: (kept) => {
      typed.value = kept.typed ?? "";
    },
    failed: ({ code }) => {
      if (code !== "fingerprint-differs") {
        return "not-shown";
      }
      complain(words.anchorWrong);
      return "shown";
    },
  };
}
