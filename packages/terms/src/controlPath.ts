import { add, sub } from "@diffrax-ts/array";
import { asTensor, callTraced, jvp } from "@diffrax-ts/autodiff";
import {
  type ControlWanted,
  pack,
  type Path,
  pathDerivative,
  type Term,
  type TermStep,
  type Tree,
} from "@diffrax-ts/protocol";
import {
  type Callable,
  describeValue,
  isLeaf,
  isPart,
  keyPath,
  type Scalar,
} from "@diffrax-ts/pytree";

/** A path, or a function of two times that gives the increment between them. */
export type Control = Path<unknown> | Callable;

/** @throws TypeError for what is no control. */
export function requireControl(control: unknown): Control {
  if (typeof control === "function") return control as Callable;
  if (isPart(control) && typeof (control as Partial<Path>).evaluate === "function")
    return control as Path;
  if (typeof (control as Partial<Path> | null | undefined)?.evaluate === "function") {
    throw new TypeError(
      `ControlTerm: control: a path of your own is a part, got ${describeValue(control)}; write ` +
        'part("my-package/MyPath", { t0, t1, evaluate }), with part of @diffrax-ts/pytree',
    );
  }
  throw new TypeError(
    "ControlTerm: control must be a path such as LinearInterpolation(ts, ys), or a function " +
      `(t0, t1) => x(t1) - x(t0), got ${describeValue(control)}`,
  );
}

/** The increment of a control; of a Brownian motion with its Lévy areas, if they are wanted. */
export function incrementOf(
  control: Control,
  t0: Scalar,
  t1: Scalar,
  { levy = false }: ControlWanted = {},
): Tree {
  if (levy && typeof control !== "function" && control.levyArea !== undefined)
    return control.evaluate(t0, t1, true, true) as Tree;
  const increment =
    typeof control === "function"
      ? callTraced(control, [t0, t1], "control")
      : control.evaluate(t0, t1);
  return inTensors(increment, t0, "control");
}

/** A term that has a control. */
interface Controlled {
  readonly control: Control;
}

/** The state that the control of a term carries, at the start of a solve; `null` if it has none. */
export function initControl({ control }: Controlled, t0: Scalar): Tree {
  return typeof control === "function" ? null : (control.init?.(t0) ?? null);
}

/** A term whose control has a state, over one step. */
export function overControl<Of extends Term & Controlled>(
  term: Of,
  before: Tree,
  t0: Scalar,
  t1: Scalar,
): TermStep {
  const { path, ...step } = (term.control as Path).over!(before, t0, t1); // who has a state has this
  const over: Of = { ...term, control: path };
  return { term: over, ...step };
}

/** The derivative of a control with respect to time. */
export function slopeOfControl(control: Control, t: Scalar): Tree {
  if (typeof control !== "function")
    return inTensors(pathDerivative(control, t), t, "derivative of the control");
  // That of the increment from t to t + s, at s = 0
  const ahead = (s: Scalar): Tree => incrementOf(control, t, add(t, s));
  return jvp(ahead, [sub(t, t)], [1]).tangent;
}

/** What a control gave in tensors: a list of numbers is a vector. */
function inTensors(value: unknown, t: Scalar, path: string): Tree {
  if (value === null || value === undefined || typeof value !== "object") {
    if (typeof value === "number") return asTensor(value, path);
    throw new TypeError(
      `${path}: expected numbers, in tensors, arrays and objects, got ${describeValue(value)}`,
    );
  }
  if (isLeaf(value)) return asTensor(value, path);
  const isScalar = (x: unknown): boolean => isLeaf(x) && asTensor(x).shape.length === 0;
  if (!Array.isArray(value)) {
    const entries = Object.entries(value as Readonly<Record<string, unknown>>);
    return Object.fromEntries(
      entries.map(([key, child]) => [key, inTensors(child, t, path + keyPath(key))]),
    );
  }
  return value.every(isScalar)
    ? pack(value, t.dtype, path)
    : value.map((child, i) => inTensors(child, t, `${path}[${i}]`));
}
