// A function that was read stands where a plain one is expected, and where one on tensors is.
import { grad, jit } from "@diffrax-ts/autodiff";
import { plain } from "@diffrax-ts/plain";
import type { Field, Scalar, Tensor } from "@diffrax-ts/pytree";

declare function solve<const Y, const Args>(
  field: (t: number, y: Y, args: Args) => NoInfer<Field<Y>>,
  options: { y0: Y; args: Args },
): Y;

const field = plain((_t: number, { x, v }: { x: number; v: number }, k: number) => ({
  x: v,
  v: -k * x,
}));

// In a slot for a plain vector field.
solve(field, { y0: { x: 1, v: 0 }, args: 2 });
// @ts-expect-error another structure
solve(field, { y0: { x: 1 }, args: 2 });

// On tensors.
const energy = plain((x: number, { k }: { k: number }) => (k * x * x) / 2);
const slope: number = grad(energy)(3, { k: 2 });
const value: number = jit(energy)(3, { k: 2 }).item();
// @ts-expect-error a key is missing
jit(energy)(3, {});

// While another function is traced.
const twice = (x: Scalar, k: Scalar): Tensor => energy(x, { k }).mul(2);
grad(twice)(3, 2);

// Vectors as typed arrays.
const sum = plain((y: Float64Array) => y.reduce((s, x) => s + x, 0));
jit(sum)(Float64Array.of(1, 2)).item();

// What it captures is not part of its type.
const scaled = plain((x: number) => x * 2, { g: 9.81 });
const number: number = scaled(2);

export { number, slope, value };
