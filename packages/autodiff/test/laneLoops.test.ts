// Batches of loops turn in lanes, as many elements at once as vectors hold. Each gives what it gives alone, to the last bit.
import { cond, jit, scan, treeLoop, vmap } from "@diffrax-ts/autodiff";
import {
  add,
  apply,
  astype,
  bitwiseXor,
  div,
  exp,
  less,
  logicalAnd,
  mul,
  pow,
  rem,
  sin,
  sqrt,
  sub,
  where,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { Draw, numbersOf, tensorFrom } from "./support/Draw.ts";

interface State {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly n: Tensor;
  readonly turns: Tensor;
  /** The same for all. */
  readonly t: Tensor;
  readonly rows: Tensor;
  readonly pairs: Tensor;
}

type Float = "float64" | "float32";
type Change = (state: State) => State;

const rows = 7;
const loop = { bound: null };

/** What a turn may consist of. */
const changes: readonly Change[] = [
  (s) => ({ ...s, x: add(mul(s.x, 0.75), s.y) }),
  (s) => ({ ...s, y: sub(sin(s.x), mul(s.y, 0.5)) }),
  (s) => ({ ...s, x: where(less(s.x, s.y), sqrt(s.x), s.y) }),
  (s) => ({ ...s, y: exp(mul(s.y, 0.1)) }),
  (s) => ({ ...s, y: pow(s.x, s.y) }),
  (s) => ({ ...s, x: add(s.x, mul(sin(s.t), 0.1)) }),
  (s) => ({ ...s, y: where(less(s.t, 0.5), s.y, s.x) }),
  // Integers: a division has no instruction in lanes.
  (s) => ({ ...s, n: add(bitwiseXor(s.n, s.turns), div(s.n, sub(s.turns, 3))) }),
  (s) => ({ ...s, x: add(s.x, astype(rem(s.n, add(s.turns, 1)), s.x.dtype as Float)) }),
  // A branch of scalars, one side of which is long.
  (s) => ({
    ...s,
    x: cond(
      less(s.x, 0.3),
      (x, y) => add(exp(sin(exp(sin(x)))), y),
      (x) => mul(x, 0.5),
      s.x,
      s.y,
    ),
  }),
  // A branch that writes, and one that loops.
  (s) => cond(less(s.y, s.x), write, (same) => same, s),
  (s) =>
    cond(
      less(s.x, 1),
      (state) => state,
      (state) => ({ ...state, x: halved(state.x, state.turns) }),
      s,
    ),
  (s) => write(s),
  (s) => ({
    ...s,
    pairs: apply(
      "bufferWrite",
      [s.pairs, s.turns, apply("pack", [s.x, s.y], { shape: [2] })[0]!, less(s.x, 2)],
      {},
    )[0]!,
  }),
  (s) => ({ ...s, y: halved(s.y, s.n) }),
  (s) => ({
    ...s,
    x: scan((x: Tensor) => ({ carry: sub(mul(x, x), 0.4), row: null }), s.x, null, {
      length: 3,
    }).carry,
  }),
];

/** Halves a number until it is small, or some turns are made: of each element another number. */
function halved(x: Tensor, n: Tensor): Tensor {
  const start = { x, left: rem(n, 5) };
  return treeLoop(
    "test",
    start,
    (s) => logicalAnd(less(0.25, s.x), less(0, s.left)) as Tensor,
    (s) => ({ x: mul(s.x, 0.5), left: sub(s.left, 1) }),
    loop,
  ).x;
}

function write(s: State): State {
  const always = less(s.turns, 100);
  return { ...s, rows: apply("bufferWrite", [s.rows, s.turns, s.x, always], {})[0]! };
}

/** @param inStep - Whether elements begin together, because they are expected to make equally many turns. */
function solve(dtype: Float, turn: readonly Change[], inStep?: "lanes") {
  return (x: Tensor, y: Tensor, n: Tensor, table: Tensor) => {
    const buffer = (shape: number[]): Tensor =>
      apply("bufferNew", [], { dtype, shape, fill: Infinity })[0]!;
    const start: State = {
      x,
      y,
      n,
      turns: astype(0, "int32"),
      t: astype(0, dtype),
      rows: buffer([rows]),
      pairs: buffer([rows, 2]),
    };
    const end = treeLoop(
      "test",
      start,
      (s) => logicalAnd(less(s.turns, rem(n, rows + 3)), less(s.x, 50)) as Tensor,
      (s) => {
        const made = turn.reduce((state, change) => change(state), s);
        const [entry] = apply("dynamicSlice", [table, s.turns], { sizes: [1] });
        const [own] = apply("reshape", [entry!], { shape: [] });
        return { ...made, x: add(made.x, own!), t: add(s.t, 0.15), turns: add(s.turns, 1) };
      },
      { ...loop, inStep },
    );
    const arrays = [end.rows, end.pairs].map((b) => apply("bufferFreeze", [b], {})[0]!);
    return [end.x, add(end.y, x), end.n, end.turns, ...arrays];
  };
}

/** Runs a function for each element of a batch by itself, and for all of them, and compares bits. NaN is NaN. */
function check(f: (...args: Tensor[]) => readonly Tensor[], args: readonly Tensor[]): void {
  const [count] = args[0]!.shape as [number];
  const one = jit(f as never) as unknown as typeof f;
  const all = (vmap(f as never) as unknown as typeof f)(...args);
  for (let i = 0; i < count; i++) {
    const alone = one(...args.map((x) => (x as unknown as { at(i: number): Tensor }).at(i)));
    for (const [j, x] of alone.entries()) {
      const size = numbersOf(x).length;
      expect(numbersOf(all[j]!).slice(i * size, (i + 1) * size)).toEqual(numbersOf(x));
    }
  }
}

describe("a batch of loops", () => {
  const special = [Number.NaN, Infinity, -Infinity, -0, 0, 1e-310, 0.3];

  test("gives the bits of each alone, whatever a turn does and however many there are", () => {
    const property = fc.property(fc.gen(), (gen) => {
      const draw = new Draw(gen);
      const dtype: Float = draw.pick(["float64", "float32"]);
      const turn = Array.from({ length: draw.int(1, 6) }, () => draw.pick(changes));
      const count = draw.int(1, 11);
      const floats = (): Tensor => {
        const data = draw.floats([count], [0, 3], true);
        if (draw.once(3)) data[draw.int(0, count - 1)] = draw.pick(special);
        return tensorFrom(dtype, [count], data);
      };
      const n = tensorFrom("int32", [count], draw.floats([count], [0, 60]));
      const table = tensorFrom(dtype, [count, 20], draw.floats([count, 20], [0, 1], true));
      check(solve(dtype, turn, draw.pick([undefined, "lanes"])), [floats(), floats(), n, table]);
    });
    fc.assert(property, { numRuns: 150, seed: 3 });
  });

  test("turns in lanes", () => {
    const { Module } = WebAssembly;
    const anyTrue: boolean[] = [];
    const made = vi.spyOn(WebAssembly, "Module").mockImplementation(function (
      bytes: Uint8Array<ArrayBuffer>,
    ) {
      anyTrue.push(bytes.some((byte, i) => byte === 0xfd && bytes[i + 1] === 0x53));
      return new Module(bytes);
    } as never);
    const x = Float64Array.of(1, 2, 3, 4, 5);
    const n = Int32Array.of(1, 2, 3, 4, 5);
    const table = tensorFrom("float64", [5, 20], new Float64Array(100));
    (vmap(solve("float64", changes) as never) as (...args: unknown[]) => unknown)(x, x, n, table);
    made.mockRestore();
    expect(anyTrue).toContain(true);
  });

  test("of no elements gives nothing", () => {
    const f = vmap(solve("float64", changes.slice(0, 2)) as never) as (...x: unknown[]) => Tensor[];
    const none = new Float64Array(0);
    const [x] = f(none, none, new Int32Array(0), tensorFrom("float64", [0, 20], none));
    expect(x!.shape).toEqual([0]);
  });
});
