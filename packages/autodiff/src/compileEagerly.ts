import {
  allocate,
  apply,
  type ArrayValue,
  arrayType,
  broadcastTo,
  type ControlPrimitive,
  type ElementwisePrimitive,
  evaluateTyped,
  isElementwise,
  KeptMap,
  type ParamsOf,
  type Primitive,
  type Program,
  runEagerlyBy,
  showType,
  sizeOf,
  tensorOf,
  traceProgram,
  type Type,
  valueOf,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { compile } from "./runProgram.ts";

/**
 * Has operations run compiled that are called outside of `jit`, on more than a few hundred elements: the functions of `np` and `random`, the
 * methods of tensors. The bits are the same. `core` does this where it is loaded; for packages without it, call this once.
 *
 * An operation is compiled for its shapes as soon as the evaluator has spent as long on them as compiling takes; what goes element by
 * element is compiled for blocks of elements, whatever the shapes are.
 *
 * @example
 * ```ts
 * import { exp, linspace } from "@diffrax-ts/array";
 * import { compileEagerly } from "@diffrax-ts/autodiff";
 *
 * compileEagerly();
 * exp(linspace(0, 1, 100_000)).shape;
 * // → [100000]
 * ```
 */
export function compileEagerly(): void {
  runEagerlyBy(runCompiled);
}

/** What the evaluator takes for one element, in nanoseconds: for an operation on elements, for one that moves them, for an elementary function. */
const [ofElement, ofMove, ofFunction] = [13, 6, 250];
/** For a product that is summed; for an element that is reduced. */
const [ofProduct, ofReduced] = [4, 15];
/** What a call of compiled code takes, and what for each element that is copied in or out. */
const [ofCall, ofCopy] = [2500, 1.5];
/** What it takes to compile an operation. */
const ofCompiling = 1_500_000;

/** A primitive with parameters and types: the time that compiled code would have saved, and its program as soon as there is one. */
interface Use {
  saved: number;
  program: Program | null;
}

/** By the definition of an elementary function, and by primitive, parameters and types. */
let uses: WeakMap<object, KeptMap<Use>> | undefined;
const withoutDefinition = {};

type Computed = Exclude<Primitive, ControlPrimitive>;

function runCompiled(
  primitive: Computed,
  inputs: readonly Tensor[],
  params: object,
  type: Type,
): Tensor | null {
  const saved = savedBy(primitive, inputs, params, type);
  if (!(saved > 0)) return null;
  try {
    if (isElementwise(primitive)) return inBlocks(primitive, inputs, params, type, saved);
    const program = programFor(primitive, inputs.map(ownType), params, saved);
    return program && tensorOf(compile(program).call(inputs)[0]!);
  } catch {
    // There is no WebAssembly here, or no memory for a copy: the evaluator does it, or says what is wrong.
    return null;
  }
}

function ownType({ dtype, shape }: Tensor): Type {
  return arrayType(dtype, shape);
}

/** The nanoseconds that compiled code saves, about. */
function savedBy(
  primitive: Computed,
  inputs: readonly Tensor[],
  params: object,
  { shape }: Type,
): number {
  const result = sizeOf(shape);
  let copied = result;
  for (const x of inputs) copied += x.size;
  return workOf(primitive, inputs, params, result) - ofCall - ofCopy * copied;
}

/** What the evaluator takes. */
function workOf(
  primitive: Computed,
  inputs: readonly Tensor[],
  params: object,
  result: number,
): number {
  if ("define" in params) return ofFunction * result;
  switch (primitive as string) {
    case "bitcast":
    case "cumsum":
    case "iota":
    case "pack":
    case "rem":
    case "reshape":
    case "stopGradient":
      return 0; // as fast as compiled code
    case "argmax":
    case "argmin":
    case "reduceMax":
    case "reduceMin":
    case "reduceProd":
    case "reduceSum":
      return ofReduced * inputs[0]!.size;
    case "dotGeneral": {
      const [axes] = (params as ParamsOf<"dotGeneral">).contract;
      const { shape } = inputs[0]!;
      return ofProduct * result * axes.reduce((length, axis) => length * shape[axis]!, 1);
    }
    case "dynamicUpdateSlice":
      return ofMove * inputs[1]!.size;
    case "scatterAdd":
      return ofMove * inputs[2]!.size;
    default:
      return (isElementwise(primitive) ? ofElement : ofMove) * result;
  }
}

/**
 * The program of a primitive, as soon as it would have saved the time that compiling it takes: what is called with other shapes each time
 * compiles nothing, unless a single call is worth it.
 */
function programFor(
  primitive: Computed,
  types: readonly Type[],
  params: object,
  saved: number,
): Program | null {
  uses ??= new WeakMap();
  const { define = withoutDefinition } = params as { readonly define?: object };
  let known = uses.get(define);
  if (known === undefined) uses.set(define, (known = new KeptMap()));
  const key = `${primitive} ${JSON.stringify(params)} ${types.map(showType).join(" ")}`;
  let use = known.get(key);
  if (use === undefined) known.set(key, (use = { saved: 0, program: null }), 0);
  use.saved += saved;
  if (use.program === null && use.saved > ofCompiling) {
    const { shape } = types.find(hasAxes)!;
    const operand = (x: Tensor): Tensor => (isElementwise(primitive) ? broadcastTo(x, shape) : x);
    const f = (...x: Tensor[]): Tensor[] => apply(primitive, x.map(operand), params as never);
    use.program = traceProgram(types, f).program;
  }
  return use.program;
}

function hasAxes({ shape }: Type): boolean {
  return shape.length > 0;
}

/** The lengths of blocks that element-by-element operations are compiled for, whatever the length of an array is: powers of two between these. */
const [leastBlock, mostBlock] = [256, 16_384];

function inBlocks(
  primitive: ElementwisePrimitive,
  inputs: readonly Tensor[],
  params: object,
  { dtype, shape }: Type,
  saved: number,
): Tensor {
  const values = inputs.map(valueOf);
  const data = allocate(dtype, shape);
  const size = data.length;
  const bytes = new Uint8Array(data.buffer);
  for (let done = 0; done < size;) {
    let length = leastBlock;
    while (length < size - done && length < mostBlock) length *= 2;
    // The last block begins in the one before it; where there is none it is not full, and what lies behind is computed for nothing.
    const start = Math.max(Math.min(done, size - length), 0);
    const end = Math.min(start + length, size);
    const parts = values.map((x) => partOf(x, start, end));
    const types = values.map((x) => arrayType(x.dtype, x.shape.length > 0 ? [length] : []));
    const program = programFor(primitive, types, params, (saved * (size - done)) / size);
    if (program === null) {
      const type = arrayType(dtype, [end - start]);
      data.set(evaluateTyped(primitive, parts, params, type).data as never, start);
    } else {
      const run = compile(program).start(parts.map(tensorOf));
      try {
        run.complete();
        const [from, to] = [start, end].map((place) => place * data.BYTES_PER_ELEMENT);
        bytes.set(run.outputBytes(0).subarray(0, to! - from!), from);
      } finally {
        run.release();
      }
    }
    done = end;
  }
  return tensorOf({ dtype, shape, data });
}

/** The elements from one place to another as a vector; a scalar as it is. */
function partOf({ dtype, shape, data }: ArrayValue, start: number, end: number): ArrayValue {
  return shape.length === 0
    ? { dtype, shape, data }
    : { dtype, shape: [end - start], data: data.subarray(start, end) };
}
