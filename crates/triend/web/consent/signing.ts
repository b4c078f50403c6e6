// May these documents be signed?

import { nameBeside, originOf } from "./caller.js";
import { decision } from "./decision.js";
import { type Sort, type Told, documentList } from "./documents.js";
import { icon, make, note } from "./dom.js";
import type { AskBase, Signing, SignedDocument, Warning } from "./model.js";
import { Places } from "./places.js";
import { preview } from "./preview.js";
import { signer } from "./signer.js";
import { number, said, texts } from "./texts.js";
import type { View, Way } from "./view.js";

const isWarned = ({ warnings, state }: SignedDocument): boolean =>
  warnings.length > 0 && state !== "refused" && state !== "signed";
const isRefused = ({ state }: SignedDocument): boolean => state === "refused";

/** Where the marks are outlives a change of the language. */
const places = new Places();

/** What this answer signs: not what the rules forbid, nor what was signed before the window asked again. */
const isToSign = ({ state }: SignedDocument): boolean => state !== "refused" && state !== "signed";
const isSigned = ({ state }: SignedDocument): boolean => state === "signed";

function told(document: SignedDocument): ReturnType<Told> {
  const words = texts();
  if (isSigned(document)) {
    return [{ shape: "check", words: words.state.signed, kind: "good" }];
  }
  if (isRefused(document)) {
    return [{ shape: "cross", words: words.isRefused, kind: "bad" }];
  }
  return [
    ...(document.pages === null
      ? []
      : [{ shape: "page", words: words.pagesOf(number(document.pages)), kind: "plain" } as const]),
    ...(isWarned(document) ? [{ shape: "warning", words: words.hasWarning, kind: "warning" } as const] : []),
  ];
}

/** Each warning once, with how many documents have it. */
function gathered(documents: SignedDocument[]): { warning: Warning; count: number }[] {
  const found = new Map<string, { warning: Warning; count: number }>();
  for (const warning of documents.filter(isWarned).flatMap(({ warnings }) => warnings)) {
    const there = found.get(warning.message) ?? { warning, count: 0 };
    there.count += 1;
    found.set(warning.message, there);
  }
  return [...found.values()];
}

function what(signing: Signing): string {
  const words = texts();
  return `${words.act[signing.act]}, ${words.level[signing.level]}`;
}

export function signingView(signing: Signing, ask: AskBase, way: Way): View {
  const words = texts();
  let documents = signing.documents;
  const signable = documents.filter(isToSign).length;
  const refused = documents.filter(isRefused).length;
  const signed = documents.filter(isSigned).length;
  const count = number(signable);
  const [one, more] = signed === 0 ? [words.signOne, words.sign] : [words.signRestOne, words.signRest];
  const title = signed > 0 ? (signable === 1 ? one : more(count)) : signable === 1 ? words.signingTitleOne : words.signingTitle(count);
  const choice = signer(signing.certificate ?? null, signing.act, signing.certificate_before ?? null);
  const approve = (): void => {
    const chosen = choice.take();
    if (chosen !== null) {
      const moved = places.all();
      void way.answer({ answer: "approved", ...chosen, ...(moved.length === 0 ? {} : { moved }) });
    }
  };
  choice.onEnter = approve;
  const buttons = decision(
    { words: signable === 1 ? one : more(count), kind: "primary", run: approve },
    () => void way.answer({ answer: "refused" }),
    signable === 0 ? null : choice.pin,
  );
  buttons.approve.hidden = signable === 0;
  const sorts: Sort[] = [
    { name: "all", words: words.filterAll, has: () => true },
    { name: "warned", words: words.filterWarned, has: isWarned },
    { name: "refused", words: words.filterRefused, has: isRefused },
    // All wait, unless some were signed before.
    { name: "rest", words: words.filterRest, has: (document) => signed > 0 && isToSign(document) },
  ];
  const seen = preview(way, places, () => documents, signing);
  const list = documentList(sorts, told, (document) => seen.show(document), isToSign);
  list.element.hidden = documents.length === 1;
  const concerns = gathered(documents).map(({ warning, count }) =>
    note(
      "warning",
      said(warning),
      documents.length === 1
        ? null
        : make(
            "button",
            { type: "button", class: "link", click: () => list.sort("warned") },
            words.warningsOfOthers(number(count)),
          ),
    ),
  );
  const leftOut =
    refused === 0
      ? null
      : note(
          "danger",
          signable === 0 ? words.refusedAll : words.refusedSome(number(refused)),
          documents.length === 1
            ? null
            : make(
                "button",
                { type: "button", class: "link", click: () => list.sort("refused") },
                words.details,
              ),
        );
  const { caller } = ask;
  const name = caller === null ? null : nameBeside(caller);
  const commitment = words.commitments[signing.commitment ?? ""];
  const element = make(
    "article",
    { class: documents.length === 1 ? "desk one" : "desk" },
    make(
      "div",
      { class: "desk-head" },
      make("h1", {}, title),
      make(
        "div",
        { class: "desk-caller" },
        make("span", { class: "label" }, words.calledBy),
        originOf(caller?.origin ?? null),
        name === null ? null : make("span", { class: "hint", title: words.callsItself(name) }, words.callsItselfBriefly(name)),
      ),
    ),
    list.element,
    seen.element,
    make(
      "section",
      { class: "panel", "aria-label": title },
      make(
        "div",
        { class: "panel-body" },
        make(
          "div",
          { class: "what" },
          make("p", {}, what(signing)),
          signed === 0 ? null : make("p", { class: "hint signed-before" }, icon("check"), words.signedBefore(number(signed))),
          signing.role === null ? null : make("p", { class: "hint" }, words.role(signing.role)),
          signing.reason === null ? null : make("p", { class: "hint" }, words.reason(signing.reason)),
          commitment === undefined ? null : make("p", { class: "hint" }, words.committed(commitment)),
          signing.looks?.kind !== "text"
            ? null
            : make(
                "div",
                { class: "mark-words" },
                make("p", { class: "hint" }, words.markWords),
                make("blockquote", {}, ...signing.looks.lines.map((line) => make("span", {}, line))),
              ),
          signable === 0 ? null : make("p", { class: "hint binding" }, words.unseen),
        ),
        leftOut,
        ...concerns,
        signable === 0 ? null : choice.element,
        signable === 0 ? null : choice.more,
      ),
      buttons.element,
    ),
  );
  choice.update(ask.tokens ?? null);
  list.update(documents);
  if (signed > 0 && signable > 0) {
    list.sort("rest");
  }
  return {
    element,
    title,
    place: words.signingPlace,
    update(now) {
      choice.update(now.tokens ?? null);
      if (now.kind === "signing") {
        documents = now.signing.documents;
        list.update(documents);
      }
    },
    busy: (state) => buttons.busy(state),
    kept: () => ({ choice: choice.kept(), list: list.kept(), page: seen.kept() }),
    resume(kept) {
      if (kept.choice !== undefined && kept.list !== undefined && kept.page !== undefined) {
        choice.resume(kept.choice);
        list.resume(kept.list);
        seen.resume(kept.page);
      }
    },
  };
}
