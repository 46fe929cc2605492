import { add, cos, mul, stack, sub } from "@diffrax-ts/array";
import type { Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

// The point (x, y) turns on the unit circle by the angle t + 0.3 sin t, and is seen in the coordinates
// u = x + 0.2 y², v = y + 0.2 u². So the problem is not linear and depends on the time, but errors made
// in one step are not made larger by the next ones: they stay in sight of the roundings for hundreds of turns.

const bend = 0.2;
const swing = 0.3;

/** `(u', v')`. */
export function vectorField(t: Scalar, uv: Tree): Tensor {
  const [u, v] = [(uv as Tensor).at(0), (uv as Tensor).at(1)];
  const y = sub(v, mul(mul(u, u), bend));
  const x = sub(u, mul(mul(y, y), bend));
  const speed = add(mul(cos(t), swing), 1);
  const [dx, dy] = [mul(mul(speed, y), -1), mul(speed, x)];
  const du = add(dx, mul(mul(y, dy), 2 * bend));
  const dv = add(dy, mul(mul(u, du), 2 * bend));
  return stack([du, dv]);
}

/** `(u, v)` at `t`, from `(1, 0.2)` at 0. */
export function solutionAt(t: number): [number, number] {
  const angle = t + swing * Math.sin(t);
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  const u = x + bend * y * y;
  return [u, y + bend * u * u];
}

/** The largest distance from the solution. Its components are of size 1. */
export function errorAt(t: number, uv: Tensor): number {
  const exact = solutionAt(t);
  return Math.max(...(uv.toArray() as number[]).map((x, i) => Math.abs(x - exact[i]!)));
}
