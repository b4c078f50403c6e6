// Where the reader is: the address behind the file's own name, so that the browser's buttons work.

export interface Filters {
  /** Words of the file's name or a signer's. */
  text: string;
  verdict: string;
  category: string;
  school: string;
  month: string;
  signer: string;
  kind: string;
  /** A number of the inspection that counts the file. */
  counted: string;
  workflow: string;
  /** A list that the summary names. */
  set: string;
  /** Also files that do not belong to the period. */
  outside: boolean;
  objections: boolean;
  late: boolean;
  sort: string;
  page: number;
}

export type Route = { view: "overview" } | { view: "files"; filters: Filters } | { view: "file"; index: number; filters: Filters };

export const NO_FILTERS: Filters = {
  text: "",
  verdict: "",
  category: "",
  school: "",
  month: "",
  signer: "",
  kind: "",
  counted: "",
  workflow: "",
  set: "",
  outside: false,
  objections: false,
  late: false,
  sort: "",
  page: 1,
};

const WORDS = ["text", "verdict", "category", "school", "month", "signer", "kind", "counted", "workflow", "set", "sort"] as const;

const TICKS = ["objections", "late", "outside"] as const;

function query(filters: Filters): string {
  const written = new URLSearchParams();
  for (const name of WORDS) {
    if (filters[name] !== "") {
      written.set(name, filters[name]);
    }
  }
  for (const name of TICKS) {
    if (filters[name]) {
      written.set(name, "1");
    }
  }
  if (filters.page > 1) {
    written.set("page", String(filters.page));
  }
  const text = written.toString();
  return text === "" ? "" : `?${text}`;
}

/** The address of the list with some filters. */
export function filesAddress(filters: Partial<Filters> = {}): string {
  return `#/files${query({ ...NO_FILTERS, ...filters })}`;
}

/** The address of a file's page; the filters say which files stand before and after it. */
export function fileAddress(index: number, filters: Partial<Filters> = {}): string {
  return `#/file/${index + 1}${query({ ...NO_FILTERS, ...filters })}`;
}

function read(text: string): Filters {
  const written = new URLSearchParams(text);
  const filters = { ...NO_FILTERS };
  for (const name of WORDS) {
    filters[name] = written.get(name) ?? "";
  }
  for (const name of TICKS) {
    filters[name] = written.has(name);
  }
  const page = Number(written.get("page"));
  filters.page = Number.isInteger(page) && page > 0 ? page : 1;
  return filters;
}

export function route(): Route {
  const [place = "", words = ""] = location.hash.replace(/^#\/?/u, "").split("?", 2);
  const file = /^file\/(\d{1,9})$/u.exec(place);
  if (file !== null) {
    return { view: "file", index: Number(file[1]) - 1, filters: read(words) };
  }
  return place === "files" ? { view: "files", filters: read(words) } : { view: "overview" };
}
