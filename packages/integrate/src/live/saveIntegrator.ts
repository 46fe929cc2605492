import { asTensor } from "@diffrax-ts/autodiff";
import { calleeIn, showType, tensorOf, type Type, valueOf } from "@diffrax-ts/program";
import { describeValue, isTensor, keyPaths, type Leaf } from "@diffrax-ts/pytree";
import { type DrainedRows } from "../DrainedRows.ts";
import { optionAt } from "../optionAt.ts";
import { hash, hashText } from "./hash.ts";
import type { UntracedLiveConfig, LivePlan } from "./liveSolve.ts";
import { madeOf } from "./madeOf.ts";
import type { RestingSolve } from "./RestingSolve.ts";
import {
  fill,
  fromBase64,
  isSavedArray,
  loadArray,
  type SavedArray,
  savedFormat,
  type SavedInput,
  type SavedIntegrator,
  saveArray,
  toBase64,
} from "./savedIntegrator.ts";

const name = "integrator.fromJSON";

/** All that is needed to go on with a solve elsewhere. */
export function saveIntegrator(solve: RestingSolve, config: UntracedLiveConfig): SavedIntegrator {
  const { plan, leaves, carried } = solve;
  const made = madeOf(config, leaves);
  const inRows = slotsOfRows(plan);
  return {
    format: savedFormat,
    program: programOf(plan, made),
    madeOf: made,
    t: config.direction === "backward" ? 0 - solve.t : solve.t,
    numSteps: solve.numSteps,
    inputs: namesOf(plan).map((input, i) => ({ name: input, value: savedInput(leaves[i]!) })),
    carried: Array.from({ length: carried.numCarried }, (_, i) =>
      inRows.has(i) ? "" : toBase64(carried.carriedBytes(i)),
    ),
    rows: plan.layout.tracks.map((_, i) => savedRows(solve, i)),
  };
}

/** A hash of a program and of the functions that it calls back. */
function programOf({ compiled }: LivePlan, made: Readonly<Record<string, string>>): string {
  return hashText(hash(...compiled.parts) + made["functions that are called back"]);
}

/** What each input is called. */
function namesOf({ structure }: LivePlan): readonly string[] {
  return keyPaths(structure).map(optionAt);
}

function savedInput(leaf: Leaf): SavedArray | null {
  const x = asTensor(leaf, "integrator");
  return calleeIn(x) === undefined ? saveArray(valueOf(x)) : null;
}

/** The buffers that the host drains: what is in them is saved as rows. */
function slotsOfRows({ layout }: LivePlan): ReadonlySet<number> {
  return new Set(layout.tracks.flatMap(({ open }) => (open === null ? [] : [open.ts, ...open.ys])));
}

/** The rows so far. */
function savedRows(
  { plan, carried, drained }: RestingSolve,
  i: number,
): readonly SavedArray[] | null {
  const { open } = plan.layout.tracks[i]!;
  if (open === null) return null;
  const count = carried.carriedNumber(open.count);
  const ends = [open.ts, ...open.ys].map((slot) => carried.carried(slot, count));
  return drained[i]!.join(ends).map((x) => saveArray(valueOf(x)));
}

/** Refuses what was saved of another solve, and says what differs. */
export function checkSaved(
  saved: SavedIntegrator,
  plan: LivePlan,
  config: UntracedLiveConfig,
  leaves: readonly Leaf[],
): void {
  const given: unknown = saved;
  if (typeof given !== "object" || given === null || !("format" in given)) {
    throw new TypeError(
      `${name}: expected what toJSON() of an integrator gave, as an object or as a text, got ${describeValue(given)}`,
    );
  }
  if (saved.format !== savedFormat) {
    throw new TypeError(
      `${name}: it was saved in the format ${describeValue(saved.format)}, and this version reads ${describeValue(savedFormat)}; take the version that it was saved with`,
    );
  }
  for (const key of ["inputs", "carried", "rows"] as const) {
    if (!Array.isArray(saved[key]))
      throw new TypeError(`${name}: ${key} must be an array, got ${describeValue(saved[key])}`);
  }
  for (const [i, input] of saved.inputs.entries()) checkInput(`inputs[${i}]`, input);
  checkInputs(saved, plan, leaves);
  const made = madeOf(config, leaves);
  if (saved.program !== programOf(plan, made)) refuseProgram(saved.madeOf, made);
  checkRows(saved, plan);
}

function checkInput(of: string, input: SavedInput | null): void {
  if (typeof input?.name === "string" && (input.value === null || isSavedArray(input.value)))
    return;
  throw new TypeError(`${name}: ${of} must be { name, value }, got ${describeValue(input)}`);
}

/** Rows that were saved fit to what is to be saved. */
function checkRows({ rows }: SavedIntegrator, { layout: { tracks } }: LivePlan): void {
  for (const [i, { open }] of tracks.entries()) {
    const given: unknown = rows[i];
    const wanted = open === null ? 0 : 1 + open.ys.length;
    const fits =
      open === null
        ? given === null
        : Array.isArray(given) && given.length === wanted && given.every(isSavedArray);
    if (fits) continue;
    const what = open === null ? "null" : `an array of ${wanted} with dtype, shape and data each`;
    throw new TypeError(`${name}: rows[${i}] must be ${what}, got ${describeValue(given)}`);
  }
}

function checkInputs({ inputs }: SavedIntegrator, plan: LivePlan, leaves: readonly Leaf[]): void {
  const here = namesOf(plan).map(
    (input, i) => [input, typeHere(leaves[i]!, plan.types[i]!)] as const,
  );
  const there = inputs.map((input) => [input.name, typeThere(input.value)] as const);
  const types = new Map(here);
  for (const [input, type] of there) {
    const wanted = types.get(input);
    if (wanted === type) continue;
    throw new TypeError(
      `${name}: another structure: ${input} is ${type} in what was saved, and ${wanted ?? "missing"} in what is given here`,
    );
  }
  if (there.length === here.length) return;
  const known = new Set(there.map(([input]) => input));
  const [input, type] = here.find(([one]) => !known.has(one)) ?? here[0]!;
  throw new TypeError(
    `${name}: another structure: ${input} is missing in what was saved, and ${type} in what is given here`,
  );
}

const callee = "a function that is called back";

function typeHere(leaf: Leaf, type: Type): string {
  return isTensor(leaf) && calleeIn(leaf) !== undefined ? callee : showType(type);
}

function typeThere(value: SavedArray | null): string {
  return value === null ? callee : showType({ ...value, buffer: false });
}

function refuseProgram(
  there: Readonly<Record<string, string>> = {},
  here: Readonly<Record<string, string>>,
): never {
  const differing = Object.keys(here)
    .filter((key) => there[key] !== here[key])
    .map((key) => `${key} was ${there[key]} and is ${here[key]}`);
  const what =
    differing.length > 0
      ? differing.join("; ")
      : "the vector field, saveat.fn or event.condFn, or the version of the library";
  throw new TypeError(
    `${name}: it was saved by another program. What differs: ${what}. Give the terms, the solver and the options that it was made with`,
  );
}

/** The inputs that were saved; functions that are called back are those given here. */
export function loadInputs({ inputs }: SavedIntegrator, leaves: readonly Leaf[]): readonly Leaf[] {
  return inputs.map(({ name: input, value }, i): Leaf => {
    const given = leaves[i]!;
    if (value === null) return given;
    const x = tensorOf(loadArray(`${name}: ${input}`, value));
    return typeof given === "number" ? x.item() : x;
  });
}

/** Takes up what the loop carried. */
export function loadCarried({ carried: saved, rows }: SavedIntegrator, solve: RestingSolve): void {
  const { plan, carried, drained } = solve;
  if (saved.length !== carried.numCarried) {
    throw new TypeError(
      `${name}: carried: expected ${carried.numCarried} values, got ${saved.length}`,
    );
  }
  const inRows = slotsOfRows(plan);
  for (const [i, text] of saved.entries()) {
    const of = `${name}: carried[${i}]`;
    if (!inRows.has(i)) fill(of, carried.carriedBytes(i), fromBase64(of, text));
  }
  for (const [i, { open }] of plan.layout.tracks.entries()) {
    if (open === null) continue;
    const parts = rows[i]!.map((part, j) => loadArray(`${name}: rows[${i}][${j}]`, part));
    (drained[i] as DrainedRows).parts.push(parts);
    carried.carriedBytes(open.count).fill(0);
  }
}
