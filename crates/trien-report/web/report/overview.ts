// The first view: what was verified, the five questions, charts, and what is to be looked at.

import { NO_CATEGORY, chosen, signerKey } from "./choice.js";
import { type Bar, type Part, lying, standing } from "./chart.js";
import { about, findings, record, rows, summary } from "./data.js";
import { make, name, path, plain, wide } from "./dom.js";
import type { Finding, Person, Row, School } from "./model.js";
import { counted, fact, verdict } from "./pieces.js";
import { printing } from "./printing.js";
import { type Filters, NO_FILTERS, fileAddress, filesAddress } from "./route.js";
import { day, moment, monthName, number, percent, texts, word } from "./texts.js";

/** Rows of the lists on this view; printed, and on the screen. */
const [PRINTED, SHOWN] = [200, 12];
const PEOPLE = 10;
/** Files that the summary lists behind a number; the number may be greater. */
const LISTED = 1000;
const VERDICTS = ["valid", "invalid", "indeterminate", "unsigned", "unreadable"] as const;

export function overview(): Node[] {
  const say = texts();
  const counts = summary.counts;
  return [
    make("h1", { tabindex: "-1" }, about.title === null ? say.title : name(about.title)),
    about.title === null ? null : make("p", { class: "lead" }, say.title),
    ran(),
    summary.anchors === 0 ? make("p", { class: "note" }, say.noAnchors) : null,
    make(
      "section",
      { "aria-label": say.verdictsTitle },
      make(
        "ul",
        { class: "tiles" },
        tile(counts.files, say.filesCount, filesAddress()),
        ...VERDICTS.filter((key) => counts[key] > 0 || key === "valid" || key === "invalid").map((key) =>
          make("li", { class: `tile tile-${key}`, title: say.verdictNotes[key] }, counted(counts[key], filesAddress({ verdict: key }), word("verdicts", key)), verdict(key)),
        ),
        tile(counts.scans, say.scansCount, filesAddress({ kind: "scan" })),
        counts.late > 0 ? tile(counts.late, say.lateCount, filesAddress({ late: true })) : null,
        counts.duplicates > 0 ? tile(counts.duplicates, say.duplicatesCount, filesAddress({ set: "duplicates" })) : null,
        tile(counts.signatures, say.signaturesCount, null),
      ),
    ),
    ...summary.schools.map(school),
    charts(),
    objections(),
    ageing(),
    duplicates(),
  ].filter((one): one is HTMLElement => one !== null);
}

function tile(count: number, label: string, address: string | null): HTMLElement {
  return make("li", { class: "tile" }, counted(count, address, label), make("span", {}, label));
}

function ran(): HTMLElement {
  const say = texts();
  const { from, to } = summary;
  const outside = summary.counts.outside_period ?? 0;
  const period = [from === null ? "" : say.periodFrom(day(from)), to === null ? "" : say.periodTo(day(to))].filter((one) => one !== "").join(" ");
  return make(
    "dl",
    { class: "facts ran" },
    ...fact(say.judgedAt, moment(summary.judged_at)),
    ...fact(say.period, period),
    ...fact(say.outsidePeriod, outside > 0 ? number(outside) : null),
    ...fact(say.profile, plain(summary.profile)),
    ...fact(say.anchors, number(summary.anchors)),
  );
}

function school(school: School, at: number): HTMLElement {
  const say = texts();
  const heading = make("h2", {}, school.school === null ? say.questions : name(school.school));
  return make(
    "section",
    { class: "school" },
    heading,
    make("div", { class: "questions" }, staff(school), categories(school, at), procedure(school, at), online(school, at), norm(school, at)),
  );
}

function question(title: string, ...inside: (Node | null)[]): HTMLElement {
  return make("article", { class: "card question" }, make("h3", {}, title), ...inside);
}

/** Numbers with words behind them. */
function numbers(...pairs: [HTMLElement | string, string][]): HTMLElement {
  return make("ul", { class: "numbers" }, ...pairs.map(([count, text]) => make("li", {}, typeof count === "string" ? make("span", { class: "count" }, count) : count, " ", text)));
}

/** The files of a school alone, where there are several. */
function within(school: School): Partial<Filters> {
  return school.school !== null && summary.schools.length > 1 ? { school: school.school } : {};
}

function personName(person: Person): string {
  return person.common_name ?? person.subject;
}

function staff(school: School): HTMLElement {
  const say = texts();
  const { listed, with_certificate, used, people } = school.staff;
  const pairs: [HTMLElement | string, string][] = [];
  if (listed !== null) {
    pairs.push([number(listed), say.listed]);
  }
  if (with_certificate !== null) {
    pairs.push([number(with_certificate), say.withCertificate]);
  }
  pairs.push([number(used), say.used]);
  const rest = people.length - PEOPLE;
  const table = make(
    "table",
    {},
    make("thead", {}, make("tr", {}, ...[say.person, say.serial].map((text) => make("th", { scope: "col" }, text)), make("th", { scope: "col", class: "number" }, say.signaturesOf), make("th", { scope: "col" }, say.inPeriod))),
    make(
      "tbody",
      {},
      ...people.map((person, at) =>
        make(
          "tr",
          { class: at >= PEOPLE ? "rest" : null },
          make("th", { scope: "row" }, name(personName(person))),
          make("td", { class: "code" }, plain((person.serials ?? [person.serial]).join(", "))),
          make("td", { class: "number" }, counted(person.signatures, filesAddress({ ...within(school), signer: signerKey(person) }), `${say.signaturesOf}: ${plain(personName(person))}`)),
          make("td", {}, person.used_in_period ? say.yes : say.no),
        ),
      ),
    ),
  );
  const more = rest > 0 ? make("button", { type: "button", class: "button", click: () => (table.classList.add("all"), more?.remove()) }, say.restOfPeople(number(rest))) : null;
  return question(say.q1, numbers(...pairs), listed === null ? make("p", { class: "faint" }, say.notListed) : null, people.length === 0 ? make("p", {}, say.nobody) : wide(say.q1, table), more);
}

function categories(school: School, place: number): HTMLElement {
  const say = texts();
  const heads = [say.total, say.signed, say.validColumn, say.scans, say.missing, say.share];
  return question(
    say.q2,
    wide(
      say.q2,
      make(
        "table",
        {},
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say.category), ...heads.map((text) => make("th", { scope: "col", class: "number" }, text)))),
        make(
          "tbody",
          {},
          ...school.categories.map((category, at) => {
            const title = category.title === "" ? say.noCategory : category.title;
            const filters = { ...within(school), category: category.id === "" ? NO_CATEGORY : category.id };
            const cell = (count: number, address: string | null, label: string): HTMLElement => make("td", { class: "number" }, counted(count, address, `${plain(title)}: ${label}`));
            return make(
              "tr",
              {},
              make("th", { scope: "row" }, name(title)),
              cell(category.files, filesAddress(filters), say.total),
              cell(category.signed, null, say.signed),
              cell(category.valid, filesAddress({ ...filters, verdict: "valid" }), say.validColumn),
              cell(category.scans, filesAddress({ ...filters, kind: "scan" }), say.scans),
              make("td", { class: "number" }, behind(category.files_unsigned, filesAddress({ set: `unsigned/${place}/${at}` }), `${plain(title)}: ${say.missing}`)),
              make("td", { class: "number" }, category.share === null ? "–" : percent(category.share)),
            );
          }),
        ),
      ),
    ),
  );
}

function procedure(school: School, place: number): HTMLElement {
  const say = texts();
  if (school.procedure.length === 0) {
    return question(say.q3, make("p", {}, say.noProcedure));
  }
  const heads = [say.total, say.complete, say.incomplete, say.outOfOrder, say.wrongAuthority, say.failing];
  return question(
    say.q3,
    wide(
      say.q3,
      make(
        "table",
        {},
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say.workflow), ...heads.map((text) => make("th", { scope: "col", class: "number" }, text)))),
        make(
          "tbody",
          {},
          ...school.procedure.map((of, at) => {
            const cells = [of.files, of.complete, of.incomplete, of.out_of_order, of.wrong_authority];
            return make(
              "tr",
              {},
              make("th", { scope: "row" }, name(of.workflow)),
              ...cells.map((count) => make("td", { class: "number" }, number(count))),
              make("td", { class: "number" }, behind(of.files_failing, filesAddress({ set: `procedure/${place}/${at}` }), say.failing)),
            );
          }),
        ),
      ),
    ),
  );
}

function online(school: School, place: number): HTMLElement {
  const say = texts();
  const { due, signed_by_authority, scans, files_missing } = school.online;
  return question(
    say.q4,
    numbers(
      [number(due), say.onlineDue],
      [number(signed_by_authority), say.onlineSigned],
      [behind(files_missing, filesAddress({ set: `online/${place}` }), say.onlineMissing), say.onlineMissing],
      [counted(scans, filesAddress({ ...within(school), kind: "scan" }), say.onlineScans), say.onlineScans],
    ),
  );
}

/** The files behind a number: a full list says that there are more. */
function behind(files: string[], address: string, label: string): HTMLElement {
  const link = counted(files.length, address, label);
  if (files.length >= LISTED) {
    link.append("+");
  }
  return link;
}

function norm(school: School, place: number): HTMLElement {
  const say = texts();
  const of = school.norm;
  const share = (count: number): string => say.of(number(count), number(of.sealed));
  return question(
    say.q5,
    numbers(
      [number(of.sealed), say.sealed],
      [share(of.seal_certificate_organisation), say.sealOrganisation],
      [share(of.visible_seal), say.sealVisible],
      [number(of.mark_rules_failed), say.markRules],
      [behind(of.files_failing, filesAddress({ set: `norm/${place}` }), say.failing), say.failing.toLowerCase()],
    ),
  );
}

function charts(): HTMLElement {
  const say = texts();
  const parts = (...looks: Part["look"][]): Part[] => looks.map((look) => ({ look, word: word("verdicts", look) }));
  const three = parts("valid", "indeterminate", "invalid");
  const months: Bar[] = summary.by_month.map((month) => ({
    label: monthName(month.month),
    values: [month.valid, month.indeterminate, month.invalid],
    addresses: (["valid", "indeterminate", "invalid"] as const).map((verdict) => filesAddress({ month: month.month, verdict })),
  }));
  const five = parts("valid", "indeterminate", "invalid", "unsigned", "unreadable");
  const verdicts: Bar[] = five.map((part, at) => {
    const values = five.map(() => 0);
    values[at] = summary.counts[part.look as (typeof VERDICTS)[number]];
    return { label: part.word, values, addresses: five.map((_, other) => (other === at ? filesAddress({ verdict: part.look }) : null)) };
  });
  return make(
    "section",
    {},
    make("h2", {}, say.charts),
    make(
      "div",
      { class: "charts" },
      lying(say.byVerdict, say.verdict, five, verdicts),
      months.length === 0 ? make("p", { class: "card" }, say.noMonths) : standing(say.byMonth, say.month, three, months),
      byCategory(),
      bySigner(),
    ),
  );
}

/** Categories over all schools. */
function byCategory(): HTMLElement {
  const say = texts();
  const bars = new Map<string, Bar>();
  for (const { categories: of } of summary.schools) {
    for (const category of of) {
      const id = category.id === "" ? NO_CATEGORY : category.id;
      const bar = bars.get(category.id) ?? { label: category.title === "" ? say.noCategory : category.title, values: [0, 0, 0, 0], addresses: [filesAddress({ category: id, verdict: "valid" }), null, null, filesAddress({ category: id, kind: "scan" })] };
      const values = [category.valid, category.signed - category.valid, category.files - category.signed - category.scans, category.scans];
      bar.values = bar.values.map((value, at) => value + Math.max(0, values[at] ?? 0));
      bars.set(category.id, bar);
    }
  }
  const parts: Part[] = [
    { look: "valid", word: word("verdicts", "valid") },
    { look: "indeterminate", word: say.signedNotValid },
    { look: "unsigned", word: say.others },
    { look: "accent", word: say.scans },
  ];
  return lying(say.byCategory, say.category, parts, [...bars.values()]);
}

function bySigner(): HTMLElement {
  const say = texts();
  const people = summary.schools.flatMap((of) => of.staff.people).sort((one, other) => other.signatures - one.signatures);
  const bars = people.slice(0, PEOPLE).map((person) => ({
    label: personName(person),
    values: [person.signatures],
    addresses: [filesAddress({ signer: signerKey(person) })],
  }));
  return lying(say.bySigner, say.person, [{ look: "accent", word: say.signaturesOf }], bars);
}

/** Why a file is to be looked at, in a sentence. */
function reason(row: Row): string {
  const say = texts();
  const full = record(row.index);
  if (full === undefined) {
    return "";
  }
  if (full.document.error !== null) {
    return full.document.error;
  }
  const all = [...full.signatures.flatMap((signature) => findings(signature.findings)), ...findings(full.workflow?.findings ?? [])];
  const first = (outcome: string, level: string): Finding | undefined => all.find((found) => found.outcome === outcome && found.level === level);
  const cause = first("fail", "fail") ?? first("cannot-tell", "fail") ?? first("fail", "warn");
  return cause?.message ?? (row.late === true ? say.late : row.verdict === "unsigned" ? say.missing : word("verdicts", row.verdict));
}

function objections(): HTMLElement {
  const say = texts();
  const left = chosen({ ...NO_FILTERS, objections: true, sort: "verdict" });
  if (left.length === 0) {
    return make("section", {}, make("h2", {}, say.objections), make("p", {}, say.noObjections));
  }
  const body = make("tbody");
  const rest = make("p", { class: "faint" });
  const fill = (count: number): void => {
    body.replaceChildren(
      ...left.slice(0, count).map((row) =>
        make("tr", {}, make("th", { scope: "row", class: "column-file" }, make("a", { href: fileAddress(row.index, { objections: true, sort: "verdict" }) }, path(row.file))), make("td", {}, verdict(row.verdict)), make("td", {}, name(reason(row)))),
      ),
    );
    rest.textContent = left.length > count ? say.moreRows(number(left.length - count)) : "";
  };
  fill(SHOWN);
  printing(() => {
    fill(PRINTED);
    return () => fill(SHOWN);
  });
  const heads = [say.file, say.verdict, say.why].map((text) => make("th", { scope: "col" }, text));
  return make(
    "section",
    {},
    make("h2", {}, say.objections),
    wide(say.objections, make("table", { class: "files" }, make("thead", {}, make("tr", {}, ...heads)), body)),
    rest,
    make("p", { class: "screen-only" }, make("a", { class: "button", href: filesAddress({ objections: true, sort: "verdict" }) }, say.showAll(number(left.length)))),
  );
}

function ageing(): HTMLElement | null {
  const say = texts();
  if (summary.ageing.length === 0) {
    return null;
  }
  const byFile = new Map(rows.map((row) => [row.file, row]));
  return make(
    "section",
    {},
    make("h2", {}, say.ageing),
    make("p", {}, say.ageingNote),
    wide(
      say.ageing,
      make(
        "table",
        { class: "files" },
        make("thead", {}, make("tr", {}, ...[say.file, say.provableUntil, say.weakest].map((text) => make("th", { scope: "col" }, text)))),
        make(
          "tbody",
          {},
          ...summary.ageing.slice(0, PRINTED).map((one) => {
            const row = byFile.get(one.file);
            return make("tr", {}, make("th", { scope: "row", class: "column-file" }, row === undefined ? path(one.file) : make("a", { href: fileAddress(row.index, { set: "ageing" }) }, path(one.file))), make("td", { class: "dated" }, day(one.provable_until)), make("td", {}, name(one.weakest ?? "")));
          }),
        ),
      ),
    ),
    summary.ageing.length > PRINTED ? make("p", { class: "faint" }, say.moreRows(number(summary.ageing.length - PRINTED))) : null,
  );
}

function duplicates(): HTMLElement | null {
  const say = texts();
  if (summary.duplicates.length === 0) {
    return null;
  }
  const groups = summary.duplicates.slice(0, PRINTED);
  return make(
    "section",
    {},
    make("h2", {}, say.duplicates),
    make(
      "details",
      {},
      make("summary", {}, say.showAll(number(summary.duplicates.length))),
      make("ul", { class: "groups" }, ...groups.map(({ files }) => make("li", {}, ...files.slice(0, 20).map((file) => make("p", {}, path(file)))))),
    ),
  );
}
