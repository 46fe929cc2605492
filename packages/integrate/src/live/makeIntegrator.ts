import { numberAs } from "@diffrax-ts/program";
import type { Solver } from "@diffrax-ts/protocol";
import { describeValue, isTensor, type Leaf, unflatten } from "@diffrax-ts/pytree";
import type { IntegratorMaker } from "./asyncSignatures.ts";
import type { Integrator } from "./Integrator.ts";
import { LiveIntegrator } from "./LiveIntegrator.ts";
import {
  type LivePlan,
  livePlansOf,
  type LivePrepared,
  liveSolve,
  type UntracedLiveConfig,
} from "./liveSolve.ts";
import type { Prepared } from "../prepare.ts";
import { type GivenSolve, prepareOnHost } from "./prepareOnHost.ts";
import type { Reader } from "../Reader.ts";
import type { RawOptions } from "../readOptions.ts";
import { RestingSolve } from "./RestingSolve.ts";
import { checkSaved, loadCarried, loadInputs } from "./saveIntegrator.ts";
import type { SavedIntegrator } from "./savedIntegrator.ts";

/**
 * A solve that its owner moves on: step by step, up to a time, or in bursts between which the event loop turns. Its state can be
 * looked at and changed, and saved to go on elsewhere with the same bits.
 *
 * It takes the options of `diffeqsolve`, and comes to the solution of `diffeqsolve`, to the last bit, as long as nothing is
 * changed and no step is shortened. It is traced and compiled when it is made.
 *
 * @throws What `diffeqsolve` throws for options that make no sense; TypeError for a `progressMeter`, and inside of a traced function.
 *
 * @example
 * ```ts
 * import { mul } from "@diffrax-ts/array";
 * import { integrator } from "@diffrax-ts/integrate";
 * import { traced } from "@diffrax-ts/protocol";
 * import type { Scalar } from "@diffrax-ts/pytree";
 * import { Tsit5 } from "@diffrax-ts/solvers";
 *
 * const growth = traced((t: Scalar, y: Scalar, rate: Scalar) => mul(y, rate));
 * const live = integrator(growth, Tsit5(), { t0: 0, t1: 10, dt0: 0.125, y0: 1, args: 1 });
 * await live.advance({ until: 1 });
 * [live.t, live.y.item()];
 * // → [1, 2.71828…]
 * live.args = -1;
 * live.step();
 * [live.t, live.y.item()];
 * // → [1.125, 2.39888…]
 * ```
 */
export const integrator: IntegratorMaker = /* @__PURE__ */ Object.assign(
  (terms: unknown, solver: Solver, options: unknown) =>
    integratorWith(null, terms, solver, options as RawOptions) as never,
  {
    fromJSON: (saved: unknown, terms: unknown, solver: Solver, options: unknown) =>
      integratorFromJSON(null, { saved, terms, solver, given: options as RawOptions }) as never,
  },
);

/** `integrator` without its types, with a reader of plain functions: for packages that bring one, as `core` does. */
export function integratorWith(
  reader: Reader | null,
  terms: unknown,
  solver: unknown,
  given: RawOptions,
): Integrator {
  const { prepared, options, plan, leaves } = planned("integrator", {
    reader,
    terms,
    solver,
    given,
  });
  const solve = new RestingSolve(prepared, plan, leaves);
  return new LiveIntegrator({ reader, solver: solver as Solver, options, prepared, solve });
}

/** What `integrator.fromJSON` is given, as it comes. */
export interface GivenSaved extends Omit<GivenSolve, "reader"> {
  readonly saved: unknown;
}

/** `integrator.fromJSON` without its types, with a reader of plain functions. */
export function integratorFromJSON(
  reader: Reader | null,
  { saved: given, ...solve }: GivenSaved,
): Integrator {
  const saved = parsed(given);
  const made = planned("integrator.fromJSON", { reader, ...solve });
  const { plan } = made;
  checkSaved(saved, plan, made.prepared.config, made.leaves);
  const leaves = loadInputs(saved, made.leaves);
  const [config] = unflatten(plan.structure, leaves) as readonly [UntracedLiveConfig];
  const prepared: LivePrepared = { ...made.prepared, config, ...knownOf(config) };
  const { t0, t1, dt0, y0, args } = config;
  const options = {
    ...made.options,
    t0,
    t1,
    dt0,
    y0,
    args: (args as { readonly params: unknown }).params,
  };
  const rests = new RestingSolve(prepared, plan, leaves, (fresh) => loadCarried(saved, fresh));
  const solver = solve.solver as Solver;
  return new LiveIntegrator({ reader, solver, options, prepared, solve: rests });
}

function parsed(saved: unknown): SavedIntegrator {
  if (typeof saved !== "string") return saved as SavedIntegrator;
  try {
    return JSON.parse(saved) as SavedIntegrator;
  } catch (error) {
    throw new TypeError(
      `integrator.fromJSON: expected what toJSON() gave, as an object or as JSON, got ${describeValue(saved)}`,
      { cause: error },
    );
  }
}

/** What is known of a solve from its inputs. */
function knownOf({
  t0,
  t1,
  dtype,
  maxSteps,
}: UntracedLiveConfig): Pick<Prepared, "span" | "maxSteps"> {
  const number = (x: unknown): number => (isTensor(x) ? x.item() : (x as number));
  const time = (t: unknown): number => (dtype === "float32" ? Math.fround(number(t)) : number(t));
  const most = number(maxSteps);
  return {
    span: { t0: time(t0), t1: time(t1), dtype },
    maxSteps: most === Infinity ? null : most,
  };
}

interface Planned {
  readonly prepared: LivePrepared;
  readonly options: RawOptions;
  readonly plan: LivePlan;
  readonly leaves: readonly Leaf[];
}

/** Checks, traces and compiles a solve that stops on its way. */
function planned(name: string, given: GivenSolve): Planned {
  for (const option of ["signal", "onProgress", "budgetMs"]) {
    if (Object.hasOwn(Object(given.given), option))
      throw new TypeError(
        `${name}: ${option} is an option of advance({ ${option} }), not of the solve`,
      );
  }
  const { prepared, options } = prepareOnHost(name, { ...given, mayBeEndless: true });
  if (prepared.progressMeter !== null) {
    throw new TypeError(
      `${name}: a progressMeter belongs to a solve that runs to its end; here write advance({ onProgress: (progress) => … })`,
    );
  }
  const { madeJump } = prepared.config;
  const config: UntracedLiveConfig = {
    ...prepared.config,
    madeJump: madeJump === false ? numberAs("madeJump", 0, "bool") : madeJump,
    hasWindows: false,
  };
  const { leaves, traced } = livePlansOf(prepared.field).get(liveSolve, [config], "integrator");
  return { prepared: { ...prepared, config }, options, plan: traced, leaves };
}
