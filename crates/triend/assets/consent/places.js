export class Places {
    moved = new Map();
    of(document) {
        const { page, left, bottom } = document.mark;
        return this.moved.get(document.number) ?? { page, left, bottom };
    }
    put(document, place) {
        this.moved.set(document.number, place);
    }
    reset(document) {
        this.moved.delete(document.number);
    }
    isMoved(document) {
        return this.moved.has(document.number);
    }
    putAll(documents, place) {
        const movable = documents.filter(({ mark, state }) => mark?.movable === true && state === "received");
        for (const document of movable) {
            this.put(document, { ...place, page: Math.min(place.page, Math.max(0, (document.pages ?? 1) - 1)) });
        }
        return movable.length;
    }
    all() {
        return [...this.moved].map(([document, place]) => ({ document, ...place }));
    }
}
