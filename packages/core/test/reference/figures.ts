import { readFileSync } from "node:fs";
import type { JsonNumber, JsonTree } from "./jsonTree.ts";

/** A part by its name. */
export interface NamedPart {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** One value of a vector field. */
export interface FieldCheck {
  readonly problem: { readonly name: string; readonly args: JsonTree };
  readonly t: number;
  readonly y: JsonTree;
  readonly f: JsonTree;
}

interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
  readonly stepTimesRtol?: number;
}

export interface Stats {
  readonly numSteps: number;
  readonly numAcceptedSteps: number;
  readonly numRejectedSteps: number;
}

/** The terms of a solve, with functions by their names. */
export type JsonTerms =
  | { readonly kind: "ODETerm"; readonly vectorField: string; readonly params?: JsonTree }
  | {
      readonly kind: "ControlTerm";
      readonly vectorField: string;
      readonly operator?: "array" | "diagonal";
      readonly control: JsonPath;
      readonly toOde?: boolean;
    }
  | {
      readonly kind: "UnderdampedLangevinDriftTerm";
      readonly gamma: JsonTree;
      readonly u: JsonTree;
      readonly gradF: string;
    }
  | {
      readonly kind: "UnderdampedLangevinDiffusionTerm";
      readonly gamma: JsonTree;
      readonly u: JsonTree;
      readonly control: JsonPath;
    }
  | { readonly kind: "MultiTerm" | "tuple"; readonly terms: readonly JsonTerms[] };

/** A path through data, or a Brownian motion. */
export type JsonPath = JsonInterpolation | JsonBrownian;

interface JsonBrownian {
  readonly kind: "VirtualBrownianTree";
  readonly t0: number;
  readonly t1: number;
  readonly tol: number;
  readonly shape: readonly number[];
  readonly levyArea: "BrownianIncrement" | "SpaceTimeLevyArea" | "SpaceTimeTimeLevyArea";
  readonly key: readonly number[];
}

interface JsonInterpolation {
  readonly kind: "LinearInterpolation" | "CubicInterpolation";
  readonly ts: readonly number[];
  readonly ys: readonly number[];
}

/** What is saved, with functions by their names. */
export interface JsonSaveAt {
  readonly t0?: boolean;
  readonly t1?: boolean;
  readonly ts?: readonly number[];
  readonly steps?: number;
  readonly fn?: string;
  readonly subs?: unknown;
  readonly dense?: boolean;
}

export interface DenseFigures {
  readonly evaluateLeft: JsonTree;
  readonly evaluateRight: JsonTree;
  readonly derivativeLeft: JsonTree;
  readonly derivativeRight: JsonTree;
  readonly increments?: JsonTree;
}

/** Truth values in the containers of the figures. */
export type JsonMask =
  | boolean
  | { readonly $tuple: readonly JsonMask[] }
  | { readonly $list: readonly JsonMask[] }
  | { readonly [key: string]: JsonMask };

/** What ends a solve, with conditions by their names. */
export interface JsonEvent {
  readonly condFn: unknown;
  readonly rootFinder: NamedPart | null;
  readonly direction: unknown;
  /** Not of the figures: our own rule. */
  readonly precedence?: "time" | "tree";
}

export interface SolveCase {
  readonly id: string;
  readonly problem: { readonly name: string; readonly args: JsonTree };
  /** The terms; left out where there is one, whose vector field is that of the problem. */
  readonly terms?: JsonTerms;
  readonly solver: NamedPart;
  readonly t0: number;
  readonly t1: number | "inf";
  readonly dt0: number | null;
  readonly y0: JsonTree;
  readonly event?: JsonEvent;
  readonly stepsizeController: NamedPart;
  readonly saveat: JsonSaveAt;
  readonly maxSteps: number | null;
  readonly dtype?: "float32";
  readonly denseEval?: {
    readonly points: readonly number[];
    readonly pairs?: readonly (readonly [number, number])[];
  };
  readonly tmid?: number;
  readonly continuation?: {
    readonly solverState: boolean;
    readonly controllerState: boolean;
    readonly dt0: "same" | "null";
  };
  readonly tolerance: Tolerance;
  readonly expected: {
    readonly ts: JsonTree;
    readonly ys: JsonTree;
    /** The rows that Diffrax filled up, of each thing to save. */
    readonly trimmed?: JsonTree;
    readonly stats: Stats;
    readonly result: string;
    readonly eventMask?: JsonMask;
    readonly stepTimes?: readonly JsonNumber[];
    readonly denseEval?: DenseFigures;
    readonly firstStats?: Stats;
    readonly ymid?: JsonTree;
  };
}

/** A derivative of a loss of a solution. */
export interface GradientCase extends Omit<SolveCase, "expected" | "terms"> {
  readonly adjoint: { readonly name: string; readonly options?: Readonly<Record<string, unknown>> };
  readonly gradient: {
    readonly mode: "reverse" | "jvp" | "jacfwd" | "hessian";
    readonly wrt: readonly ("y0" | "args" | "terms")[];
    readonly loss: string;
  };
  readonly terms?: { readonly kind: string; readonly params?: JsonTree };
  readonly expected: {
    readonly value: number;
    readonly stats: Stats;
    readonly result: string;
    readonly grads?: JsonTree;
    readonly tangent?: number;
    readonly jacobian?: JsonTree;
    readonly hessian?: JsonTree;
  };
}

export interface InitialStepCase {
  readonly id: string;
  readonly problem: { readonly name: string; readonly args: JsonTree };
  readonly t0: number;
  readonly y0: JsonTree;
  readonly rtol: number;
  readonly atol: number;
  readonly errorOrder: number;
  readonly norm: string;
  readonly expected: { readonly dt0: number };
  readonly tolerance: Tolerance;
}

export interface ErrorCase {
  readonly id: string;
  readonly description: string;
  readonly raises: boolean;
  readonly message?: string;
  readonly intendedMessage?: string;
  readonly result?: string;
}

export interface Figures<Case> {
  readonly vectorFieldChecks?: readonly FieldCheck[];
  readonly cases: readonly Case[];
}

/** A file of figures. */
export function readFigures<Case>(name: string): Figures<Case> {
  const url = new URL(`figures/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as Figures<Case>;
}
