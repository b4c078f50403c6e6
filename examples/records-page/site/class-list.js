// @ts-check
// The table of the class: who is chosen, how far each record is, and its signed file.

/**
 * @typedef {{ page: number, left: number, top: number, width: number }} Place in millimetres
 * @typedef {{ number: number, name: string, born: string, identifier: string, record: string,
 *   places: { teacher: Place, seal: Place } }} Pupil
 * @typedef {"" | "wait" | "good" | "bad"} Kind
 * @typedef {{ pupil: Pupil, pick: HTMLInputElement, state: HTMLElement, why: HTMLElement,
 *   cell: HTMLElement, file: { content: Blob, link: HTMLAnchorElement } | null }} Row
 */

/** In milliseconds. */
const BETWEEN_DOWNLOADS = 250;

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export class ClassList {
  /** @type {Map<number, Row>} */
  #rows = new Map();
  /** @type {HTMLInputElement} */
  #all;
  /** @type {() => void} */
  #changed;
  /** Ends when everything that was to be saved is. @type {Promise<void>} */
  #saving = Promise.resolve();

  /**
   * @param {HTMLElement} body
   * @param {HTMLInputElement} all chooses everybody or nobody
   * @param {Pupil[]} pupils
   * @param {() => void} changed called when others are chosen
   */
  constructor(body, all, pupils, changed) {
    this.#all = all;
    this.#changed = changed;
    for (const pupil of pupils) {
      const row = this.#row(pupil);
      this.#rows.set(pupil.number, row);
      body.append(/** @type {Node} */ (row.pick.closest("tr")));
    }
    all.addEventListener("change", () => {
      for (const { pick } of this.#rows.values()) {
        pick.checked = all.checked;
      }
      this.#tell();
    });
  }

  /** @param {Pupil} pupil @returns {Row} */
  #row(pupil) {
    const id = `pupil-${pupil.number}`;
    const pick = make("input", { type: "checkbox", "aria-labelledby": id });
    pick.checked = true;
    pick.addEventListener("change", () => this.#tell());
    const state = make("span", { class: "state" }, "Chưa ký");
    const why = make("p", { class: "why" });
    why.hidden = true;
    const cell = make("td", { class: "signed" });
    const open = make("a", { href: pupil.record, target: "_blank", rel: "noopener" }, "Xem");
    open.setAttribute("aria-label", `Xem học bạ của ${pupil.name}`);
    make(
      "tr",
      {},
      make("td", { class: "pick" }, pick),
      make("td", { class: "number" }, String(pupil.number)),
      make("th", { scope: "row", id }, pupil.name),
      make("td", { class: "born" }, pupil.born),
      make("td", { class: "record" }, open),
      make("td", {}, state, why),
      cell,
    );
    return { pupil, pick, state, why, cell, file: null };
  }

  #tell() {
    const chosen = this.chosen().length;
    this.#all.checked = chosen === this.#rows.size;
    this.#all.indeterminate = chosen > 0 && chosen < this.#rows.size;
    this.#changed();
  }

  /** Who is chosen, in the order of the list. */
  chosen() {
    return [...this.#rows.values()].filter(({ pick }) => pick.checked).map(({ pupil }) => pupil);
  }

  /** While records are being signed nobody else can be chosen. @param {boolean} locked */
  lock(locked) {
    this.#all.disabled = locked;
    for (const { pick } of this.#rows.values()) {
      pick.disabled = locked;
    }
  }

  /**
   * @param {number} number
   * @param {Kind} kind
   * @param {string} words
   * @param {string} why a sentence on what went wrong
   */
  show(number, kind, words, why = "") {
    const row = this.#rows.get(number);
    if (row !== undefined) {
      row.state.dataset.kind = kind;
      row.state.textContent = words;
      row.why.textContent = why;
      row.why.hidden = why === "";
    }
  }

  /** The latest version of a record that this page holds. @param {number} number */
  file(number) {
    return this.#rows.get(number)?.file?.content ?? null;
  }

  /** How many records this page holds signed. */
  files() {
    return [...this.#rows.values()].filter(({ file }) => file !== null).length;
  }

  /**
   * Offers the signed record of a pupil.
   * @param {number} number
   * @param {Blob} content
   * @param {string} name
   */
  offer(number, content, name) {
    const row = this.#rows.get(number);
    if (row === undefined) {
      return;
    }
    if (row.file !== null) {
      URL.revokeObjectURL(row.file.link.href);
    }
    const link = make("a", { href: URL.createObjectURL(content), download: name }, "Tải về");
    link.setAttribute("aria-label", `Tải về bản đã ký của ${row.pupil.name}`);
    row.file = { content, link };
    row.cell.replaceChildren(link);
  }

  /**
   * Saves the signed record of a pupil as the browser saves files, after those that were to be saved
   * before: browsers drop some of many downloads that begin at once.
   * @param {number} number
   */
  save(number) {
    this.#saving = this.#saving.then(async () => {
      this.#rows.get(number)?.file?.link.click();
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_DOWNLOADS));
    });
  }

  /** Saves all there are. */
  saveAll() {
    for (const [number, { file }] of this.#rows) {
      if (file !== null) {
        this.save(number);
      }
    }
  }
}
