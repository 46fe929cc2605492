import {
  apply,
  type ArrayValue,
  astype,
  constantOf,
  definitionFor,
  dotAxes,
  type ElementaryParams,
  equal,
  type Equation,
  evaluatePrimitive,
  integerPower,
  isElementwise,
  isEquation,
  isFloat,
  less,
  logicalOr,
  neg,
  type Primitive,
  type RemParams,
  rowMajor,
  scalarTensor,
  sizeOf,
  sub,
  type Trace,
  where,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import { elementaryProgram } from "./elementaryProgram.ts";
import type { Lowering } from "./lowerProgram.ts";
import { isSmall, Value } from "./Value.ts";

/** A contraction of at most this many products is written out. */
const smallDot = 256;

/**
 * An equation on small arrays, scalar by scalar; `undefined` if it is not one of those.
 */
export function lowerSmall(
  lowering: Lowering,
  trace: Trace,
  equation: Equation,
  inputs: readonly Value[],
): readonly Value[] | undefined {
  const { primitive, params, outputs } = equation;
  const type = outputs[0];
  if (type === undefined || !isSmall(type) || outputs.length > 1) return undefined;
  const wrap = (scalars: readonly Tensor[]): Value[] => [Value.scalars(trace, type, scalars)];
  const size = sizeOf(type.shape);
  if (size === 0 && primitive !== "hostCallback") return wrap([]);

  if (isElementwise(primitive)) {
    const operands = inputs.map((input) => input.scalars());
    return wrap(
      Array.from({ length: size }, (_, i) =>
        scalarOperation(
          lowering,
          trace,
          primitive,
          operands.map((x) => x[x.length === 1 ? 0 : i]!),
          params,
        ),
      ),
    );
  }
  if (isEquation(equation, "dotGeneral")) {
    const length = sizeOf(
      equation.params.contract[0].map((axis) => equation.inputs[0]!.shape[axis]!),
    );
    if (size * length === 0)
      return wrap(Array.from({ length: size }, () => constantOf(type.dtype, 0)));
    return size * length <= smallDot ? wrap(smallDotGeneral(equation, inputs)) : undefined;
  }
  if (isEquation(equation, "pack")) return wrap(inputs.flatMap((input) => input.scalars()));
  if (primitive === "iota") return wrap(constants(evaluatePrimitive(primitive, [], params)));
  if (!inputs.every((input) => isSmall(input.type))) return undefined;

  if (
    isEquation(equation, "reduceSum") ||
    isEquation(equation, "reduceProd") ||
    isEquation(equation, "reduceMax") ||
    isEquation(equation, "reduceMin")
  ) {
    const start = primitive === "reduceProd" ? 1 : 0;
    const { axes } = equation.params;
    const [x] = inputs as [Value];
    if (sizeOf(x.type.shape) === 0)
      return wrap(Array.from({ length: size }, () => constantOf(type.dtype, start)));
    const order = [...dotAxes(x.type.shape.length, axes, []), ...axes];
    return wrap(
      groups(x, order, axes.length).map((elements) =>
        elements.reduce((sum, y) =>
          scalarOperation(lowering, trace, combinations[equation.primitive], [sum, y], {}),
        ),
      ),
    );
  }
  if (isEquation(equation, "cumsum")) return wrap(smallCumsum(inputs[0]!, equation.params));
  if (isMove(primitive)) {
    // Which element goes where is what the evaluator does with the numbers 1, 2, 3, …; 0 is padding.
    let count = 0;
    const places = inputs.map(({ type: { shape } }): ArrayValue => {
      const data = Float64Array.from({ length: sizeOf(shape) }, () => ++count);
      return { dtype: "float64", shape, data };
    });
    const moved = evaluatePrimitive(primitive as "slice", places, params);
    const all = inputs.flatMap((input) => input.scalars());
    return wrap(
      Array.from(moved.data as Float64Array, (place) =>
        place === 0 ? constantOf(type.dtype, 0) : all[place - 1]!,
      ),
    );
  }
  return undefined;
}

function isMove(primitive: Primitive): boolean {
  return ["broadcast", "reshape", "transpose", "reverse", "concatenate", "pad", "slice"].includes(
    primitive,
  );
}

/** Whether an equation is already what `scalarOperation` would make of it: most equations are, so there is a short way. */
export function isScalarInstruction({ primitive, inputs, outputs }: Equation): boolean {
  const output = outputs[0];
  if (output === undefined || output.shape.length > 0 || inputs.length === 0) return false;
  const { dtype, shape } = inputs[0]!;
  if (shape.length > 0) return false;
  switch (primitive as string) {
    case "add":
    case "sub":
    case "mul":
    case "neg":
    case "lt":
    case "le":
    case "eq":
    case "ne":
    case "select":
    case "and":
    case "or":
    case "not":
    case "bitcast":
      return true;
    case "div":
    case "max":
    case "min":
    case "abs":
    case "sqrt":
      return isFloat(dtype);
    default:
      return false;
  }
}

/** What a reduction does with two elements. */
export const combinations = {
  reduceSum: "add",
  reduceProd: "mul",
  reduceMax: "max",
  reduceMin: "min",
} as const;

/** What an elementary function becomes, given as a program of scalars. */
export type LowerElementary = Pick<Lowering, "elementary">;

/** One operation on scalars, in terms of what a machine has. */
export function scalarOperation(
  lowering: LowerElementary,
  trace: Trace,
  primitive: Primitive,
  inputs: readonly Tensor[],
  params: object,
): Tensor {
  const isRemainder = primitive === "rem" && isFloat(inputs[0]!.dtype);
  if (isRemainder || "define" in params) {
    const { dtype } = inputs[0]!;
    const wide = inputs.map((x) => Value.array(trace, astype(x, "float64")));
    const program = isRemainder
      ? (params as RemParams).ofFloats()
      : elementaryProgram(definitionFor(dtype, params as ElementaryParams), inputs.length);
    const [result] = lowering.elementary(trace, program, primitive, wide);
    return astype(result!.array(), dtype);
  }
  if (primitive === "integerPow") {
    const { exponent } = params as { readonly exponent: number };
    const mul = (x: Tensor, y: Tensor): Tensor => apply("mul", [x, y], {})[0]!;
    const one = constantOf(inputs[0]!.dtype, 1);
    return integerPower(inputs[0]!, exponent, mul, (x) => apply("div", [one, x], {})[0]!, one);
  }
  if (primitive === "stopGradient") return inputs[0]!;
  const [x, y] = inputs;
  if (!isFloat(x!.dtype)) {
    if (primitive === "div" || primitive === "rem") return integerDivision(primitive, x!, y!);
    if (primitive === "max") return where(less(x!, y!), y!, x!);
    if (primitive === "min") return where(less(y!, x!), y!, x!);
    if (primitive === "abs") return x!.dtype === "uint32" ? x! : where(less(x!, 0), neg(x!), x!);
  }
  if (
    primitive === "convert" &&
    x!.dtype === "int64" &&
    (params as { readonly dtype: DType }).dtype === "float32"
  ) {
    return astype(astype(x!, "float64"), "float32"); // rounded twice, as JavaScript does
  }
  return apply(primitive, inputs, params)[0]!;
}

/** Division of integers that cannot trap: `x / 0 = -1` and `x mod 0 = x`, and by -1 it is a negation. */
function integerDivision(primitive: "div" | "rem", x: Tensor, y: Tensor): Tensor {
  const number = (value: number): Tensor => constantOf(y.dtype, value);
  const isZero = equal(y, number(0));
  const isMinusOne = y.dtype === "uint32" ? constantOf("bool", 0) : equal(y, number(-1));
  const safe = where(logicalOr(isZero, isMinusOne), number(1), y);
  const [result] = apply(primitive, [x, safe], {});
  const byMinusOne = primitive === "div" ? neg(x) : number(0);
  const byZero = primitive === "div" ? sub(number(0), number(1)) : x;
  return where(isZero, byZero, where(isMinusOne, byMinusOne, result!));
}

function constants({ dtype, data }: ArrayValue): Tensor[] {
  return Array.from(data as ArrayLike<number>, (x) => scalarTensor(dtype, x));
}

/** The scalars with the axes in another order, in groups along the last of these. */
function groups(value: Value, order: readonly number[], numLast: number): Tensor[][] {
  const { shape } = value.type;
  const scalars = value.scalars();
  const data = Float64Array.from(scalars.keys());
  const places = evaluatePrimitive("transpose", [{ dtype: "float64", shape, data }], {
    permutation: order,
  }).data as Float64Array;
  const last = order.slice(order.length - numLast).map((axis) => shape[axis]!);
  const length = sizeOf(last);
  return Array.from({ length: sizeOf(shape) / length }, (_, i) =>
    Array.from(places.subarray(i * length, (i + 1) * length), (place) => scalars[place]!),
  );
}

function smallCumsum(
  input: Value,
  { axis, reverse }: { readonly axis: number; readonly reverse: boolean },
): Tensor[] {
  const { shape } = input.type;
  const stride = rowMajor(shape)[axis]!;
  const result = [...input.scalars()];
  for (let j = 0; j < result.length; j++) {
    const i = reverse ? result.length - 1 - j : j;
    const turn = Math.floor(i / stride) % shape[axis]!;
    if (turn === (reverse ? shape[axis]! - 1 : 0)) continue;
    result[i] = apply("add", [result[reverse ? i + stride : i - stride]!, result[i]!], {})[0]!;
  }
  return result;
}

function smallDotGeneral(
  { params: { contract, batch } }: Equation<"dotGeneral">,
  inputs: readonly Value[],
): Tensor[] {
  const [rows, columns] = inputs.map((input, side) => {
    const [paired, summed] = [batch[side as 0 | 1], contract[side as 0 | 1]];
    const free = dotAxes(input.type.shape.length, summed, paired);
    return groups(input, [...paired, ...free, ...summed], summed.length);
  }) as [Tensor[][], Tensor[][]];
  const count = sizeOf(batch[0].map((axis) => inputs[0]!.type.shape[axis]!));
  const [m, n] = [rows.length / count, columns.length / count];
  return rows.flatMap((row, i) =>
    columns
      .slice(Math.floor(i / m) * n, (Math.floor(i / m) + 1) * n)
      .map((column) =>
        row
          .map((x, k) => apply("mul", [x, column[k]!], {})[0]!)
          .reduce((sum, product) => apply("add", [sum, product], {})[0]!),
      ),
  );
}
