import { add, astype, ceil, div, equal, mul, nextafter, sub, where } from "@diffrax-ts/array";
import { part, type Scalar } from "@diffrax-ts/pytree";
import type {
  ControllerCheck,
  ControllerStart,
  StepDecision,
  StepSizeController,
  StepTried,
  Tree,
} from "@diffrax-ts/protocol";

/** How far it has come. */
export interface ConstantStepSizeState {
  readonly [key: string]: Tree;
  /** The steps that will have been made when the present one has. */
  readonly stepsCompleted: Scalar;
  readonly numSteps: Scalar;
  readonly t0: Scalar;
  readonly t1: Scalar;
}

/** Steps of one length. */
export interface ConstantStepSize extends StepSizeController<ConstantStepSizeState> {
  readonly kind: "ConstantStepSize";
}

/**
 * As many steps of equal length as steps of `dt0` reach from `t0` to `t1`. The first is as long as `dt0`; from then on step `n` of
 * `N` ends at `t0 + (t1 - t0) n / N`, so that the last one ends at `t1` and roundings do not add up. It is the default of
 * `diffeqsolve`, and needs no error estimates. A solution that becomes infinite or not a number ends the solve with `nonfinite`.
 *
 * @example
 * ```ts
 * import { diffeqsolve, Euler } from "@diffrax-ts/core";
 * import { ConstantStepSize } from "@diffrax-ts/step-size-controllers";
 *
 * // The first step is as long as asked for, and the fourth ends at 1.
 * const { ts } = diffeqsolve((t, y) => -y, Euler(), {
 *   t0: 0, t1: 1, dt0: 0.3, y0: 1, saveat: { steps: true }, stepsizeController: ConstantStepSize(),
 * });
 * ts.length;
 * // → 4
 * ```
 */
export function ConstantStepSize(): ConstantStepSize {
  return part("ConstantStepSize", {
    isAdaptive: false,
    tolerances: null,
    mayJump: false,
    check,
    wrap,
    init,
    adaptStepSize,
  });
}

function check({ dt0 }: ControllerCheck): void {
  if (dt0 === "auto") {
    throw new TypeError(
      "diffeqsolve: dt0 is null, and ConstantStepSize cannot choose a step; " +
        "give dt0 a number, or adapt the steps with stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-9 })",
    );
  }
}

function wrap(this: ConstantStepSize): ConstantStepSize {
  return this;
}

function init({ t0, t1, dt0 }: ControllerStart): {
  t1: Scalar;
  controllerState: ConstantStepSizeState;
} {
  const dt = dt0!;
  // The next float above the step, so that no short step is left where only rounding asks for one.
  const above = nextafter(dt, Infinity);
  // Where there is nowhere to go, what continues from here goes on with steps of this length.
  const isPoint = equal(t0, t1);
  const numSteps = where(isPoint, 1, astype(ceil(div(sub(t1, t0), above)), "int32")) as Scalar;
  const next = add(t0, dt) as Scalar;
  const end = where(isPoint, next, t1) as Scalar;
  const stepsCompleted = astype(1, "int32");
  return { t1: next, controllerState: { stepsCompleted, numSteps, t0, t1: end } };
}

function adaptStepSize({
  t1,
  controllerState,
}: StepTried<ConstantStepSizeState>): StepDecision<ConstantStepSizeState> {
  const { numSteps, t0: start, t1: end } = controllerState;
  const stepsCompleted = add(controllerState.stepsCompleted, 1) as Scalar;
  const fraction = div(astype(stepsCompleted, start.dtype), astype(numSteps, start.dtype));
  const next = add(start, mul(sub(end, start), fraction));
  return {
    keepStep: true,
    t0: t1,
    t1: where(equal(stepsCompleted, numSteps), end, next) as Scalar,
    madeJump: false,
    controllerState: { ...controllerState, stepsCompleted },
    result: null,
  };
}
