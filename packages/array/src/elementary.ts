import {
  abs,
  add,
  and,
  apply,
  arrayType,
  bitcast,
  convert,
  copysign,
  div,
  elementaryFunctions,
  eq,
  type ExactOps,
  floor,
  le,
  lt,
  mul,
  neg,
  not,
  numberAs,
  or,
  round,
  scalarTensor,
  shiftLeft,
  shiftRightLogical,
  sqrt,
  sub,
  tensorOf,
  traceProgram,
  where,
  xor,
} from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";
import { asArray } from "./asArray.ts";
import { asFloat } from "./reduce.ts";

/**
 * An elementary function that is no primitive, from the exact operations that the primitive ones are made of too.
 *
 * @param slope - Its derivative at `x`.
 */
export function elementary(
  name: "erfc" | "log2" | "log10",
  x: Leaf,
  slope: (x: Tensor) => Tensor,
): Tensor {
  const array = asFloat(asArray(name, x));
  const type = arrayType(array.dtype, array.shape);
  const f = elementaryFunctions[name];
  return apply("derived", [array], {
    name,
    outputs: [type],
    expand: () =>
      traceProgram([type], (v) => [convert(f(tensorOps(), convert(v, "float64")), type.dtype)])
        .program,
    jvp: ([v], [dv]) => [dv ? mul(dv, slope(v!)) : null],
    transpose: null,
    pair: null,
  })[0]!;
}

/** The exact operations on float64 tensors, int64 tensors and truth values. */
function tensorOps(): ExactOps<Tensor, Tensor, Tensor> {
  return {
    constant: (x) => numberAs("", x, "float64"),
    integer: (x) => scalarTensor("int64", x),
    add,
    sub,
    mul,
    div,
    sqrt,
    neg,
    abs,
    copysign,
    floor,
    nearest: round,
    lt,
    le,
    eq,
    ieq: eq,
    and,
    or,
    not,
    select: where,
    bits: (x) => bitcast(x, "int64"),
    fromBits: (x) => bitcast(x, "float64"),
    iadd: add,
    isub: sub,
    iand: and,
    ior: or,
    ixor: xor,
    ishl: shiftLeft,
    ishrl: shiftRightLogical,
    lookup: (table, index) => {
      const values = tensorOf({
        dtype: "float64",
        shape: [table.length],
        data: Float64Array.from(table),
      });
      return apply("gather", [values, convert(index, "int32")], { axis: 0 })[0]!;
    },
    cond: (p, ifTrue, ifFalse) => {
      const others = ifFalse();
      return ifTrue().map((x, i) => where(p, x, others[i]!)) as unknown as typeof others;
    },
  };
}
