/* oxlint-disable eslint/eqeqeq, eslint/no-extra-boolean-cast, eslint/no-unused-expressions,
   eslint/no-constant-condition, eslint/no-useless-call, typescript/unbound-method -- what people and minifiers write */
// Statements, conditions, loops and functions.
import { type Case, field, exact } from "./Case.ts";

export const control: Readonly<Record<string, Case>> = {
  "comparisons with ?:": exact((x: number, y: number) => [
    x < y ? 1 : 2,
    x <= y ? 1 : 2,
    x > y ? 1 : 2,
    x >= y ? 1 : 2,
    x === y ? 1 : 2,
    x !== y ? 1 : 2,
    x == y ? 1 : 2,
    x != y ? 1 : 2,
  ]),
  "a chain of ?:": exact((x: number, y: number) =>
    x < 0 ? -x : x < y ? y * 2 : x === y ? 7 : x - y,
  ),
  "if and else": exact((x: number, y: number) => {
    let s;
    if (x > y) {
      s = x * 2;
    } else if (x === y) s = 100;
    else s = y / 2;
    return s + 1;
  }),
  "if without else": exact((x: number, y: number) => {
    let s = y;
    if (x > 0) s += x;
    if (y > 0) s -= 1;
    return s;
  }),
  "early returns": exact((x: number, y: number) => {
    if (x < 0) return -1;
    if (x > 2) return y;
    const d = x - y;
    if (d > 0) {
      if (y < 0) return d * 3;
      return d;
    }
    return x * y;
  }),
  "an early return after a write": exact((x: number, y: number) => {
    let s = 1;
    if (x < 0) {
      s = 2;
      if (y < 0) return s * x;
      s = 3;
    }
    s = s + y;
    return s * x;
  }),
  "an early return from a nested block": exact((x: number, y: number) => {
    {
      let k = 2;
      if (x < y) return k * x;
      k = 3;
      x = k + x;
    }
    return x;
  }),
  "&&, ||, ! and ??": exact((x: number, y: number, z: number) => [
    (x > 0 && y > 0) || z > 0 ? 1 : 0,
    !(x > 0) ? 1 : 0,
    !x ? 1 : 0,
    !!x ? 1 : 0,
    (x || y) + 0,
    (x && y) + 0,
    x ?? y,
    x < y && z ? 1 : 2,
    x < 0 && y < 0 && z < 0 ? 1 : x < 0 || y < 0 ? 2 : 3,
  ]),
  "logical assignments": exact((x: number, y: number, z: number) => {
    let a = x;
    a ||= y;
    let b = x;
    b &&= y;
    let c: number | undefined;
    c ??= z;
    return [a, b, c];
  }),
  "&& as a statement": exact((x: number, y: number) => {
    let s = 0;
    x > 0 && (s = y);
    x > 1 || (s += 1);
    return s;
  }),
  "let, const, var and reassignment": exact((x: number, y: number) => {
    var a = x;
    let b = y;
    const c = a * b;
    a = c + 1;
    b = a = a * 2;
    var a: number;
    return [a, b, c];
  }),
  "compound assignments": exact((x: number, y: number) => {
    let a = x;
    a += y;
    a -= 0.5;
    a *= y;
    a /= 3;
    a %= 2;
    let b = 3;
    b <<= 2;
    b |= 1;
    b **= 2;
    return [a, b];
  }),
  "++ and --": exact((x: number) => {
    let a = x;
    let i = 0;
    const b = a++ + ++a;
    const c = a-- - --a;
    return [a, b, c, i++, i++, --i];
  }),
  sequences: exact((x: number, y: number) => {
    let a, b;
    return ((a = x + 1), (b = a * y), [a, b, (a++, b)]);
  }),
  "default parameters": exact((x: number, y: number) => {
    const f = (a: number, b = a * 2, { c = 1 } = {}) => a + b + c;
    return [f(x), f(x, y), f(x, undefined, { c: y })];
  }),
  "for with a known bound": exact((x: number, y: number) => {
    let s = 0;
    for (let i = 0; i < 5; i++) s += x * i - y;
    for (let i = 3, j = 0; i > 0; i--, j += 2) s += j;
    return s;
  }),
  "for with break and continue": exact((x: number, y: number) => {
    let s = 0;
    for (let i = 0; i < 6; i++) {
      if (i === 1) continue;
      if (x < i - 3) continue;
      s += y;
      if (s > 3) break;
      s *= 2;
    }
    return s;
  }),
  "for with an early return": exact((x: number, y: number) => {
    for (let i = 0; i < 4; i++) {
      if (x < i) return i * y;
      if (y === i) break;
    }
    return x;
  }),
  "nested loops with labels": exact((x: number, y: number) => {
    let s = 0;
    outer: for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        if (x > i + j) continue outer;
        if (y > i * j + 1) break outer;
        s += i + 2 * j;
      }
      s += 10;
    }
    block: {
      if (s > 12) break block;
      s = -s;
    }
    return s;
  }),
  "while and do": exact((x: number) => {
    let i = 0;
    let s = x;
    while (i < 4) {
      s = s / 2 + i;
      i++;
    }
    do s += 1;
    while (--i > 2);
    while (true) {
      if (s > 0) break;
      s = 1 - s;
      if (i++ > 5) break;
    }
    return [s, i > 2 ? s : 0];
  }),
  "for of and for in": exact((t: number, y: readonly number[], args: Record<string, number>) => {
    let s = t;
    for (const x of y) s += x;
    for (const [i, x] of [...y].entries()) s += i * x;
    for (const key in args) s -= args[key]!;
    for (const { v } of [{ v: 1 }, { v: s }]) s *= v;
    return s;
  }, field),
  "switch on a known value": exact((x: number) => {
    const f = (kind: string) => {
      switch (kind) {
        case "a":
          return x;
        case "b": {
          const y = x * 2;
          if (y > 1) break;
          return y;
        }
        case "c":
        default:
          x += 1;
      }
      return -x;
    };
    return [f("a"), f("b"), f("c"), f("d")];
  }),
  "functions chosen by a condition": exact((x: number, y: number) => {
    const f = x > 0 ? (v: number) => v * 2 : (v: number) => v + y;
    return f(x) + f(y);
  }),
  "helper functions": exact((x: number, y: number) => {
    const square = (v: number) => v * v;
    function half(v: number) {
      return third(v) * 1.5;
    }
    function third(v: number) {
      return v / 3;
    }
    const named = function down(n: number): number {
      return n <= 0 ? 0 : x + down(n - 1);
    };
    return [square(x), half(y), named(4), ((a: number) => a + 1)(x)];
  }),
  "functions that write outside": exact((x: number, y: number) => {
    let count = 0;
    const next = (by: number) => {
      if (by > 0) {
        count += by;
        return count;
      }
      count -= 1;
      return -count;
    };
    return [next(x), next(y), count];
  }),
  "functions made in a loop": exact((x: number) => {
    const fs: (() => number)[] = [];
    for (let i = 0; i < 3; i++) fs.push(() => i * x);
    return fs.map((f) => f());
  }),
  "a rest parameter and a spread call": exact((x: number, y: number, z: number) => {
    const sum = (...v: number[]) => v.reduce((s, w) => s + w, 0);
    return [
      sum(x, y),
      sum(x, y, z),
      Math.max(x, y, z),
      sum.call(null, x, y),
      Math.min.apply(null, [x, y]),
    ];
  }),
  "hoisted functions and variables": exact((x: number) => {
    v = f(x);
    var v: number;
    return v;
    function f(w: number) {
      return w - 1;
    }
  }),
  "what minifiers write": exact((x: number, y: number) => {
    let s: number | undefined = void 0;
    if (!(x > 0)) return ((s = y), s + (!0 ? 1 : 0));
    return (x > 1 && ((s = 2), !0), s === void 0 ? 1 / 0 : s, (typeof y === "number" ? 1 : 0) + x);
  }),
  "a variable that shadows another": exact((x: number, y: number) => {
    const a = x;
    {
      const a = y;
      if (a > 0) x = a;
    }
    const f = (a: number) => a + 1;
    for (const a of [1]) y += a;
    return [a, f(x), y];
  }),
  "mixed conditions in deep nests": exact((x: number, y: number, z: number) => {
    let r = 0;
    for (let i = 0; i < 3; i++) {
      if (x > i) {
        if (y > i) r += 1;
        else if (z > i) {
          r += 10;
          continue;
        } else return r + 100;
        r *= 2;
      } else if (z < 0) break;
      r += 1000;
    }
    return r;
  }),
  "a method": exact(
    {
      f(x: number, y: number) {
        return x - y;
      },
    }.f,
  ),
  "a computed method": exact(
    {
      ["a b"](x: number) {
        return { v: x };
      },
    }["a b"],
  ),
  "a function that is named": exact(function named(x: number): number {
    return x * 3;
  }),
  "a parameter that is assigned": exact((x: number, y: number) => {
    x = x > y ? y : x;
    y *= 2;
    return x + y;
  }),
  "++ and += on places": exact((x: number, y: number) => {
    const o = { n: x, list: [y] };
    let calls = 0;
    const at = () => calls++;
    o.n++;
    --o.list[at()]!;
    o.list[0]! **= 2;
    o.n ||= 4;
    o.n &&= o.n + 1;
    return [o.n, o.list[0]!, calls];
  }),
};
