// The description of the daemon's calls, to read and to try. Shows /openapi.json and keeps nothing: the
// token that is typed stays in its field.

const WORDS = {
  vi: {
    token: "Mã của chương trình đã kết nối (không lưu lại)",
    tokenHint: "Tạo mã: triend pairings add-program TÊN. Trang này gọi như một chương trình.",
    body: "Nội dung (JSON)", file: "Tệp PDF", send: "Gọi thử", waiting: "Đang chờ trả lời…",
    needed: "bắt buộc", answers: "Trả lời", status: "Trạng thái", failed: "Không gọi được triend.",
    broken: "Nội dung không phải là JSON.", form: "Mẫu nội dung", title: "triend: mô tả API",
  },
  en: {
    token: "Token of a program that is paired (not kept)",
    tokenHint: "Make one with: triend pairings add-program NAME. This page calls as a program does.",
    body: "Body (JSON)", file: "PDF file", send: "Try it", waiting: "Waiting for the answer…",
    needed: "required", answers: "Answers", status: "Status", failed: "triend could not be called.",
    broken: "The body is no JSON.", form: "Form of the body", title: "triend: description of the API",
  },
};
const METHODS = ["get", "post", "put", "delete"];
/** Characters of an answer that are shown. */
const MOST_SHOWN = 200000;

let language = "vi";
let description = null;
let token = "";

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") {
      element.addEventListener(name, value);
    } else if (value !== null && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** The half of `Tiếng Việt / English` that is in the page's language. */
function half(text) {
  const halves = text.split(" / ");
  return halves.length === 2 ? halves[language === "vi" ? 0 : 1] : text;
}

/** A text whose parts between backticks are code. */
function prose(text) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? make("code", {}, part) : part));
}

/** What a reference names. */
function resolve(part) {
  if (part?.$ref === undefined) {
    return part;
  }
  return part.$ref.split("/").slice(1).reduce((at, step) => at[step], description);
}

/** A body to start from: the members that are needed. */
function example(schema, depth = 0) {
  const form = resolve(schema) ?? {};
  if (form.const !== undefined) {
    return form.const;
  }
  if (form.enum !== undefined) {
    return form.enum[0];
  }
  if (form.oneOf !== undefined || form.anyOf !== undefined) {
    return example((form.oneOf ?? form.anyOf)[0], depth);
  }
  const type = Array.isArray(form.type) ? form.type[0] : form.type;
  switch (type) {
    case "object": {
      const members = (form.required ?? []).map((name) => [name, example(form.properties?.[name], depth + 1)]);
      return Object.fromEntries(members);
    }
    case "array":
      return depth > 4 || (form.minItems ?? 0) === 0 ? [] : [example(form.items, depth + 1)];
    case "integer":
    case "number":
      return form.minimum > 0 ? form.minimum : 1;
    case "boolean":
      return false;
    default:
      return form.format === "date-time" ? "2026-09-05T08:00:00+07:00" : "…";
  }
}

function field(name, input, needed) {
  const words = WORDS[language];
  return make("label", {}, make("span", {}, needed ? `${name} · ${words.needed}` : name), input);
}

function parameterField(parameter) {
  const schema = resolve(parameter.schema) ?? {};
  const input =
    schema.enum === undefined
      ? make("input", { type: "text", autocomplete: "off", spellcheck: "false" })
      : make(
          "select",
          {},
          parameter.required ? null : make("option", { value: "" }, ""),
          ...schema.enum.map((value) => make("option", { value }, value)),
        );
  const label = field(`${parameter.name} – ${half(parameter.description ?? "")}`, input, parameter.required);
  return { parameter, input, label };
}

function address(path, fields) {
  const query = new URLSearchParams();
  let place = path;
  for (const { parameter, input } of fields) {
    if (parameter.in === "path") {
      place = place.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    } else if (input.value !== "") {
      query.set(parameter.name, input.value);
    }
  }
  const text = query.toString();
  return text === "" ? place : `${place}?${text}`;
}

async function told(response, output) {
  const words = WORDS[language];
  const head = `${words.status}: ${response.status} ${response.statusText}`;
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("application/pdf")) {
    const octets = await response.blob();
    output.textContent = `${head}\napplication/pdf, ${octets.size}`;
    return;
  }
  let text = await response.text();
  if (type.startsWith("application/json")) {
    text = JSON.stringify(JSON.parse(text), null, 2);
  }
  output.textContent = `${head}\n\n${text.slice(0, MOST_SHOWN)}`;
}

function trial(path, method, operation) {
  const words = WORDS[language];
  const fields = (operation.parameters ?? []).map((one) => parameterField(resolve(one)));
  const content = resolve(operation.requestBody)?.content ?? {};
  const json = content["application/json"];
  const pdf = content["application/pdf"];
  const body = json === undefined ? null : make("textarea", { spellcheck: "false" });
  if (body !== null) {
    body.value = JSON.stringify(example(json.schema), null, 2);
  }
  const file = pdf === undefined ? null : make("input", { type: "file", accept: "application/pdf" });
  const output = make("pre", { hidden: true, tabindex: "0", "aria-live": "polite" });
  const say = (text, failed) => {
    output.hidden = false;
    output.textContent = text;
    output.classList.toggle("failed", failed);
  };
  const send = async () => {
    const headers = {};
    if (token !== "") {
      headers["authorization"] = `Bearer ${token}`;
    }
    const call = { method: method.toUpperCase(), headers, credentials: "omit", referrerPolicy: "no-referrer" };
    if (body !== null) {
      try {
        call.body = JSON.stringify(JSON.parse(body.value));
      } catch {
        say(words.broken, true);
        return;
      }
      headers["content-type"] = "application/json";
    } else if (file !== null) {
      call.body = file.files[0] ?? new Blob([]);
      headers["content-type"] = "application/pdf";
    }
    say(words.waiting, false);
    try {
      const response = await fetch(address(path, fields), call);
      await told(response, output);
      output.classList.toggle("failed", !response.ok);
    } catch {
      say(words.failed, true);
    }
  };
  return make(
    "form",
    {
      submit: (event) => {
        event.preventDefault();
        void send();
      },
    },
    ...fields.map(({ label }) => label),
    body === null ? null : field(words.body, body, true),
    file === null ? null : field(words.file, file, true),
    make("button", { type: "submit" }, words.send),
    output,
  );
}

function answers(operation) {
  const lines = Object.entries(operation.responses).map(([status, answer]) => {
    const content = Object.values(resolve(answer).content ?? {})[0];
    const name = content?.schema?.$ref?.split("/").at(-1);
    return make("li", {}, `${status}: ${half(resolve(answer).description)}${name === undefined ? "" : ` (${name})`}`);
  });
  return make("ul", { class: "refusal" }, ...lines);
}

function call(path, method, operation) {
  const details = make("details", { class: "call", id: operation.operationId });
  details.append(
    make(
      "summary",
      {},
      make("span", { class: "method" }, method.toUpperCase()),
      make("code", {}, path),
      make("span", {}, ...prose(language === "vi" ? operation.summary : operation.description)),
    ),
  );
  // Filled when it is opened: there are some fifty.
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) {
      details.append(
        make(
          "div",
          { class: "inside" },
          make("p", {}, ...prose(language === "vi" ? operation.summary : operation.description)),
          language === "vi" ? make("p", { class: "refusal", lang: "en" }, ...prose(operation.description)) : null,
          make("h3", {}, WORDS[language].answers),
          answers(operation),
          trial(path, method, operation),
        ),
      );
    }
  });
  return details;
}

function areas() {
  const found = new Map();
  for (const [path, item] of Object.entries(description.paths)) {
    for (const method of METHODS.filter((one) => item[one] !== undefined)) {
      const area = item[method].tags[0];
      found.set(area, [...(found.get(area) ?? []), call(path, method, item[method])]);
    }
  }
  return [...found].flatMap(([area, calls]) => [make("h2", {}, half(area)), ...calls]);
}

function show() {
  const words = WORDS[language];
  document.documentElement.lang = language;
  document.title = words.title;
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset["language"] === language));
  }
  const typed = make("input", { type: "password", autocomplete: "off", spellcheck: "false" });
  typed.value = token;
  typed.addEventListener("input", () => {
    token = typed.value.trim();
  });
  const paragraphs = description.info.description.split("\n\n");
  document.getElementById("main").replaceChildren(
    make("p", { class: "lead" }, ...prose(paragraphs[language === "vi" ? 0 : 1] ?? "")),
    make("p", {}, make("a", { href: "/openapi.json" }, "/openapi.json"), " · OpenAPI 3.1"),
    field(words.token, typed, false),
    make("p", { class: "refusal" }, words.tokenHint),
    ...areas(),
  );
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    language = button.dataset["language"];
    show();
  });
}
try {
  description = await (await fetch("/openapi.json")).json();
  show();
} catch {
  document.getElementById("main").textContent = WORDS.vi.failed;
}
