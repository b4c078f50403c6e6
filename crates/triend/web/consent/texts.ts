// The language of the page, and numbers, days and lengths in its words.

import { type Texts, en, vi } from "./catalogue.js";

const CATALOGUE = { vi, en };
export type Language = keyof typeof CATALOGUE;

const KEPT = "trien-language";

export const LANGUAGES: readonly { language: Language; name: string }[] = [
  { language: "vi", name: "Tiếng Việt" },
  { language: "en", name: "English" },
];

/** What was chosen here; until then the daemon's own, which its page comes in. */
let language: Language = (localStorage.getItem(KEPT) ?? document.documentElement.lang) === "en" ? "en" : "vi";

export function current(): Language {
  return language;
}

export function speak(chosen: Language): void {
  language = chosen;
  localStorage.setItem(KEPT, chosen);
}

export function texts(): Texts {
  return CATALOGUE[language];
}

/** The one of two sentences that the daemon sends which is in the page's language. */
export function said(sentences: { message: string; message_en: string }): string {
  return language === "en" ? sentences.message_en : sentences.message;
}

/** Making one takes long beside a thousand lines. */
const formats = new Map<string, Intl.NumberFormat>();

export function number(value: number, digits = 0): string {
  const key = `${language} ${digits}`;
  let format = formats.get(key);
  if (format === undefined) {
    const places = { maximumFractionDigits: digits, minimumFractionDigits: digits };
    format = new Intl.NumberFormat(language === "en" ? "en-GB" : "vi-VN", places);
    formats.set(key, format);
  }
  return format.format(value);
}

/** The day of a time in RFC 3339, as its offset has it. */
export function day(time: string): string {
  const [year, month, date] = time.slice(0, 10).split("-");
  return `${date}/${month}/${year}`;
}

/** A length of time in words: seconds up to two minutes, then minutes. */
export function lasting(seconds: number): string {
  return seconds < 120 ? texts().seconds(number(Math.max(1, Math.round(seconds)))) : texts().minutes(number(Math.round(seconds / 60)));
}

/** PDF points in whole millimetres. */
export function millimetres(points: number): string {
  return number(Math.round((points * 25.4) / 72));
}
