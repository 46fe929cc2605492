import {
  type Atom,
  bytesOf,
  type Equation,
  isConcrete,
  isEquation,
  type Named,
  type Program,
  sizeOf,
} from "@diffrax-ts/program";
import { allEquations } from "../emit/allEquations.ts";
import { fitsLanes } from "../emit/FunctionEmitter.ts";
import { hasSimd } from "../wasm/features.ts";
import { maskedBody } from "./masked.ts";
import { type Uniform, uniformOf } from "./uniform.ts";

/** Bodies of more equations are done for one vector of elements at a time. */
const longBody = 1500;
/** What makes fewer operations in all its turns is through before an element has got into a lane. */
const leastOperations = 500;
/** Bodies of more equations, or with more numbers from outside, are done for one element at a time. */
const longestBody = 6000;
const mostInputs = 300;
/** Nor is what writes or reads more bytes of its own for each element: it would leave the near caches, and a frame has to hold it several times. */
const mostBytes = 2 ** 18;

/** Where what a loop carries of an element begins: at a value, or in a buffer filled with a number, or with nothing. */
type Start = { readonly from: Atom } | { readonly fill: number | null };

/** A loop over elements that has another loop in its body: what is done before that, in it, and after it. */
export interface LanePlan {
  readonly lanes: 2 | 4;
  /** How many vectors of elements turn together: while one waits for its results, the other goes on. */
  readonly copies: 1 | 2;
  /** The equations of the loop over elements that do not depend on the inner loop. */
  readonly before: readonly Equation[];
  readonly inner: Equation<"loop">;
  /** A turn of the inner loop, for elements of a mask. */
  readonly body: Program;
  /** What of that is the same for all, if they are expected to make equally many turns; they then begin together. */
  readonly uniform: Uniform | null;
  /** Where each of the values that the inner loop carries begins. */
  readonly starts: readonly Start[];
  readonly after: readonly Equation[];
  /** What these read of what was there before the inner loop. */
  readonly kept: readonly Named[];
}

/** Divides a lowered loop over elements; `null` if they cannot turn in lanes. */
export function planLanes({ params }: Equation<"loop">): LanePlan | null {
  const { body, numConsts, host, bound } = params;
  if (host || (bound !== null && bound < 2) || !hasSimd()) return null;
  const inner = longestLoop(body);
  if (inner === null || inner.inputs.length > mostInputs) return null;
  const length = allEquations(inner.params.body).length;
  if (length * (inner.params.bound ?? leastOperations) < leastOperations) return null;
  if (length > longestBody || allEquations(body).some(hasEffect)) return null;

  const later = new Set(inner.outputs.map(({ id }) => id));
  const before: Equation[] = [];
  const after: Equation[] = [];
  for (const equation of body.equations) {
    if (equation === inner) continue;
    const isLater = equation.inputs.some((x) => isIn(later, x));
    (isLater ? after : before).push(equation);
    if (isLater) for (const { id } of equation.outputs) later.add(id);
  }
  // The next element does not wait for this one.
  if (body.outputs.some((x) => !x.buffer && isIn(later, x))) return null;

  const starts = startsOf(inner, before);
  if (starts === null) return null;
  const shared = new Set(body.inputs.slice(0, numConsts).map(({ id }) => id));
  const kept = new Map<number, Named>();
  for (const x of after.flatMap(({ inputs }) => inputs))
    if (!isConcrete(x) && !isIn(later, x) && !isIn(shared, x)) kept.set(x.id, x);
  const carried = new Set(body.inputs.map(({ id }) => id));
  for (const x of kept.values()) {
    if (x.buffer && !carried.has(x.id)) return null;
    if (x.buffer) kept.delete(x.id);
  }
  const consts = inner.inputs.slice(0, inner.params.numConsts);
  const own = consts.filter((x): x is Named => !isConcrete(x) && !isIn(shared, x));
  const all = [...own, ...inner.outputs, ...kept.values()];
  const bytes = all.reduce((sum, { dtype, shape }) => sum + bytesOf(dtype) * sizeOf(shape), 0);
  if (bytes > mostBytes || own.some(({ buffer }) => buffer)) return null;

  const narrow = [...own, ...inner.outputs].every(({ dtype }) => fitsLanes(dtype, 4));
  const inFours = narrow ? maskedBody(inner.params.body, 4) : null;
  const masked = inFours ?? maskedBody(inner.params.body, 2);
  if (masked === null) return null;
  const lanes = inFours === null ? 2 : 4;
  const copies = length > longBody || (bound !== null && bound <= lanes) ? 1 : 2;
  const isCommon = (x: Atom): boolean =>
    x.shape.length === 0 && !x.buffer && (isConcrete(x) || isIn(shared, x));
  const uniform = inner.params.inStep
    ? uniformOf(masked, consts.length, [
        ...consts.map(isCommon),
        ...starts.map((start) => "from" in start && isCommon(start.from)),
      ])
    : null;
  return {
    lanes,
    copies,
    before,
    inner,
    body: masked,
    uniform,
    starts,
    after,
    kept: [...kept.values()],
  };
}

function isIn(ids: ReadonlySet<number>, atom: Atom): boolean {
  return !isConcrete(atom) && ids.has(atom.id);
}

function hasEffect({ primitive }: Equation): boolean {
  return primitive === "assert" || primitive === "hostCallback";
}

/** The loop with the longest body. */
function longestLoop({ equations }: Program): Equation<"loop"> | null {
  let longest: Equation<"loop"> | null = null;
  let length = 0;
  for (const equation of equations) {
    if (!isEquation(equation, "loop")) continue;
    const own = allEquations(equation.params.body).length;
    if (own > length) [longest, length] = [equation, own];
  }
  return longest;
}

/** Takes buffers that are made for the inner loop out of what is done before it. `null` if it carries others, or arrays. */
function startsOf(inner: Equation<"loop">, before: Equation[]): Start[] | null {
  const starts: Start[] = [];
  for (const atom of inner.inputs.slice(inner.params.numConsts)) {
    if (!atom.buffer) {
      if (atom.shape.length > 0) return null;
      starts.push({ from: atom });
      continue;
    }
    const i = before.findIndex(({ outputs }) =>
      outputs.some(({ id }) => isIn(new Set([id]), atom)),
    );
    const made = before[i];
    if (made === undefined || !isEquation(made, "bufferNew")) return null;
    before.splice(i, 1);
    const [from] = made.inputs;
    starts.push(from === undefined ? { fill: made.params.fill } : { from });
  }
  return starts;
}
