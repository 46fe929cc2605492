// The types of map and of trees themselves.
import { map, type Pytree, type Scalar, type Tensor, unwrapFixed, fixed } from "@diffrax-ts/pytree";

interface State {
  x: number;
  v: number[];
}
export const doubled: State = map((x) => 2 * x, {} as State);
export const named: { x: string; v: string[] } = map((x) => x.toFixed(2), {} as State);
export const sums: State = map((x, y, z) => x + y * z, {} as State, {} as State, {} as State);
export const shapes: { x: readonly number[]; name: string } = map((x) => x.shape, {
  x: {} as Tensor,
  name: "a",
});
export const mixed: [number, number] = map((x) => (typeof x === "number" ? x : x.length), [
  1,
  new Float64Array(2),
] as [number, Float64Array]);
export const plain: { readonly n: number } = unwrapFixed({ n: fixed(3) });

declare function check<T>(tree: T & Pytree<NoInfer<T>>): void;
check({ x: 1, v: [2, 3], name: "a", f: (x: number): number => x, s: {} as Scalar });
check({} as State);
// @ts-expect-error a Map is no container
check({ x: new Map([[1, 2]]) });
// @ts-expect-error neither is a Date
check([1, new Date()]);
// @ts-expect-error the leaves are numbers
map((x) => x.toUpperCase(), {} as State);

// Ranks.
export const vector: Tensor = {} as Tensor<readonly [number]>;
export const nested: number[][] = ({} as Tensor<readonly [number, number]>).toArray();
export const item: number = ({} as Scalar).toArray();
export const numbers: number[] = [...({} as Tensor)];
// @ts-expect-error a vector is no scalar
export const scalar: Scalar = {} as Tensor<readonly [number]>;
// @ts-expect-error a tensor of any rank is no vector
export const narrowed: Tensor<readonly [number]> = {} as Tensor;
// @ts-expect-error elements are read by at()
export const element = ({} as Tensor)[0];
