// Arrays of which many elements are read one by one, and arrays that are put together from as many.
import {
  add,
  apply,
  arrayType,
  constantOf,
  less,
  mul,
  sub,
  traceProgram,
  where,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { test } from "vitest";
import { checkAgreement } from "./support/agree.ts";

function elementsOf(x: Tensor): Tensor[] {
  return Array.from({ length: x.size }, (_, i) => {
    const [one] = apply("slice", [x], { start: [i], limit: [i + 1], step: [1] });
    return apply("reshape", [one!], { shape: [] })[0]!;
  });
}

function packed(all: readonly Tensor[]): Tensor {
  return apply("pack", all, { shape: [all.length] })[0]!;
}

type Choice = readonly [kind: number, i: number, j: number];

const choice = fc.tuple(fc.nat(7), fc.nat(1000), fc.nat(1000));

/** An array from one, by operations on elements: those that are read again, those that are packed twice, constants, and elements as they are. */
function mixed(x: Tensor, choices: readonly Choice[]): Tensor[] {
  const elements = elementsOf(x);
  const made: Tensor[] = [...elements];
  const results = choices.map(([kind, i, j]): Tensor => {
    const [a, b] = [made[i % made.length]!, elements[j % elements.length]!];
    if (kind === 0) return b;
    if (kind === 1) return made[(i * 7) % made.length]!;
    if (kind === 2) return constantOf("float64", i) as Tensor;
    const y: Tensor =
      kind === 3 ? where(less(a, b), a, mul(b, 2)) : kind === 4 ? sub(mul(a, b), 0.5) : add(a, b);
    made.push(y);
    return kind === 5 ? mul(y, y) : y;
  });
  return [packed(results), packed(results.toReversed()), ...results.slice(0, 3)];
}

const numbers = (n: number): { dtype: "float64"; shape: number[]; data: Float64Array } => ({
  dtype: "float64",
  shape: [n],
  data: Float64Array.from({ length: n }, (_, i) => Math.sin(i * 1.7)),
});

test("give the same bits evaluated and compiled, in one function and cut into several", () => {
  fc.assert(
    fc.property(
      fc.array(choice, { minLength: 40, maxLength: 120 }),
      fc.integer({ min: 33, max: 90 }),
      (choices, n) => {
        const { program } = traceProgram([arrayType("float64", [n])], (x) => mixed(x, choices));
        checkAgreement(program, [numbers(n)], [20, 100]);
      },
    ),
    { numRuns: 40, seed: 3 },
  );
});

test("give the same bits in loops and branches, which read elements that were not read before", () => {
  const n = 40;
  const type = arrayType("float64", [n]);
  const firstOf = (x: Tensor): Tensor =>
    apply("slice", [x], { start: [0], limit: [n], step: [1] })[0]!;
  fc.assert(
    fc.property(fc.array(choice, { minLength: n, maxLength: 60 }), (choices) => {
      const turn = traceProgram([type, type], (x, y) => [
        mul(firstOf(mixed(x, choices)[1]!), y),
      ]).program;
      const mix = traceProgram([type], (x) => [firstOf(mixed(x, choices)[0]!)]).program;
      const same = traceProgram([type], (x) => [x]).program;
      const params = { cond: null, length: 3, numConsts: 1, numCarry: 1, reverse: false };
      const more = { parallel: false, bound: null, host: false };
      const { program } = traceProgram([type], (x) => {
        const elements = elementsOf(x);
        const [looped] = apply("loop", [x, x], { body: turn, ...params, ...more });
        const isLess = less(elements[3]!, elements[4]!);
        const [index] = apply("convert", [isLess], { dtype: "int32" });
        const [chosen] = apply("cond", [index!, x], { branches: [mix, same] });
        return [looped!, chosen!, packed(elements.toReversed())];
      });
      checkAgreement(program, [numbers(n)], [20]);
    }),
    { numRuns: 15, seed: 4 },
  );
});
