import { equal, where } from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import {
  addCounts,
  type Claiming,
  evaluationsOf,
  isMultiTerm,
  isSuccessful,
  type MakeInterpolation,
  resultCode,
  resultTensor,
  type Solver,
  solver,
  type SolverStart,
  type SolverStep,
  type SolverStepResult,
  type Term,
  type TermStructure,
  type TermWanted,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";
import type { RootFinder } from "@diffrax-ts/root-finders";
import { addScaled, type ButcherTableau, isImplicit, scaledSum } from "@diffrax-ts/solvers";
import type { CalculateJacobian } from "./CalculateJacobian.ts";
import { checkStructure, declaredTags } from "./declaredStructure.ts";
import {
  completeImplicitOptions,
  type ImplicitOptions,
  requireTolerances,
} from "./ImplicitOptions.ts";
import { type MultiButcherTableau, type Tableau, tableausOf } from "./MultiButcherTableau.ts";
import { keepsJacobian, noJacobian } from "./KeptJacobian.ts";
import { scannedStages } from "./scannedStages.ts";
import type { KeptJacobian, StageStart } from "./Stages.ts";
import { passesOn, type Summand } from "./Summand.ts";
import { firstJacobian } from "./takeStage.ts";
import { writtenStages } from "./writtenStages.ts";

/** What an implicit method remembers. */
export interface ImplicitState {
  readonly [key: string]: Tree;
  /** The vector fields at `t0`, one for each term, if it is "first same as last". */
  readonly f: readonly Tree[] | null;
  /** The Jacobian of an earlier step, if it is kept from step to step. */
  readonly jacobian: KeptJacobian | null;
}

/** A Runge–Kutta method of which stages depend on themselves. */
export interface ImplicitRungeKutta<
  Kind extends string = string,
  Structure extends TermStructure = TermStructure,
>
  extends Solver<ImplicitState, Structure>, Claiming {
  readonly kind: Kind;
  readonly tableau: Tableau;
  readonly calculateJacobian: CalculateJacobian;
  readonly isFsal: boolean;
  readonly retries: boolean;
  readonly rootFinder: RootFinder;
  readonly rootFindMaxSteps: number;
  readonly scanStages: boolean;
  readonly diffrax072: boolean;
}

/** An implicit-explicit method: for `MultiTerm(explicit, implicit)`. */
export type ImexRungeKutta<Kind extends string = string> = ImplicitRungeKutta<
  Kind,
  { readonly sum: readonly [TermWanted, TermWanted] }
>;

/** What makes an implicit method, beside its options. */
interface ImplicitMethod {
  readonly tableau: Tableau;
  readonly calculateJacobian: CalculateJacobian;
  readonly interpolation: MakeInterpolation;
  /** Whether the interpolation does the same with every number of the state. @defaultValue true */
  readonly isElementwise?: boolean;
  /** @defaultValue one more than the lower one of the two orders of the tableau */
  readonly errorOrder?: number;
  /** Whether the last stage may be passed on, if the tableau says that it is the first one of the next step. @defaultValue true */
  readonly isFsal?: boolean;
  /** Whether a step that could not be made is tried again with a shorter one, whatever the estimate of its error. @defaultValue true */
  readonly retries?: boolean;
}

/** Makes the method of tables that are known to be right. */
export function implicitRungeKutta<const Kind extends string>(
  kind: Kind,
  method: ImplicitMethod & { readonly tableau: MultiButcherTableau },
  options?: ImplicitOptions,
): ImexRungeKutta<Kind>;
export function implicitRungeKutta<const Kind extends string>(
  kind: Kind,
  method: ImplicitMethod & { readonly tableau: ButcherTableau },
  options?: ImplicitOptions,
): ImplicitRungeKutta<Kind, "term">;
export function implicitRungeKutta(
  kind: string,
  {
    tableau,
    isFsal = true,
    retries = true,
    isElementwise = true,
    errorOrder,
    ...method
  }: ImplicitMethod,
  options: ImplicitOptions = {},
): unknown {
  const { order, embeddedOrder } = tableau;
  const complete = completeImplicitOptions(kind, options);
  const termStructure =
    "tableaus" in tableau
      ? {
          sum: tableau.tableaus.map((one) => ({ name: isImplicit(one) ? "implicit" : "explicit" })),
        }
      : "term";
  return solver(
    kind,
    { order, errorOrder: errorOrder ?? Math.min(order, embeddedOrder) + 1 },
    {
      ...method,
      tableau,
      isFsal,
      retries,
      termStructure,
      isElementwise,
      ...complete,
      init,
      step,
    },
  );
}

/** The terms of a step with their tableaus. */
function summands({ tableau }: ImplicitRungeKutta, terms: Term): readonly Summand[] {
  const each = "tableaus" in tableau && isMultiTerm(terms) ? terms.terms : [terms];
  return tableausOf(tableau).map((of, i) => ({ term: each[i]!, tableau: of }));
}

function init(this: ImplicitRungeKutta, terms: Term, start: SolverStart): ImplicitState {
  const { t0, y0, args, tolerances } = start;
  requireTolerances(this.kind, this.rootFinder, tolerances);
  const each = summands(this, terms);
  const isPassedOn = this.isFsal && passesOn(each, start);
  const f = isPassedOn ? each.map(({ term }) => term.vf(t0, y0, args)) : null;
  const stages = stageStart(this, terms, { ...start, f0: f, kept: null, madeJump: false });
  const own = stages.summands[stages.implicit];
  if (own === undefined) return { f, jacobian: null };
  checkStructure(this.rootFinder, own.term, start);
  const jacobian = keepsJacobian(stages)
    ? noJacobian(() => firstJacobian(stages), own.control as Tensor)
    : null;
  return { f, jacobian };
}

/** What the stages of a step from `t0` to `t1` are computed from. */
function stageStart(
  method: ImplicitRungeKutta,
  terms: Term,
  { tolerances, ...start }: SolverStart & Pick<StageStart, "f0" | "kept" | "madeJump">,
): StageStart {
  const { rootFinder, rootFindMaxSteps, calculateJacobian, diffrax072 } = method;
  const each = summands(method, terms).map(({ term, tableau }) => ({
    term,
    tableau,
    control: term.contr(start.t0, start.t1),
  }));
  const hasUnknowns = treeLeaves(start.y0).some(({ size }) => size > 0);
  const tags = declaredTags(rootFinder);
  return {
    ...start,
    summands: each,
    implicit: hasUnknowns ? each.findIndex(({ tableau }) => isImplicit(tableau)) : -1,
    calculateJacobian,
    solver: { rootFinder, rootFindMaxSteps, tolerances, tags, weighs: !diffrax072 },
  };
}

function step(
  this: ImplicitRungeKutta,
  terms: Term,
  { solverState, madeJump, ...start }: SolverStep<ImplicitState>,
): SolverStepResult<ImplicitState> {
  const { t0, y0, args } = start;
  // What was known of the vector field at t0 does not hold after a jump.
  const f0 =
    solverState.f === null || madeJump === false
      ? solverState.f
      : cond(
          madeJump,
          (): readonly Tree[] => summands(this, terms).map(({ term }) => term.vf(t0, y0, args)),
          () => solverState.f!,
        );
  const given = stageStart(this, terms, { ...start, f0, kept: solverState.jacobian, madeJump });
  const run = this.scanStages ? scannedStages : writtenStages;
  const { k, fLast, kept, result: found, counts: ofStages } = run(given);
  const each = given.summands;
  const bSol = each.flatMap(({ tableau }) => tableau.bSol);
  const bError = each.flatMap(({ tableau }) => tableau.bError);
  const y1 = addScaled(y0, bSol, k.flat()); //                       y₁  = y₀ + Σₚ Σᵢ bᵢ kᵢ
  const estimate = scaledSum(bError, k.flat()); //                   err = Σₚ Σᵢ βᵢ kᵢ
  const result = found === null ? null : reasonOf(found);
  const yError =
    result === null || !this.retries
      ? estimate
      : treeMap((e) => where(isSuccessful(result), e, Infinity), estimate);
  const denseInfo = { y0, y1, k: sumOf(k) };
  const atJump = f0 === null ? {} : evaluationsOf(0, madeJump);
  return {
    y1,
    yError,
    denseInfo,
    solverState: { f: fLast, jacobian: kept },
    result,
    counts: addCounts(ofStages, atJump),
  };
}

/** How the stages ended: numbers that are none come from the vector field. */
function reasonOf(result: Tensor): Tensor {
  const isInput = equal(result, resultCode("nonfiniteInput"));
  return where(isInput, resultTensor("nonfinite"), result);
}

/** `Σₚ kᵢ⁽ᵖ⁾`: the stages as an interpolation knows them. */
function sumOf(k: readonly (readonly Tree[])[]): readonly Tree[] {
  const ones = k.map(() => 1);
  return k.length === 1
    ? k[0]!
    : k[0]!.map((_, i) =>
        scaledSum(
          ones,
          k.map((of) => of[i]!),
        ),
      );
}
