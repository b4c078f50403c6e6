// With which certificate, and the PIN of its token.

import { type Child, freshId, icon, make, note } from "./dom.js";
import type { Answer, Certificate, Token } from "./model.js";
import { day, said, texts } from "./texts.js";

/** What goes with an answer; or nothing, where something is missing and the person was told. */
export type Choice = Pick<Answer, "certificate" | "pin" | "final_try">;

export interface KeptChoice {
  certificate: string | null;
  pin: string;
  final_try: boolean;
}

export interface Signer {
  /** The certificates. */
  element: HTMLElement;
  /** Says, at the foot of what scrolls, that there are more certificates than can be seen. */
  more: HTMLElement;
  /** The PIN: it stands with the buttons, so that it is in sight however long the list is. */
  pin: HTMLElement;
  update(tokens: Token[] | null): void;
  /** Reads what was chosen and typed; the PIN is no longer in the page then. */
  take(): Choice | null;
  /** Gives what was chosen and typed; the PIN is no longer in this part of the page then. */
  kept(): KeptChoice;
  resume(kept: KeptChoice): void;
  /** Enter in the PIN's field. */
  onEnter: (() => void) | null;
}

/** How much of the last token must be in sight. */
const SEEN = 0.6;

/** Kinds of certificates that do not fit what a signature is meant as. */
const UNFIT: Partial<Record<string, Certificate["kind"]>> = { personal: "organisation", seal: "personal", copy: "personal" };

/**
 * `only` is the one certificate that may sign, where the caller chose it; `act` is what the signature is
 * meant as: certificates that fit it stand first. `before` was to sign the last time, and is proposed.
 */
export function signer(only: string | null, act = "unstated", before: string | null = null): Signer {
  let tokens: Token[] | null = null;
  let chosen: string | null = only;
  let drawn = "";
  const group = freshId();
  const [pinId, pinHint, pinError, caps] = [freshId(), freshId(), freshId(), freshId()];
  const list = make("div", { class: "certificates" });
  const warnings = make("div", { class: "pin-state" });
  const error = make("p", { id: pinError, class: "error", role: "alert" });
  const capsLock = make("p", { id: caps, class: "hint caps", role: "status" });
  const pin = make("input", {
    id: pinId,
    class: "pin",
    type: "password",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: 255,
    "aria-describedby": `${pinHint} ${pinError} ${caps}`,
    input: () => complain(""),
    keyup: (event: KeyboardEvent) => {
      capsLock.textContent = event.getModifierState("CapsLock") ? texts().pinCapsLock : "";
    },
    keydown: (event: KeyboardEvent) => {
      if (event.key === "Enter") {
        event.preventDefault();
        self.onEnter?.();
      }
    },
  });
  const finalTry = make("input", { type: "checkbox", id: freshId(), change: () => complain("") });
  const finalLine = make(
    "label",
    { class: "confirm", for: finalTry.id },
    finalTry,
    make("span", {}, texts().pinFinalConfirm),
  );
  const pinPart = make(
    "div",
    { class: "pin-part" },
    make("label", { for: pinId }, texts().pin),
    make("div", { class: "pin-line" }, icon("lock"), pin),
    capsLock,
    make("p", { id: pinHint, class: "hint" }, texts().pinShow),
  );
  const padPart = note("info", texts().pinPad);
  const missing = make("p", { class: "error", role: "alert" });
  const more = make(
    "button",
    { type: "button", class: "more", hidden: true, click: () => list.lastElementChild?.scrollIntoView({ block: "end" }) },
    icon("down"),
    texts().certificatesMore,
  );
  // Seen less than half, a certificate is not known to be one.
  const watched = new IntersectionObserver((entries) => {
    for (const { target, intersectionRatio, boundingClientRect } of entries) {
      const scroller = target.closest(".panel-body")?.getBoundingClientRect();
      if (scroller !== undefined) {
        more.hidden = intersectionRatio >= SEEN || boundingClientRect.bottom <= scroller.bottom;
      }
    }
  }, { threshold: [0, SEEN] });

  function complain(words: string): void {
    error.textContent = words;
    pin.toggleAttribute("aria-invalid", words !== "");
  }

  function holder(): Token | undefined {
    return tokens?.find((token) => token.certificates.some(({ id }) => id === chosen));
  }

  /** Which PIN is asked for depends on the token of the certificate. */
  function showPin(): void {
    const token = holder();
    const words = texts();
    // A locked token says so beside its certificates.
    const isLocked = token?.pin_state === "locked";
    const isFinal = token?.pin_state === "final-try";
    pinPart.hidden = token === undefined || token.pad || isLocked;
    padPart.hidden = token === undefined || !token.pad || isLocked;
    finalLine.hidden = !isFinal;
    if (!isFinal) {
      finalTry.checked = false;
    }
    warnings.replaceChildren(
      ...(isFinal ? [note("danger", words.pinFinal)] : []),
      ...(token?.pin_state === "count-low" ? [note("warning", words.pinLow)] : []),
    );
  }

  function choose(id: string): void {
    chosen = id;
    missing.textContent = "";
    complain("");
    showPin();
  }

  function certificateLine(token: Token, certificate: Certificate): HTMLElement {
    const words = texts();
    const canSign = certificate.usable && token.pin_state !== "locked";
    const id = freshId();
    const why = certificate.why_not === null ? words.unusableUnknown : words.whyNot[certificate.why_not];
    const name = certificate.name ?? certificate.subject ?? certificate.id;
    const issuer = certificate.issuer_name ?? certificate.issuer;
    const { organisation, kind, serial, valid_from: from, valid_until: until } = certificate;
    const radio = make("input", {
      type: "radio",
      id,
      name: group,
      value: certificate.id,
      disabled: !canSign,
      checked: canSign && certificate.id === chosen,
      change: () => choose(certificate.id),
    });
    const facts: Child[] = [
      make("b", { class: "subject" }, name),
      kind === undefined ? null : make("span", { class: "tag" }, words.kindOf[kind]),
      organisation === undefined || organisation === null || organisation === name
        ? null
        : make("span", { class: "line" }, organisation),
      issuer === undefined ? null : make("span", { class: "line hint" }, words.issuedBy(issuer)),
      from === undefined || until === undefined
        ? null
        : make("span", { class: "line hint" }, words.validFromTo(day(from), day(until))),
      certificate.usable ? null : make("span", { class: "line why" }, icon("cross"), `${words.unusable} ${why}`),
    ];
    return make(
      "label",
      { class: canSign ? "certificate" : "certificate unusable", for: id, title: serial === undefined ? null : words.serial(serial) },
      radio,
      make("span", { class: "certificate-facts" }, ...facts),
    );
  }

  function tokenPart(token: Token): HTMLElement {
    const words = texts();
    const wanted = token.certificates.filter(({ id }) => only === null || id === only);
    return make(
      "div",
      { class: "token" },
      make("p", { class: "token-name" }, icon("token"), words.tokenNamed(token.label)),
      token.error === null ? null : note("warning", said(token.error)),
      token.pin_state === "locked" ? note("danger", words.pinLocked) : null,
      ...wanted.map((certificate) => certificateLine(token, certificate)),
      wanted.length === 0 && token.error === null ? make("p", { class: "hint" }, words.certificatesNone) : null,
    );
  }

  function draw(): void {
    const words = texts();
    const fits = ({ kind }: Certificate): boolean => kind !== UNFIT[act];
    const usable = (tokens ?? []).flatMap((token) =>
      token.pin_state === "locked" ? [] : token.certificates.filter((one) => one.usable),
    );
    const all = (tokens ?? []).flatMap((token) => token.certificates);
    if (only === null && !all.some(({ id, usable }) => id === chosen && usable)) {
      // The one that can be meant is chosen; of several the person says which, or has said it before.
      const fitting = usable.filter(fits);
      const meant = usable.find(({ id }) => id === before) ?? (fitting.length === 1 ? fitting[0] : undefined);
      chosen = meant?.id ?? null;
    }
    const shown = (tokens ?? [])
      .filter((token) => only === null || token.certificates.some(({ id }) => id === only))
      .sort((one, other) => Number(other.certificates.some(fits)) - Number(one.certificates.some(fits)));
    if (tokens === null) {
      list.replaceChildren(make("p", { class: "hint waiting" }, icon("wait"), words.tokensLoading));
    } else if (shown.length === 0) {
      const none = tokens.length === 0 ? words.tokensNone : words.credentialMissing;
      list.replaceChildren(note("info", none));
    } else {
      list.replaceChildren(...shown.map(tokenPart));
    }
    watched.disconnect();
    more.hidden = true;
    if (list.lastElementChild !== null && shown.length > 0) {
      watched.observe(list.lastElementChild);
    }
    showPin();
  }

  const self: Signer = {
    element: make(
      "section",
      { class: "signer" },
      make(
        "fieldset",
        { class: "certificate-choice" },
        make("legend", {}, texts().certificate),
        list,
        missing,
      ),
    ),
    more,
    pin: make("div", { class: "pin-of-token" }, warnings, pinPart, padPart, finalLine, error),
    onEnter: null,
    update(given) {
      const text = JSON.stringify(given);
      if (text !== drawn) {
        const focused = document.activeElement;
        const hadFocus = focused instanceof HTMLInputElement && list.contains(focused) ? focused.value : null;
        drawn = text;
        tokens = given;
        draw();
        if (hadFocus !== null) {
          list.querySelector<HTMLInputElement>(`input[value="${CSS.escape(hadFocus)}"]`)?.focus();
        }
      }
    },
    kept() {
      const left = { certificate: chosen, pin: pin.value, final_try: finalTry.checked };
      pin.value = "";
      return left;
    },
    resume(kept) {
      chosen = kept.certificate ?? chosen;
      draw();
      pin.value = kept.pin;
      finalTry.checked = kept.final_try && !finalLine.hidden;
    },
    take() {
      const words = texts();
      const token = holder();
      const certificate = token?.certificates.find(({ id }) => id === chosen);
      if (token === undefined || certificate === undefined || !certificate.usable) {
        missing.textContent = words.certificateMissing;
        list.querySelector<HTMLInputElement>("input:enabled")?.focus();
        return null;
      }
      if (token.pin_state === "locked") {
        missing.textContent = words.pinLocked;
        return null;
      }
      if (!token.pad && pin.value === "") {
        complain(words.pinMissing);
        pin.focus();
        return null;
      }
      if (token.pin_state === "final-try" && !finalTry.checked) {
        complain(words.pinFinalMissing);
        finalTry.focus();
        return null;
      }
      const choice: Choice = { certificate: certificate.id };
      if (!token.pad) {
        choice.pin = pin.value;
        pin.value = "";
      }
      if (finalTry.checked) {
        choice.final_try = true;
        finalTry.checked = false;
      }
      return choice;
    },
  };
  draw();
  return self;
}
