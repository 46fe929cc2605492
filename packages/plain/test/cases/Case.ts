import fc from "fast-check";

export interface Case {
  /** As ordinary JavaScript. `never` for its parameters: a case is called with what `inputs` makes. */
  readonly f: (...args: never) => unknown;
  /** How far from JavaScript's own value it may be, in units in the last place; 0 for exact operations. */
  readonly ulps: number;
  /** Lists of arguments; three numbers unless given. */
  readonly inputs: fc.Arbitrary<readonly unknown[]>;
}

/** Numbers that meet each other, edge cases and any others. */
export const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-0, 0.5, -0.5, 1.5, -2.5, 1e300, -1e-300, Infinity, -Infinity, NaN),
  fc.double({ min: -10, max: 10 }),
  fc.double(),
);
const three = fc.tuple(anyNumber, anyNumber, anyNumber);
const vector = (n: number): fc.Arbitrary<Float64Array> =>
  fc.array(anyNumber, { minLength: n, maxLength: n }).map((x) => Float64Array.from(x));
const pair = fc.tuple(anyNumber, anyNumber);
export const record = fc.record({ a: anyNumber, b: anyNumber }, { noNullPrototype: true });
/** As a vector field is called. */
export const field = fc.tuple(anyNumber, pair, record);
export const vectorField = fc.tuple(anyNumber, vector(4), record);

export const exact = (f: Case["f"], inputs: Case["inputs"] = three): Case => ({
  f,
  ulps: 0,
  inputs,
});
// Our function is within 1 ulp of the true value, JavaScript's is too: `tan` and `hypot` within 2.
export const close = (f: Case["f"], ulps = 2, inputs: Case["inputs"] = three): Case => ({
  f,
  ulps,
  inputs,
});
