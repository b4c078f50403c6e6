import { en, vi } from "./catalogue.js";
const CATALOGUE = { vi, en };
const KEPT = "trien-language";
export const LANGUAGES = [
    { language: "vi", name: "Tiếng Việt" },
    { language: "en", name: "English" },
];
let language = (localStorage.getItem(KEPT) ?? document.documentElement.lang) === "en" ? "en" : "vi";
export function current() {
    return language;
}
export function speak(chosen) {
    language = chosen;
    localStorage.setItem(KEPT, chosen);
}
export function texts() {
    return CATALOGUE[language];
}
export function said(sentences) {
    return language === "en" ? sentences.message_en : sentences.message;
}
const formats = new Map();
export function number(value, digits = 0) {
    const key = `${language} ${digits}`;
    let format = formats.get(key);
    if (format === undefined) {
        const places = { maximumFractionDigits: digits, minimumFractionDigits: digits };
        format = new Intl.NumberFormat(language === "en" ? "en-GB" : "vi-VN", places);
        formats.set(key, format);
    }
    return format.format(value);
}
export function day(time) {
    const [year, month, date] = time.slice(0, 10).split("-");
    return `${date}/${month}/${year}`;
}
export function lasting(seconds) {
    return seconds < 120 ? texts().seconds(number(Math.max(1, Math.round(seconds)))) : texts().minutes(number(Math.round(seconds / 60)));
}
export function millimetres(points) {
    return number(Math.round((points * 25.4) / 72));
}
