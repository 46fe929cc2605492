import { ODETerm } from "@diffrax-ts/core";
import type { Term, TermKind, Terms, TermStructure } from "@diffrax-ts/protocol";
import { MultiTerm } from "@diffrax-ts/terms";

/** A state as plain numbers. */
export type State = readonly (number | State)[];

/** An equation with a solution that is known. */
export interface Problem {
  readonly terms: Terms;
  /** The state at any time, of size 1. */
  readonly solutionAt: (t: number) => State;
}

/** The equation for a solver of a term structure; `null` if that asks for terms of a kind. */
export function problemFor(structure: TermStructure): Problem | null {
  if (isAny(structure)) return { terms: turning(1, 0), solutionAt: turned };
  if (typeof structure === "object" && "sum" in structure) {
    const { length } = structure.sum;
    if (!areAny(structure.sum)) return null;
    // Every summand has a part of its own, and those cancel each other.
    const shares = structure.sum.map((_, i) => (i === 0 ? 1 - length : 1));
    const terms = MultiTerm(...shares.map((share) => turning(1 / length, share)));
    return { terms, solutionAt: turned };
  }
  if (!isList(structure) || structure.length !== 2 || !areAny(structure)) return null;
  return { terms: [driven(1), driven(-1)], solutionAt: swung };
}

const isList = (structure: TermStructure): structure is readonly TermKind[] =>
  Array.isArray(structure);
const isAny = (structure: TermStructure): boolean =>
  structure === "term" ||
  (!isList(structure) && !("sum" in structure) && structure.kind === undefined);
const areAny = (kinds: readonly TermKind[]): boolean => kinds.every(isAny);

// The point (x, y) turns on the unit circle by the angle t + 0.3 sin t, and is seen in the coordinates
// u = x + 0.2 y², v = y + 0.2 u². So the equation is not linear and depends on the time, but errors made in one step are not made
// larger by the next ones: they stay in sight of the roundings for hundreds of turns.

/** `weight (u', v') + share (v, -u)`. */
function turning(weight: number, share: number): Term {
  return ODETerm<readonly [number, number], unknown, readonly [number, number]>(
    (
      t: number,
      [u, v]: readonly [number, number],
      _args: unknown,
      p: readonly [number, number],
    ) => {
      const y = v - 0.2 * u * u;
      const x = u - 0.2 * y * y;
      const speed = 1 + 0.3 * Math.cos(t);
      const dx = -speed * y;
      const dy = speed * x;
      const du = dx + 0.4 * y * dy;
      const dv = dy + 0.4 * u * du;
      return [p[0] * du + p[1] * v, p[0] * dv - p[1] * u];
    },
    [weight, share],
  );
}

function turned(t: number): State {
  const angle = t + 0.3 * Math.sin(t);
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  const u = x + 0.2 * y * y;
  return [u, y + 0.2 * u * u];
}

// q' = s p, p' = -s q with s = 1 + 0.3 cos t: each half changes by the other and the time alone.

/** `sign · (1 + 0.3 cos t) z`: of one half of the state, by the other. */
function driven(sign: number): Term {
  return ODETerm(
    (t: number, z: number, _args: unknown, s: number) => s * (1 + 0.3 * Math.cos(t)) * z,
    sign,
  );
}

/** `[q, p]` with `q' = (1 + 0.3 cos t) p` and `p' = -(1 + 0.3 cos t) q`. */
function swung(t: number): State {
  const angle = t + 0.3 * Math.sin(t);
  return [Math.sin(angle), Math.cos(angle)];
}
