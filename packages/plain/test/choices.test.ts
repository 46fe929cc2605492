import { grad, jit } from "@diffrax-ts/autodiff";
import { arrayType, printProgram, traceProgram } from "@diffrax-ts/program";
import type { Callable, Scalar, Tensor } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";
import process from "node:process";
import { marked } from "../src/marks.ts";
import { plain } from "../src/index.ts";

const number = arrayType("float64", []);

function programOf(f: Callable): string {
  const read = plain(f) as unknown as (...args: readonly Tensor[]) => Tensor;
  const types = Array.from({ length: f.length }, () => number);
  return printProgram(traceProgram(types, (...args) => [read(...args)]).program);
}

const howOften = (text: string, word: RegExp): number => text.match(word)?.length ?? 0;

test("n objects cost n - 1 selections, however often their names were exchanged", () => {
  const program = programOf((x: number) => {
    let [a, b, c] = [[1], [x], [x * x]];
    for (let k = 0; k < 50; k++) {
      if (x > k) [a, b] = [b, a];
      else if (x < -k) [b, c] = [c, b];
    }
    return a[0]! + b.length + c.length;
  });
  expect(howOften(program, /: float64 = select/g)).toBe(2);
});

test("buffers that are exchanged 50 times in branches are read in under 0.2 s", () => {
  const source = (k: number): Callable =>
    // oxlint-disable-next-line typescript/no-implied-eval -- another source each time
    new Function(
      "x",
      `let cur = [1, 2], next = [0, 0];
      for (let k = 0; k < 50; k++) if (x > k + ${k}) { next[0] = cur[1]; next[1] = cur[0] + k; [cur, next] = [next, cur]; }
      return cur[0] * 10 + cur[1];`,
    ) as Callable;
  // Of the processor, whatever else the machine does.
  const times = Array.from({ length: 6 }, (_, k) => {
    const f = source(k);
    const begin = process.cpuUsage();
    programOf(f);
    return process.cpuUsage(begin).user / 1000;
  });
  expect(Math.min(...times)).toBeLessThan(200);
});

test.each<readonly [string, (x: number) => number]>([
  [
    "an array that was made in it",
    (x) => {
      let a = [0];
      if (x > 0) a = [Math.sqrt(x)];
      return a[0]!;
    },
  ],
  [
    "one that was changed later",
    (x) => {
      let a = [0, 0];
      if (x > 0) a = [Math.sqrt(x), 1];
      a[1]! += 2;
      a[0]! *= 3;
      return a[0]! + a[1]!;
    },
  ],
  [
    "a closure",
    (x) => {
      let f = () => 0;
      if (x > 0) {
        const s = Math.sqrt(x);
        f = () => s;
      }
      return f();
    },
  ],
  [
    "a closure that is made after an early return",
    (x) => {
      const make = () => {
        if (x <= 0) return () => 0;
        const s = Math.log(x);
        return () => s;
      };
      return make()();
    },
  ],
  [
    "the same in two branches",
    (x) => {
      let [r, s] = [0, 0];
      if (x > 0) r = Math.sqrt(x);
      if (x > 1) s = Math.sqrt(x);
      return r + s;
    },
  ],
  [
    "nothing beside it",
    (x) => {
      let r: number | undefined;
      if (x > 0) r = Math.sqrt(x);
      if (x > 0) return r! * x;
      return 0;
    },
  ],
])("what a branch computes has no derivative beside it: %s", (_, f) => {
  expect(grad(plain(f))(-1)).toBe(0);
  const slope = (f(2 + 1e-6) - f(2 - 1e-6)) / 2e-6;
  expect(grad(plain(f))(2)).toBeCloseTo(slope, 8);
});

test("what is chosen is put together where it leaves the reading", () => {
  const length = marked(
    ({ u, v }: { u: readonly Tensor[]; v: Tensor }) => u[0]!.mul(u[1]!).add(v),
    () => {},
    false,
  );
  const f = plain((x: number, y: readonly number[], z: readonly number[], g: unknown) => {
    const [a, b] = [
      [x, 1],
      [2, x],
    ];
    const c = x > 0 ? a : b;
    a[1] = 3;
    const w = x > 1 ? y : z;
    const of = g as (o: { u: readonly number[]; v: number }) => number;
    return { sum: of({ u: c, v: w[0]! }), rows: [c, a], w };
  });
  const compiled = jit(f as unknown as (x: Scalar, ...rest: readonly unknown[]) => unknown);
  const [y, z] = [Float64Array.of(5, 6), Float64Array.of(7, 8)];
  const shown = (x: number): unknown => JSON.parse(JSON.stringify(compiled(x, y, z, length)));
  expect(shown(2)).toEqual({
    sum: 11,
    rows: [
      [2, 3],
      [2, 3],
    ],
    w: [5, 6],
  });
  expect(shown(-1)).toEqual({
    sum: 5,
    rows: [
      [2, -1],
      [-1, 3],
    ],
    w: [7, 8],
  });
});

test.each<readonly [string, Callable, RegExp]>([
  [
    "an object that holds itself",
    (x: number) => {
      const o: Record<string, unknown> = { v: x };
      o["o"] = o;
      return o;
    },
    /holds itself/,
  ],
  [
    "arrays of different lengths",
    (x: number) => (x > 0 ? [1] : [1, 2]),
    /this value is an array of 1 on one side of a condition on a traced value, and an array of 2 on the other/,
  ],
  [
    "a property of what may be nothing",
    (x: number, y: number) => {
      let o: { p: number } | undefined;
      if (x > 0) o = { p: 1 };
      return y > 0 ? o!.p : 0;
    },
    /o is .* on one side of a condition on a traced value, and .* on the other/,
  ],
])("plain(f) refuses %s", (_, f, message) => {
  expect(() => jit(plain(f) as unknown as (x: Scalar, y: Scalar) => unknown)(2, 3)).toThrow(
    message,
  );
});
