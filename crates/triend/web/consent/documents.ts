// The list of a job's documents: up to a thousand, found by name and by what is the matter with them.

import { type Shape, freshId, icon, make, reveal, say } from "./dom.js";
import type { SignedDocument } from "./model.js";
import { number, texts } from "./texts.js";

export interface DocumentList {
  element: HTMLElement;
  update(documents: SignedDocument[]): void;
  /** Shows one of the sorts alone. */
  sort(name: string): void;
  kept(): KeptList;
  resume(kept: KeptList): void;
}

/** What is chosen, looked for and seen of a list. */
export interface KeptList {
  chosen: number | null;
  look: string;
  sorted: string;
  scrolled: number;
}

/** A sort of documents that can be shown alone. */
export interface Sort {
  name: string;
  words: (count: string) => string;
  has: (document: SignedDocument) => boolean;
}

/** What a line says of its document, with its sign. */
export type Told = (document: SignedDocument) => { shape: Shape; words: string; kind: string }[];

/** A field to look for names in is worth its place from so many documents on. */
const WORTH_LOOKING = 9;

interface Line {
  element: HTMLElement;
  document: SignedDocument;
  told: string;
}

export function documentList(
  sorts: Sort[],
  told: Told,
  select: ((document: SignedDocument) => void) | null,
  /** The first document of which this holds is chosen at the beginning. */
  begin: (document: SignedDocument) => boolean = () => true,
): DocumentList {
  const words = texts();
  const lines = new Map<number, Line>();
  let chosen: number | null = null;
  let known: SignedDocument[] = [];
  let sorted = sorts[0]?.name ?? "";
  const group = freshId();
  const look = make("input", {
    type: "search",
    class: "look",
    placeholder: words.filter,
    "aria-label": words.filter,
    autocomplete: "off",
    input: () => sift("aloud"),
  });
  const chips = make("div", { class: "sorts", role: "radiogroup", "aria-label": words.documents });
  const none = make("p", { class: "hint none" }, words.filterNone);
  const list = make("ul", {
    class: "lines",
    ...(select === null
      ? { "aria-label": words.documents, tabindex: 0 }
      : { role: "listbox", "aria-label": words.documents, tabindex: 0, keydown: (event: KeyboardEvent) => keys(event) }),
    click: (event: MouseEvent) => {
      const line = (event.target as Element).closest<HTMLElement>("[data-number]");
      if (line !== null) {
        pick(Number(line.dataset["number"]));
      }
    },
  });

  function shown(): Line[] {
    return [...lines.values()].filter(({ element }) => !element.hidden);
  }

  function pick(picked: number): void {
    const line = lines.get(picked);
    if (select === null || line === undefined || picked === chosen) {
      return;
    }
    lines.get(chosen ?? -1)?.element.setAttribute("aria-selected", "false");
    chosen = picked;
    line.element.setAttribute("aria-selected", "true");
    list.setAttribute("aria-activedescendant", line.element.id);
    reveal(list, line.element);
    select(line.document);
  }

  function keys(event: KeyboardEvent): void {
    const there = shown();
    const at = there.findIndex(({ document }) => document.number === chosen);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 10,
      PageUp: at - 10,
      Home: 0,
      End: there.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const line = there[Math.max(0, Math.min(there.length - 1, to))];
      if (line !== undefined) {
        pick(line.document.number);
      }
    }
  }

  function sift(loudness: "aloud" | "quiet"): void {
    const wanted = plain(look.value);
    const has = sorts.find(({ name }) => name === sorted)?.has ?? (() => true);
    let found = 0;
    for (const { element, document } of lines.values()) {
      const fits = has(document) && (wanted === "" || plain(document.name).includes(wanted));
      element.hidden = !fits;
      found += fits ? 1 : 0;
    }
    none.hidden = found > 0;
    list.hidden = found === 0;
    if (loudness === "aloud") {
      say(found === 0 ? words.filterNone : words.filterFound(number(found)));
    }
  }

  function drawChips(documents: SignedDocument[]): void {
    const worth = sorts.filter((sort, index) => index === 0 || documents.some(sort.has));
    chips.hidden = worth.length < 2;
    if (!worth.some(({ name }) => name === sorted)) {
      sorted = sorts[0]?.name ?? "";
    }
    const drawn = worth.map(({ name, words: say, has }) => ({
      name,
      text: say(number(documents.filter(has).length)),
    }));
    const key = JSON.stringify([sorted, drawn]);
    if (chips.dataset["key"] === key) {
      return;
    }
    chips.dataset["key"] = key;
    const focused = chips.contains(document.activeElement);
    chips.replaceChildren(
      ...drawn.map(({ name, text }) =>
        make(
          "label",
          { class: "sort" },
          make("input", {
            type: "radio",
            name: group,
            value: name,
            checked: name === sorted,
            change: () => {
              sorted = name;
              sift("aloud");
            },
          }),
          make("span", {}, text),
        ),
      ),
    );
    if (focused) {
      chips.querySelector<HTMLInputElement>("input:checked")?.focus();
    }
  }

  function line(document: SignedDocument): Line {
    const element = make("li", {
      id: freshId(),
      class: "line-of-document",
      "data-number": document.number,
      ...(select === null ? {} : { role: "option", "aria-selected": "false" }),
    });
    return { element, document, told: "" };
  }

  return {
    element: make("section", { class: "documents", "aria-label": words.documents }, look, chips, list, none),
    update(documents) {
      known = documents;
      look.hidden = documents.length < WORTH_LOOKING;
      for (const document of documents) {
        let there = lines.get(document.number);
        if (there === undefined) {
          there = line(document);
          lines.set(document.number, there);
          list.append(there.element);
        }
        there.document = document;
        const signs = told(document);
        const key = JSON.stringify([document.name, signs]);
        if (there.told !== key) {
          there.told = key;
          there.element.replaceChildren(
            make("span", { class: "name" }, document.name),
            make(
              "span",
              { class: "signs" },
              ...signs.map(({ shape, words, kind }) =>
                make("span", { class: `sign sign-${kind}` }, icon(shape), words),
              ),
            ),
          );
        }
      }
      drawChips(documents);
      sift("quiet");
      const begun = documents.find(begin) ?? documents[0];
      if (chosen === null && begun !== undefined) {
        pick(begun.number);
      }
    },
    sort(name) {
      sorted = name;
      chips.querySelectorAll<HTMLInputElement>("input").forEach((input) => {
        input.checked = input.value === name;
      });
      sift("aloud");
      const first = shown()[0];
      if (first !== undefined) {
        pick(first.document.number);
      }
    },
    kept: () => ({ chosen, look: look.value, sorted, scrolled: list.scrollTop }),
    resume(kept) {
      look.value = kept.look;
      sorted = kept.sorted;
      drawChips(known);
      sift("quiet");
      if (kept.chosen !== null) {
        pick(kept.chosen);
      }
      list.scrollTop = kept.scrolled;
    },
  };
}

/** Letters alone, so that names are found without their marks: `ho so` finds `Hồ sơ`. */
function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/đ/gi, "d")
    .toLowerCase();
}
