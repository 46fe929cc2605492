import { asTensor } from "@diffrax-ts/array";
import { isTraced, valueOf } from "@diffrax-ts/program";
import { fieldLike, type StatePart, type Tree } from "@diffrax-ts/protocol";
import { describeValue, isLeaf, keyPath } from "@diffrax-ts/pytree";
import { diagonalLike } from "./diagonalLike.ts";

/** The matrices of underdamped Langevin dynamics, which are diagonal: numbers, vectors, or trees like the position. */
export interface UnderdampedLangevinParams {
  /** The friction γ. */
  readonly gamma: unknown;
  /** The damping u. */
  readonly u: unknown;
}

/** A state of underdamped Langevin dynamics: position and velocity, which are alike. */
export type PositionAndVelocity = readonly [x: Tree, v: Tree];

/**
 * Looks at the friction and the damping that a term was given, as far as their values are known.
 *
 * @throws TypeError for one that is left out or holds something else than numbers; RangeError for a number below 0.
 */
export function checkLangevinParams(kind: string, { gamma, u }: UnderdampedLangevinParams): void {
  checkNumbers(gamma, `${kind}: gamma`);
  checkNumbers(u, `${kind}: u`);
}

function checkNumbers(value: unknown, path: string): void {
  if (isLeaf(value)) {
    const numbers = asTensor(value);
    if (isTraced(numbers)) return;
    const all = Array.from(valueOf(numbers).data, Number);
    const odd = all.find((x) => !(x >= 0 && x < Infinity));
    if (odd === undefined) return;
    throw new RangeError(`${path} must be a finite number of at least 0, got ${odd}`);
  }
  if (typeof value !== "object" || value === null) {
    throw new TypeError(
      `${path} must be a number, a vector, or a tree like the position, got ${describeValue(value)}`,
    );
  }
  for (const [key, child] of Object.entries(value))
    checkNumbers(child, path + keyPath(Array.isArray(value) ? Number(key) : key));
}

/** The entries of the friction and of the damping, with a tensor for each leaf of the position. */
export interface LangevinDiagonals {
  readonly gamma: Tree;
  readonly u: Tree;
}

/** A term that holds a friction and a damping. */
interface WithParams {
  readonly kind: string;
  readonly params: UnderdampedLangevinParams;
}

/** The friction and the damping over a position. */
export function diagonals(this: WithParams, x: Tree): LangevinDiagonals {
  const position = positionOf(x);
  return {
    gamma: diagonalLike(this.params.gamma, position, `${this.kind}: gamma`),
    u: diagonalLike(this.params.u, position, `${this.kind}: u`),
  };
}

/** The position, as it is called in errors. */
export function positionOf(x: Tree): StatePart {
  return { name: "the position y0[0]", y: x };
}

/** @throws TypeError for a state that is no pair of a position and a velocity that are alike. */
export function positionAndVelocity(kind: string, y: Tree): PositionAndVelocity {
  if (!Array.isArray(y) || y.length !== 2) {
    throw new TypeError(
      `${kind}: y0 must be [x, v], a position and a velocity, got ${describeValue(y)}`,
    );
  }
  const [x, v] = y as unknown as PositionAndVelocity;
  return [x, fieldLike(v, positionOf(x), `${kind}: the velocity y0[1]`)];
}
