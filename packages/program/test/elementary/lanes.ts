import type { AllOps, ExactOps } from "../../src/elementary/exact.ts";
import { numberOps } from "../../src/elementary/numbers.ts";

type Two<T> = readonly [T, T];

const lift =
  <A extends readonly unknown[], R>(f: (...args: A) => R) =>
  (...args: { readonly [K in keyof A]: Two<A[K]> }): Two<R> => {
    const lane = (i: 0 | 1): R => f(...(args.map((arg) => arg[i]) as unknown as A));
    return [lane(0), lane(1)];
  };

type Numbers = ExactOps<number, bigint, boolean>;

function lanesOf(o: Numbers): ExactOps<Two<number>, Two<bigint>, Two<boolean>> {
  const lanes: ExactOps<Two<number>, Two<bigint>, Two<boolean>> = {
    constant: (x) => [x, x],
    integer: (x) => [x, x],
    add: lift(o.add),
    sub: lift(o.sub),
    mul: lift(o.mul),
    div: lift(o.div),
    sqrt: lift(o.sqrt),
    neg: lift(o.neg),
    abs: lift(o.abs),
    copysign: lift(o.copysign),
    floor: lift(o.floor),
    nearest: lift(o.nearest),
    lt: lift(o.lt),
    le: lift(o.le),
    eq: lift(o.eq),
    ieq: lift(o.ieq),
    and: lift(o.and),
    or: lift(o.or),
    not: lift(o.not),
    select: lift(o.select),
    bits: lift(o.bits),
    fromBits: lift(o.fromBits),
    iadd: lift(o.iadd),
    isub: lift(o.isub),
    iand: lift(o.iand),
    ior: lift(o.ior),
    ixor: lift(o.ixor),
    ishl: (a, n) => [o.ishl(a[0], n), o.ishl(a[1], n)],
    ishrl: (a, n) => [o.ishrl(a[0], n), o.ishrl(a[1], n)],
    lookup: (table, index) => {
      const read = (i: number): number => {
        const value = table[i];
        if (value === undefined) throw new RangeError(`lookup: ${i} is outside of the table`);
        return value;
      };
      return [read(index[0]), read(index[1])];
    },
    apart: (define, x) => define(lanes, x),
    cond: (p, ifTrue, ifFalse) => {
      if (p[0] && p[1]) return ifTrue();
      const no = ifFalse();
      if (!p[0] && !p[1]) return no;
      const mixed = ifTrue().map((yes, i) => lanes.select(p, yes, no[i]!));
      return mixed as unknown as typeof no;
    },
  };
  return lanes;
}

/**
 * Two lanes side by side as in SIMD: both sides of a `cond` run in both lanes if any lane needs them,
 * and a table is never read outside of its bounds.
 */
export const laneOps: AllOps<Two<number>, Two<bigint>, Two<boolean>> = {
  ...lanesOf(numberOps),
  narrow: (x, f, onNumbers) => {
    const narrow = onNumbers();
    return f({ ...lanesOf(narrow), widen: lift(narrow.widen), round: lift(narrow.round) }, x);
  },
};
