/* oxlint-disable typescript/no-non-null-assertion, unicorn/no-array-for-each, unicorn/no-useless-spread -- what people write */
// Several names for one array or object, and conditions that choose between them.
import fc from "fast-check";
import { anyNumber, type Case, exact } from "./Case.ts";

interface Body {
  readonly m: number;
  readonly x: number;
}

export const aliases: Readonly<Record<string, Case>> = {
  "an object that was written to is chosen": exact((x: number) => {
    let a = { p: 1 };
    const b = { p: 2 };
    if (x > 0) {
      b.p = 5;
      a = b;
    }
    return [a.p, b.p];
  }),
  "an array that was written to is chosen in an expression": exact((x: number) => {
    const a = [1];
    const b = [2];
    const c = x > 0 ? ((b[0] = 5), b) : a;
    return [c[0]!, b[0]!];
  }),
  "buffers are swapped in a branch": exact((x: number) => {
    let cur = [1, 2];
    let next = [0, 0];
    if (x > 0) {
      next[0] = cur[1]!;
      next[1] = cur[0]!;
      [cur, next] = [next, cur];
    }
    cur[0]! += 1;
    return [...cur, ...next];
  }),
  "typed buffers are swapped in each turn of a loop": exact((x: number, y: number) => {
    let cur = Float64Array.of(x, y);
    let next = new Float64Array(2);
    for (let k = 0; k < 5; k++) {
      if (cur[0]! > k) {
        for (let i = 0; i < 2; i++) next[i] = cur[1 - i]! + k;
        [cur, next] = [next, cur];
      }
    }
    return [...cur, ...next];
  }),
  "writes in nested branches, on both sides and in closures": exact((x: number, y: number) => {
    let a = [1];
    const b = [2];
    const set = (v: number) => {
      b[0]! += v;
      return b;
    };
    if (x > 0) {
      if (y > 0) a = set(3);
      else b[0] = 6;
    } else a = y > 1 ? set(1) : set(2);
    return [a[0]!, b[0]!];
  }),
  "two names chosen from one pair": exact((x: number, y: number) => {
    const a = [1];
    const b = [2];
    const p = x > 0 ? a : b;
    const q = x > 0 ? a : b;
    const r = y > 0 ? b : a;
    p[0] = 9;
    r[0]! += 4;
    return [q[0]!, r[0]!, p === q ? 1 : 0, p === r ? 1 : 0];
  }),
  "a choice of a choice": exact((x: number, y: number, z: number) => {
    const o = { p: 7 };
    const q = x > 0 ? { p: 1 } : o;
    const r = y > 0 ? { p: 3 } : q;
    const s = z > 0 ? r : o;
    r.p += 1;
    s.p *= 2;
    return [o.p, q.p, r.p, s.p];
  }),
  "a chosen array grows and shrinks": exact((x: number, y: number) => {
    const a = x > 0 ? [x] : [1, 2, 3];
    a.push(y);
    a.shift();
    const b = [...a, 5];
    const [first = 8, second = 9] = a;
    let sum = 0;
    for (const v of a) sum += v;
    for (let i = 0; i < a.length; i++) sum += i * a[i]!;
    return [a.length, b.length, first, second, sum, a.reduce((s, v) => s + v, 0), Math.max(...b)];
  }),
  "which one it is": exact((x: number, y: number) => {
    const a = { k: x };
    const b = { k: 2 };
    const c = x > 0 ? a : b;
    const f = (v: number) => v;
    const g = (v: number) => -v;
    const h = y > 0 ? f : g;
    const list = [a, b, a];
    return [
      c === a ? 10 : 20,
      c !== b ? 1 : 2,
      h === f ? 3 : 4,
      list.indexOf(c),
      list.lastIndexOf(c),
      list.includes(c, 1) ? 1 : 0,
      [c, a].indexOf(b),
      h(2),
    ];
  }),
  "numbers are looked for among traced ones": exact((x: number, y: number) => [
    [x, y, 1].indexOf(1),
    [x, y, NaN].includes(x) ? 1 : 0,
    [1, x, 2].lastIndexOf(y, -2),
  ]),
  "the heaviest body, by reference": exact(
    ({ bodies }: { bodies: readonly Body[] }) => {
      let s = bodies[0]!;
      for (const o of bodies) if (o.m > s.m) s = o;
      return bodies.map((o) => (o === s ? 7 : s.x - o.x));
    },
    fc.tuple(
      fc.record({
        bodies: fc.array(fc.record({ m: anyNumber, x: anyNumber }), {
          minLength: 3,
          maxLength: 3,
        }),
      }),
    ),
  ),
  "nothing, or an object": exact((x: number, y: number) => {
    let best: { v: number } | null = null;
    for (const v of [x, y, 1]) if (v > 0 && (best === null || v < best.v)) best = { v };
    let last: number[] | undefined;
    if (x > y) last = [x];
    const { v = 3 } = best ?? {};
    return [
      best === null ? -1 : best.v,
      best?.v ?? 5,
      last?.[0] ?? 6,
      v,
      typeof last === "object" ? 1 : 0,
    ];
  }),
  "closures that were made in a branch": exact((x: number, y: number) => {
    const s = { n: 0 };
    const u = { n: 0 };
    let count = 0;
    const inc =
      x > 0
        ? () => {
            s.n += 1;
            return s;
          }
        : () => {
            u.n += 2;
            count += 1;
            return u;
          };
    let f = (v: number) => v;
    if (y > 0) {
      let kept = x;
      f = (v) => (kept += v);
    }
    f(1);
    inc().n += 10;
    return [inc().n, s.n, u.n, count, f(2)];
  }),
  "a slot and a variable hold the same": exact((x: number) => {
    const a = [1];
    let b = [2];
    const o = { w: b, rows: [a, b] };
    if (x > 0) {
      o.w = a;
      b = a;
    }
    b[0] = 9;
    for (const row of o.rows) row[0]! += 1;
    o.rows.reverse();
    return [o.w[0]!, a[0]!, b[0], o.rows[0]![0]!];
  }),
  "objects that lead to themselves and to each other": exact((x: number, y: number) => {
    interface Linked {
      v: number;
      next: Linked | null;
    }
    const a: Linked = { v: x, next: null };
    const b: Linked = { v: y, next: a };
    a.next = x > 0 ? a : b;
    const c = y > 0 ? a : b;
    c.next!.next!.v += 1;
    return [a.v, b.v, c.v, c.next === c ? 1 : 0];
  }),
  "helpers that change what they are given, and leave a loop": exact((x: number, y: number) => {
    const first = (u: number[], v: number[]) => {
      for (const w of [u, v]) {
        if (w[0]! > 1) {
          w[1] = 0;
          return w;
        }
        w[0]! += 1;
      }
      return u;
    };
    const a = [x, 1];
    const b = [y, 2];
    const c = first(a, b);
    first(c, b)[0] = 5;
    return [...a, ...b, ...c];
  }),
  "going through what is changed meanwhile": exact((x: number, y: number) => {
    const a = [x, 1, 2];
    const b = [y, 3, 4];
    const c = x > y ? a : b;
    const seen: number[] = [];
    c.forEach((v, i, all) => {
      seen.push(v);
      if (i === 0) a[1] = 10;
      all[2] = v;
    });
    for (const v of c) {
      seen.push(v);
      c[2] = 8;
    }
    return [...seen, ...c.map((v) => v * 2), ...c.slice(1), ...a];
  }),
  "objects of other keys": exact((x: number, y: number) => {
    const o: { a: number; b?: number } = x > 0 ? { a: x } : { a: 1, b: y };
    const { a, b = 4 } = o;
    o.a += 1;
    const kind = x > 0 ? "a" : "b";
    const table = { a: 5, b: y };
    return [
      a,
      b,
      o.a,
      o.b ?? 2,
      "b" in o ? 1 : 0,
      table[kind],
      kind === "a" ? 1 : 2,
      `${kind}!`.length,
    ];
  }),
};
