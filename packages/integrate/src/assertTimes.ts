import { abs, and, apply, eq, le, lt, mul, or, sub } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { SolveConfig } from "./SolveConfig.ts";

/** Times in which the solve runs forward, and what they are multiplied by for that. */
interface ForwardTimes {
  readonly t0: Scalar;
  readonly t1: Scalar;
  readonly dt0: Scalar | null;
  readonly direction: Scalar | 1 | -1;
}

/** What is known of times only when the solve runs is checked then. */
export function assertTimes(
  { unchecked, saves, dtype }: SolveConfig,
  { t0, t1, dt0, direction }: ForwardTimes,
): void {
  const assert = (ok: Tensor, message: string): unknown =>
    apply("assert", [ok], { message: `diffeqsolve: ${message}` });
  if (unchecked.times) assert(lt(abs(sub(t1, t0)), Infinity), "t0 and t1 must be finite");
  if (unchecked.dt0) {
    const isForward = and(lt(0, dt0!), lt(dt0!, Infinity));
    assert(or(eq(t0, t1), isForward), "dt0 must be finite and lead from t0 to t1");
  }
  for (const [i, isUnchecked] of unchecked.ts.entries()) {
    const ts = saves[i]!.ts;
    const n = ts?.length ?? 0;
    if (!isUnchecked || n === 0) continue;
    const times = mul(apply("convert", [ts!], { dtype })[0]!, direction);
    const from = (start: number): Tensor =>
      apply("slice", [times], { start: [start], limit: [n - 1 + start], step: [1] })[0]!;
    const [isOrdered] = apply("reduceMin", [le(from(0), from(1))], { axes: [0] });
    const isInside = and(le(t0, times.at(0)), le(times.at(n - 1), t1));
    assert(
      n === 1 ? isInside : and(isOrdered!, isInside),
      "saveat.ts must lie between t0 and t1, in the order in which time runs from one to the other",
    );
  }
}
