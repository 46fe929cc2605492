import type { Tensor } from "@diffrax-ts/pytree";

/** How an array, an object or the variables of a scope were at some moment. */
export interface State {
  readonly contents: object;
  /** What `Made` says of it then. */
  readonly home: Region;
  readonly stamp: number;
}

/** One side of a condition that is not known: a branch that is being read, or was. */
export interface Region {
  /** The branch round it; the whole function has none. */
  readonly parent: Region | null;
  readonly depth: number;
  /** The branch is taken where this condition has this value. */
  readonly when: Tensor | true;
  readonly is: boolean;
  /** The place on the tape where its operations begin. */
  readonly from: number;
  /** Whether it is being read: the regions that are open are the current one and those round it. */
  isOpen: boolean;
  /** How things from outside were before they were written to here. */
  readonly saved: Map<object, State>;
}

/** The whole function. */
export function wholeFunction(): Region {
  return {
    parent: null,
    depth: 0,
    when: true,
    is: true,
    from: 0,
    isOpen: true,
    saved: new Map(),
  };
}

/** A branch within another. */
export function newRegion(parent: Region, when: Tensor, is: boolean, from: number): Region {
  return { parent, depth: parent.depth + 1, when, is, from, isOpen: true, saved: new Map() };
}
