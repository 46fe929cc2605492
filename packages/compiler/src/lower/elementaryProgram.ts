import {
  abs,
  add,
  alignCaptured,
  type AllOps,
  apply,
  arrayType,
  astype,
  bitcast,
  bitwiseAnd,
  bitwiseOr,
  bitwiseXor,
  div,
  type Elementary,
  equal,
  type NarrowOps,
  floor,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  mul,
  neg,
  type Program,
  round,
  scalarTensor,
  shiftLeft,
  shiftRightLogical,
  sqrt,
  sub,
  tensorOf,
  traceProgram,
  where,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** A branch with more equations than this is compiled as a function of its own. */
const smallBranch = 24;

let programs: Map<Elementary, Program> | undefined;
let slowPaths: Map<unknown, Program> | undefined;

/** An elementary function of float64 scalars as a program of exact operations; made once. */
export function elementaryProgram(define: Elementary, numInputs: number): Program {
  programs ??= new Map();
  let program = programs.get(define);
  if (program === undefined) {
    const types = Array.from({ length: numInputs }, () => arrayType("float64", []));
    ({ program } = traceProgram(types, (x, y) => [define(wideOps(), x, y)]));
    programs.set(define, program);
  }
  return program;
}

type TraceOps = NarrowOps<Tensor, Tensor, Tensor, Tensor>;

/** Those of float64, and what goes from them to float32. */
function wideOps(): AllOps<Tensor, Tensor, Tensor> {
  const narrow = traceOps("float32", "int32");
  return {
    ...traceOps("float64", "int64"),
    narrow: (x, f) => narrow.widen(f(narrow, narrow.round(x))),
  };
}

/** The exact operations, recorded by the trace in progress. */
function traceOps(float: "float64" | "float32", integer: "int64" | "int32"): TraceOps {
  return {
    constant: (x) => scalarTensor(float, x),
    integer: (x) =>
      scalarTensor(
        integer,
        integer === "int32" ? Number(BigInt.asIntN(32, x)) : BigInt.asIntN(64, x),
      ),
    widen: (x) => astype(x, "float64"),
    round: (x) => astype(x, "float32"),
    add,
    sub,
    mul,
    div,
    sqrt,
    neg,
    abs,
    copysign: (x, y) => apply("copysign", [x, y], {})[0]!,
    floor,
    nearest: round,
    lt: less,
    le: lessEqual,
    eq: equal,
    ieq: equal,
    and: logicalAnd,
    or: logicalOr,
    not: logicalNot,
    select: where,
    bits: (x) => bitcast(x, integer),
    fromBits: (x) => bitcast(x, float),
    iadd: add,
    isub: sub,
    iand: bitwiseAnd,
    ior: bitwiseOr,
    ixor: bitwiseXor,
    ishl: (x, n) => shiftLeft(x, scalarTensor(integer, integer === "int32" ? n : BigInt(n))),
    ishrl: (x, n) =>
      shiftRightLogical(x, scalarTensor(integer, integer === "int32" ? n : BigInt(n))),
    lookup: (table, index) => {
      const entries = tensorOf({
        dtype: "float64",
        shape: [table.length],
        data: Float64Array.from(table),
      });
      const [row] = apply("dynamicSlice", [entries, astype(index, "int32")], { sizes: [1] });
      return apply("reshape", [row!], { shape: [] })[0]!;
    },
    apart: <const T extends readonly Tensor[]>(
      define: (o: TraceOps, x: Tensor) => T,
      x: Tensor,
    ): T => {
      slowPaths ??= new Map();
      let program = slowPaths.get(define);
      if (program === undefined) {
        const types = [arrayType(float, [])];
        ({ program } = traceProgram(types, (y) => define(traceOps(float, integer), y)));
        slowPaths.set(define, program);
      }
      return called(program, [x]) as readonly Tensor[] as T;
    },
    cond: <const T extends readonly Tensor[]>(p: Tensor, ifTrue: () => T, ifFalse: () => T): T => {
      const { programs: branches, captured } = alignCaptured(
        [ifFalse, ifTrue].map((branch) => {
          const { program, captured: values } = traceProgram([], branch);
          return { program: outOfLine(program), captured: values };
        }),
      );
      return apply("cond", [p, ...captured], { branches }) as readonly Tensor[] as T;
    },
  };
}

/** A large program as a call of itself, which stays a function of its own. */
function outOfLine(program: Program): Program {
  if (program.equations.length <= smallBranch) return program;
  return traceProgram(program.inputs, (...inputs) => called(program, inputs)).program;
}

function called(program: Program, inputs: readonly Tensor[]): Tensor[] {
  return apply("call", inputs, { program, name: "slowPath", inline: false });
}
