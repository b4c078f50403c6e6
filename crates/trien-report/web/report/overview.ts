// The first view: what was verified, the five questions, charts, and what is to be looked at.

import { VERDICTS, charts } from "./charts.js";
import { NO_CATEGORY, NO_SCHOOL, chosen, period, sealedSet, untrustedSet } from "./choice.js";
import { about, notDrawn, optional, record, rows, summary } from "./data.js";
import { make, name, plain, wide } from "./dom.js";
import type { Person, School } from "./model.js";
import { counted, fact, verdict } from "./pieces.js";
import { type Filters, NO_FILTERS, filesAddress } from "./route.js";
import { handedOver, leftOut, outsideByClaim } from "./further.js";
import { lists } from "./lists.js";
import { personId, personName, signers } from "./signers.js";
import { day, moment, number, percent, texts, word } from "./texts.js";

const PEOPLE = 10;

export function overview(): Node[] {
  const say = texts();
  const counts = summary.counts;
  const found = summary.verdicts;
  return [
    make("h1", { tabindex: "-1" }, about.title === null ? say.title : name(about.title)),
    about.title === null ? null : make("p", { class: "lead" }, say.title),
    ran(),
    outsideByClaim(),
    summary.anchors === 0 ? make("p", { class: "note" }, say.noAnchors) : null,
    notDrawn > 0 ? make("p", { class: "faint not-drawn" }, say.notDrawn(number(notDrawn))) : null,
    make(
      "section",
      { "aria-label": say.verdictsTitle },
      make(
        "ul",
        { class: "tiles" },
        tile(counts.files, say.filesCount, filesAddress()),
        ...VERDICTS.filter((key) => found[key] > 0 || key === "valid" || key === "invalid").map((key) =>
          make("li", { class: `tile tile-${key}`, title: say.verdictNotes[key] }, counted(found[key], filesAddress({ verdict: key }), word("verdicts", key)), verdict(key)),
        ),
        tile(counts.scans, say.scansCount, filesAddress({ kind: "scan" })),
        counts.late > 0 ? tile(counts.late, say.lateCount, filesAddress({ late: true })) : null,
        counts.duplicates > 0 ? tile(counts.duplicates + summary.duplicates.length, say.duplicatesCount(number(counts.duplicates)), filesAddress({ set: "duplicates" })) : null,
        tile(counts.signatures, say.signaturesCount, null),
      ),
    ),
    handedOver(),
    ...summary.schools.map((one, at) => school(one, at)),
    charts(),
    ...lists(),
    leftOut(),
  ].filter((one): one is HTMLElement => one !== null);
}

function tile(count: number, label: string, address: string | null): HTMLElement {
  return make("li", { class: "tile" }, counted(count, address, label), make("span", {}, label));
}

/** Files in which the title of the rules is looked for. */
const LOOKED_AT = 100;

/** What the rules are called: the summary has their id alone, signatures have both. */
function profileTitle(): string {
  for (const row of rows.slice(0, LOOKED_AT)) {
    for (const signature of record(row.index)?.signatures ?? []) {
      const profile = optional(signature.profile);
      if (profile?.id === summary.profile) {
        return profile.title;
      }
    }
  }
  return summary.profile;
}

function ran(): HTMLElement {
  const say = texts();
  const { from, to } = summary;
  const outside = summary.counts.outside_period;
  const period = [from === null ? "" : say.periodFrom(day(from)), to === null ? "" : say.periodTo(day(to))].filter((one) => one !== "").join(" ");
  return make(
    "dl",
    { class: "facts ran" },
    ...[
      fact(say.judgedAt, moment(summary.judged_at)),
      fact(say.period, period),
      fact(say.outsidePeriod, outside > 0 ? number(outside) : null),
      fact(say.profile, name(profileTitle())),
      fact(say.anchors, number(summary.anchors)),
    ]
      .filter((pair) => pair.length > 0)
      .map((pair) => make("div", {}, ...pair)),
  );
}

function school(school: School, at: number): HTMLElement {
  const say = texts();
  const heading = make("h2", {}, school.school !== null ? name(school.school) : summary.schools.length > 1 ? say.schoolUnknown : say.questions);
  return make(
    "section",
    { class: "school" },
    heading,
    make("div", { class: "questions" }, staff(school, at), categories(school), procedure(school), online(school), norm(school)),
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
  return summary.schools.length > 1 ? { school: school.school ?? NO_SCHOOL } : {};
}

/** A number of the inspection with the files it counts. */
function answer(school: School, count: number, counted_: string, more: Partial<Filters> = {}): HTMLElement {
  const words: Readonly<Record<string, string>> = texts().counted;
  return counted(count, filesAddress({ ...within(school), ...more, counted: counted_ }), words[counted_] ?? counted_);
}

/** How many files of the period a number of the inspection counts, where the summary only lists the first. */
function countOf(school: School, counted_: string, more: Partial<Filters> = {}): number {
  return chosen({ ...NO_FILTERS, ...within(school), ...more, counted: counted_ }).length;
}

function staff(school: School, place: number): HTMLElement {
  const say = texts();
  const { listed, with_certificate, used, people, untrusted, ambiguous, names_ambiguous: namesakes } = school.staff;
  const pairs: [HTMLElement | string, string][] = [];
  if (listed !== null) {
    pairs.push([number(listed), say.listed]);
  }
  if (with_certificate !== null) {
    pairs.push([number(with_certificate), say.withCertificate]);
  }
  pairs.push([number(used), say.used]);
  const files = (at: number): number => [...(signers().get(personId(place, at))?.files ?? [])].filter((row) => period().has(row)).length;
  const rest = people.length - PEOPLE;
  const table = make(
    "table",
    {},
    make("thead", {}, make("tr", {}, ...[say.person, say.serial].map((text) => make("th", { scope: "col" }, text)), ...[say.signaturesOf, say.filesOf].map((text) => make("th", { scope: "col", class: "number" }, text)), make("th", { scope: "col" }, say.inPeriod))),
    make(
      "tbody",
      {},
      ...people.map((person, at) =>
        make(
          "tr",
          { class: at >= PEOPLE ? "rest" : null },
          make("th", { scope: "row" }, name(personName(person))),
          make("td", { class: "code serials" }, ...(person.serials.length === 0 ? [person.serial] : person.serials).map((serial) => make("div", {}, plain(serial)))),
          make("td", { class: "number" }, number(person.signatures)),
          make("td", { class: "number" }, ...filesOf(person, files(at), personId(place, at))),
          make("td", {}, person.used_in_period ? say.yes : say.no),
        ),
      ),
    ),
  );
  const more = rest > 0 ? make("button", { type: "button", class: "button", click: () => (table.classList.add("all"), more?.remove()) }, say.restOfPeople(number(rest))) : null;
  return question(say.q1, numbers(...pairs), listed === null ? make("p", { class: "faint" }, say.notListed) : null, ambiguous === 0 ? null : make("p", { class: "note ambiguous" }, say.ambiguous(number(ambiguous)), " ", name([...new Set(namesakes)].join(", "))), people.length === 0 ? make("p", {}, say.nobody) : wide(say.q1, table), more, people.length === 0 ? null : make("p", { class: "faint small" }, say.filesNote), untrusted === 0 ? null : numbers([counted(untrusted, filesAddress({ set: untrustedSet(place), outside: true }), say.untrusted), say.untrusted]));
}

/** The number of a person's files that count, and where more bear a signature of theirs, how many; the latter open. */
function filesOf(person: Person, all: number, id: string): (Node | string)[] {
  const say = texts();
  const open = counted(all, filesAddress({ signer: id }), `${say.filesOf}: ${plain(personName(person))}`);
  return all === person.file_count ? [open] : [make("span", { class: "count" }, number(person.file_count)), make("div", { class: "faint" }, say.filesBearing, " ", open)];
}

function categories(school: School): HTMLElement {
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
          ...school.categories.map((category) => {
            const title = category.title === "" ? say.noCategory : category.title;
            const filters = { ...within(school), category: category.id === "" ? NO_CATEGORY : category.id };
            const cell = (count: number, address: string | null, label: string): HTMLElement => make("td", { class: "number" }, counted(count, address, `${plain(title)}: ${label}`));
            return make(
              "tr",
              {},
              make("th", { scope: "row" }, name(title)),
              cell(category.files, filesAddress(filters), say.total),
              cell(category.signed, filesAddress({ ...filters, counted: "signed" }), say.signed),
              cell(category.valid, filesAddress({ ...filters, verdict: "valid" }), say.validColumn),
              cell(category.scans, filesAddress({ ...filters, kind: "scan" }), say.scans),
              cell(countOf(school, "unsigned", filters), filesAddress({ ...filters, counted: "unsigned" }), say.missing),
              make("td", { class: "number" }, category.share === null || category.signed + countOf(school, "unsigned", filters) === 0 ? "–" : percent(category.share)),
            );
          }),
        ),
      ),
    ),
  );
}

function procedure(school: School): HTMLElement {
  const say = texts();
  const aside = asides(school);
  if (school.procedure.length === 0) {
    return question(say.q3, make("p", {}, say.noProcedure), aside);
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
          ...school.procedure.map((of) => {
            const cells: [number, string][] = [
              [of.files, "in-procedure"],
              [of.complete, "complete"],
              [of.incomplete, "incomplete"],
              [of.out_of_order, "out-of-order"],
              [of.wrong_authority, "wrong-authority"],
              [of.files - of.complete, "not-complete"],
            ];
            const title = rows.find((row) => row.workflow?.id === of.workflow)?.workflow?.title ?? of.workflow;
            return make(
              "tr",
              {},
              make("th", { scope: "row" }, name(title)),
              ...cells.map(([count, word]) => make("td", { class: "number" }, answer(school, count, word, { workflow: of.workflow }))),
            );
          }),
        ),
      ),
    ),
    aside,
  );
}

/** What the third question knows beside its table, where there is any. */
function asides(school: School): HTMLElement | null {
  const say = texts();
  const sum = (of: (one: School["procedure"][number]) => number): number => school.procedure.reduce((all, one) => all + of(one), 0);
  const told = some(
    school,
    [sum((one) => one.beside), "beside-procedure", say.beside],
    [sum((one) => one.otherwise), "otherwise-wrong", say.otherwise],
    [sum((one) => one.same_signer), "same-signer", say.sameSigner],
    [sum((one) => one.by_likeness), "by-likeness", say.byLikeness],
    [school.procedure_open.files, "procedure-open", say.procedureOpen],
  );
  return told.length === 0 ? null : numbers(...told);
}

/** Numbers that are told where they are not nought. */
function some(school: School, ...of: [number, string, string][]): [HTMLElement, string][] {
  return of.filter(([count]) => count > 0).map(([count, word, text]) => [answer(school, count, word), text]);
}

function online(school: School): HTMLElement {
  const say = texts();
  const { due, signed_by_authority, scans } = school.online;
  return question(
    say.q4,
    numbers(
      [answer(school, due, "due"), say.onlineDue],
      [answer(school, signed_by_authority, "by-authority"), say.onlineSigned],
      [answer(school, due - signed_by_authority, "without-authority"), say.onlineMissing],
      [counted(scans, filesAddress({ ...within(school), kind: "scan" }), say.onlineScans), say.onlineScans],
    ),
  );
}

function norm(school: School): HTMLElement {
  const say = texts();
  const of = school.norm;
  const share = (count: number, word: string): HTMLElement => make("span", {}, answer(school, count, word), make("span", { class: "faint" }, ` / ${number(of.sealed)}`));
  return question(
    say.q5,
    numbers(
      [answer(school, of.sealed, "sealed"), say.sealed],
      [share(of.seal_certificate_organisation, "seal-of-organisation"), say.sealOrganisation],
      [share(of.visible_seal, "seal-visible"), say.sealVisible],
      [answer(school, of.mark_rules_failed, "rules-broken"), say.markRules],
      [answer(school, countOf(school, "norm-failing"), "norm-failing"), say.normFailing],
      ...some(school, [of.sealed - of.seal_certificate_organisation, "seal-of-person", say.sealOfPerson], [of.sealed - of.visible_seal, "seal-unseen", say.sealUnseen]),
    ),
    seals(school),
    of.seals_unlisted === 0 ? null : make("p", { class: "faint" }, `${number(of.seals_unlisted)} ${say.sealsUnlisted}`),
  );
}

/** Whose seals they are: one that differs from the others stands out. A number of more files than are listed opens none. */
function seals(school: School): HTMLElement | null {
  const say = texts();
  const { seals: all } = school.norm;
  const place = summary.schools.indexOf(school);
  if (all.length === 0) {
    return null;
  }
  const head = (text: string, of: string | null = null): HTMLElement => make("th", { scope: "col", class: of }, text);
  return wide(
    say.sealedBy,
    make(
      "table",
      { class: "seals" },
      make("thead", {}, make("tr", {}, head(say.sealedBy), head(say.sealSubject), head(say.total, "number"))),
      make(
        "tbody",
        {},
        ...all.map((seal, at) =>
          make(
            "tr",
            {},
            make("th", { scope: "row" }, name(seal.organisation)),
            make("td", {}, plain(seal.subject)),
            make("td", { class: "number" }, counted(seal.files, seal.files_sealed.length < seal.files ? null : filesAddress({ set: sealedSet(place, at) }), `${say.sealedBy}: ${plain(seal.organisation)}`)),
          ),
        ),
      ),
    ),
  );
}
