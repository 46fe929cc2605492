import { NotAlike } from "./NotAlike.ts";

/** A turn gives a value to something from outside of the loop, which the next one finds there. */
export class Carried extends NotAlike {
  /** The variables of a scope, an array or an object. */
  readonly holder: Record<string, unknown>;
  readonly key: string;
  /** What is held there, if it is an element at a place that differs in the turns of a loop round this one. */
  readonly element: ElementInTurns | undefined;

  constructor(holder: object, key: string | number, element?: ElementInTurns) {
    super();
    this.holder = holder as Record<string, unknown>;
    this.key = `${key}`;
    this.element = element;
  }
}

/** `list[place]`. */
export interface ElementInTurns {
  readonly list: unknown;
  /** A `PerTurn`. */
  readonly place: unknown;
}
