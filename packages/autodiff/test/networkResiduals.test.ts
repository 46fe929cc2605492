// What a turn of a loop takes long to compute, element by element of an array, is remembered on the way forward.
import { checkpoint, grad, jit, jvp, scan, type ScanOptions } from "@diffrax-ts/autodiff";
import {
  apply,
  arrayType,
  bytesOf,
  type DerivedParams,
  innerPrograms,
  isEquation,
  mul,
  type Program,
  sizeOf,
  tanh,
  traceProgram,
} from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

const size = 48;
const weights = Float64Array.from({ length: size * size }, (_, i) => Math.sin(i * i) / 8);
const start = Float64Array.from({ length: size }, (_, i) => Math.cos(i));

const dot = (a: Tensor, b: Tensor): Tensor =>
  apply("dotGeneral", [a, b], { contract: [[1], [0]], batch: [[], []] })[0]!;
const sum = (x: Tensor): Scalar => apply("reduceSum", [x], { axes: [0] })[0] as Scalar;

/** The sum of the last of the states `yₙ₊₁ = tanh(W tanh(W yₙ))`. */
const network =
  (options: ScanOptions, layer = (w: Tensor, y: Tensor): Tensor => tanh(dot(w, y))) =>
  (w: Tensor, y0: Tensor): Scalar =>
    sum(
      scan((y: Tensor) => ({ carry: layer(w, layer(w, y)), row: null }), y0, null, options).carry,
    );

type Loss = (w: Tensor, y: Tensor) => Scalar;
const matrix = (numbers: Float64Array): Tensor =>
  jit((x: Tensor) => apply("reshape", [x], { shape: [size, size] })[0]!)(numbers);
const gradient = (loss: Loss): unknown =>
  (grad(loss)(matrix(weights) as never, start as never) as Tensor).toArray();

/** What reverse mode makes of the loop of a loss. */
function passes(loss: Loss, n = size): { readonly forward: Program; readonly backward: Program } {
  const types = [arrayType("float64", [n, n]), arrayType("float64", [n])];
  const { program } = traceProgram(types, (w, y) => [grad(loss)(w as never, y as never) as Tensor]);
  const { pair } = derivedIn(program).find(({ name }) => name === "loopVjp")!;
  return { forward: pair!.first(), backward: pair!.second() };
}

function derivedIn({ equations }: Program): DerivedParams[] {
  return equations.flatMap((equation) =>
    isEquation(equation, "derived")
      ? [equation.params]
      : innerPrograms(equation).flatMap((inner) => derivedIn(inner)),
  );
}

function count(program: Program, primitive: string): number {
  return program.equations.reduce((total, equation) => {
    const own = equation.primitive === primitive ? 1 : 0;
    return innerPrograms(equation).reduce((n, inner) => n + count(inner, primitive), total + own);
  }, 0);
}

const firstRow = (w: Tensor): Tensor =>
  apply("reshape", [apply("slice", [w], { start: [0, 0], limit: [1, size], step: [1, 1] })[0]!], {
    shape: [size],
  })[0]!;

test("a norm is one number of a whole array: it is remembered", () => {
  const { forward, backward } = passes(
    network({ length: 5 }, (w, y) => mul(y, sum(mul(firstRow(w), y)))),
  );
  const numbers = forward.outputs.filter(({ buffer, shape }) => buffer && shape.length === 1);
  expect(numbers.length).toBe(2);
  // One for the cotangent of each, and none for itself.
  expect(count(backward, "reduceSum")).toBe(2);
});

describe("an elementary function of an array, and a product of matrices", () => {
  test("are remembered: the way back multiplies by the weights and by what was remembered, and computes no tanh", () => {
    const { forward, backward } = passes(network({ length: 5 }));
    expect(count(forward, "tanh")).toBe(2);
    expect(count(backward, "tanh")).toBe(0);
    // For each layer one product for the state, and one for the weights.
    expect(count(backward, "dotGeneral")).toBe(4);
  });

  test("are remembered once: what is made of them element by element is not", () => {
    const { forward } = passes(network({ length: 5 }));
    const rows = forward.outputs.filter(({ buffer }) => buffer).map(({ shape }) => shape);
    // The state as a turn begins, and two layers.
    expect(rows).toEqual([
      [5, size],
      [5, size],
      [5, size],
    ]);
  });

  test("are computed again within `checkpoint`", () => {
    const layer = checkpoint((w: Tensor, y: Tensor): Tensor => tanh(dot(w, y)));
    const loss = network({ length: 5 }, layer);
    expect(passes(loss).forward.outputs.filter(({ buffer }) => buffer)).toHaveLength(1);
    expect(gradient(loss)).toEqual(gradient(network({ length: 5 })));
  });

  test("are computed again where they are few numbers", () => {
    const { forward, backward } = passes(network({ length: 5 }), 16);
    expect(forward.outputs.filter(({ buffer }) => buffer)).toHaveLength(1);
    expect(count(backward, "tanh")).toBe(2);
  });

  test.each([1, 2, 3, 5])(
    "give the same bits where %d of 5 turns are remembered",
    (checkpoints) => {
      const few = network({ length: 5, checkpoints });
      expect(gradient(few)).toEqual(gradient(network({ length: 5 })));
    },
  );

  test.each(["all", 4000] as const)(
    "are remembered of as many turns as fit into 32 MB, with %s turns to be remembered",
    (checkpoints) => {
      const length = 40_000;
      const { forward } = passes(network({ length, checkpoints }));
      const bytes = forward.outputs
        .filter(({ buffer, shape }) => buffer && shape.length === 2)
        .map(({ dtype, shape }) => sizeOf(shape) * bytesOf(dtype));
      // The states of the turns are what was asked for.
      const [states, ...others] = bytes.toSorted((a, b) => b - a);
      expect(states).toBe((checkpoints === "all" ? length : checkpoints) * size * 8);
      expect(others.reduce((a, b) => a + b)).toBeLessThanOrEqual(2 ** 25);
    },
  );

  test("have derivatives in every order of modes", () => {
    const loss = network({ length: 3 });
    const along = (x: Scalar): Scalar => loss(mul(x, matrix(weights)), start as never);
    const slope = grad(along);
    const h = 1e-5;
    const forward = jvp(along, [0.7], [1]).tangent.item();
    expect(slope(0.7)).toBeCloseTo(forward, 12);
    // Differences of second order: h² times a third derivative of some ten, and round-off of 1e-16 times some ten, over h.
    const second = (slope(0.7 + h) - slope(0.7 - h)) / (2 * h);
    expect(grad(slope as never)(0.7 as never)).toBeCloseTo(second, 6);
    const tangent = jvp(slope as never, [0.7], [1]).tangent as Scalar;
    expect(tangent.item()).toBeCloseTo(second, 6);
  });
});
