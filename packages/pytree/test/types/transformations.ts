// Transformations give back the leaf kinds that they were given: a fit closes its loop without a cast.
import type { Concrete, Fixed, Scalar, Strided, Tensor, Traced } from "@diffrax-ts/pytree";

declare function grad<Q>(f: (q: Q) => Scalar): <P extends Concrete<Q>>(p: P) => P;
declare function valueAndGrad<P>(
  f: (p: Traced<NoInfer<P>>) => Scalar,
  p: P,
): { readonly value: number; readonly grad: P };
declare function descend<P>(p: P, gradient: P): P;

interface Params {
  a: number;
  b: number;
}
let p: Params = { a: 1, b: 2 };
declare const loss: (q: Traced<Params>) => Scalar;
p = descend(p, grad(loss)(p));
p = descend(p, valueAndGrad((q) => q.a, p).grad);

// Inside another trace: scalars in, scalars out.
export const outer = (q: Traced<Params>): Scalar => grad(loss)(q).a;

// Tuples, arrays and constants.
export const pair: [number, number] = grad(([x]: Traced<readonly [number, number]>) => x)([1, 2]);
export function vector(x: Float64Array, foreign: Strided): void {
  const ofVector = grad((v: Tensor<readonly [number]>) => v.at(0));
  const a: Float64Array = ofVector(x);
  const b: Strided = ofVector(foreign);
  const c: Float64Array | number | Strided = grad((t: Tensor) => t.at(0) as Scalar)(x);
  const d: { x: number; n: Fixed } = grad((q: { x: Scalar; n: number }) => q.x)({
    x: 1,
    n: {} as Fixed,
  });
  void [a, b, c, d];
}
export const kept: { readonly x: Scalar; readonly mode: "fast"; readonly n: number } =
  {} as Traced<{
    x: number;
    mode: "fast";
    n: Fixed;
  }>;

// @ts-expect-error the wrong structure
grad(loss)({ a: 1 });
// @ts-expect-error a string for a number
grad(loss)({ a: 1, b: "2" });
// @ts-expect-error a matrix for a vector
grad((v: Tensor<readonly [number]>) => v.at(0))({} as Tensor<readonly [number, number]>);
// @ts-expect-error a number for a vector
grad((v: Tensor<readonly [number]>) => v.at(0))(1);
// @ts-expect-error what a traced function wants as a number has to be fixed
grad((q: { x: Scalar; n: number }) => q.x)({ x: 1, n: 3 });
// @ts-expect-error a traced number is a tensor: operators do not work on it
export const product = (q: Traced<Params>): number => q.a * q.b;
