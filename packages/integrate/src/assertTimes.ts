import {
  abs,
  astype,
  equal,
  less,
  lessEqual,
  logicalAnd,
  logicalOr,
  mul,
  sub,
} from "@diffrax-ts/array";
import { assert } from "@diffrax-ts/autodiff";
import { apply } from "@diffrax-ts/program";
import type { Scalar } from "@diffrax-ts/pytree";
import { joined, row } from "./rows.ts";
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
  { isSpanTraced, isStepTraced, saves, dtype, event }: SolveConfig,
  { t0, t1, dt0, direction }: ForwardTimes,
): void {
  if (isSpanTraced) {
    const span = abs(sub(t1, t0));
    if (event === null) assert(less(span, Infinity), "diffeqsolve: t0 and t1 must be finite");
    else {
      const isNumber = logicalAnd(less(abs(t0), Infinity), lessEqual(span, Infinity));
      assert(isNumber, "diffeqsolve: t0 must be finite, and t1 a number");
    }
  }
  if (isStepTraced) {
    const isForward = logicalAnd(less(0, dt0!), less(dt0!, Infinity));
    assert(
      logicalOr(equal(t0, t1), isForward),
      "diffeqsolve: dt0 must be finite and lead from t0 to t1",
    );
  }
  for (const { ts, areTimesTraced, fold } of saves) {
    if (!areTimesTraced) continue;
    const times = mul(astype(ts!, dtype), direction);
    const steps = lessEqual(joined(row(t0), times), joined(times, row(t1)));
    assert(
      apply("reduceMin", [steps], { axes: [0] })[0]!,
      `diffeqsolve: ${fold === null ? "saveat.ts" : `${fold.name}.at`} must lie between t0 and t1, in the order in which time runs from one to the other`,
    );
  }
}
