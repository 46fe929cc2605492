import { fieldLike, type StatePart } from "@diffrax-ts/protocol";

/** What a function returned, like a part of the state. One that returns nothing yet is let pass: whoever traces it has words for that. */
export function returnedLike(result: unknown, like: StatePart, name: string): unknown {
  return result === undefined || result instanceof Promise ? result : fieldLike(result, like, name);
}
