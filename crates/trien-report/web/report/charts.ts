// The charts of the first view: files of the period by verdict, month, category and signer. Each bar
// opens exactly the files it counts.

import { type Bar, type Part, lying, standing } from "./chart.js";
import { NO_CATEGORY, isFile, period } from "./choice.js";
import { summary } from "./data.js";
import { make, plain } from "./dom.js";
import type { Row, Verdict } from "./model.js";
import { filesAddress } from "./route.js";
import { signers } from "./signers.js";
import { monthName, number, texts, word } from "./texts.js";

/** Signers with a bar. */
const SHOWN = 10;

export const VERDICTS: readonly Verdict[] = ["valid", "indeterminate", "invalid", "unsigned", "not-needed", "unreadable"];
const SIGNED = ["valid", "indeterminate", "invalid"] as const;

/** How many files there are of each verdict. */
function countBy(verdicts: readonly string[], files: Iterable<Row>): number[] {
  const values = verdicts.map(() => 0);
  for (const { verdict: found } of files) {
    const at = verdicts.indexOf(found);
    if (at >= 0) {
      values[at] = (values[at] ?? 0) + 1;
    }
  }
  return values;
}

function byMonth(three: Part[]): HTMLElement {
  const say = texts();
  const bars = summary.files_by_month.map((of) => ({
    label: monthName(of.month),
    values: SIGNED.map((verdict) => of[verdict]),
    addresses: SIGNED.map((verdict) => filesAddress({ month: of.month, verdict })),
  }));
  return bars.length === 0 ? make("p", { class: "card" }, say.noMonths) : standing(say.byMonth, say.month, three, bars, say.monthsNote);
}

export function charts(): HTMLElement {
  const say = texts();
  const parts = (...looks: Part["look"][]): Part[] => looks.map((look) => ({ look, word: word("verdicts", look) }));
  const three = parts(...SIGNED);
  const counts = summary.verdicts;
  const shown = VERDICTS.filter((verdict) => verdict !== "not-needed" || counts[verdict] > 0);
  const five = parts(...shown);
  const verdicts: Bar[] = five.map((part, at) => {
    const values = five.map(() => 0);
    values[at] = counts[part.look as Verdict];
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
      byMonth(three),
      byCategory(five, shown),
      bySigner(three),
    ),
  );
}

function byCategory(five: Part[], shown: readonly Verdict[]): HTMLElement {
  const say = texts();
  const categories = new Map<string, { label: string; files: Row[] }>();
  for (const row of [...period()].filter(isFile)) {
    const id = row.category?.id ?? NO_CATEGORY;
    const known = categories.get(id);
    if (known === undefined) {
      categories.set(id, { label: row.category?.title ?? say.noCategory, files: [row] });
    } else {
      known.files.push(row);
    }
  }
  const bars = [...categories].map(([category, { label, files }]) => ({
    label,
    values: countBy(shown, files),
    addresses: shown.map((verdict) => filesAddress({ category, verdict })),
  }));
  bars.sort((one, other) => plain(one.label).localeCompare(plain(other.label), "vi"));
  return lying(say.byCategory, say.category, five, bars);
}

/** Those with the most files, each by what was found of these. */
function bySigner(three: Part[]): HTMLElement {
  const say = texts();
  const found = [...signers().values()]
    .map(({ id, name: text, files }) => ({ id, label: text, values: countBy(SIGNED, [...files].filter((row) => period().has(row))) }))
    .map((one) => ({ ...one, sum: one.values.reduce((sum, value) => sum + value, 0) }))
    .filter(({ sum }) => sum > 0)
    .sort((one, other) => other.sum - one.sum);
  const bars = found.slice(0, SHOWN).map(({ id, label, values }) => ({ label, values, addresses: SIGNED.map((verdict) => filesAddress({ signer: id, verdict })) }));
  const note = [say.signersNote, found.length > SHOWN ? say.furtherSigners(number(found.length - SHOWN)) : ""].join(" ").trim();
  return lying(say.bySigner, say.person, three, bars, note);
}
