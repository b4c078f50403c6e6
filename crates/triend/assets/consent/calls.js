const SESSION = "trien-session";
export class Refused extends Error {
    failure;
    constructor(failure) {
        super(failure?.code ?? "unreachable");
        this.failure = failure;
    }
}
export class Window {
    session;
    constructor(session) {
        this.session = session;
    }
    static async open() {
        const secret = location.hash.slice(1);
        if (secret === "") {
            const kept = sessionStorage.getItem(SESSION);
            if (kept === null) {
                throw new Refused({ code: "consent-unknown", message: "", message_en: "", retriable: false });
            }
            return new Window(kept);
        }
        history.replaceState(null, "", location.pathname);
        const response = await reach("/consent/session", {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ secret }),
        });
        const { session } = (await response.json());
        sessionStorage.setItem(SESSION, session);
        return new Window(session);
    }
    async ask() {
        const response = await this.call("/consent/ask");
        return (await response.json());
    }
    async answer(answer) {
        await this.call("/consent/answer", {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(answer),
        });
    }
    async cancel() {
        await this.call("/consent/cancel", { method: "POST" });
    }
    async picture(document, page, width) {
        const response = await this.call(`/consent/documents/${document}/pages/${page}?width=${width}`);
        const [pageWidth, pageHeight] = (response.headers.get("X-Trien-Page-Size") ?? "").split(" ").map(Number);
        if (!pageWidth || !pageHeight) {
            throw new Refused(null);
        }
        const leftOut = (response.headers.get("X-Trien-Left-Out") ?? "").split(" ").filter((word) => word !== "");
        return { address: URL.createObjectURL(await response.blob()), width: pageWidth, height: pageHeight, leftOut };
    }
    async markPicture() {
        return URL.createObjectURL(await (await this.call("/consent/mark")).blob());
    }
    async watch(seen) {
        for (let failures = 0; failures < 5; failures += 1) {
            try {
                const response = await this.call("/consent/events");
                for await (const { name, data } of events(response)) {
                    failures = 0;
                    if (name === "gone") {
                        return "gone";
                    }
                    if (seen(JSON.parse(data)) === "enough") {
                        return "enough";
                    }
                }
            }
            catch (error) {
                if (error instanceof Refused && error.failure !== null) {
                    return "gone";
                }
            }
            await new Promise((resolve) => setTimeout(resolve, 500));
        }
        return "lost";
    }
    call(path, options = {}) {
        return reach(path, { ...options, headers: { ...options.headers, "X-Trien-Consent": this.session } });
    }
}
async function reach(path, options) {
    let response;
    try {
        response = await fetch(path, { ...options, cache: "no-store", credentials: "omit", redirect: "error" });
    }
    catch {
        throw new Refused(null);
    }
    if (response.ok) {
        return response;
    }
    const body = (await response.json().catch(() => null));
    throw new Refused(body?.error ?? null);
}
async function* events(response) {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let waiting = "";
    while (reader !== undefined) {
        const { done, value } = await reader.read();
        if (done) {
            return;
        }
        const blocks = (waiting + value).split("\n\n");
        waiting = blocks.pop() ?? "";
        for (const block of blocks) {
            const lines = block.split("\n");
            const field = (name) => lines
                .filter((line) => line.startsWith(`${name}:`))
                .map((line) => line.slice(name.length + 1).trimStart())
                .join("\n");
            if (field("data") !== "") {
                yield { name: field("event"), data: field("data") };
            }
        }
    }
}
