// The type maps at work in the signature of a solve: what compiles, and what must not.
import type {
  Field,
  Fixed,
  Plain,
  Saved,
  Scalar,
  Strided,
  Tensor,
  TypedArray,
} from "@diffrax-ts/pytree";

interface Options<Y, Args, Out> {
  readonly y0: Y;
  readonly args?: Args;
  readonly fn?: (t: number, y: NoInfer<Plain<Y>>, args: NoInfer<Plain<Args>>) => Out;
}
declare function solve<const Y, const Args = undefined, Out = Plain<Y>>(
  f: (t: number, y: NoInfer<Plain<Y>>, args: NoInfer<Plain<Args>>) => NoInfer<Field<Y>>,
  options: Options<Y, Args, Out>,
): NoInfer<Saved<Out>>; // NoInfer: a type annotation on the result must not decide what Out is

// Tuples and records, nested.
export const tuple: readonly [Tensor<readonly [number]>, Tensor<readonly [number]>] = solve(
  (_t, [x, y], p) => [p.a * (y - x), x],
  { y0: [1, 0], args: { a: 2 } },
);
export const record: Tensor<readonly [number]> = solve((_t, y, [k, l]) => ({ x: k * y.x, v: l }), {
  y0: { x: 1, v: 0 },
  args: [1, 2],
}).x;
void solve((_t, { q: [q0, q1], p: [p0, p1] }) => ({ q: [p0, p1], p: [-q0, -q1] }), {
  y0: { q: [1, 0], p: [0, 1] },
}).q[0].data;
void solve((_t, y) => -y, { y0: 1 }).toArray().length;

// Interfaces and variables.
interface Oscillator {
  x: number;
  v: number;
}
export function variables(y0: Oscillator, args: { k: number }, z: Float64Array): number[][] {
  void solve((_t, { x, v }, { k }) => ({ x: v, v: -k * x }), { y0, args }).x.data;
  return solve((_t, y) => [y[0]! * 2], { y0: z }).toArray();
}
export function anyLength(y0: number[]): TypedArray | undefined {
  return solve((_t, y) => y.map((yi) => -yi), { y0 })[0]?.data;
}
export function optional(y0: { x: number; v?: number }): void {
  void solve((_t, { x }) => ({ x: -x }), { y0 }).x.data;
}

// Tensors: the rank decides.
export function tensors(
  scalar: Scalar,
  matrix: Tensor<readonly [number, number]>,
  unknownRank: Tensor,
  strided: Strided,
): void {
  const s: Tensor<readonly [number]> = solve((_t, y) => -y, { y0: scalar });
  const m: Tensor<readonly [number, number, number]> = solve(
    (_t, y, [a]) => [[a * y[0]![1]!], Array.from(y[0]!)],
    { y0: matrix, args: [scalar] },
  );
  const u: Tensor<readonly [number, ...number[]]> = solve((_t, y) => 2 * y, { y0: unknownRank });
  const v: Tensor<readonly [number, ...number[]]> = solve((_t, y) => [y[0]! * 2, y[1]![0]!], {
    y0: unknownRank,
  });
  solve((_t, y, a) => y * a[0]!, { y0: 1, args: strided });
  void [s, m, u, v];
}

// Static values in `args`.
solve((_t, y, { mode, n, f }) => (mode === "fast" ? y * n : f(y)), {
  y0: 1,
  args: { mode: "fast", n: {} as Fixed, f: (x: number) => x * x, on: true, none: null },
});

// What is saved has the structure of what `fn` makes of it.
export const sum: Tensor<readonly [number]> = solve((_t, { x, v }) => ({ x: v, v: -x }), {
  y0: { x: 1, v: 0 },
  fn: (_t, { x, v }) => x + v,
});
export function whole(y0: Float64Array): Tensor<readonly [number, number]> {
  return solve((_t, y) => y, { y0, fn: (_t, y) => y });
}

// Untyped data stays untyped.
solve((_t, y) => ({ x: y.x }), { y0: JSON.parse("{}") });

// @ts-expect-error a tuple of the wrong length
solve((_t, [x, _y]) => [x], { y0: [1, 0] });
// @ts-expect-error forgets predator
solve((_t, { prey, predator }) => ({ prey: prey * predator }), { y0: { prey: 1, predator: 0 } });
// @ts-expect-error a key that the state does not have
solve((_t, { x, w }) => ({ x: w * x }), { y0: { x: 1 } });
// @ts-expect-error a string in the state
solve((_t, y) => y, { y0: { name: "x" } });
// @ts-expect-error a number for a vector
solve((_t, y) => y[0]!, { y0: new Float64Array(2) });
// @ts-expect-error arithmetic on a vector
solve((_t, y) => [2 * y], { y0: new Float64Array(2) });
// @ts-expect-error a string for a number
solve((_t, y) => `${y}`, { y0: 1 });
// @ts-expect-error nothing returned
solve((_t, { x }) => void x, { y0: { x: 1 } });
// @ts-expect-error a constant in the state
solve((_t, y) => y, { y0: { n: {} as Fixed } });
// @ts-expect-error a matrix is no vector of numbers
solve((_t, y) => [y[0]! * 2], { y0: {} as Tensor<readonly [number, number]> });
