/* oxlint-disable unicorn/no-useless-spread, unicorn/no-array-for-each, typescript/no-unnecessary-type-conversion,
   typescript/no-non-null-asserted-optional-chain, typescript/no-for-in-array -- what people and minifiers write */
// Arrays, objects, vectors of the state, and taking them apart.
import fc from "fast-check";
import { type Case, anyNumber, record, field, vectorField, exact } from "./Case.ts";

export const collections: Readonly<Record<string, Case>> = {
  "destructured parameters": exact(
    (t: number, [x, v]: readonly [number, number], { a, b }: { a: number; b: number }) => [
      v * t,
      a * x - b * v,
    ],
    field,
  ),
  "destructuring with defaults, renaming and rest": exact(
    (
      t: number,
      [x, ...rest]: readonly number[],
      { a: k = 3, c = k * 2, ...others }: Record<string, number>,
    ) => {
      const [v = 5, w = 7] = rest;
      const { length } = rest;
      const { ["b"]: m, zero: { one = 4 } = {} } = others as never;
      return [x! * k, v, w, c, m, length, one, t];
    },
    field,
  ),
  "swapping by destructuring": exact((x: number, y: number) => {
    let a = x;
    let b = y;
    [a, b] = [b, a];
    const o: Record<string, number> = {};
    [o["p"], o["q"]] = [a, b];
    ({ p: a } = o as { p: number });
    return [a, b, o["q"]];
  }),
  "array and object literals with spread": exact((x: number, y: number, z: number) => {
    const a = [x, y];
    const b = [...a, z, ...[1, 2]];
    const o = { x, y, ["z" + 1]: z };
    const p = { ...o, y: 2, w: a };
    return [...b, p.x, p.y, (p as unknown as { z1: number }).z1, p.w[1]!, { k: [x], ...p, w: 0 }];
  }),
  "arrays in records in arrays": exact((x: number, y: number) => ({
    a: [{ b: x }, { b: y }],
    c: { d: x + y },
  })),
  "elements of a vector": exact(
    (t: number, y: Float64Array, { a }: { a: number }) => [
      y[0]! * a,
      y[y.length - 1]!,
      y[7] === undefined ? t : 0,
    ],
    vectorField,
  ),
  "a vector destructured, spread and looped over": exact((t: number, y: Float64Array) => {
    const [p, , q, ...rest] = y;
    let s = t;
    for (const v of y) s += v;
    for (let i = 0; i < y.length; i++) s -= y[i]! * i;
    return [p! * q!, rest.length, Math.max(...y), s, ...y];
  }, vectorField),
  "a ring of neighbours": exact((_t: number, y: Float64Array, { a }: { a: number }) => {
    const n = y.length;
    const d = new Float64Array(n);
    for (let i = 0; i < n; i++)
      d[i] = (y[(i + 1) % n]! - y[(i + n - 2) % n]!) * y[(i + n - 1) % n]! - y[i]! + a;
    return d;
  }, vectorField),
  "map, reduce and their kind": exact(
    (t: number, y: Float64Array, { a, b }: { a: number; b: number }) => {
      const list = Array.from(y);
      const doubled = list.map((x, i) => x * a + i);
      let seen = t;
      list.forEach((x) => {
        seen = seen * b + x;
      });
      return [
        ...doubled,
        y.reduce((s, x) => s + x, 0),
        y.reduce((s, x) => s * x),
        list.reduceRight((s, x) => s - x, a),
        seen,
        list.concat([a], b).length,
        ...list.slice(1, 3),
        list.at(-1)!,
        list.flatMap((x) => [x, -x])[3]!,
        ...list.map(Math.abs),
        [[a], [b]].flat()[1]!,
        list.some((x) => x > 1) ? 1 : 0,
        list.every((x) => x > 1) ? 1 : 0,
      ];
    },
    vectorField,
  ),
  "arrays that are changed": exact((x: number, y: number) => {
    const d = [0, 0, 0];
    d[0] = x;
    d[1]! += y;
    d.push(x * y);
    const last = d.pop()!;
    d.unshift(last);
    if (x > 0) d[1] = -1;
    else d[2] = 5;
    const e = Array(3).fill(x);
    const [g] = e.splice(1, 1);
    const z = new Array(2).fill(0).map((_, i) => i + y);
    return [
      ...d,
      d.length,
      ...e,
      g,
      ...z,
      ...Array.from({ length: 2 }, (_, i) => i * x),
      ...d.toReversed(),
    ];
  }),
  "objects that are changed": exact((x: number, y: number) => {
    const o: Record<string, number> = { a: x };
    o["b"] = y;
    if (x > y) o["a"]!++;
    for (const key of Object.keys(o)) o[key]! *= 2;
    const total = Object.values(o).reduce((s, v) => s + v, 0);
    return { ...o, total, n: Object.entries(o).length, c: Object.assign({}, o, { z: 1 }).z };
  }),
  "arrays chosen by a condition": exact((x: number, y: number) => {
    const a = [x, 1];
    const b = [y, 2];
    const c = x > y ? a : b;
    let d;
    if (x > 0) d = [1, x];
    else d = [y, 2];
    d[0] = 9;
    return [c[0]! + c[1]!, ...d];
  }),
  "optional chains": exact(
    (t: number, y: readonly number[], args: { a: number; c?: { d: number; g?: () => number } }) => [
      args?.a,
      args.c?.d ?? t,
      args.c?.g?.() ?? 1,
      y?.[0]!,
    ],
    field,
  ),
  "text for keys": exact(
    (_t: number, _y: unknown, args: Record<string, number>) =>
      ["a", "b"].map((key, i) => args[key]! * i + args["" + key]!),
    field,
  ),
  "records as state": exact(
    (
      _t: number,
      { prey, predator }: { prey: number; predator: number },
      { a, b }: { a: number; b: number },
    ) => ({
      prey: a * prey - b * prey * predator,
      predator: prey * predator - a * predator,
    }),
    fc.tuple(anyNumber, fc.record({ prey: anyNumber, predator: anyNumber }), record),
  ),
  "var with patterns": exact((x: number, y: number) => {
    var [a, { b = 3, ...rest }, ...others] = [x, { c: y } as { b?: number; c: number }, 1, 2];
    for (var [k, [v]] of [[1, [x]]] as [number, [number]][]) a += k * v;
    if (x > 0) var late = 5;
    else late = 6;
    return [a, b, rest.c, others.length, others[1], late];
  }),
  "makers of arrays and objects": exact((x: number, y: number) => {
    const d = new Float64Array(4);
    d.set([x, y], 1);
    const e = new Float64Array([y, x]);
    const o = Object.fromEntries([
      ["a", x],
      ["b", y],
    ]);
    const f: Record<string, number> = Object.freeze({ ...([x, y] as unknown as object), z: 1 });
    return [
      ...d,
      ...e,
      ...Array.of(x, 2),
      ...Float64Array.of(y, 3),
      ...Float64Array.from([x], (v) => v * 2),
      o["a"]!,
      o["b"]!,
      Object.hasOwn(o, "a") ? 1 : 0,
      "c" in o ? 1 : 0,
      f["1"]!,
      f["z"]!,
      ...Array.from("12", Number),
      new Array(x, y).length,
      ...[...[x, y].keys()],
      ...[...[x, y].values()],
      ...[[x], [y]].concat([[1]]).map((row) => row[0]!),
    ];
  }),
  "questions to arrays of known numbers": exact((x: number) => {
    const list = [3, 1, 2];
    return [
      list.includes(2) ? x : 0,
      list.indexOf(1),
      list.lastIndexOf(7),
      list.find((v) => v < 3)!,
      list.findIndex((v) => v === 2),
      list.filter((v) => v > 1).length,
      list.findLast((v) => v > 1)!,
      list.reverse()[0]!,
      list.shift()!,
      list.with(0, 9)[0]!,
      Number(list.join("")),
      [3, 4].fill(x, 1)[1]!,
      Array.isArray(list) ? 1 : 0,
    ];
  }),
  "methods of an object": exact((x: number, y: number) => {
    const shapes = {
      area: (a: number) => a * y,
      list: [(a: number) => a + 1],
      deep: {
        twice(a: number) {
          return a * 2;
        },
      },
    };
    return [shapes.area(x), shapes.list[0]!(x), shapes.deep.twice(y), shapes["area"](y)];
  }),
  "a matrix of locals": exact((x: number, y: number) => {
    const m = Array.from({ length: 2 }, () => Array(2).fill(0) as number[]);
    m[0]![1] = x;
    if (y > 0) m[1]![0]! += y;
    const [[, b], [c]] = m as [[number, number], [number]];
    return [
      b,
      c,
      m.flat().reduce((s, v) => s + v),
      m.map((row) => row.length).join() === "2,2" ? 1 : 0,
    ];
  }),
  "arrays that change while they are gone through, on one side of a condition": exact(
    (x: number, y: number) => {
      let total = 0;
      const v = [x, 2, 5];
      const w = [x, 2];
      if (y > 0) {
        for (const e of v) {
          total += e;
          v[2] = 10;
        }
        v.forEach((e, i) => {
          total -= 2 * e;
          if (i === 0) v[1] = y;
        });
        total += v.reduce((sum, e, i) => {
          v[2] = i;
          return sum + e;
        }, 0);
        v[2] = 7;
        [w[1], w[0]] = w as [number, number];
      }
      const last = v.map((e, i) => {
        v[2] = x;
        return e * i;
      });
      return [total, ...v, ...w, ...last];
    },
  ),
  "arrays of what a condition chose, gone through on one side of it": exact(
    (x: number, y: number) => {
      const v = [x, y];
      if (y > 0) v[0] = 1;
      let total = 0;
      if (y > 0) {
        const found = v.find((e) => e === 1) ?? 4;
        total = v.some((e) => e === 1) ? found : 2;
        total += v.filter((_, i) => i === 0).length;
      }
      return [total, ...v];
    },
  ),
  "for…in over a vector, and over nothing": exact((_t: number, y: Float64Array) => {
    let n = 0;
    for (const i in y) n += y[i as never as number]! * Number(i);
    for (const key in undefined as never as object) n += key.length;
    return n;
  }, vectorField),
};
