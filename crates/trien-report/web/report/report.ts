// The report: shows the view that the address names, in the reader's language.

import { about } from "./data.js";
import { icon, make } from "./dom.js";
import { file } from "./file.js";
import { list } from "./list.js";
import { overview } from "./overview.js";
import { printing } from "./printing.js";
import { filesAddress, route } from "./route.js";
import { LANGUAGES, current, speak, texts } from "./texts.js";

const main = make("main", { id: "main" });
const bar = make("header", { class: "bar" });
const foot = make("footer", { class: "foot faint" });
const skip = make("a", { class: "skip", href: "#main" });

/** Whether the reader came to another view, whose heading is then read aloud. */
type Reading = "anew" | "on";

function show(reading: Reading): void {
  const say = texts();
  const now = route();
  printing(null);
  const hold = main.contains(document.activeElement) ? document.activeElement?.id : undefined;
  const sorted = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["sort"] : undefined;
  main.replaceChildren(
    ...(now.view === "overview"
      ? overview()
      : now.view === "file"
        ? file(now.index, now.filters)
        : list(now.filters, (filters) => {
            history.pushState(null, "", filesAddress(filters));
            show("on");
          })),
  );
  const heading = main.querySelector("h1");
  document.title = [heading?.textContent, about.title ?? say.title].filter((one, at, all) => all.indexOf(one) === at).join(" – ");
  frame(now.view);
  if (reading === "anew") {
    scrollTo(0, 0);
    heading?.focus({ preventScroll: true });
  } else if (sorted !== undefined) {
    main.querySelector<HTMLElement>(`[data-sort="${sorted}"]`)?.focus();
  } else if (hold !== undefined && hold !== "") {
    document.getElementById(hold)?.focus();
  }
}

function frame(view: string): void {
  const say = texts();
  const link = (to: string, address: string, text: string): HTMLElement => make("a", { href: address, "aria-current": view === to ? "page" : null }, text);
  skip.textContent = say.skip;
  bar.replaceChildren(
    make("span", { class: "brand" }, "Triện"),
    make("nav", { "aria-label": say.sections }, link("overview", "#/", say.overview), link("files", filesAddress(), say.files)),
    make("button", { type: "button", class: "button", click: () => print() }, icon("print"), say.print),
    make(
      "div",
      { class: "languages", role: "group", "aria-label": say.language },
      ...LANGUAGES.map(({ language, name }) =>
        make("button", { type: "button", lang: language, "aria-pressed": String(language === current()), click: () => (speak(language), show("on"), bar.querySelector<HTMLElement>(`[lang="${language}"]`)?.focus()) }, name),
      ),
    ),
  );
  foot.replaceChildren(make("p", {}, say.offline), make("p", {}, say.messagesIn), make("p", {}, say.madeBy(about.version)));
}

skip.addEventListener("click", (event) => {
  event.preventDefault();
  main.querySelector("h1")?.focus();
});
addEventListener("popstate", () => show("anew"));
document.body.prepend(skip, bar, main, foot);
show("on");
