import {
  abs,
  add,
  astype,
  ceil,
  div,
  equal,
  floor,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  nextafter,
  sub,
  where,
} from "@diffrax-ts/array";
import { assert } from "@diffrax-ts/autodiff";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import {
  type ControllerCheck,
  type ControllerStart,
  mostSteps,
  type StepCut,
  type StepDecision,
  type StepSizeController,
  type StepTried,
  type Tree,
} from "@diffrax-ts/protocol";

/** How far it has come. */
export interface ConstantStepSizeState {
  readonly [key: string]: Tree;
  /** The steps that will have been made when the present one has. */
  readonly stepsCompleted: Scalar;
  readonly numSteps: Scalar;
  readonly t0: Scalar;
  readonly t1: Scalar;
  /** The length of all steps together: `t1 - t0`; that of one step where `t0 = t1`. */
  readonly span: Scalar;
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
    isElementwise: true,
    tolerances: null,
    mayJump: false,
    check,
    wrap,
    init,
    resume,
    afterCut,
    adaptStepSize,
  });
}

function check({ t0, t1, dt0, dtype = "float64" }: ControllerCheck): void {
  if (dt0 === "auto") {
    throw new TypeError(
      "diffeqsolve: dt0 is null, and ConstantStepSize cannot choose a step; " +
        "give dt0 a number, or for an ordinary differential equation have it chosen and adapted with " +
        "stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-9 })",
    );
  }
  if (t0 === null || t1 === null || dt0 === null || Math.abs(t1) === Infinity) return;
  if (Math.abs((t1 - t0) / dt0) > mostSteps) {
    throw new RangeError(
      `diffeqsolve: dt0 = ${dt0} would need more than 2³¹ steps from t0 = ${t0} to t1 = ${t1}; give a longer one`,
    );
  }
  const span = Math.abs(t1 - t0);
  const spacing = spacingAt(Math.max(Math.abs(t0), Math.abs(t1)), dtype);
  const isTooFine = Math.abs(dt0) < spacing || span <= ulpsToEnd * spacing;
  if (Math.abs(dt0) < span && isTooFine) {
    throw new RangeError(
      `diffeqsolve: steps of dt0 = ${dt0} cannot be told apart between t0 = ${t0} and t1 = ${t1}, ` +
        `where the numbers of ${dtype} are ${spacing} apart; let time begin at 0`,
    );
  }
}

/** A step that ends so many floating-point numbers before the end of a solve is drawn to it. */
const ulpsToEnd = 100;

/** How far apart floating-point numbers are next to this one. */
function spacingAt(x: number, dtype: "float64" | "float32"): number {
  const [digits, least] = dtype === "float32" ? [23, 2 ** -149] : [52, 2 ** -1074];
  return x === 0 ? least : Math.max(2 ** (Math.floor(Math.log2(x)) - digits), least);
}

function wrap(this: ConstantStepSize): ConstantStepSize {
  return this;
}

type Resumed = ReturnType<NonNullable<StepSizeController<ConstantStepSizeState>["afterCut"]>>;
type Started = ReturnType<StepSizeController<ConstantStepSizeState>["init"]>;

function init({ t0, t1, dt0 }: ControllerStart): Started {
  const dt = dt0!;
  // The next float above the step, so that no short step is left where only rounding asks for one.
  const above = nextafter(dt, Infinity);
  const count = ceil(div(sub(t1, t0), above));
  // In float32 `mostSteps` would be 2³¹ itself.
  assert(less(count, 2 ** 31), "diffeqsolve: dt0 would need more than 2³¹ steps");
  // Where there is nowhere to go, what continues from here goes on with steps of this length.
  const isPoint = equal(t0, t1);
  const numSteps = where(isPoint, 1, astype(count, "int32"));
  const next = add(t0, dt);
  const end = where(isPoint, next, t1);
  const span = where(isPoint, dt, sub(t1, t0));
  const stepsCompleted = astype(1, "int32");
  return { t1: next, controllerState: { stepsCompleted, numSteps, t0, t1: end, span } };
}

/** `t0 + (t1 - t0) n / N` */
function endOfStep(n: Tensor, { numSteps, t0, span }: ConstantStepSizeState): Scalar {
  const fraction = div(astype(n, t0.dtype), astype(numSteps, t0.dtype));
  return add(t0, mul(span, fraction)) as Scalar;
}

/**
 * Goes on with steps of the same length. Where this solve begins at the end of a step of the other, the steps go on as they would have
 * done there; elsewhere, or if time runs the other way, they are counted from where it begins.
 */
function resume(state: ConstantStepSizeState, { t0, dt0 }: ControllerStart): Started {
  const { stepsCompleted, numSteps, span } = state;
  const dt = div(span, astype(numSteps, t0.dtype));
  const before = sub(stepsCompleted, 1);
  // Steps of another solve that end so near are the same, but for roundings.
  const goesOn = lessEqual(abs(sub(t0, endOfStep(before, state))), mul(dt, 1e-3));
  const anchored = (kept: Scalar, fresh: Tensor | number): Scalar =>
    where(goesOn, kept, fresh) as Scalar;
  const done = where(goesOn, before, 0);
  // The first step is as long as asked for, and the second has to end after it: it is counted, too. Compared as integers, because
  // `mostSteps` is no float32, and because a float beyond the integers becomes the last of them.
  const wanted = maximum(1, astype(floor(add(div(dt0!, dt), 1e-3)), "int32"));
  const controllerState = {
    stepsCompleted: add(done, minimum(wanted, sub(mostSteps - 1, done))),
    numSteps,
    t0: anchored(state.t0, t0),
    t1: anchored(state.t1, add(t0, span)),
    span,
  };
  return { t1: add(t0, dt0!), controllerState };
}

/** Goes on with steps of the same length, counted from where the step was cut. */
function afterCut({
  t,
  controllerState: { numSteps, span },
}: StepCut<ConstantStepSizeState>): Resumed {
  const stepsCompleted = astype(1, "int32");
  const controllerState = { stepsCompleted, numSteps, t0: t, t1: add(t, span) as Scalar, span };
  return { t0: t, t1: endOfStep(stepsCompleted, controllerState), controllerState };
}

function adaptStepSize({
  t1,
  controllerState,
}: StepTried<ConstantStepSizeState>): StepDecision<ConstantStepSizeState> {
  const { numSteps, t1: end } = controllerState;
  const stepsCompleted = add(controllerState.stepsCompleted, 1);
  const next = endOfStep(stepsCompleted, controllerState);
  return {
    keepStep: true,
    t0: t1,
    t1: where(equal(stepsCompleted, numSteps), end, next),
    madeJump: false,
    controllerState: { ...controllerState, stepsCompleted },
    result: null,
  };
}
