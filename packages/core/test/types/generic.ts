// Functions round a solve: generic in the state and the parameters, over any tree, with tensors of which the rank is not known.
import {
  customVjp,
  diffeqsolve,
  grad,
  np,
  type Scalar,
  type Solver,
  type Tensor,
  type Tree,
  treeMap,
  Tsit5,
  type VectorField,
} from "@diffrax-ts/core";

const options = { t0: 0, t1: 1, dt0: 0.1 };

// What comes out is inferred: it depends on what goes in.
function simulate<State, Params>(field: VectorField<State, Params>, y0: State, args: Params) {
  return diffeqsolve(field, Tsit5(), { ...options, y0, args });
}
const spring = (_t: number, { x, v }: { x: number; v: number }, { k }: { k: number }) => ({
  x: v,
  v: -k * x,
});
export const place: number = simulate(spring, { x: 1, v: 0 }, { k: 2 }).ys.x.at(0).item();
export const end: number = simulate((_t, y: number, k: number) => -k * y, 1, 2)
  .ys.at(0)
  .item();

export function endBy(solver: Solver): number {
  return diffeqsolve((_t, y) => -y, solver, { ...options, y0: 1 })
    .ys.at(0)
    .item();
}

const doubled = customVjp((y: Tree) => treeMap((x) => np.mul(x, 2), y), {
  forward: (y) => ({ value: treeMap((x) => np.mul(x, 2), y), residuals: null }),
  backward: (_, dy) => [treeMap((d) => np.mul(d, 2), dy)],
});
// What a rule over any tree returns is any tree: its reader knows which.
export const slope: number = grad((x: Scalar) => np.sum((doubled({ a: x }) as { a: Tensor }).a))(1);

declare const someRank: Tensor;
diffeqsolve((_t, y, { k }) => k * y, Tsit5(), { ...options, y0: 1, args: { k: someRank } });
diffeqsolve((_t, y) => -y, Tsit5(), { t0: someRank, t1: someRank, dt0: someRank, y0: 1 });
export const loss: number = grad((x: Scalar) => np.mul(x, someRank))(1);
