import type { Tolerances } from "@diffrax-ts/protocol";
import { checkOptions, describeValue, isMaker, isPart } from "@diffrax-ts/pytree";
import { type RootFinder, VeryChord } from "@diffrax-ts/root-finders";

/** Options of every implicit solver. */
export interface ImplicitOptions {
  /**
   * What solves the equations of the stages. @defaultValue `VeryChord()`, with the tolerances of the step size controller
   */
  readonly rootFinder?: RootFinder;
  /** How many steps it may take for one stage; after that the step is rejected, and tried again with a shorter one. @defaultValue 10 */
  readonly rootFindMaxSteps?: number;
  /**
   * Run the stages as a loop instead of writing them out: programs are smaller by the number of stages, and compile
   * as much faster, but each step takes longer. @defaultValue false
   */
  readonly scanStages?: boolean;
  /**
   * Whether it steps exactly as Diffrax 0.7.2 does: its root finder gives up after two iterations. @defaultValue false
   */
  readonly diffrax072?: boolean;
}

/** Options with their defaults. */
export type CompleteImplicitOptions = Required<ImplicitOptions>;

/** @throws TypeError or RangeError that names the solver, the option, what was expected, and what it got. */
export function completeImplicitOptions(
  kind: string,
  options: ImplicitOptions,
): CompleteImplicitOptions {
  const names = ["rootFinder", "rootFindMaxSteps", "scanStages", "diffrax072"] as const;
  const {
    diffrax072 = false,
    rootFinder = VeryChord({ diffrax072 }),
    rootFindMaxSteps = 10,
    scanStages = false,
  } = checkOptions(kind, options, names);
  checkRootFinder(kind, rootFinder);
  if (!(Number.isInteger(rootFindMaxSteps) && rootFindMaxSteps > 0)) {
    throw new RangeError(
      `${kind}: rootFindMaxSteps must be a whole number above 0, got ${describeValue(rootFindMaxSteps)}`,
    );
  }
  for (const [name, value] of Object.entries({ scanStages, diffrax072 })) {
    if (typeof value !== "boolean")
      throw new TypeError(`${kind}: ${name} must be true or false, got ${describeValue(value)}`);
  }
  return { rootFinder, rootFindMaxSteps, scanStages, diffrax072 };
}

function checkRootFinder(kind: string, finder: unknown): void {
  if (isMaker(finder)) {
    throw new TypeError(
      `${kind}: rootFinder is the function ${finder.name}; call it: ${finder.name}()`,
    );
  }
  const { init, step, terminate } = (finder ?? {}) as Partial<RootFinder>;
  if (isPart(finder) && [init, step, terminate].every((member) => typeof member === "function"))
    return;
  throw new TypeError(
    `${kind}: rootFinder must be one such as VeryChord(), got ${describeValue(finder)}`,
  );
}

/**
 * Makes sure that there are tolerances for the root finder.
 *
 * @param tolerances - Those of the step size controller.
 * @throws TypeError that says both ways out.
 */
export function requireTolerances(
  kind: string,
  { kind: finder, rtol, atol }: RootFinder,
  tolerances: Tolerances | null,
): void {
  if (tolerances !== null || (rtol !== null && atol !== null)) return;
  throw new TypeError(
    `diffeqsolve: ${kind} has to know how accurately to solve the equations of its steps, and the step size controller has no tolerances; ` +
      "take an adaptive one, stepsizeController: PIDController({ rtol, atol }), which is nearly always what is wanted, or for constant steps " +
      `say ${kind}({ rootFinder: ${finder}({ rtol, atol }) })`,
  );
}
