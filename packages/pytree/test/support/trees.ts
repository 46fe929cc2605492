import { fixed, isLeaf, kindOf, part } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { TestStrided, TestTensor } from "./TestTensor.ts";

const square = (x: number): number => x * x;
const cube = (x: number): number => x * x * x;

/** Few keys, so that two random records often have the same; awkward ones among them. */
const key = fc.constantFrom("a", "b", "x", "a b", "", "1", "shape", "isPrototypeOf", "kind", "é");

const leaf: fc.Arbitrary<unknown> = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, 1, Number.NaN),
  fc.constant([]).map(() => new TestTensor([2])),
  fc.constant([]).map(() => new Float64Array(3)),
  fc.constant([]).map(() => new TestStrided()),
);
const staticValue: fc.Arbitrary<unknown> = fc.constantFrom(
  "fast",
  "slow",
  "1",
  true,
  null,
  undefined,
  square,
  cube,
  1n,
  Number.POSITIVE_INFINITY,
);

/** Any tree: plain data with parts, constants, frozen records and records without a prototype in it. */
export const tree: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: staticValue },
    { weight: 2, arbitrary: fc.array(tie("tree"), { maxLength: 3 }) },
    { weight: 3, arbitrary: tie("record") },
    { weight: 1, arbitrary: tie("record").map((r) => Object.freeze(r)) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom("A", "B"), tie("record"))
        .map(([kind, r]) => part(kind, { ...(r as object) })),
    },
    { weight: 1, arbitrary: fc.constantFrom(1, 2).map(fixed) },
  ),
  record: fc.dictionary(key, tie("tree"), { maxKeys: 3, noNullPrototype: false }),
})).tree;

/** A copy with other leaves and each record's keys turned round, the `at`-th value replaced by `by`. */
export function vary(original: unknown, at: number, by: unknown): unknown {
  let count = 0;
  const go = (value: unknown, inPart: boolean): unknown => {
    if (count++ === at) return by;
    if (inPart && typeof value === "number") return value;
    if (isLeaf(value)) return new Float64Array(1);
    if (typeof value !== "object" || value === null) return value;
    const kind = kindOf(value);
    const inside = inPart || kind !== undefined;
    if (Array.isArray(value)) return value.map((x) => go(x, inside));
    const turned = Object.entries(value).toReversed();
    const record = Object.fromEntries(turned.map(([k, x]) => [k, go(x, inside)]));
    return kind === undefined ? record : part(kind, record);
  };
  return go(original, false);
}
