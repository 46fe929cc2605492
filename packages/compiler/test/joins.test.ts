// Arrays that are put together of others: parts that are computed in their place, and neighbours that stand beside an array.
import { add, apply, arrayType, constantOf, mul, sub, traceProgram } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkAgreement } from "./support/agree.ts";

const n = 20;

/** Rows of an array from one on, along an axis. */
function rows(x: Tensor, axis: number, from: number, count: number): Tensor {
  const start = x.shape.map((_, i) => (i === axis ? from : 0));
  const limit = x.shape.map((size, i) => (i === axis ? from + count : size));
  return apply("slice", [x], { start, limit, step: x.shape.map(() => 1) })[0]!;
}

type Piece = readonly [kind: number, which: number, from: number, count: number];

const piece = fc.tuple(fc.nat(5), fc.nat(100), fc.nat(n - 1), fc.integer({ min: 1, max: n }));
/** An array, or most of it, between few rows of itself or of something else. */
const surrounded = fc
  .tuple(fc.nat(2), fc.nat(2), fc.nat(100), fc.nat(5), fc.nat(3))
  .map(([low, high, which, kind, cut]): Piece[] => {
    const [from, to] = [low > 0 ? 0 : cut, high > 0 ? n : n - cut];
    const before: Piece = [kind, which, n - low, low];
    const behind: Piece = [kind, which, 0, high];
    const pieces: Piece[] = [before, [5, which, from, to - from], behind];
    return pieces.filter(([, , , count]) => count > 0);
  });
const joined = fc.oneof(
  { weight: 1, arbitrary: fc.array(piece, { minLength: 1, maxLength: 4 }) },
  { weight: 3, arbitrary: surrounded },
);

/** Arrays made of `x`, in turn by concatenations and by loops over elements. */
function mixed(x: Tensor, axis: number, choices: readonly (readonly Piece[])[]): Tensor[] {
  const made: Tensor[] = [add(mul(x, 2), 1)];
  const results: Tensor[] = [];
  for (const pieces of choices) {
    const parts = pieces.map(([kind, which, from, count]) => {
      const source = kind === 1 ? x : made[which % made.length]!;
      const part = rows(source, axis, from, Math.min(count, n - from));
      if (kind === 2) return mul(part, part);
      if (kind === 3) {
        const axes: number[] = [];
        return apply("broadcast", [constantOf("float64", which)], { shape: part.shape, axes })[0]!;
      }
      return kind === 4 ? rows(part, axis, 0, part.shape[axis]!) : part;
    });
    const whole = apply("concatenate", parts, { axis })[0]!;
    results.push(whole);
    if (whole.shape[axis]! >= n) made.push(sub(rows(whole, axis, whole.shape[axis]! - n, n), x));
  }
  return [...results, ...made];
}

const numbers = (shape: number[]): { dtype: "float64"; shape: number[]; data: Float64Array } => ({
  dtype: "float64",
  shape,
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
    Math.sin(i * 1.7),
  ),
});

test.each([
  [[n], 0],
  [[n, 3], 0],
  [[1, n], 1],
  [[3, n], 1],
] as const)(
  "arrays of shape %s, joined along axis %i, have the bits of the evaluator",
  (shape, axis) => {
    const type = arrayType("float64", shape);
    let numJoined = 0;
    fc.assert(
      fc.property(fc.array(joined, { minLength: 1, maxLength: 6 }), (choices) => {
        numJoined += choices.length;
        const { program } = traceProgram([type], (x) => mixed(x, axis, choices));
        checkAgreement(program, [numbers([...shape])], [20]);
        // Carried by a loop.
        const body = traceProgram([type], (x) => {
          const last = mixed(x, axis, choices).findLast(
            ({ shape: all }) => all.join() === shape.join(),
          );
          return [last!];
        }).program;
        const params = { cond: null, length: 3, numConsts: 0, numCarry: 1, reverse: false };
        const more = { parallel: false, bound: null, host: false };
        const looped = traceProgram([type], (x) =>
          apply("loop", [x], { body, ...params, ...more }),
        );
        checkAgreement(looped.program, [numbers([...shape])]);
      }),
      { numRuns: 60, seed: 5 },
    );
    expect(numJoined).toBeGreaterThan(60);
  },
);
