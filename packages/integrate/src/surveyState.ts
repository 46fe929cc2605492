import { isTraced, leafType } from "@diffrax-ts/autodiff";
import {
  describeValue,
  flatten,
  isLeaf,
  isTensor,
  isTypedArray,
  type Tensor,
  type TypedArray,
} from "@diffrax-ts/pytree";

/** What `diffeqsolve` has to know of a state before it looks closer. */
export interface StateSurvey {
  /** The numbers in it. */
  size: number;
  hasFloat64: boolean;
  hasFloat32: boolean;
}

/**
 * Looks through a state.
 *
 * @throws TypeError or RangeError if it has no numbers, or something else, or a number that is not finite, or arrays
 * of float32 and float64.
 */
export function surveyState(y0: unknown): StateSurvey {
  const survey: StateSurvey = { size: 0, hasFloat64: false, hasFloat32: false };
  if (!isState(y0, survey)) refuse(y0, "y0");
  if (survey.size === 0) {
    throw new TypeError(
      `diffeqsolve: y0 is empty (${describeValue(y0)}); there is nothing to solve for`,
    );
  }
  if (survey.hasFloat32 && survey.hasFloat64) {
    throw new TypeError(
      "diffeqsolve: y0 holds float32 and float64 arrays; make them the same, for example with np.astype",
    );
  }
  return survey;
}

function isState(y: unknown, survey: StateSurvey): boolean {
  if (typeof y === "number") {
    survey.size++;
    return Number.isFinite(y);
  }
  if (typeof y !== "object") return false;
  if (y === null) return true;
  if (isLeaf(y)) {
    const { dtype, shape } = leafType(y, "y0");
    survey.size += shape.reduce((product, n) => product * n, 1);
    if (dtype === "float64") survey.hasFloat64 = true;
    else if (dtype === "float32") survey.hasFloat32 = true;
    if (!isTensor(y) && !isTypedArray(y)) return true;
    return dtype === "int64" || (isTensor(y) && isTraced(y)) || numbersIn(y).every(isFiniteNumber);
  }
  if (Array.isArray(y)) {
    if (y.length > 64) flatten(y, "diffeqsolve: y0"); // refuses so many separate numbers
    return y.every((child) => isState(child, survey));
  }
  for (const key in y)
    if (!isState((y as Readonly<Record<string, unknown>>)[key], survey)) return false;
  return true;
}

const isFiniteNumber = (x: unknown): boolean => Number.isFinite(x);

/** The numbers of a tensor, which may be a view of longer data, or of a typed array. */
function numbersIn(y: Tensor | TypedArray): readonly number[] | Float64Array {
  if (isTypedArray(y)) return y as Float64Array;
  if (y.data.length === y.size) return y.data as Float64Array;
  return ([y.toArray()] as unknown[]).flat(y.shape.length) as number[];
}

/** Says which part of a state is none. */
function refuse(y: unknown, path: string): void {
  if (isState(y, { size: 0, hasFloat64: false, hasFloat32: false })) return;
  if (typeof y === "number") throw new RangeError(`diffeqsolve: ${path} must be finite, got ${y}`);
  if (isTensor(y) || isTypedArray(y)) {
    const culprit = numbersIn(y).find((x) => !Number.isFinite(x));
    throw new RangeError(`diffeqsolve: ${path} must hold finite numbers, got ${culprit} in it`);
  }
  if (typeof y === "object" && y !== null) {
    for (const [key, child] of Object.entries(y))
      refuse(child, Array.isArray(y) ? `${path}[${key}]` : `${path}.${key}`);
  }
  throw new TypeError(
    `diffeqsolve: ${path} must be a number, a tensor or a typed array, got ${describeValue(y)}`,
  );
}
