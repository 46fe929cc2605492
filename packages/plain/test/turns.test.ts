// Loops whose turns do the same are read at once: their values are those of JavaScript, to the last bit.
import { jit, traceTree } from "@diffrax-ts/autodiff";
import { apply, arrayType, constantOf } from "@diffrax-ts/program";
import { type Callable, flatten, isTensor, markTraced, type Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plain, PlainError, readField } from "../src/index.ts";

type Field = (y: readonly number[]) => unknown;

const n = 64;
const state = Float64Array.from({ length: n }, (_, i) => Math.sin(1.7 * i) * (1 + i));

/** The numbers of a result in their order, with the lengths of its lists. */
function numbersOf(result: unknown, ofScalar: (x: Tensor) => unknown = (x) => x.item()): unknown[] {
  const part = (x: unknown): unknown[] => numbersOf(x, ofScalar);
  if (isTensor(result))
    return result.shape.length === 0
      ? [ofScalar(result)]
      : [
          `[${result.shape[0]}]`,
          ...Array.from({ length: result.shape[0]! }, (_, i) => part(result.at(i))).flat(),
        ];
  if (Array.isArray(result) || ArrayBuffer.isView(result)) {
    const list = Array.from(result as readonly unknown[]);
    return [`[${list.length}]`, ...list.flatMap(part)];
  }
  if (typeof result === "object" && result !== null)
    return Object.entries(result).flatMap(([key, x]) => [key, part(x)].flat());
  return [result];
}

/** What a function gives, read and compiled: as one vector, since a result has at most so many scalars. */
function compiled(f: Field, y: Float64Array): unknown[] {
  let shown: unknown[] = [];
  const read = plain(f as unknown as Callable) as unknown as (y: Float64Array) => unknown;
  const packed = jit(
    markTraced((x: Tensor<readonly [number]>) => {
      shown = numbersOf(read(x as never), (scalar) => scalar);
      const operands = shown
        .filter((one) => typeof one === "number" || isTensor(one))
        .map((one) => (typeof one === "number" ? constantOf("float64", one) : one) as Tensor);
      return apply("pack", operands, { shape: [operands.length] })[0]!;
    }),
  );
  const values = Array.from(packed(y) as unknown as Iterable<number>);
  return shown.map((one) => (typeof one === "number" || isTensor(one) ? values.shift() : one));
}

/** `null` for a function that is not read: it has too many turns, or lists of lengths that are not known. */
function compiledIfRead(f: Field, y: Float64Array): unknown[] | null {
  try {
    return compiled(f, y);
  } catch (error) {
    if (error instanceof PlainError) return null;
    throw error;
  }
}

function expectSame(f: Field, y = state): void {
  const [got, wanted] = [compiled(f, y), numbersOf(f(y as unknown as number[]))];
  expect(got.length).toBe(wanted.length);
  const off = wanted.findIndex((x, i) => !Object.is(x, got[i]));
  expect({ off, x: got[off] }).toEqual({ off: -1, x: undefined });
}

const alike: readonly (readonly [what: string, f: Field])[] = [
  [
    "neighbours, with ends by a condition",
    (y) => {
      const d = [];
      for (let i = 0; i < y.length; i++)
        d.push((i > 0 ? y[i - 1]! : 0) - 2 * y[i]! + (i < y.length - 1 ? y[i + 1]! : 0));
      return d;
    },
  ],
  ["a map with neighbours", (y) => y.map((x, i) => (i === 0 ? 0 : y[i - 1]!) - x)],
  [
    "neighbours on a ring",
    (y) => {
      const d = [];
      for (let i = 0; i < y.length; i++)
        d.push(
          (y[(i + 1) % y.length]! - y[(i + y.length - 2) % y.length]!) *
            y[(i + y.length - 1) % y.length]! -
            y[i]! +
            8,
        );
      return d;
    },
  ],
  [
    "places held within bounds",
    (y) => {
      const d = [];
      for (let i = 0; i < y.length; i++)
        d.push(y[Math.max(0, i - 1)]! + y[Math.min(y.length - 1, i + 3)]!);
      return d;
    },
  ],
  [
    "an array that is there before",
    (y) => {
      const d = new Float64Array(y.length);
      for (let i = 1; i < y.length - 1; i += 1) d[i] = y[i - 1]! - y[i + 1]!;
      return d;
    },
  ],
  [
    "an array that grows by places",
    (y) => {
      const d: number[] = [];
      for (let i = 0; i < y.length; i++) d[i] = i * y[i]!;
      return d;
    },
  ],
  [
    "additions to what is there",
    (y) => {
      const d = Array.from({ length: y.length }, () => 1);
      for (let i = 0; i < y.length; i++) d[i]! += y[i]!;
      for (let i = 0; i < y.length; i++) {
        d[i] = d[i]! * 2;
        d[i]! -= y[i]!;
      }
      return d;
    },
  ],
  [
    "numbers of the turn alone",
    (y) => {
      const w: number[] = [];
      for (let i = 0; i < y.length; i++) w.push(i ** 2 / 3 + (i % 7));
      return y.map((x, i) => w[i]! * x);
    },
  ],
  [
    "backward",
    (y) => {
      const d = [];
      for (let i = y.length - 1; i >= 0; i--) d.push(y[i]! + i);
      return d;
    },
  ],
  [
    "every other one",
    (y) => {
      const d = [];
      for (let i = 0; i < y.length - 1; i += 1) d.push(y[i]! * y[i + 1]!);
      const e = [];
      for (let i = 0; i < 2 * d.length; i += 2) e.push(d[i / 2]!);
      return e;
    },
  ],
  [
    "several at a turn",
    (y) => {
      const d = [];
      for (let i = 0; i < y.length; i++) d.push(y[i]!, i, -y[i]!);
      return d;
    },
  ],
  ["pairs", (y) => [...y].map((x, i) => [x, x * i]).map(([a, b]) => a! + b!)],
  [
    "records",
    (y) => {
      const all = [];
      for (const [i, x] of y.entries()) all.push({ x, twice: x + x, i });
      return all.map(({ x, twice, i }) => x * twice - i);
    },
  ],
  [
    "a branch that is dear",
    (y) => y.map((x, i) => (x > 0 ? Math.sqrt(x) / (1 + x * x) : (x % 0.3) * i)),
  ],
  [
    "upwind differences",
    (y) => {
      const d = [];
      for (let i = 1; i < y.length - 1; i++)
        d.push(y[i]! > 0 ? y[i]! * (y[i]! - y[i - 1]!) : y[i]! * (y[i + 1]! - y[i]!));
      return d;
    },
  ],
  [
    "two lists, and one of a helper",
    (y) => {
      const [a, b]: [number[], number[]] = [[], []];
      const flux = (l: number, r: number): number => (l < r ? l : r) * 0.5;
      for (let i = 0; i + 1 < y.length; i++) {
        a.push(flux(y[i]!, y[i + 1]!));
        b.push(y[i]! - y[i + 1]!);
      }
      return a.map((x, i) => x * b[i]!);
    },
  ],
  [
    "a grid in one list",
    (y) => {
      const d = [];
      for (let i = 0; i < 64; i++)
        for (let j = 0; j < 32; j++) d.push(y[i]! * y[j + 1]! - (j > 0 ? y[j - 1]! : 0));
      return d;
    },
  ],
  [
    "rows of a grid",
    (y) => {
      const rows: number[][] = [];
      for (let i = 0; i < 48; i++) {
        const row: number[] = [];
        for (let j = 0; j < 40; j++) row.push(y[i]! - y[j]! * i + j);
        rows.push(row);
      }
      return rows.map((row, i) => row.map((x, j) => x - (i > 0 ? rows[i - 1]![j]! : 0)));
    },
  ],
  [
    "places of a grid in one list",
    (y) => {
      const d = Array(32 * 48).fill(0) as number[];
      for (let i = 0; i < 32; i++) for (let j = 0; j < 48; j++) d[i * 48 + j] = y[i]! * y[j]!;
      const e = new Float64Array(32 * 48);
      for (let i = 1; i < 31; i++)
        for (let j = 0; j < 48; j++)
          e[i * 48 + j] = d[(i - 1) * 48 + j]! + d[(i + 1) * 48 + j]! - d[i * 48 + ((j + 1) % 48)]!;
      return e;
    },
  ],
];

/** Each turn finds what the one before has left. */
const carried: readonly (readonly [what: string, f: Field])[] = [
  [
    "a sum",
    (y) => {
      let sum = 0;
      for (let i = 0; i < y.length; i++) sum += y[i]! * i;
      return sum;
    },
  ],
  [
    "sums on the way",
    (y) => {
      const d = [];
      let sum = 0;
      for (const x of y) {
        d.push(sum);
        sum += x;
        d.push(sum);
      }
      return [d, sum];
    },
  ],
  ["a fold", (y) => y.reduce((sum, x, i) => sum + x * i, 0)],
  ["a fold that begins with an element", (y) => y.reduce((a, b) => a * 0.5 - b)],
  ["a fold from behind", (y) => [...y].reduceRight((a, b, i) => a * 0.5 - b * i)],
  [
    "the greatest, and the least of the positive ones",
    (y) => {
      let [most, least] = [-Infinity, Infinity];
      for (const x of y) {
        most = Math.max(most, x);
        if (x > 0 && x < least) least = x;
      }
      return [most, least];
    },
  ],
  [
    "the element before",
    (y) => {
      let before = y[y.length - 1]!;
      return y.map((x) => {
        const d = before - x;
        before = x;
        return d;
      });
    },
  ],
  [
    "two that go round, and the last one of each turn",
    (y) => {
      let [a, b, last] = [1, y[0]!, 0];
      for (let i = 1; i < y.length; i++) {
        [a, b] = [b, (a + b) * 0.5 + y[i]!];
        last = y[i]! * i;
      }
      return [a, b, last];
    },
  ],
  [
    "properties and elements",
    (y) => {
      const total = { x: 0, y: [1, 2], z: new Float32Array(2) };
      for (let i = 0; i < y.length; i++) {
        total.x += y[i]!;
        total.y[1]! -= total.x;
        total.z[0]! += y[i]! / 3;
      }
      return total;
    },
  ],
  [
    "sums of rows",
    (y) => {
      const d = y.map(() => 0);
      for (let i = 0; i < y.length; i++) for (let j = 0; j < 33; j++) d[i]! += y[j]! * (i + j);
      return d;
    },
  ],
  [
    "sums of rows on what is there, in a typed array",
    (y) => {
      const d = new Float64Array(y.length);
      for (let i = 0; i < y.length; i++) {
        d[i] = 0.1 * i;
        for (let j = 0; j < y.length; j++) if (j !== i) d[i]! += y[j]! / (1 + y[i]! ** 2);
        d[i]! /= y.length;
      }
      return d;
    },
  ],
  [
    "sums of rows and of all",
    (y) => {
      const rows: number[] = [];
      let all = 0;
      for (let i = 0; i < y.length; i++) {
        let row = 0;
        for (const x of y) {
          row += x * i;
          all -= x;
        }
        rows.push(row);
      }
      return [rows, all];
    },
  ],
  [
    "sums of sums",
    (y) =>
      y.map((a) =>
        y.slice(0, 33).reduce((s, b) => s + y.slice(0, 34).reduce((t, c) => t + a * b * c, 0), 0),
      ),
  ],
];

const unlike: readonly (readonly [what: string, f: Field])[] = [
  [
    "a recurrence",
    (y) => {
      const d = [1];
      for (let i = 1; i < y.length; i++) d[i] = d[i - 1]! * 0.5 + y[i]!;
      return d;
    },
  ],
  [
    "a recurrence by what was appended last",
    (y) => {
      const d = [1];
      for (let i = 1; i < y.length; i++) d.push(d[d.length - 1]! * 0.5 + y[i]!);
      return d;
    },
  ],
  [
    "in place, with the place before",
    (y) => {
      const d = Array.from(y, (x) => x);
      for (let i = 1; i < y.length; i++) d[i]! -= d[i - 1]!;
      return d;
    },
  ],
  [
    "in place, with the place after",
    (y) => {
      const d = [...y];
      for (let i = 0; i + 1 < y.length; i++) d[i]! -= d[i + 1]!;
      return d;
    },
  ],
  [
    "one place, written in each turn",
    (y) => {
      const d = [0, 0];
      for (let i = 0; i < y.length; i++) d[i % 2] = y[i]!;
      return d;
    },
  ],
  [
    "a triangle",
    (y) => {
      const d = [];
      for (let i = 0; i < 40; i++) for (let j = 0; j < i; j++) d.push(y[i]! - y[j]!);
      return d;
    },
  ],
  [
    "a loop that is left",
    (y) => {
      const d = [];
      for (let i = 0; i < y.length; i++) {
        if (i === 50) break;
        if (i % 9 === 0) continue;
        d.push(y[i]!);
      }
      return d;
    },
  ],
  [
    "an early return",
    (y) => {
      for (let i = 0; i < y.length; i++) if (i > 40) return [y[i]!, i];
      return [];
    },
  ],
  [
    "a counter beside the index",
    (y) => {
      const d = [];
      let k = 0;
      for (let i = 0; i < y.length; i++) d.push(y[k++]! * i);
      return d;
    },
  ],
  [
    "an index that the body moves",
    (y) => {
      const d = [];
      for (let i = 0; i < y.length; i++) {
        d.push(y[i]!);
        if (i % 5 === 0) i++;
      }
      return d;
    },
  ],
  [
    "a bound that moves",
    (y) => {
      const d = [1];
      for (let i = 0; i < d.length; i++) if (d.length < 50) d.push(y[i]!);
      return d;
    },
  ],
  [
    "a bound that falls",
    (y) => {
      const d = [...y];
      for (let i = 0; i < d.length; i++) d.pop();
      return d;
    },
  ],
  [
    "one array under two names",
    (y) => {
      const all: number[][] = [];
      const again: number[][] = [];
      for (let i = 0; i < y.length; i++) {
        const pair = [y[i]!, i];
        all.push(pair);
        again.push(pair);
      }
      all[3]![0] = 7;
      return again.map(([x, k]) => x! + k!);
    },
  ],
  [
    "functions made in the turns",
    (y) => {
      const fs: (() => number)[] = [];
      for (let i = 0; i < y.length; i++) fs.push(() => y[i]! * i);
      return fs.map((f) => f());
    },
  ],
  [
    "what push gives",
    (y) => {
      const [d, lengths]: [number[], number[]] = [[], []];
      for (let i = 0; i < y.length; i++) lengths.push(d.push(y[i]!));
      return lengths;
    },
  ],
  [
    "places beyond both ends",
    (y) => {
      const d = [];
      for (let i = 0; i < y.length; i++) d.push(y[i - 2] ?? -1, y[i + 3] ?? 1);
      return d;
    },
  ],
  [
    "the diagonal of a grid",
    (y) => {
      const d = [];
      for (let i = 0; i < 40; i++) for (let j = 0; j < 40; j++) d.push(i === j ? y[i]! : 0);
      return d;
    },
  ],
  [
    "arrays that are exchanged on a condition",
    (y) => {
      let [now, next] = [
        [1, 2],
        [0, 0],
      ];
      for (let i = 0; i < y.length; i++)
        if (y[3]! > i - 20) {
          next[0] = now[1]! + y[1]!;
          next[1] = now[0]! - i;
          [now, next] = [next, now];
        }
      return [now, next];
    },
  ],
  [
    "arrays that were exchanged before",
    (y) => {
      let [a, b] = [[1, y[2]!], y.map((x) => 2 * x)];
      for (let i = 0; i < 3; i++) if (y[i]! > 0.5) [a, b] = [[...b], [...a]];
      let sum = 0;
      for (let i = 0; i < y.length; i++) sum += a[0]! * y[i]! - b.length;
      for (let i = 0; i < y.length; i++) sum -= a[1]! * b[0]! + i;
      return [sum, a[0]! + sum, b.length];
    },
  ],
  [
    "a known power",
    (y) => {
      const d = [];
      for (let i = 0; i < y.length; i++) d.push(y[i]! ** (i % 3), i ** 0.5);
      return d;
    },
  ],
  [
    "one that is written in the outer turn, and read in the inner ones",
    (y) => {
      const [d, e]: [number[], number[]] = [y.map(() => 1), []];
      for (let i = 0; i < y.length; i++) {
        d[i] = y[i]! * 2;
        for (let j = 0; j < 40; j++) e.push(d[i]! * j);
      }
      return [d, e];
    },
  ],
  [
    "one that an inner loop writes, and another one reads",
    (y) => {
      const [d, e] = [y, y].map(() => Array.from({ length: y.length * 40 }, () => y[0]!));
      for (let i = 0; i < y.length; i++) {
        for (let j = 0; j < 40; j++) d![i * 40 + j] = y[i]! * j;
        for (let j = 0; j < 40; j++) e![i * 40 + j] = d![i * 40 + j]! + y[3]!;
      }
      return [d, e];
    },
  ],
  [
    "written on one side of a condition",
    (y) => {
      const d = y.map(() => 7);
      for (let i = 0; i < y.length; i++) if (y[i]! > 0) d[i] = y[i]!;
      return d;
    },
  ],
  [
    "written on both sides of a condition",
    (y) => {
      const d = y.map(() => 0);
      for (let i = 0; i < y.length; i++) {
        if (y[i]! > 0) d[i] = y[i]!;
        else d[i]! -= i;
      }
      return d;
    },
  ],
  [
    "appended on both sides of a condition",
    (y) => {
      const d: number[] = [];
      for (let i = 0; i < y.length; i++) {
        if (y[i]! > 0) d.push(y[i]!);
        else d.push(i);
      }
      return d;
    },
  ],
  [
    "passed over on a condition",
    (y) => {
      const d = y.map(() => 0);
      for (let i = 0; i < y.length; i++) {
        if (y[i]! < 0) continue;
        d[i] = y[i]!;
      }
      return d;
    },
  ],
  [
    "one array in all turns",
    (y) => {
      const row = [1, y[2]!];
      const all: number[][] = [];
      for (let i = 0; i < y.length; i++) all.push(row);
      all[4]![0] = y[1]!;
      return [all, [...y].map((x) => ({ x, row }))];
    },
  ],
  [
    "two views of one array",
    (y) => {
      const all: Float64Array[] = [];
      for (let i = 0; i < y.length; i++) {
        const row = new Float64Array([y[i]!, i, 3]);
        all.push(row.subarray(0, 2), row.subarray(1, 3));
      }
      all[0]![1] = 7;
      return all;
    },
  ],
  [
    "sums on an array that grows by places",
    (y) => {
      const [d, e]: [number[], number[]] = [[], []];
      for (let i = 0; i < y.length; i++) {
        d[i] = (d[i - 1] ?? 0) + y[i]!;
        e.push((e[i - 1] ?? 0) - y[i]!);
      }
      return [d, e];
    },
  ],
  [
    "given where nothing is",
    (y) => {
      const d: number[] = [];
      for (let i = 0; i < y.length; i++) {
        d[i] ??= y[i]!;
        d[i] ??= 3;
      }
      return d;
    },
  ],
  [
    "a number or the next",
    (y) => {
      const d: number[] = [];
      for (let i = 0; i < y.length; i++) d.push(i && y[i]!, i || y[i]!, y[i]! && i);
      return d;
    },
  ],
];

/** Of arrays of 40 × 40 numbers, or as many. */
const wide: readonly (readonly [what: string, f: Field])[] = [
  [
    "several places of one list in a turn, which are read again",
    (y) => {
      const h = y.length / 4;
      const d = new Float64Array(y.length);
      for (let i = 0; i < h; i++) {
        d[2 * i] = y[i]! - y[h + i]!;
        d[2 * i + 1] = y[i]! * y[3 * h + i]!;
        d[2 * h + i] = d[2 * i]! + d[2 * i + 1]!;
        d[2 * i]! += d[3 * h + i]! + 1;
      }
      return d;
    },
  ],
  [
    "a grid with other ends",
    (y) => {
      const n = Math.sqrt(y.length);
      const d = new Float64Array(y.length);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const at = i * n + j;
          const [up, down] = [i > 0 ? y[at - n]! : 1, i < n - 1 ? y[at + n]! : 2];
          d[at] = j > 0 && j < n - 1 ? up + down - y[at - 1]! * y[at + 1]! : up - down;
        }
      }
      return d;
    },
  ],
  [
    "a grid whose ends stay as they are",
    (y) => {
      const n = Math.sqrt(y.length);
      const d = new Float64Array(y.length);
      for (let i = 1; i < n - 1; i++)
        for (let j = 1; j < n - 1; j++) d[i * n + j] = y[i * n + j - 1]! - y[i * n + j + 1]!;
      return d;
    },
  ],
  [
    "a grid that is closed round",
    (y) => {
      const n = Math.sqrt(y.length);
      const d = new Float64Array(y.length);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
          d[i * n + j] = y[((i + 1) % n) * n + j]! - 2 * y[i * n + ((j + n - 1) % n)]!;
      return d;
    },
  ],
];

describe("loops whose turns do the same", () => {
  test.each(alike)("%s", (_, f) => {
    expectSame(f);
  });
});

test.each(wide)("of many numbers, %s", (_, f) => {
  expectSame(
    f,
    Float64Array.from({ length: 1600 }, (_, i) => Math.sin(1.7 * i)),
  );
});

describe("loops that hand something from turn to turn", () => {
  test.each(carried)("%s", (_, f) => {
    expectSame(f);
  });
});

describe("loops whose turns differ, or depend on one another", () => {
  test.each(unlike)("%s", (_, f) => {
    expectSame(f);
  });
});

function numberOfEquations(f: Field, size: number): number {
  const read = readField(f, "gradient");
  const type = arrayType("float64", [size]);
  const { structure } = flatten([new Float64Array(size)]);
  return traceTree(read, structure, [type], "field").program.equations.length;
}

test.each([
  ...[
    "neighbours, with ends by a condition",
    "a map with neighbours",
    "neighbours on a ring",
    "an array that is there before",
    "a branch that is dear",
  ].map((what) => alike.find(([one]) => one === what)!),
  ...wide,
])("as a field of a vector, %s has no more equations for more elements", (_, f) => {
  expect(numberOfEquations(f, 4900)).toBe(numberOfEquations(f, 1600));
});

test.each<[string, Field]>([
  ["a fold", (y) => y.map((x) => x - y.reduce((s, z) => s + z, 0))],
  [
    "a sum of pairs",
    (y) => {
      const d = [];
      for (let i = 0; i < y.length; i++) {
        let sum = 0;
        for (let j = 0; j < y.length; j++) if (j !== i) sum += y[j]! - y[i]!;
        d.push(sum);
      }
      return d;
    },
  ],
  ["sums on what is there", carried.find(([what]) => what.endsWith("in a typed array"))![1]],
])("over all pairs, %s has no more equations for more elements", (_, f) => {
  expect(numberOfEquations(f, 200)).toBe(numberOfEquations(f, 64));
});

// Loops made at random.
const place = fc.constantFrom(
  "i",
  "i - 1",
  "i + 1",
  "(i + 5) % n",
  "n - 1 - i",
  "Math.max(i - 1, 0)",
  "2 * i",
  "3",
  "Math.floor(i / 2)",
);
const { expression, condition } = fc.letrec<{ expression: string; condition: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    place.map((k) => `at(y, ${k})`),
    place.map((k) => `at(e, ${k})`),
    place.map((k) => `at(d, ${k})`),
    fc.constantFrom("i", "a", "s", "n", "0.5"),
    fc
      .tuple(tie("expression"), fc.constantFrom("+", "-", "*"), tie("expression"))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc
      .tuple(tie("condition"), tie("expression"), tie("expression"))
      .map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
  ),
  condition: fc.oneof(
    fc
      .tuple(
        fc.constantFrom("i", "i % 3", "n - i"),
        fc.constantFrom("<", ">", "==="),
        fc.constantFrom("1", "20", "n - 2"),
      )
      .map((parts) => parts.join(" ")),
    fc
      .tuple(tie("expression"), fc.constantFrom("<", ">="), tie("expression"))
      .map((parts) => parts.join(" ")),
  ),
}));
const known = fc.constantFrom("i > 2", "i < n - 1", "i % 2 === 0", "i === 7");
const { statement } = fc.letrec<{ statement: string }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    expression.map((x) => `d.push(${x});`),
    fc
      .tuple(place, fc.constantFrom("=", "+=", "-="), expression)
      .map(([k, op, x]) => `if (${k} < n && ${k} >= 0) e[${k}] ${op} ${x};`),
    expression.map((x) => `a = ${x};`),
    expression.map((x) => `{ let a = ${x}; d.push(a * a, 1); }`),
    expression.map((x) => `s += ${x};`),
    fc
      .tuple(fc.oneof(known, condition), tie("statement"), tie("statement"))
      .map(([c, x, y]) => `if (${c}) { ${x} } else { ${y} }`),
    fc
      .tuple(fc.oneof(known, condition), fc.constantFrom("break", "continue"))
      .map(([c, x]) => `if (${c}) ${x};`),
    fc
      .tuple(fc.constantFrom("34", "i", "n"), tie("statement"))
      .map(
        ([m, x]) => `for (let j = 0; j < ${m}; j++) { ${x.replaceAll(/\bi\b/g, "j")} e[j] += i; }`,
      ),
    fc
      .tuple(
        fc.constantFrom("34", "n"),
        fc.constantFrom("", "if (j !== i) ", "if (at(y, j) > 0) ", "if (j < i) "),
        fc.constantFrom("e[i] += ", "e[i] = s - ", "s -= ", "e[3] += ", "a = e[i] * "),
        expression,
        expression,
      )
      .map(
        ([m, when, give, x, z]) =>
          `for (let j = 0; j < ${m}; j++) ${when}${give}${x.replaceAll(/\bi\b/g, "j")} - (${z});`,
      ),
    fc
      .tuple(fc.constantFrom("y", "e", "d"), expression)
      .map(([list, x]) => `a = ${list}.reduce((t, x, j) => t - x * j + ${x}, a);`),
    fc.tuple(tie("statement"), tie("statement")).map((parts) => parts.join(" ")),
  ),
}));

test("loops made at random have the values of JavaScript", () => {
  fc.assert(
    fc.property(statement, (body) => {
      const source = `(y) => { const n = 36; const at = (list, k) => (k >= 0 && k < list.length ? list[k] : 1); const d = []; const e = Array.from({ length: n }, (_, i) => y[i]); let [a, s] = [1, 0]; for (let i = 0; i < n; i++) { ${body} } return [d, e, a, s]; }`;
      // oxlint-disable-next-line typescript/no-implied-eval -- the source was made here
      const f = new Function(`return ${source}`)() as Field;
      const small = state.map((x) => Math.round(x) % 8);
      const got = compiledIfRead(f, small);
      fc.pre(got !== null);
      const wanted = numbersOf(f(small as unknown as number[]));
      const off = wanted.findIndex((x, i) => !Object.is(x, got[i]) && !(x === 0 && got[i] === 0));
      expect({ source, off, x: got[off], n: got.length }).toEqual({
        source,
        off: -1,
        x: undefined,
        n: wanted.length,
      });
    }),
    { numRuns: 60 },
  );
});
