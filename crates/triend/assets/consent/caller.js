import { make, note } from "./dom.js";
import { texts } from "./texts.js";
function parts(origin) {
    const [, scheme, host, port] = /^([a-z]+:\/\/)(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(origin) ?? [];
    if (scheme === undefined || host === undefined) {
        return [make("b", {}, origin)];
    }
    return [
        make("span", { class: "faint" }, scheme),
        make("b", {}, ...atDots(host)),
        port === undefined ? null : make("span", { class: "faint" }, port),
    ];
}
function atDots(host) {
    return host.split(/(?=\.)/).flatMap((part, index) => (index === 0 ? [part] : [make("wbr"), part]));
}
export function isEncryptedOrLocal(origin) {
    return origin.startsWith("https://") || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin);
}
export function originOf(origin) {
    if (origin === null) {
        return make("p", { class: "origin program" }, texts().program);
    }
    return make("p", { class: "origin", translate: "no", dir: "ltr" }, ...parts(origin));
}
export function nameBeside({ origin, name }) {
    return name === "" || name === origin ? null : name;
}
export function callerOf(caller) {
    if (caller === null) {
        return null;
    }
    const name = nameBeside(caller);
    return make("section", { class: "caller", "aria-label": texts().calledBy }, make("p", { class: "label" }, texts().calledBy), originOf(caller.origin), name === null ? null : make("p", { class: "hint" }, texts().callsItself(name)), caller.origin === null || isEncryptedOrLocal(caller.origin) ? null : note("warning", texts().insecure));
}
