// The page of /status. Writes text alone, never markup: names come from pages and tokens.

const texts = {
  vi: {
    title: "triend đang chạy", other: "English", otherLang: "en",
    facts: "Chương trình", browser: "Trình duyệt này", tokens: "Thiết bị ký",
    pairings: "Trang và chương trình đã kết nối", help: "Khi trang của trường báo không thấy triend",
    again: "Tìm lại", version: "Phiên bản", address: "Địa chỉ", folder: "Thư mục dữ liệu",
    tsa: "Dịch vụ dấu thời gian", anchors: "Chứng thư số gốc", set: "đã cấu hình", unset: "chưa cấu hình",
    otherPort: (wanted) => `Cổng ${wanted} đã có chương trình khác dùng; trang của trường sẽ tự tìm cổng này.`,
    technical: "chi tiết kỹ thuật",
    looking: "Đang tìm…", noToken: "Không thấy thiết bị ký nào: hãy cắm thiết bị rồi bấm “Tìm lại”.",
    noDriver: "Chưa có trình điều khiển nào của thiết bị ký: hãy cài phần mềm do nhà cung cấp chứng thư số cấp.",
    noCertificate: "không có chứng thư số ký", noPairing: "Chưa có trang hay chương trình nào được kết nối.",
    program: "chương trình", since: (day) => `kết nối từ ngày ${day}`, revoke: "Gỡ kết nối",
    sure: (name) => `Gỡ kết nối của “${name}”? Từ lúc đó không gọi được triend nữa, cho đến khi bạn cho phép kết nối lại.`,
    revoked: "Đã gỡ kết nối.", failed: "Không đọc được: hãy tải lại trang.",
    pin: { "count-low": "mã PIN đã bị nhập sai", "final-try": "chỉ còn một lần nhập mã PIN", locked: "mã PIN đã bị khóa" },
    chromium: "Chrome, Edge, Cốc Cốc từ bản 142 hỏi quyền truy cập thiết bị hay ứng dụng trên máy khi trang của trường gọi triend: hãy bấm Cho phép. Nếu đã chặn nhầm, bấm vào biểu tượng bên trái địa chỉ của trang đó rồi cho phép lại.",
    firefox: "Firefox gọi được triend; các bản mới có thể hỏi quyền truy cập ứng dụng trên máy: hãy bấm Cho phép.",
    safari: "Safari chặn trang https gọi triend: hãy dùng Chrome, Edge hoặc Firefox.",
    unknown: "Trình duyệt này chưa được thử.",
    steps: [
      "Trang của trường phải mở bằng https.",
      "Khi trình duyệt hỏi quyền truy cập ứng dụng trên máy, bấm Cho phép.",
      "Trang phải có trong danh sách được kết nối ở trên; nếu chưa, bấm nút kết nối trên trang của trường.",
      "Người quản trị trang phải cho phép địa chỉ của triend trong Content-Security-Policy (connect-src).",
      "Phần mềm diệt vi-rút hoặc proxy không được chặn 127.0.0.1.",
    ],
  },
  en: {
    title: "triend is running", other: "Tiếng Việt", otherLang: "vi",
    facts: "Program", browser: "This browser", tokens: "Signing tokens",
    pairings: "Connected pages and programs", help: "When the school's page does not find triend",
    again: "Look again", version: "Version", address: "Address", folder: "Data folder",
    tsa: "Time-stamp service", anchors: "Trust anchors", set: "configured", unset: "not configured",
    otherPort: (wanted) => `Another program has port ${wanted}; the school's page finds this one by itself.`,
    technical: "for technicians",
    looking: "Looking…", noToken: "No token was found: plug it in and press “Look again”.",
    noDriver: "No token driver is installed: install the software of your certificate's issuer.",
    noCertificate: "no signing certificate", noPairing: "No page or program is connected yet.",
    program: "program", since: (day) => `connected since ${day}`, revoke: "Disconnect",
    sure: (name) => `Disconnect “${name}”? It cannot call triend then, until you let it connect again.`,
    revoked: "Disconnected.", failed: "This could not be read: reload the page.",
    pin: { "count-low": "a wrong PIN was given", "final-try": "one try of the PIN is left", locked: "the PIN is locked" },
    chromium: "Chrome and Edge from version 142 on ask for access to apps on this device when the school's page calls triend: press Allow. If it was blocked by mistake, press the symbol to the left of that page's address and allow it again.",
    firefox: "Firefox can call triend; new versions may ask for access to apps on this device: press Allow.",
    safari: "Safari does not let https pages call triend: use Chrome, Edge or Firefox.",
    unknown: "This browser has not been tried.",
    steps: [
      "The school's page must be opened over https.",
      "When the browser asks for access to apps on this device, press Allow.",
      "The page must be among the connected ones above; if it is not, press its button to connect.",
      "Whoever runs the page must allow triend's address in its Content-Security-Policy (connect-src).",
      "Neither an anti-virus program nor a proxy may block 127.0.0.1.",
    ],
  },
};

let words = texts.vi;
let facts = null;
const at = (id) => document.getElementById(id);

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function row(list, title, detail, className) {
  const item = document.createElement("li");
  const text = element("span", "", className);
  // A long address is broken before its dots, so that no word of it is read as two.
  for (const part of title.split(/(?=\.)/)) text.append(part, document.createElement("wbr"));
  if (detail) text.append(element("small", detail));
  item.append(text);
  list.append(item);
  return item;
}

async function read(path, options) {
  const reply = await fetch(path, { cache: "no-store", ...options });
  const body = reply.status === 204 ? null : await reply.json();
  if (!reply.ok) throw new Error(body.error.message);
  return body;
}

function say(text) {
  at("message").textContent = text;
}

function showTexts() {
  document.documentElement.lang = words === texts.vi ? "vi" : "en";
  for (const place of document.querySelectorAll("[data-text]")) place.textContent = words[place.dataset.text];
  at("language").textContent = words.other;
  at("language").lang = words.otherLang;
  at("help").replaceChildren(...words.steps.map((step) => element("li", step)));
  const agent = navigator.userAgent;
  const kind = /Firefox\//.test(agent) ? "firefox" : /Chrome\//.test(agent) ? "chromium"
    : /Safari\//.test(agent) ? "safari" : "unknown";
  at("browser").textContent = words[kind];
}

function showFacts() {
  const lines = [
    [words.version, facts.version],
    [words.address, facts.address],
    [words.folder, facts.folder],
    [words.tsa, facts.time_stamp_authorities > 0 ? words.set : words.unset],
    [words.anchors, facts.anchors ? words.set : words.unset],
  ];
  if (facts.ports.includes(facts.port) && facts.port !== facts.default_port)
    lines.splice(2, 0, ["", words.otherPort(facts.default_port)]);
  at("facts").replaceChildren(...lines.flatMap(([name, value]) => [element("dt", name), element("dd", value)]));
}

/** What people call it; all of its subject where it has no name. */
function nameOf({ id, name, organisation, subject }) {
  return [...new Set([name ?? subject ?? id, organisation])].filter((part) => part).join(", ");
}

async function showTokens() {
  const list = at("tokens");
  list.replaceChildren();
  row(list, words.looking);
  const found = await read("/status/tokens");
  list.replaceChildren();
  const inWords = ({ message, message_en, detail }) =>
    (words === texts.vi ? message : message_en) + (detail === null ? "" : ` (${words.technical}: ${detail})`);
  for (const token of found.tokens) {
    const names = token.certificates.map(nameOf);
    const detail = token.error ? inWords(token.error) : names.join(" · ") || words.noCertificate;
    const pin = words.pin[token.pin_state];
    row(list, pin ? `${token.label}: ${pin}` : token.label, detail, pin || token.error ? "bad" : "");
  }
  for (const driver of found.modules)
    if (driver.error) row(list, driver.name ?? driver.path, inWords(driver.error), "bad");
  if (found.modules.length === 0) row(list, words.noDriver);
  else if (found.tokens.length === 0) row(list, words.noToken);
}

async function showPairings() {
  const list = at("pairings");
  const { pairings } = await read("/status/pairings");
  list.replaceChildren();
  for (const pairing of pairings) {
    const title = pairing.origin ?? `${words.program}: ${pairing.name}`;
    const [year, month, date] = pairing.paired.slice(0, 10).split("-");
    const since = words.since(`${date}/${month}/${year}`);
    const item = row(list, title, pairing.name === title ? since : `${pairing.name} · ${since}`);
    const button = element("button", words.revoke);
    button.type = "button";
    button.setAttribute("aria-label", `${words.revoke}: ${title}`);
    button.addEventListener("click", () => attempt(async () => {
      if (!confirm(words.sure(title))) return;
      await read(`/status/pairings/${pairing.number}`, { method: "DELETE" });
      say(words.revoked);
      await showPairings();
    }));
    item.append(button);
  }
  if (pairings.length === 0) row(list, words.noPairing);
}

async function attempt(action) {
  try {
    await action();
  } catch (error) {
    say(error.message || words.failed);
  }
}

async function showAll() {
  showTexts();
  showFacts();
  await Promise.all([attempt(showTokens), attempt(showPairings)]);
}

at("again").addEventListener("click", () => attempt(showTokens));
at("language").addEventListener("click", () => {
  words = words === texts.vi ? texts.en : texts.vi;
  say("");
  attempt(showAll);
});
attempt(async () => {
  facts = await read("/status/facts");
  words = texts[facts.language];
  await showAll();
});
