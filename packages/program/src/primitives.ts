import type { DType, Tensor } from "@diffrax-ts/pytree";
import type { AllOps } from "./elementary/exact.ts";
import type { Equation, Program } from "./Program.ts";
import type { Type } from "./Type.ts";

/** The parameters of a primitive that has none. */
export type NoParams = object;

/** One number to one number, element by element. */
export type UnaryPrimitive =
  | "neg"
  | "abs"
  | "floor"
  | "ceil"
  | "trunc"
  | "round"
  | "sqrt"
  | "not"
  | Exclude<ElementaryPrimitive, "pow" | "atan2">;

/** What no machine has as an instruction: its parameters say how it is made of exact operations. */
export type ElementaryPrimitive =
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "log2"
  | "log10"
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "sinh"
  | "cosh"
  | "tanh"
  | "asinh"
  | "acosh"
  | "atanh"
  | "cbrt"
  | "erf"
  | "erfc"
  | "erfInv"
  | "logistic"
  | "pow"
  | "atan2";

/** Two numbers to one number, element by element. */
export type BinaryPrimitive =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "rem"
  | "max"
  | "min"
  | "copysign"
  | "pow"
  | "atan2"
  | "and"
  | "or"
  | "xor"
  | "shiftLeft"
  | "shiftRight"
  | "shiftRightLogical";

/** Two numbers to a truth value, element by element. */
export type ComparePrimitive = "eq" | "ne" | "lt" | "le";

/** Several elements to one, along axes. */
export type ReducePrimitive = "reduceSum" | "reduceProd" | "reduceMax" | "reduceMin";

/** What works element by element: the result has the shape of the operands. */
export type ElementwisePrimitive =
  | UnaryPrimitive
  | BinaryPrimitive
  | ComparePrimitive
  | "select"
  | "integerPow"
  | "convert"
  | "bitcast"
  | "stopGradient";

/** Where elements go: reductions, contractions, and changes of shape. All have one result. */
export type StructuralPrimitive =
  | ReducePrimitive
  | "argmax"
  | "argmin"
  | "cumsum"
  | "dotGeneral"
  | "broadcast"
  | "reshape"
  | "transpose"
  | "reverse"
  | "concatenate"
  | "pack"
  | "pad"
  | "slice"
  | "dynamicSlice"
  | "dynamicUpdateSlice"
  | "gather"
  | "scatterAdd"
  | "iota";

/** An elementary function of one float64 or two, by exact operations of any kind. */
export type Elementary = <V, I, B>(ops: AllOps<V, I, B>, x: V, y: V) => V;

/** An elementary function brings its definitions, so that a program contains those that it uses and no others. */
export interface ElementaryParams {
  readonly define: Elementary;
  /** A shorter one, in float64 or `narrow`, whose rounded result serves for float32. @defaultValue `define` */
  readonly single?: Elementary;
}

/** The definition for operands of a dtype. */
export function definitionFor(
  dtype: DType,
  { define, single = define }: ElementaryParams,
): Elementary {
  return dtype === "float32" ? single : define;
}

/** A remainder brings its definition for floats, which is too long to be in programs that need none. */
export interface RemParams {
  /** Of two float64 scalars. */
  readonly ofFloats: () => Program;
}

/** The trip of a `loop`: its programs, and how its inputs are split. */
export interface LoopParams {
  /** `(...consts, ...carry, ...slices) => (...carry, ...rows)`. */
  readonly body: Program;
  /** `(...consts, ...carry) => bool`: go on? `null` for a loop of known length. */
  readonly cond: Program | null;
  /** The number of turns; `null` if `cond` decides. */
  readonly length: number | null;
  /** How many of the inputs stay the same throughout. */
  readonly numConsts: number;
  /** How many of the inputs are carried from turn to turn. The rest are sliced: turn `i` gets row `i`. */
  readonly numCarry: number;
  /** From the last row to the first. */
  readonly reverse: boolean;
  /** The turns do not depend on one another: they are lanes of a `vmap`. */
  readonly parallel: boolean;
  /** No more turns than this; `null` if not known. */
  readonly bound: number | null;
  /** The host runs it in bursts, and may look at what it carries in between. */
  readonly host: boolean;
  /** Whether elements of a batch are expected to make equally many turns: in arrays of elements, or only in lanes. @defaultValue false */
  readonly inStep?: boolean | "lanes" | undefined;
  /** Of a loop over elements: how a compiler may write it for several of them at once. Who wants that brings it, so that others hold no such code. */
  readonly inLanes?: ((block: never, equation: never) => unknown) | undefined;
  /** How many turns reverse mode remembers; without it, as many as fit into its memory. */
  readonly checkpoints?: number | "all" | undefined;
}

/** How two arrays are contracted: axes to sum over, and axes to keep paired, of the first and the second. */
export interface DotParams {
  readonly contract: readonly [readonly number[], readonly number[]];
  readonly batch: readonly [readonly number[], readonly number[]];
}

/**
 * An equation that stands for a Program made only when it is needed: the derivative of a loop, a custom rule.
 * It brings its own rules, so that what makes no such equation loads none of them.
 */
export interface DerivedParams {
  readonly name: string;
  readonly outputs: readonly Type[];
  /** What to do instead. */
  readonly expand: () => Program;
  /** The tangents of the outputs; `null` to differentiate what it expands to. */
  readonly jvp: DerivedJvp | null;
  /**
   * Whether it is a custom rule, or runs something with one. Then something else may go on in its place after a derivative was
   * taken: what `jvp` gives as the outputs.
   */
  readonly hasRule: boolean;
  /** The cotangents of the inputs that it is linear in; `null` if it is in none. */
  readonly transpose: DerivedTranspose | null;
  /** How to share the work of another equation of the same block; `null` if there is none to share. */
  readonly pair: DerivedPair | null;
  /** The outputs for a batch, all with the batch as their first axis; without it, one element is done after the other. */
  readonly batch?: DerivedBatch;
  /** Of the derivative of a loop backwards: what it remembers, for those who want to know. */
  readonly reverse?: () => ReverseLoop;
}

/** What reverse mode remembers of the turns of a loop, and what it does for each of them on the way back. */
export interface ReverseLoop {
  /** No more turns than this; `null` if not known. */
  readonly most: number | null;
  /** Buffers with a row for each turn that is remembered, for what the loop carried; beside them, counters. */
  readonly carried: readonly Type[];
  /** Buffers for what was computed within turns. */
  readonly results: readonly Type[];
  /** The primitives that computed these. */
  readonly madeBy: readonly Primitive[];
  /** `(...what is known, ...cotangents, ...results) => (...cotangents)`: one turn back. */
  readonly back: Program;
  /** How many of its inputs are known, and how many are cotangents. */
  readonly numKnown: number;
  readonly numCotangents: number;
}

/** Outputs of equations, and their tangents; `null` for zero. */
export interface DualValues {
  readonly outputs: readonly Tensor[];
  readonly tangents: readonly (Tensor | null)[];
}

/** Runs a program on values and tangents. */
export type RunDual = (
  program: Program,
  inputs: readonly Tensor[],
  tangents: readonly (Tensor | null)[],
) => DualValues;

/**
 * The tangents of the outputs of a derived equation, and the outputs that go on, unless they are those of the equation itself.
 *
 * @param toTranspose - Runs programs so that what it does with tangents can be transposed; `null` if nothing has to be.
 */
export type DerivedJvp = (
  inputs: readonly Tensor[],
  tangents: readonly (Tensor | null)[],
  toTranspose: RunDual | null,
) => Omit<DualValues, "outputs"> & Partial<DualValues>;

/**
 * The outputs of a derived equation for a batch, along the first axis of some inputs.
 *
 * @param makeBatch - The program for a batch of inputs, whose outputs are all batched.
 */
export type DerivedBatch = (
  inputs: readonly Tensor[],
  batched: readonly boolean[],
  makeBatch: (program: Program, batched: readonly boolean[]) => Program,
) => readonly Tensor[];

/** The cotangents of the inputs of a derived equation, from those of its outputs. */
export type DerivedTranspose = (
  inputs: readonly (Tensor | null)[],
  cotangents: readonly (Tensor | null)[],
) => readonly (Tensor | null)[];

/** Two equations done together: the derived one needs what the partner comes across. */
export interface DerivedPair {
  /** Whether an equation, which reads the same as the first inputs of the derived one, is the partner. */
  readonly isPartner: (equation: Equation) => boolean;
  /** Instead of the partner: its outputs, and what is remembered. */
  readonly first: () => Program;
  /** Instead of the derived equation: from its inputs, and what is remembered. */
  readonly second: () => Program;
}

/** A call of a program. */
export interface CallParams {
  readonly program: Program;
  readonly name: string;
  /** `false` keeps it a function of its own in the compiled code. */
  readonly inline: boolean;
  /** What is asked of all code that the call becomes part of. */
  readonly fma?: Fma;
}

/** Whether a sum with a product in it may be rounded once. */
export interface Fma {
  /** What holds where both are asked for. @throws Error if one forbids what the other wants. */
  readonly join: (other: Fma | undefined) => Fma;
}

/** A JavaScript function called from compiled code. */
export interface HostCallbackParams {
  readonly name: string;
  readonly outputs: readonly Type[];
  readonly call: HostFunction;
  /** Why it is not traced, and the way out, for errors. */
  readonly reason?: string | undefined;
  /** Called when a compiled program that it stands in begins a run. What it returns is called when that run is over, even if it threw. */
  readonly scope?: (() => () => void) | undefined;
}

/**
 * What compiled code calls. The numbers of the inputs stand one after another in `memory.f64` from place
 * `input` on, and those of the outputs have to be written from place `output` on, whatever the types. The
 * function may run other compiled code, which may replace `memory.f64`: read it anew before writing.
 */
export type HostFunction = (memory: HostMemory, input: number, output: number) => void;

/** Where a host callback finds its numbers. */
export interface HostMemory {
  readonly f64: Float64Array;
}

/** Every primitive and its parameters. The tables of rules are records over its keys. */
export type PrimitiveParams = Readonly<
  Record<
    Exclude<UnaryPrimitive | BinaryPrimitive | ComparePrimitive, ElementaryPrimitive | "rem">,
    NoParams
  > &
    Record<ElementaryPrimitive, ElementaryParams> &
    Record<ReducePrimitive, { readonly axes: readonly number[] }> & {
      /** `(pred, onTrue, onFalse)`, element by element. */
      select: NoParams;
      rem: RemParams;
      integerPow: { readonly exponent: number };
      convert: { readonly dtype: DType };
      /** The same bits, read as another type of the same width. */
      bitcast: { readonly dtype: DType };
      /** The identity, with derivative zero. */
      stopGradient: NoParams;
      argmax: { readonly axis: number };
      argmin: { readonly axis: number };
      cumsum: { readonly axis: number; readonly reverse: boolean };
      dotGeneral: DotParams;
      /** Axis `i` of the input becomes axis `axes[i]` of the output; an input axis of length 1 is repeated. */
      broadcast: { readonly shape: readonly number[]; readonly axes: readonly number[] };
      reshape: { readonly shape: readonly number[] };
      transpose: { readonly permutation: readonly number[] };
      reverse: { readonly axes: readonly number[] };
      concatenate: { readonly axis: number };
      /** `(...scalars)`: an array of them, in row-major order. */
      pack: { readonly shape: readonly number[] };
      pad: { readonly low: readonly number[]; readonly high: readonly number[] };
      slice: {
        readonly start: readonly number[];
        readonly limit: readonly number[];
        readonly step: readonly number[];
      };
      /** `(x, ...start)`; a start is moved so that the window lies inside. */
      dynamicSlice: { readonly sizes: readonly number[] };
      /** `(x, update, ...start)`; a start is moved so that the window lies inside. */
      dynamicUpdateSlice: NoParams;
      /** `(x, indices)`: the axis is replaced by those of `indices`, each clamped to the range. */
      gather: { readonly axis: number };
      /** `(x, indices, updates)`: adds to the places that `gather` would read; those out of range are dropped. */
      scatterAdd: { readonly axis: number };
      iota: { readonly dtype: DType; readonly shape: readonly number[]; readonly axis: number };
      /** `(index, ...operands)`: runs one branch. */
      cond: { readonly branches: readonly Program[] };
      /** `(...consts, ...carry, ...rows)`. */
      loop: LoopParams;
      call: CallParams;
      derived: DerivedParams;
      hostCallback: HostCallbackParams;
      /** `(ok) => ()`, or `(ok, which) => ()`: the whole call fails unless `ok`, with this message, or with the one of that number, which is the last for others. */
      assert: { readonly message: string | readonly string[] };
      /**
       * `()` or `(array)`: filled with the elements of the array, or with `fill`; `null` leaves rows undefined.
       * A row of the array that is written over must not depend on what is differentiated: its cotangent is not reset.
       */
      bufferNew: {
        readonly dtype: DType;
        readonly shape: readonly number[];
        readonly fill: number | null;
      };
      /** `(buffer, index, value, pred)`: rows are written once, in increasing order. */
      bufferWrite: NoParams;
      /** The buffer as an array; it cannot be written to any more. */
      bufferFreeze: NoParams;
    }
>;

/** The name of a primitive. */
export type Primitive = keyof PrimitiveParams;

/** Control flow, calls and buffers. */
export type ControlPrimitive = Exclude<Primitive, ElementwisePrimitive | StructuralPrimitive>;

/** The parameters of primitive `P`. */
export type ParamsOf<P extends Primitive> = PrimitiveParams[P];
