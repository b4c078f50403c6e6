// crates/triend/web/client/failure.ts
var TrienError = class _TrienError extends Error {
  code;
  /** The sentence in English; `message` is the one in Vietnamese. */
  messageEnglish;
  retriable;
  /** The document it is about, from 0 in the order in which they were given; absent for all others. */
  document;
  constructor(failure, document = null) {
    super(failure.message);
    this.name = "TrienError";
    this.code = failure.code;
    this.messageEnglish = failure.message_en;
    this.retriable = failure.retriable;
    this.document = document;
  }
  /** @internal */
  about(document) {
    const { code, message, messageEnglish, retriable } = this;
    return new _TrienError({ code, message, message_en: messageEnglish, retriable }, document);
  }
};
var OWN_FAILURES = {
  "not-reachable": {
    code: "not-reachable",
    message: "Không tìm thấy triend trên máy này: hãy mở chương trình triend (hoặc cài đặt, nếu chưa có) rồi thử lại.",
    message_en: "triend was not found on this machine: start it, or install it first, and try again.",
    retriable: true
  },
  "connection-lost": {
    code: "connection-lost",
    message: "Mất liên lạc với triend giữa chừng: hãy kiểm tra rằng triend vẫn đang chạy rồi thử lại.",
    message_en: "The connection to triend was lost on the way: check that it still runs, and try again.",
    retriable: true
  },
  // triend's own code: a browser gives a page that is not let in nothing of that answer to read.
  "origin-foreign": {
    code: "origin-foreign",
    message: "Trang này chưa được kết nối hoặc đã bị gỡ kết nối với triend trên máy này: hãy kết nối lại.",
    message_en: "This page is not connected to triend on this machine, or was disconnected: connect it again.",
    retriable: false
  },
  "blocked-by-page": {
    code: "blocked-by-page",
    message: "Chính sách nội dung (CSP) của trang này chặn việc gọi triend: người quản trị trang cần thêm địa chỉ http://127.0.0.1:14741 đến 14744 vào connect-src.",
    message_en: "This page's content security policy keeps it from triend: whoever runs the page must add http://127.0.0.1:14741 to 14744 to connect-src.",
    retriable: false
  },
  "version-too-old": {
    code: "version-too-old",
    message: "triend trên máy này là bản cũ, trang này cần bản mới hơn: hãy cập nhật triend rồi thử lại.",
    message_en: "triend on this machine is too old for this page: update it and try again.",
    retriable: false
  },
  "permission-denied": {
    code: "permission-denied",
    message: "Trình duyệt không cho trang này gọi ứng dụng trên máy: hãy bấm biểu tượng bên trái thanh địa chỉ, cho phép “Ứng dụng trên thiết bị” (truy cập mạng cục bộ), rồi tải lại trang.",
    message_en: "The browser does not let this page reach programs on this device: click the icon left of the address, allow access to apps on the device (local network), and load the page again.",
    retriable: true
  },
  "page-insecure": {
    code: "page-insecure",
    message: "Trang này không dùng https nên trình duyệt không cho gọi triend: hãy mở trang bằng https.",
    message_en: "This page is not served by https, so the browser does not let it reach triend: open it by https.",
    retriable: false
  },
  "not-triend": {
    code: "not-triend",
    message: "Một chương trình khác đang giả làm triend trên máy này: đừng ký. Hãy báo người quản trị máy.",
    message_en: "Another program on this machine pretends to be triend: do not sign, and tell its administrator.",
    retriable: false
  },
  "pairing-refused": {
    code: "pairing-refused",
    message: "Bạn chưa cho phép trang này dùng triend.",
    message_en: "You did not let this page use triend.",
    retriable: true
  },
  "pairing-expired": {
    code: "pairing-expired",
    message: "Chưa có câu trả lời trong cửa sổ của triend: hãy bấm kết nối lại và trả lời trong bốn phút.",
    message_en: "triend's window was not answered: connect again and answer within four minutes.",
    retriable: true
  },
  "answer-unreadable": {
    code: "answer-unreadable",
    message: "triend trả lời không đọc được: hãy cập nhật triend hoặc trang này.",
    message_en: "triend's answer cannot be read: update triend or this page.",
    retriable: false
  }
};
function own(code) {
  return new TrienError(OWN_FAILURES[code]);
}

// crates/triend/web/client/reach.ts
var PORTS = [14741, 14742, 14743, 14744];
var OLDEST = [0, 1, 0];
var ANSWER_WITHIN = 3e3;
var PERMISSION_WITHIN = 12e4;
var POLICY_SAID_WITHIN = 100;
var STATUS = "/v1/status";
var PROOF_CONTEXT = "triend.proof/1\0";
async function permission() {
  if (["localhost", "127.0.0.1", "[::1]"].includes(globalThis.location.hostname)) {
    return "not-needed";
  }
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      const { state } = await navigator.permissions.query({ name });
      return state;
    } catch {
    }
  }
  return "not-needed";
}
var forbidden = /* @__PURE__ */ new Set();
globalThis.document?.addEventListener("securitypolicyviolation", (violation) => {
  if (violation.disposition === "enforce" && violation.effectiveDirective === "connect-src") {
    forbidden.add(originOf(violation.blockedURI));
  }
});
function originOf(address) {
  return URL.canParse(address) ? new URL(address).origin : address;
}
async function call(base, path, options = {}) {
  const request = {
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    referrerPolicy: "no-referrer",
    ...options,
    targetAddressSpace: "loopback"
  };
  let response;
  try {
    response = await fetch(`${base}${path}`, request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      throw error;
    }
    throw await whyUnreachable(base, path);
  }
  if (response.ok) {
    return response;
  }
  throw await refusal(response);
}
async function json(response) {
  try {
    return await response.json();
  } catch (error) {
    throw cutOff(error) ?? own("answer-unreadable");
  }
}
async function blob(response) {
  try {
    return await response.blob();
  } catch (error) {
    throw cutOff(error) ?? error;
  }
}
function cutOff(error) {
  return error instanceof TypeError ? own("connection-lost") : null;
}
async function refusal(response) {
  const body = await response.json().catch(() => null);
  return body?.error === void 0 ? own("answer-unreadable") : new TrienError(body.error);
}
async function whyUnreachable(base, path) {
  if (!globalThis.isSecureContext) {
    return own("page-insecure");
  }
  if (await permission() === "denied") {
    return own("permission-denied");
  }
  await new Promise((resolve) => setTimeout(resolve, POLICY_SAID_WITHIN));
  if (forbidden.has(base)) {
    return own("blocked-by-page");
  }
  const paired = path.startsWith(STATUS) ? null : await isPaired(base);
  return own(paired === null ? "not-reachable" : paired ? "connection-lost" : "origin-foreign");
}
async function isPaired(base) {
  try {
    return (await statusOf(base, "")).paired;
  } catch {
    return null;
  }
}
async function find(ports, key) {
  let stranger = null;
  let failure = null;
  for (const port of ports) {
    const base = `http://127.0.0.1:${port}`;
    const nonce = randomWord();
    let status;
    try {
      status = await statusOf(base, key === null ? "" : `?nonce=${nonce}&key=${encodeURIComponent(key.name)}`);
    } catch (error) {
      if (!(error instanceof TrienError)) {
        throw error;
      }
      if (error.code === "permission-denied" || error.code === "page-insecure") {
        throw error;
      }
      failure = failure === null || failure.code === "not-reachable" ? error : failure;
      continue;
    }
    if (key === null) {
      return newEnough({ base, status });
    }
    if (status.paired && status.proof === await proof(key.key, port, nonce)) {
      return newEnough({ base, status });
    }
    if (status.paired) {
      failure = own("not-triend");
    } else {
      stranger ??= { base, status };
    }
  }
  if (failure?.code !== "not-triend" && stranger !== null) {
    return newEnough(stranger);
  }
  throw failure ?? own("not-reachable");
}
async function statusOf(base, query) {
  const within = await permission() === "prompt" ? PERMISSION_WITHIN : ANSWER_WITHIN;
  let status;
  try {
    const signal = AbortSignal.timeout(within);
    status = await json(await call(base, `${STATUS}${query}`, { signal }));
  } catch (error) {
    throw error instanceof TrienError && error.code === "answer-unreadable" ? own("not-reachable") : error;
  }
  if (status?.name !== "triend" || typeof status.version !== "string") {
    throw own("not-reachable");
  }
  return status;
}
function newEnough(found) {
  const version = found.status.version.split(/[.+-]/).map(Number);
  for (const [at, least] of OLDEST.entries()) {
    const has = version[at] ?? 0;
    if (has !== least) {
      if (has > least) {
        return found;
      }
      throw own("version-too-old");
    }
  }
  return found;
}
async function proof(key, port, nonce) {
  const secret = await crypto.subtle.importKey("raw", fromBase64Url(key), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign"
  ]);
  const message = new TextEncoder().encode(`${PROOF_CONTEXT}${port}\0${nonce}`);
  return toBase64Url(new Uint8Array(await crypto.subtle.sign("HMAC", secret, message)));
}
function randomWord() {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}
function toBase64Url(octets) {
  return btoa(String.fromCharCode(...octets)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
function fromBase64Url(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

// crates/triend/web/client/job.ts
var MOST_BREAKS = 8;
var OVER = ["finished", "stopped", "cancelled"];
var Job = class _Job {
  constructor(base, id) {
    this.base = base;
    this.id = id;
  }
  base;
  id;
  /** @internal */
  static at(base, id) {
    return new _Job(base, id);
  }
  /** The job as it is now. */
  async view() {
    return json(await call(this.base, `/v1/jobs/${this.id}`));
  }
  /** Sends one of the documents, from 1. The last one makes triend ask the person. */
  async send(number, content) {
    await call(this.base, `/v1/jobs/${this.id}/documents/${number}`, {
      method: "PUT",
      headers: { "Content-Type": "application/pdf" },
      body: content
    });
  }
  /** Tells of progress until the job is over, and gives it as it then is. */
  async over(progress = {}, signal) {
    let last = null;
    let breaks = 0;
    for (; ; ) {
      let failure = null;
      try {
        const headers = last === null ? {} : { "Last-Event-ID": last };
        const options = signal === void 0 ? { headers } : { headers, signal };
        const response = await call(this.base, `/v1/jobs/${this.id}/events`, options);
        for await (const event of events(response)) {
          breaks = 0;
          last = event.id ?? last;
          if (event.name === "document") {
            progress.document?.(JSON.parse(event.data));
          } else if (event.name === "job") {
            progress.job?.(JSON.parse(event.data));
          }
        }
        const view = await this.view();
        if (OVER.includes(view.state)) {
          return view;
        }
      } catch (error) {
        failure = error;
      }
      signal?.throwIfAborted();
      const passing = failure === null || failure instanceof TypeError || isRetriable(failure);
      breaks += 1;
      if (!passing || breaks > MOST_BREAKS) {
        throw failure ?? own("not-reachable");
      }
      await new Promise((resolve) => setTimeout(resolve, 250 * breaks));
    }
  }
  /** A signed document. */
  async result(number) {
    const response = await call(this.base, `/v1/jobs/${this.id}/documents/${number}`);
    return blob(response);
  }
  /** Asks once more, for the documents that were not signed. */
  async retry() {
    await call(this.base, `/v1/jobs/${this.id}/retries`, { method: "POST" });
  }
  /** Says that every result has been fetched: triend removes the job and its documents. */
  async collected() {
    await call(this.base, `/v1/jobs/${this.id}/collected`, { method: "POST" });
  }
  /** Cancels what is under way and removes the job. */
  async cancel() {
    await call(this.base, `/v1/jobs/${this.id}`, { method: "DELETE" });
  }
};
function isRetriable(failure) {
  return failure instanceof TrienError && failure.retriable;
}
async function* events(response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  while (reader !== void 0) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const blocks = (waiting + value).split("\n\n");
    waiting = blocks.pop() ?? "";
    for (const block of blocks) {
      const field = (name) => {
        const lines = block.split("\n").filter((line) => line.startsWith(`${name}:`));
        return lines.length === 0 ? null : lines.map((line) => line.slice(name.length + 1).trimStart()).join("\n");
      };
      const data = field("data");
      if (data !== null) {
        yield { id: field("id"), name: field("event") ?? "message", data };
      }
    }
  }
}

// crates/triend/web/client/trien.ts
var KEY = "triend-proof-key";
var PAIRING_PAUSE = 700;
var SENT_AT_ONCE = 4;
var Triend = class _Triend {
  constructor(base, version) {
    this.base = base;
    this.version = version;
  }
  base;
  version;
  /** Whether triend is there and has let this page in, without asking anybody anything. */
  static async status(ports = PORTS) {
    return (await find(ports, kept.key())).status;
  }
  /** Whether this browser keeps the key of a pairing; without it `connect` fetches one. */
  static keepsKey() {
    return kept.key() !== null;
  }
  /**
   * Finds triend, and asks it to let this page in where it has not yet: the person answers in
   * triend's own window. Where the page's origin is paired already, by an administrator or in another
   * browser, nobody is asked. `name` is what the page calls itself there.
   */
  static async connect(name, options = {}) {
    const ports = options.ports ?? PORTS;
    const { base, status } = await find(ports, kept.key());
    if (!status.paired || kept.key() === null) {
      await pair(base, name, options);
    }
    return new _Triend(base, status.version);
  }
  /** The tokens that are plugged in, with their signing certificates. Needs no PIN. */
  async tokens() {
    const answer = await json(await call(this.base, "/v1/certificates"));
    return answer.tokens;
  }
  /**
   * Sends documents to be signed, all with one PIN. triend opens its window when the last one is
   * there; `Job.over` tells what comes of it. `sent` is called after each document.
   */
  async sign(documents, signature, options = {}) {
    const description = {
      documents: documents.map(({ name }) => ({ name })),
      signature,
      ...options.certificate === void 0 ? {} : { certificate: options.certificate }
    };
    const response = await call(this.base, "/v1/jobs", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(description)
    });
    const job = Job.at(this.base, (await json(response)).job);
    try {
      await this.send(job, documents, options.sent);
    } catch (error) {
      await job.cancel().catch(() => void 0);
      throw error;
    }
    return job;
  }
  /** A job of before, by the name that `Job.id` gave. */
  job(id) {
    return Job.at(this.base, id);
  }
  async send(job, documents, sent) {
    let next = 0;
    let count = 0;
    const sendOne = async (at) => {
      const content = documents[at]?.content;
      if (content === void 0) {
        return;
      }
      try {
        await job.send(at + 1, typeof content === "function" ? await content() : content);
      } catch (error) {
        next = documents.length;
        throw error instanceof TrienError ? error.about(at) : error;
      }
      count += 1;
      sent?.(count);
    };
    const sender = async () => {
      for (let at = next++; at < documents.length; at = next++) {
        await sendOne(at);
      }
    };
    await Promise.all(Array.from({ length: SENT_AT_ONCE }, sender));
  }
};
var kept = {
  inMemory: null,
  key() {
    try {
      const [name, key] = localStorage.getItem(KEY)?.split(".") ?? [];
      return name === void 0 || key === void 0 ? this.inMemory : { name, key };
    } catch {
      return this.inMemory;
    }
  },
  keep(proofKey) {
    this.inMemory = proofKey;
    try {
      localStorage.setItem(KEY, `${proofKey.name}.${proofKey.key}`);
    } catch {
    }
  }
};
async function pair(base, name, options) {
  const signal = options.signal === void 0 ? {} : { signal: options.signal };
  const begun = await call(base, "/v1/pairings", {
    ...signal,
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name })
  });
  const { pairing, ...first } = await json(begun);
  let answer = first;
  if (answer.state === "waiting") {
    options.waiting?.();
  }
  for (; ; ) {
    switch (answer.state) {
      case "waiting":
        await new Promise((resolve) => setTimeout(resolve, PAIRING_PAUSE));
        answer = await json(await call(base, `/v1/pairings/${pairing}`, signal));
        continue;
      case "approved":
        if (answer.proof_key !== void 0 && answer.proof_key_name !== void 0) {
          kept.keep({ name: answer.proof_key_name, key: answer.proof_key });
        }
        return;
      case "refused":
        throw own("pairing-refused");
      default:
        throw own("pairing-expired");
    }
  }
}
function sentence(error) {
  return error instanceof TrienError ? error.message : "Có lỗi trên trang: hãy tải lại trang rồi thử lại.";
}
export {
  Job,
  PORTS,
  TrienError,
  Triend,
  permission,
  sentence
};
