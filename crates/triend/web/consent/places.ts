// Where the marks of a job's documents are to be, as the person moved them.

import type { Mark, MovedMark, SignedDocument } from "./model.js";

export interface Place {
  page: number;
  left: number;
  bottom: number;
}

export class Places {
  private readonly moved = new Map<number, Place>();

  /** Where a document's mark is now. */
  of(document: SignedDocument & { mark: Mark }): Place {
    const { page, left, bottom } = document.mark;
    return this.moved.get(document.number) ?? { page, left, bottom };
  }

  put(document: SignedDocument, place: Place): void {
    this.moved.set(document.number, place);
  }

  reset(document: SignedDocument): void {
    this.moved.delete(document.number);
  }

  isMoved(document: SignedDocument): boolean {
    return this.moved.has(document.number);
  }

  /** Puts every mark that may be moved to one place; says how many. A shorter document takes it on its last page. */
  putAll(documents: SignedDocument[], place: Place): number {
    const movable = documents.filter(({ mark, state }) => mark?.movable === true && state === "received");
    for (const document of movable) {
      this.put(document, { ...place, page: Math.min(place.page, Math.max(0, (document.pages ?? 1) - 1)) });
    }
    return movable.length;
  }

  /** What goes with the answer. */
  all(): MovedMark[] {
    return [...this.moved].map(([document, place]) => ({ document, ...place }));
  }
}
