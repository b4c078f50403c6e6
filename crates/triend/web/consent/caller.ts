// Who asks: the origin so that nobody takes it for another.

import { type Child, make, note } from "./dom.js";
import type { Caller } from "./model.js";
import { texts } from "./texts.js";

/** Scheme, host and port apart: the host is what tells one page from another. */
function parts(origin: string): Child[] {
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

/** A long name of a host is broken before its dots, so that no word of it is read as two. */
function atDots(host: string): Child[] {
  return host.split(/(?=\.)/).flatMap((part, index) => (index === 0 ? [part] : [make("wbr"), part]));
}

export function isEncryptedOrLocal(origin: string): boolean {
  return origin.startsWith("https://") || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin);
}

/** The origin on a line of its own, broken anywhere rather than cut. */
export function originOf(origin: string | null): HTMLElement {
  if (origin === null) {
    return make("p", { class: "origin program" }, texts().program);
  }
  return make("p", { class: "origin", translate: "no", dir: "ltr" }, ...parts(origin));
}

/** What a caller calls itself, where that is more than its origin. */
export function nameBeside({ origin, name }: Caller): string | null {
  return name === "" || name === origin ? null : name;
}

/** Who asks, as a part of a page. */
export function callerOf(caller: Caller | null): HTMLElement | null {
  if (caller === null) {
    return null;
  }
  const name = nameBeside(caller);
  return make(
    "section",
    { class: "caller", "aria-label": texts().calledBy },
    make("p", { class: "label" }, texts().calledBy),
    originOf(caller.origin),
    name === null ? null : make("p", { class: "hint" }, texts().callsItself(name)),
    caller.origin === null || isEncryptedOrLocal(caller.origin) ? null : note("warning", texts().insecure),
  );
}
