// The list of files: filters, sorting and pages of a hundred, so that ten thousand are as fluid as ten.

import { NO_CATEGORY, NO_SCHOOL, SORTS, chosen, monthOf, namedSet, namedSets, ofPeriod, period } from "./choice.js";
import { about, rows } from "./data.js";
import { icon, make, name, path, plain, wide } from "./dom.js";
import type { Row } from "./model.js";
import { verdict } from "./pieces.js";
import { printing } from "./printing.js";
import { type Filters, NO_FILTERS, fileAddress, filesAddress } from "./route.js";
import { nameOf, signers } from "./signers.js";
import { moment, monthName, number, texts, word } from "./texts.js";

const PAGE = 100;
/** Rows that are printed: some 150 sheets. */
const PRINTED = 5000;

/** Signers that can be chosen from: further ones are found by their names. */
const SIGNERS = 500;

interface Choice {
  value: string;
  text: string;
}

/** What the files hold to choose from, found once. */
function choices(of: (row: Row) => Choice | null): Choice[] {
  const known = new Map<string, string>();
  for (const row of rows) {
    const choice = of(row);
    if (choice !== null && !known.has(choice.value)) {
      known.set(choice.value, choice.text);
    }
  }
  return [...known].map(([value, text]) => ({ value, text })).sort((one, other) => one.text.localeCompare(other.text, "vi"));
}

/** Those with the most files. */
function people(): Choice[] {
  return [...signers().values()]
    .filter(({ files }) => files.size > 0)
    .sort((one, other) => other.files.size - one.files.size)
    .slice(0, SIGNERS)
    .map(({ id, name: text }) => ({ value: id, text: plain(text) }))
    .sort((one, other) => one.text.localeCompare(other.text, "vi"));
}

/** What the columns of the table and the filters offer. */
type Offer = Record<"category" | "school" | "month" | "signer" | "workflow" | "kind", Choice[]>;

let offered: Offer | null = null;

function offers(): Offer {
  offered ??= {
    category: choices((row) => (row.category === null ? null : { value: row.category.id, text: plain(row.category.title) })),
    school: choices((row) => (row.school === null ? null : { value: row.school, text: plain(row.school) })),
    kind: choices((row) => (row.kind === "" ? null : { value: row.kind, text: row.kind })),
    month: choices((row) => (row.dated === null ? null : { value: monthOf(row), text: monthOf(row) })).reverse(),
    signer: people(),
    workflow: choices((row) => (row.workflow === null ? null : { value: row.workflow.id, text: plain(row.workflow.title) })),
  };
  return offered;
}

/** The inspection's numbers that count any file, in the order of the questions. */
function numbered(): Choice[] {
  const words = Object.entries(texts().counted);
  return words.filter(([value]) => rows.some((row) => row.counted.includes(value))).map(([value, text]) => ({ value, text }));
}

function select(id: keyof Filters, label: string, any: string, from: Choice[], now: string, change: (value: string) => void): HTMLElement | null {
  if (from.length < (now === "" ? 2 : 1)) {
    return null;
  }
  const known = from.some(({ value }) => value === now);
  const shown = id === "signer" ? signers().get(now)?.name : undefined;
  const all = [{ value: "", text: any }, ...from, ...(now !== "" && !known ? [{ value: now, text: plain(shown ?? now) }] : [])];
  const element = make(
    "select",
    { id, change: () => change(element.value) },
    ...all.map(({ value, text }) => make("option", { value, selected: value === now }, text)),
  );
  return make("label", { class: "filter", for: id }, make("span", {}, label), element);
}

/** The list for some filters. `turn` shows another one. */
export function list(filters: Filters, turn: (filters: Filters) => void): Node[] {
  const say = texts();
  const become = (change: Partial<Filters>): void => turn({ ...filters, page: 1, ...change });
  const body = make("tbody");
  const status = make("p", { class: "shown", role: "status" });
  const pager = make("nav", { class: "pager", "aria-label": say.files });
  const box = make("div", { class: "results" });
  const show = (now: Filters): void => {
    const left = chosen(now);
    const pages = Math.max(1, Math.ceil(left.length / PAGE));
    const page = Math.min(now.page, pages);
    const all = now.outside ? rows.length : period().size;
    const hidden = rows.length - all;
    status.textContent = `${left.length === 0 ? say.none : say.shown(number(left.length), number(all))}${hidden > 0 ? ` ${say.hiddenOutside(number(hidden))}` : ""}`;
    body.replaceChildren(...left.slice((page - 1) * PAGE, page * PAGE).map((row) => line(row, { ...now, page })));
    pager.replaceChildren(...(pages > 1 ? turns(now, page, pages) : []));
    box.hidden = left.length === 0;
  };
  const text = make("input", {
    type: "search",
    id: "text",
    value: filters.text,
    placeholder: say.searchHint,
    autocomplete: "off",
    spellcheck: "false",
  });
  let waiting = 0;
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      // The field keeps the cursor: only what is found is shown anew.
      filters = { ...filters, text: text.value, page: 1 };
      history.replaceState(null, "", filesAddress(filters));
      show(filters);
    }, 120);
  });
  const verdicts = ["invalid", "indeterminate", "unsigned", "not-needed", "unreadable", "valid"].filter((value) => value !== "not-needed" || rows.some((row) => row.verdict === value)).map((value) => ({ value, text: word("verdicts", value) }));
  const offer = offers();
  const kinds = offer.kind.map(({ value }) => ({ value, text: word("kinds", value) }));
  const schools = [...offer.school, ...(offer.school.length > 0 && rows.some((row) => row.school === null) ? [{ value: NO_SCHOOL, text: say.schoolUnknown }] : [])];
  const set = filters.set === "" ? null : namedSet(filters.set);
  const question = Object.entries(say.counted).find(([word]) => word === filters.counted)?.[1];
  const form = make(
    "form",
    { class: "filters card", role: "search", "aria-label": say.filters, submit: (event: Event) => event.preventDefault() },
    make("label", { class: "filter find", for: "text" }, make("span", {}, say.search), text),
    select("verdict", say.verdict, say.anyVerdict, verdicts, filters.verdict, (value) => become({ verdict: value })),
    select("category", say.category, say.anyCategory, [...offer.category, { value: NO_CATEGORY, text: say.noCategory }], filters.category, (value) => become({ category: value })),
    select("school", say.school, say.anySchool, schools, filters.school, (value) => become({ school: value })),
    select("month", say.month, say.anyMonth, offer.month.map(({ value }) => ({ value, text: monthName(value) })), filters.month, (value) => become({ month: value })),
    select("signer", say.person, say.anySigner, offer.signer, filters.signer, (value) => become({ signer: value })),
    select("counted", say.byQuestion, say.anyQuestion, numbered(), filters.counted, (value) => become({ counted: value })),
    select("workflow", say.workflow, say.anyWorkflow, offer.workflow, filters.workflow, (value) => become({ workflow: value })),
    select("kind", say.kind, say.anyKind, kinds, filters.kind, (value) => become({ kind: value })),
    select("set", say.set, say.anySet, namedSets(filters.set), filters.set, (value) => become(value === "" ? { set: "" } : { set: value, outside: true })),
    make(
      "div",
      { class: "ticks" },
      tick("objections", say.onlyObjections, filters.objections, (value) => become({ objections: value })),
      tick("late", say.onlyLate, filters.late, (value) => become({ late: value })),
      period().size < rows.length ? tick("outside", say.alsoOutside, filters.outside, (value) => become({ outside: value })) : null,
      make("button", { type: "button", class: "button", click: () => turn({ ...NO_FILTERS, sort: filters.sort }) }, say.clear),
    ),
  );
  const table = make("table", { class: "files" }, heads(filters, become), body);
  box.append(wide(say.files, table), pager);
  const cap = make("p", { class: "note", hidden: true }, say.printCap(number(PRINTED)));
  const by = make("p", { class: "faint print-only filtered" });
  show(filters);
  printing(() => {
    const left = chosen(filters);
    body.replaceChildren(...left.slice(0, PRINTED).map((row) => line(row, filters)));
    cap.hidden = left.length <= PRINTED;
    by.textContent = chosenWords(form);
    return () => {
      cap.hidden = true;
      show(filters);
    };
  });
  const shown: (HTMLElement | null)[] = [
    make("h1", { tabindex: "-1" }, set !== null ? plain(set.title) : question === undefined ? say.files : question),
    about.title === null ? null : make("p", { class: "faint print-only" }, name(about.title)),
    form,
    by,
    status,
    cap,
    box,
  ];
  return shown.filter((one) => one !== null);
}

/** What the filters say, for paper, on which they do not stand. */
function chosenWords(form: HTMLFormElement): string {
  const words: string[] = [];
  for (const label of form.querySelectorAll("label")) {
    const of = label.control;
    if (of instanceof HTMLSelectElement && of.value !== "") {
      words.push(`${label.firstElementChild?.textContent ?? ""}: ${of.selectedOptions[0]?.text ?? of.value}`);
    } else if (of instanceof HTMLInputElement && of.type === "checkbox") {
      words.push(...(of.checked ? [label.textContent ?? ""] : []));
    } else if (of instanceof HTMLInputElement && of.value !== "") {
      words.push(`${label.firstElementChild?.textContent ?? ""}: ${plain(of.value)}`);
    }
  }
  return words.join("; ");
}

function tick(id: keyof Filters, label: string, now: boolean, change: (value: boolean) => void): HTMLElement {
  const box = make("input", { type: "checkbox", id, checked: now, change: () => change(box.checked) });
  return make("label", { class: "tick", for: id }, box, label);
}

const COLUMNS = ["file", "verdict", "category", "school", "signatures", "signer", "dated"] as const;

/** A column of which all files say the same, or nothing, is left out. */
function shownColumns(): (typeof COLUMNS)[number][] {
  const offer = offers();
  return COLUMNS.filter((column) => (column !== "school" || offer.school.length > 1) && (column !== "category" || offer.category.length > 0));
}

function heads(filters: Filters, become: (change: Partial<Filters>) => void): HTMLElement {
  const say = texts();
  const words = { file: say.file, verdict: say.verdict, category: say.category, school: say.school, signatures: say.signaturesOf, signer: say.person, dated: say.dated };
  return make(
    "thead",
    {},
    make(
      "tr",
      {},
      ...shownColumns().map((column) => {
        const [up, down] = [filters.sort === column, filters.sort === `-${column}`];
        const sorted = up ? "ascending" : down ? "descending" : null;
        const sort = (): void => become({ sort: up ? `-${column}` : down ? "" : column });
        const words_ = words[column];
        const button = make("button", { type: "button", class: "sorter", title: say.sortBy(words_.toLowerCase()), click: sort, "data-sort": column }, words_, make("span", { class: "arrow", "aria-hidden": "true" }, up ? "▲" : down ? "▼" : "↕"));
        return make("th", { scope: "col", class: `column-${column}${column === "signatures" ? " number" : ""}`, "aria-sort": sorted }, Object.hasOwn(SORTS, column) ? button : words_);
      }),
    ),
  );
}

function line(row: Row, filters: Filters): HTMLElement {
  const say = texts();
  const people = [...new Set(row.signers.map(nameOf))];
  const cells = {
    file: () => make("th", { scope: "row", class: "column-file" }, make("a", { href: fileAddress(row.index, filters) }, path(row.file))),
    verdict: () => make("td", {}, verdict(row.verdict), row.late === true ? make("span", { class: "tag" }, say.late) : null, row.kind === "record" || row.kind === "" || row.verdict === "not-needed" ? null : make("span", { class: "tag" }, word("kinds", row.kind).toLowerCase()), ofPeriod(row) ? null : make("span", { class: "tag" }, say.outside)),
    category: () => make("td", {}, row.category === null ? "" : name(row.category.title)),
    school: () => make("td", {}, row.school === null ? "" : name(row.school)),
    signatures: () => make("td", { class: "number" }, number(row.signatures)),
    signer: () => make("td", { class: "people" }, ...people.flatMap((person, at) => (at === 0 ? [name(person)] : [", ", name(person)]))),
    dated: () => make("td", { class: "dated" }, row.dated === null ? "" : moment(row.dated)),
  };
  return make("tr", {}, ...shownColumns().map((column) => cells[column]()));
}

function turns(filters: Filters, page: number, pages: number): Node[] {
  const say = texts();
  const to = (wanted: number, label: string, shape: "left" | "right"): HTMLElement =>
    wanted < 1 || wanted > pages
      ? make("span", { class: "button off", "aria-hidden": "true" }, icon(shape))
      : make("a", { class: "button", href: filesAddress({ ...filters, page: wanted }), "aria-label": label, title: label }, icon(shape));
  return [to(page - 1, say.previousPage, "left"), make("span", {}, say.pageOf(number(page), number(pages))), to(page + 1, say.nextPage, "right")];
}
