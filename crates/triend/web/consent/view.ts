// What every question's view is, and what it is given.

import type { Answer, Ask, Failure } from "./model.js";
import type { Picture } from "./calls.js";
import type { KeptList } from "./documents.js";
import type { KeptPage } from "./preview.js";
import type { KeptChoice } from "./signer.js";

/** What a person has typed and chosen in a view, for the same view in another language. */
export interface Kept {
  choice?: KeptChoice;
  list?: KeptList;
  page?: KeptPage;
  typed?: string;
}

export interface View {
  element: HTMLElement;
  title: string;
  /** What the bar says this window is. */
  place: string;
  /** Takes what has changed; a view without it is made anew. */
  update?(ask: Ask): void;
  /** Gives what was typed and chosen; it is no longer in this view then. */
  kept?(): Kept;
  /** Takes it up. The view is in the page by then. */
  resume?(kept: Kept): void;
  busy?(state: "sending" | "waiting"): void;
  /** Shows why an answer was not taken; where it cannot, the page does. */
  failed?(failure: Failure): "shown" | "not-shown";
}

/** The way from a view to the daemon. */
export interface Way {
  answer(answer: Answer): Promise<void>;
  cancel(): Promise<void>;
  picture(document: number, page: number, width: number): Promise<Picture>;
  /** The address of the picture that will be on the pages. */
  markPicture(): Promise<string>;
}
