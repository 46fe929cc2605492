// Transformations give back the kinds of leaves that they were given.
import {
  checkpoint,
  closureConvert,
  customJvp,
  customVjp,
  evalShape,
  hessian,
  jacfwd,
  jacrev,
  linearize,
  linearTranspose,
  stopGradient,
  vjp,
} from "@diffrax-ts/autodiff";
import type { DType, Scalar, Tensor } from "@diffrax-ts/pytree";

interface Params {
  readonly a: Scalar;
  readonly v: Tensor;
}
declare const loss: (p: Params, n: Scalar) => Scalar;
declare const residuals: (p: Params) => { readonly r: Tensor; readonly kind: "r" };
const p = { a: 1, v: new Float64Array(3) };

// Numbers for two numbers, tensors for everything else; one tree for each leaf.
const h = hessian(loss)(p, 2);
export const aa: number = h.a.a;
export const av: Tensor = h.a.v;
export const va: Tensor = h.v.a;
export const j: Tensor = jacfwd(residuals)(p).r.v;
export const kind: "r" = jacrev(residuals)(p).kind;
export const { jacobian, aux } = jacrev((q: Params) => [q.v, { q }] as const, { hasAux: true })(p);
export const block: Tensor = jacobian.a;
export const kept: Scalar = aux.q.a;

// Numbers in, numbers out; typed arrays in, typed arrays out.
const [dp, dn] = vjp(loss, p, 2).vjp(1);
export const da: number = dp.a;
export const dv: Float64Array = dp.v;
export const n: number = dn;
const [da2, dv2] = linearTranspose((a: Scalar, v: Tensor) => v.mul(a), 1, p.v)(new Float64Array(3));
export const again: number = da2;
export const array: Float64Array = dv2;
export const slope: Scalar = linearize(loss, p, 2).jvp(p, 0);

// What goes in comes out.
export const same: { readonly a: number; readonly name: "x" } = stopGradient({
  a: 1,
  name: "x",
} as const);
export const value: Scalar = checkpoint(loss)(p, 2);
export const shape: readonly number[] = evalShape(residuals, p).r.shape;
export const dtype: DType = evalShape(residuals, p).r.dtype;
export const converted: Scalar = closureConvert(loss, p, 2).converted(
  p as unknown as Params,
  2 as unknown as Scalar,
);

// Rules are checked against the function.
export const byTangents: Scalar = customJvp(loss, ([q], [dq, dm]) => ({
  value: q.a,
  tangent: dq.a.add(dm) as Scalar,
}))(p, 1);
export const byCotangents: Scalar = customVjp(loss, {
  forward: (q) => ({ value: q.a, residuals: q }),
  backward: (q, g) => [{ a: g, v: q.v }, null],
})(p, 1);

// @ts-expect-error -- a residual is missing
customVjp(loss, { forward: (q) => ({ value: q.a }), backward: () => [null, null] });
// @ts-expect-error -- there are two arguments
customVjp(loss, { forward: (q) => ({ value: q.a, residuals: q }), backward: () => [null] });
// @ts-expect-error -- a tangent is a tree like the value
customJvp(loss, ([q]) => ({ value: q.a, tangent: q }));
// @ts-expect-error -- the wrong structure
hessian(loss)({ a: 1 }, 2);
// @ts-expect-error -- a cotangent of a scalar
vjp(loss, p, 2).vjp({ a: 1 });
