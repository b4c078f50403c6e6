// @ts-check
// The page of a class: finds triend, has the records signed, and takes the signed ones as they come.
// All that talks to triend stands here.

import { TrienError, Triend, permission, sentence } from "./trien.js";
import { ClassList } from "./class-list.js";

/**
 * @typedef {import("./class-list.js").Pupil} Pupil
 * @typedef {import("./trien.js").Job} Job
 * @typedef {import("./trien.js").JobDocument} JobDocument
 * @typedef {import("./trien.js").Signature} Signature
 * @typedef {{ school: string, class: string, year: string, teacher: string,
 *   ports: number[] | null, pupils: Pupil[] }} Class
 * @typedef {"teacher" | "seal"} Act
 * @typedef {{ id: string, act: Act, numbers: number[] }} Kept what finds a job again after a reload
 */

/** What the page calls itself in triend's window. */
const NAME = "Sổ học bạ điện tử";
/** Where the job under way is kept, for a page that is loaded again. */
const JOB = "records-page-job";

/** Codes of a window that was closed, refused or left alone: nothing went wrong, and nothing was signed. */
const UNANSWERED = ["consent-refused", "consent-expired", "consent-closed"];

/** Codes that say that triend does not know this page, or no longer. */
const NOT_LET_IN = ["origin-foreign", "not-paired"];

/**
 * What each act asks of triend; sizes are in millimetres.
 * @type {Record<Act, { verb: string, done: string, order: Pick<Signature, "act" | "reason">,
 *   picture: string, kind: "image" | "seal", size: number }>}
 */
const ACTS = {
  teacher: {
    verb: "Ký",
    done: "Đã ký",
    order: { act: "personal", reason: "Xác nhận học bạ" },
    picture: "/teacher.png",
    kind: "image",
    size: 45,
  },
  seal: {
    verb: "Đóng dấu",
    done: "Đã đóng dấu",
    order: { act: "seal", reason: "Phát hành học bạ" },
    picture: "/seal.png",
    kind: "seal",
    size: 36,
  },
};

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
function byId(id) {
  const element = document.getElementById(id);
  if (element === null) {
    throw new Error(`the page has no ${id}`);
  }
  return /** @type {T} */ (element);
}

const work = /** @type {HTMLFormElement} */ (byId("work"));
const buttons = {
  connect: /** @type {HTMLButtonElement} */ (byId("connect")),
  sign: /** @type {HTMLButtonElement} */ (byId("sign")),
  retry: /** @type {HTMLButtonElement} */ (byId("retry")),
  saveAll: /** @type {HTMLButtonElement} */ (byId("save-all")),
  cancel: /** @type {HTMLButtonElement} */ (byId("cancel")),
};
const bar = /** @type {HTMLProgressElement} */ (byId("bar"));

/** @type {Class} */
const school = await (await fetch("/class.json")).json();
/** @type {Triend | null} */
let triend = null;
/** A job whose documents are not all signed and fetched. @type {{ job: Job, kept: Kept } | null} */
let open = null;
let busy = false;
/** The person has taken the job back. */
let cancelled = false;

const list = new ClassList(byId("pupils"), byId("all"), school.pupils, showButtons);

/** @param {"info" | "good" | "bad" | "wait"} kind @param {string} words */
function notice(kind, words) {
  const element = byId("notice");
  element.dataset["kind"] = kind;
  element.textContent = words;
  element.hidden = words === "";
}

/** @returns {Act} */
function act() {
  return /** @type {RadioNodeList} */ (work.elements.namedItem("act")).value === "seal" ? "seal" : "teacher";
}

function showButtons() {
  const chosen = list.chosen().length;
  buttons.sign.textContent = `${ACTS[act()].verb} ${chosen} học bạ`;
  buttons.sign.disabled = busy || triend === null || chosen === 0;
  buttons.retry.hidden = busy || open === null;
  buttons.cancel.hidden = open === null;
  buttons.cancel.textContent = busy ? "Hủy lần ký này" : "Bỏ qua các học bạ chưa ký";
  const files = list.files();
  buttons.saveAll.hidden = files === 0;
  buttons.saveAll.textContent = `Tải tất cả (${files} tệp)`;
  for (const radio of /** @type {Iterable<HTMLInputElement>} */ (work.elements.namedItem("act"))) {
    radio.disabled = busy;
  }
}

/** @param {boolean} now */
function setBusy(now) {
  busy = now;
  cancelled = false;
  list.lock(now);
  if (!now) {
    byId("progress").hidden = true;
  }
  showButtons();
}

/** @param {string} words @param {number} value @param {number} of */
function progress(words, value, of) {
  byId("progress").hidden = false;
  byId("bar-words").textContent = words;
  bar.max = of;
  bar.value = value;
}

/** @param {"off" | "wait" | "on" | "bad"} state @param {string} words */
function connection(state, words) {
  const element = byId("connection");
  element.dataset["state"] = state;
  element.textContent = words;
}

/** What the button says, and what it says while triend's window waits. */
const CONNECT = "Kết nối triend";
const STOP = "Thôi chờ";
/** Ends the wait for triend's window. @type {(() => void) | null} */
let stopWaiting = null;

/** Finds triend and is let in: triend asks the person in a window of its own. */
async function connect() {
  buttons.connect.disabled = true;
  const patience = new AbortController();
  connection("wait", "Đang tìm triend…");
  notice("info", "");
  try {
    triend = await Triend.connect(NAME, {
      ...(school.ports === null ? {} : { ports: school.ports }),
      signal: patience.signal,
      waiting: () => {
        connection("wait", "Đang chờ bạn cho phép");
        // A window that is not found need not be waited for until its time is over.
        stopWaiting = () => patience.abort();
        buttons.connect.textContent = STOP;
        buttons.connect.disabled = false;
        notice("wait", "triend vừa mở một cửa sổ: hãy xem địa chỉ của trang này ở đó rồi bấm “Cho phép”.");
      },
    });
    connection("on", `Đã kết nối triend ${triend.version}`);
    buttons.connect.hidden = true;
    notice("good", "Đã kết nối. Hãy chọn học sinh rồi bấm ký: bạn chỉ nhập mã PIN một lần, trong cửa sổ của triend.");
    showButtons();
    void takeUpAgain();
  } catch (error) {
    if (patience.signal.aborted) {
      connection("off", "Chưa kết nối triend");
      notice("info", "");
    } else {
      connection("bad", "Chưa kết nối được");
      notice("bad", sentence(error));
    }
  } finally {
    stopWaiting = null;
    buttons.connect.textContent = CONNECT;
    buttons.connect.disabled = false;
  }
}

/** triend has taken the connection back: the button to connect is there again. */
function disconnected() {
  triend = null;
  connection("bad", "Đã mất kết nối triend");
  buttons.connect.hidden = false;
}

/** The name of a pupil's file, here and in triend's window. @param {Pupil} pupil */
function fileName(pupil) {
  return `Học bạ ${school.class} - ${String(pupil.number).padStart(2, "0")} - ${pupil.name}.pdf`;
}

/** A file in Base64. @param {string} address @returns {Promise<string>} */
async function base64(address) {
  const blob = await (await fetch(address)).blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result).split(",")[1] ?? ""));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}

/** Sends the chosen records to triend and follows what comes of them. */
async function sign() {
  const pupils = list.chosen();
  const first = pupils[0];
  if (triend === null || first === undefined || busy) {
    return;
  }
  const name = act();
  const { verb, order, picture, kind, size } = ACTS[name];
  setBusy(true);
  try {
    // A job of before whose failures nobody wants signed any more.
    await open?.job.cancel();
    forget();
    notice("info", "");
    progress("Đang gửi học bạ cho triend", 0, pupils.length);
    // All pages of a class have the same places, so one mark serves all.
    const { page, left, top } = first.places[name];
    const mark = {
      kind,
      image: await base64(picture),
      size,
      place: { page, left, top },
      movable: /** @type {HTMLInputElement} */ (byId("movable")).checked,
    };
    const documents = pupils.map((pupil) => {
      list.show(pupil.number, "wait", "Đang gửi");
      // What was signed before is signed again: the seal goes over the teacher's signature.
      const content = async () => list.file(pupil.number) ?? (await fetch(pupil.record)).blob();
      return { name: fileName(pupil), content };
    });
    const job = await triend.sign(documents, { level: "b-t", ...order, mark }, {
      sent: (count) => progress("Đang gửi học bạ cho triend", count, pupils.length),
    });
    const kept = { id: job.id, act: name, numbers: pupils.map(({ number }) => number) };
    sessionStorage.setItem(JOB, JSON.stringify(kept));
    open = { job, kept };
    notice("wait", `triend mở cửa sổ xem trước: hãy xem vị trí, nhập mã PIN rồi bấm ${verb.toLowerCase()}.`);
    await follow();
  } catch (error) {
    const about = error instanceof TrienError && error.document !== null ? pupils[error.document] : undefined;
    for (const { number } of pupils) {
      showAsBefore(number);
    }
    if (about !== undefined) {
      list.show(about.number, "bad", "Không gửi được", sentence(error));
    }
    tell(error);
  } finally {
    setBusy(false);
  }
}

/** What went wrong, unless it was meant to. @param {unknown} error */
function tell(error) {
  if (error instanceof TrienError && NOT_LET_IN.includes(error.code)) {
    disconnected();
  }
  if (cancelled) {
    forget();
    notice("info", "Đã hủy lần ký này. Học bạ đã nhận về vẫn được giữ trên trang.");
  } else {
    notice("bad", sentence(error));
  }
}

/** Follows the open job to its end. */
async function follow() {
  if (open === null) {
    return;
  }
  const { job, kept } = open;
  showButtons();
  const { verb, done } = ACTS[kept.act];
  /** Results on their way. @type {Promise<void>[]} */
  const fetched = [];
  const taken = new Set();
  /** @param {JobDocument} document */
  const take = (document) => {
    const number = kept.numbers[document.number - 1];
    if (number === undefined) {
      return;
    }
    switch (document.state) {
      case "signed":
        if (!taken.has(number)) {
          taken.add(number);
          list.show(number, "wait", "Đang nhận");
          fetched.push(receive(job, document.number, number, done));
        }
        break;
      case "refused":
      case "failed":
        list.show(number, "bad", document.state === "refused" ? "Bị từ chối" : "Không ký được");
        break;
      case "cancelled":
        showAsBefore(number);
        break;
      case "signing":
        list.show(number, "wait", "Đang ký");
        break;
      default:
        list.show(number, "wait", "Chờ xác nhận");
    }
  };
  const view = await job.over({
    document: take,
    job: (head) => {
      if (head.state === "signing") {
        notice("info", "");
        progress(`${verb}: ${head.signed} / ${head.total}`, head.signed, head.total);
      } else if (head.state === "awaiting-consent" || head.state === "examining") {
        progress("Đang chờ bạn xác nhận trong cửa sổ của triend", 0, head.total);
      }
    },
  });
  view.documents.forEach(take);
  await Promise.all(fetched);
  const unsigned = view.total - view.signed;
  if (unsigned === 0) {
    // triend need not keep them any longer.
    await job.collected();
    forget();
    notice("good", `${done} ${view.signed} học bạ. Bạn có thể tải từng tệp hoặc tải tất cả.`);
    return;
  }
  const unanswered = view.stopped !== null && UNANSWERED.includes(view.stopped.code);
  for (const { number, state } of view.documents) {
    const pupil = kept.numbers[number - 1];
    if (pupil !== undefined && state !== "signed" && (unanswered || (state !== "failed" && state !== "refused"))) {
      showAsBefore(pupil);
    }
  }
  // With some signed already the rest can be asked about once more.
  if (view.stopped !== null && unanswered && view.signed === 0) {
    await job.cancel();
    forget();
    notice("info", `Chưa học bạ nào được ký. ${view.stopped.message}`);
    return;
  }
  const halted = view.state === "cancelled" ? "Bạn đã dừng lượt ký trong cửa sổ của triend." : null;
  const why = view.stopped?.message ?? halted ?? reasons(view.documents, kept.numbers);
  const count = view.signed === 0 ? "Chưa học bạ nào được ký." : `${done} ${view.signed} trên ${view.total} học bạ.`;
  buttons.retry.textContent = `${verb} lại ${unsigned} học bạ chưa xong`;
  notice(unanswered || halted !== null ? "info" : "bad", `${count} ${why}`);
}

/** What was signed before stays so, whatever became of this time. @param {number} number */
function showAsBefore(number) {
  const signed = list.file(number) !== null;
  list.show(number, signed ? "good" : "", signed ? "Đã ký" : "Chưa ký");
}

/**
 * Why records were not signed: one reason for all is said once, several at each pupil.
 * @param {JobDocument[]} documents
 * @param {number[]} numbers
 */
function reasons(documents, numbers) {
  const failed = documents.filter(({ error }) => error !== null);
  const different = new Set(failed.map(({ error }) => error?.message ?? ""));
  if (different.size === 1) {
    return [...different].join();
  }
  for (const { number, error, state } of failed) {
    const words = state === "refused" ? "Bị từ chối" : "Không ký được";
    list.show(numbers[number - 1] ?? 0, "bad", words, error?.message);
  }
  return different.size === 0 ? "" : "Hãy xem lý do ở từng học sinh.";
}

/** Fetches a signed record. @param {Job} job @param {number} document @param {number} number @param {string} done */
async function receive(job, document, number, done) {
  const content = await job.result(document);
  const pupil = school.pupils.find((pupil) => pupil.number === number);
  if (pupil === undefined) {
    return;
  }
  list.offer(number, content, fileName(pupil).replace(".pdf", " - đã ký.pdf"));
  list.show(number, "good", done);
  if (/** @type {HTMLInputElement} */ (byId("save")).checked) {
    list.save(number);
  }
  showButtons();
}

/** Asks once more, for the records that were not signed. */
async function retry() {
  if (open === null || busy) {
    return;
  }
  setBusy(true);
  try {
    notice("wait", "triend mở lại cửa sổ cho các học bạ chưa ký: hãy nhập mã PIN.");
    await open.job.retry();
    await follow();
  } catch (error) {
    tell(error);
  } finally {
    setBusy(false);
  }
}

/** A page that was loaded again goes on with the job that it had begun. */
async function takeUpAgain() {
  const text = sessionStorage.getItem(JOB);
  if (text === null || triend === null || busy) {
    return;
  }
  /** @type {Kept} */
  const kept = JSON.parse(text);
  open = { job: triend.job(kept.id), kept };
  setBusy(true);
  try {
    await follow();
  } catch {
    // It has ended, or another page has collected it.
    forget();
  } finally {
    setBusy(false);
  }
}

function forget() {
  open = null;
  sessionStorage.removeItem(JOB);
}

byId("school").textContent = school.school;
byId("title").textContent = `Học bạ lớp ${school.class}, năm học ${school.year}`;
byId("lead").textContent = `${school.pupils.length} học sinh · Giáo viên chủ nhiệm: ${school.teacher}`;
buttons.connect.addEventListener("click", () => {
  if (stopWaiting === null) {
    void connect();
  } else {
    stopWaiting();
  }
});
// Before the class is there, a press would have been lost.
buttons.connect.disabled = false;
buttons.retry.addEventListener("click", () => void retry());
buttons.saveAll.addEventListener("click", () => list.saveAll());
buttons.cancel.addEventListener("click", () => {
  const job = open?.job;
  cancelled = busy;
  if (!busy) {
    forget();
    notice("info", "");
    showButtons();
  }
  job?.cancel().catch((error) => notice("bad", sentence(error)));
});
work.addEventListener("change", showButtons);
work.addEventListener("submit", (event) => {
  event.preventDefault();
  void sign();
});
showButtons();

// Where the browser need not ask and triend has let this page in before, nobody need press a button.
// Without the key triend would open its window, which people expect after a click alone.
const allowed = await permission();
if (Triend.keepsKey() && (allowed === "granted" || allowed === "not-needed")) {
  const known = await Triend.status(school.ports ?? undefined).catch(() => null);
  if (known?.paired === true && triend === null) {
    await connect();
  }
}
