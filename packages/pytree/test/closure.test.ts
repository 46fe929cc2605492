import {
  type Callable,
  closure,
  closureOf,
  codeOf,
  derived,
  flatten,
  keyPaths,
  map,
  match,
  part,
  structure,
  structuresEqual,
  unflatten,
} from "@diffrax-ts/pytree";
import { expect, test } from "vitest";

type Law = (x: number) => number;

const makeTimes = (k: unknown): Law =>
  closure((x: number) => (k as { k: number }).k * x, { make: makeTimes, data: k });
const makePlus = (k: unknown): Law =>
  closure((x: number) => (k as { k: number }).k + x, { make: makePlus, data: k });
const times = (k: number): Law => makeTimes({ k });
const plus = (k: number): Law => makePlus({ k });

test("closure(f, { make, data }) is a container of its data, also inside a part", () => {
  const tree = { law: times(3), solver: part("solver", { field: times(4), order: 2 }) };
  const flat = flatten(tree);
  expect(flat.leaves).toEqual([3, 4]);
  expect(keyPaths(flat.structure, "x")).toEqual(["x.law.data.k", "x.solver.field.data.k"]);
  const other = unflatten(flat.structure, [5, 6]) as typeof tree;
  expect([other.law(10), other.solver.field(10)]).toEqual([50, 60]);
  expect(map((x) => -Number(x), tree).law(1)).toBe(-3);
});

test("closures of one code and of data of one structure have one structure", () => {
  const out: unknown[] = [];
  const known = structure([times(1)]);
  expect(match(known, [times(2)], out)).toBe(true);
  expect(out).toEqual([2]);
  for (const other of [plus(2), makeTimes({ k: 1, l: 2 }), (x: number) => x, 3]) {
    expect(match(known, [other], out)).toBe(false);
    expect(structuresEqual(known, structure([other]))).toBe(false);
  }
  expect(match(structure([(x: number) => x]), [times(2)], out)).toBe(false);
  expect(structuresEqual(known, structure([times(2)]))).toBe(true);
});

test("a closure that has to stay as it is belongs to the structure", () => {
  const make = (k: unknown): Law =>
    closure((x: number) => x, { make, data: k, isConstant: () => true });
  const f = make(1);
  expect(closureOf(f)).toBeUndefined();
  expect(codeOf(f)).toBe(f);
  expect(flatten([f]).leaves).toEqual([]);
  expect(match(structure([f]), [f], [])).toBe(true);
  expect(match(structure([f]), [make(1)], [])).toBe(false);
});

test("derived(known, f, wrap) is made once for a function, and is a closure of the data of a closure", () => {
  const known = new WeakMap<Callable, Callable>();
  const negative =
    (f: Callable): Callable =>
    (x: number) =>
      -(f as Law)(x);
  const plain: Law = (x) => x;
  expect(derived(known, plain, negative)).toBe(derived(known, plain, negative));
  const [a, b] = [times(2), times(3)].map((f) => derived(known, f, negative) as Law);
  expect([a!(1), b!(1)]).toEqual([-2, -3]);
  expect(codeOf(a!)).toBe(codeOf(b!));
  expect(codeOf(a!)).not.toBe(codeOf(times(2)));
  expect((unflatten(structure(a), [7]) as Law)(1)).toBe(-7);
});
