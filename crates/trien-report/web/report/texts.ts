// The language of the report, and numbers, days and sizes in its words.

import { type Texts, en, vi } from "./catalogue.js";

const CATALOGUE = { vi, en };
export type Language = keyof typeof CATALOGUE;

export const LANGUAGES: readonly { language: Language; name: string }[] = [
  { language: "vi", name: "Tiếng Việt" },
  { language: "en", name: "English" },
];

let language: Language = document.documentElement.lang === "en" ? "en" : "vi";

export function current(): Language {
  return language;
}

export function speak(chosen: Language): void {
  language = chosen;
  document.documentElement.lang = chosen;
}

export function texts(): Texts {
  return CATALOGUE[language];
}

/** Making one takes long beside a hundred rows. */
const formats = new Map<string, Intl.NumberFormat>();

export function number(value: number, digits = 0): string {
  const key = `${language} ${digits}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(language === "en" ? "en-GB" : "vi-VN", { maximumFractionDigits: digits });
    formats.set(key, format);
  }
  return format.format(value);
}

export function percent(share: number): string {
  return `${number(share * 100, 1)}${language === "en" ? "" : " "}%`;
}

/** The day of a time in RFC 3339, as its offset has it. */
export function day(time: string): string {
  const [year, month, date] = time.slice(0, 10).split("-");
  return `${date}/${month}/${year}`;
}

/** Day and time, as the time's offset has them. */
export function moment(time: string): string {
  return time.length < 19 ? day(time) : `${time.slice(11, 19)} ${day(time)}`;
}

/** What a rule says, with its times as people write them: those of Vietnam. */
export function spoken(message: string): string {
  return message.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00/g, moment);
}

export function monthName(month: string): string {
  const [year, number_] = month.split("-");
  return `${number_}/${year}`;
}

export function size(octets: number): string {
  const units = ["byte", "kB", "MB", "GB"];
  let value = octets;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${number(value, unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}

/** A word of the contract in the report's language, or itself. */
export function word(table: "verdicts" | "kinds" | "signers" | "integrities" | "changes" | "indications" | "outcomes" | "workflows" | "steps" | "stamps" | "signatureKinds" | "subIndications" | "leftOutKinds" | "counted" | "coverages", key: string): string {
  const words: Readonly<Record<string, string>> = texts()[table];
  return Object.hasOwn(words, key) ? (words[key] ?? key) : key;
}
