import type { NoiseType, Path, Term, TracedFunction } from "@diffrax-ts/protocol";
import { describeValue, isPart, keyPath, type Plain, type Field } from "@diffrax-ts/pytree";
import { MultiTerm, ODETerm, stepTerm } from "@diffrax-ts/terms";

/** What drives an equation, beside time: a path, or a function `(t0, t1)` that gives its increment. */
export type ControlInput = Path<unknown> | ((t0: number, t1: number) => unknown) | TracedFunction;

/** A controlled equation `dy = diffusion(t, y, args) dx(t)`, written in the place of `ControlTerm(diffusion, control)`. */
export interface Diffusion<Y, Args> {
  readonly drift?: never;
  /** `(t, y, args)` to a matrix, in the forms that `ControlTerm` takes. */
  readonly diffusion:
    | { field(t: number, y: Plain<Y>, args: Plain<Args>): unknown }["field"]
    | TracedFunction;
  /** The path `x`. */
  readonly control: ControlInput;
  /** What is known of the noise. @defaultValue nothing */
  readonly noiseType?: NoiseType;
}

/**
 * An equation `dy = drift(t, y, args) dt + diffusion(t, y, args) dx(t)`, written in the place of
 * `MultiTerm(ODETerm(drift), ControlTerm(diffusion, control))`.
 */
export interface DriftAndDiffusion<Y, Args> extends Omit<Diffusion<Y, Args>, "drift"> {
  /** `(t, y, args)` to the time derivative of `y`. */
  readonly drift:
    | { field(t: number, y: Plain<Y>, args: Plain<Args>): Field<Y> }["field"]
    | TracedFunction;
}

const keys = ["drift", "diffusion", "control", "noiseType"] as const;

/** Whether terms are written as a record: one that is no part, with a name of theirs. */
export function isTermsRecord(given: unknown): given is Readonly<Record<string, unknown>> {
  if (typeof given !== "object" || given === null || isPart(given) || Array.isArray(given))
    return false;
  return "drift" in given || "diffusion" in given || "control" in given;
}

/**
 * The terms that a record stands for.
 *
 * @param name - What it is called in errors.
 * @throws TypeError for a member that is missing, wrong, or of another name.
 */
export function termsOfRecord(name: string, given: Readonly<Record<string, unknown>>): Term {
  for (const key of Object.keys(given)) {
    if ((keys as readonly string[]).includes(key)) continue;
    throw new TypeError(
      `diffeqsolve: ${name}: there is no ${key} in { drift, diffusion, control, noiseType }`,
    );
  }
  const { drift, diffusion, control, noiseType } = given;
  if (diffusion === undefined && control === undefined)
    throw new TypeError(
      `diffeqsolve: ${name}: drift stands alone; write the function itself, or { drift, diffusion, control }`,
    );
  requireFunction(`${name}${keyPath("diffusion")}`, diffusion, "matrix");
  if (control === undefined) {
    throw new TypeError(
      `diffeqsolve: ${name}.control is missing, the path that the diffusion is integrated against, such as VirtualBrownianTree(…)`,
    );
  }
  const noise = stepTerm(
    diffusion,
    control,
    noiseType === undefined ? {} : { noiseType: noiseType as NoiseType },
  );
  if (drift === undefined) return noise;
  requireFunction(`${name}${keyPath("drift")}`, drift, "dy/dt");
  return MultiTerm(ODETerm(drift as TracedFunction), noise);
}

function requireFunction(name: string, value: unknown, gives: string): void {
  if (typeof value === "function") return;
  const wayOut = isPart(value)
    ? "; with terms write MultiTerm(ODETerm(drift), ControlTerm(diffusion, control))"
    : "";
  throw new TypeError(
    `diffeqsolve: ${name} must be a function (t, y, args) => ${gives}, got ${describeValue(value)}${wayOut}`,
  );
}
