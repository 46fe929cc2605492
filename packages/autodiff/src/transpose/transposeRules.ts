import {
  apply,
  astype,
  div,
  dotAxes,
  less,
  lessEqual,
  logicalAnd,
  mul,
  neg,
  type Primitive,
  reshape,
  scalarTensor,
  where,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { typeOf, zeros } from "../zeros.ts";
import type { TransposeContext, TransposeRules } from "./TransposeRule.ts";

type Linear = Exclude<Primitive, "derived">;

const isLinear = (x: Tensor | null | undefined): boolean => x === null;

/** A product: the cotangent goes to the factor that is linear, times the other. */
function product({
  inputs: [x, y],
  cotangent,
}: TransposeContext<"mul">): readonly (Tensor | null)[] {
  return [isLinear(x) ? mul(cotangent, y!) : null, isLinear(y) ? mul(cotangent, x!) : null];
}

function reduceTo(x: Tensor, axes: readonly number[]): Tensor {
  return axes.length === 0 ? x : apply("reduceSum", [x], { axes })[0]!;
}

function transposeDot({
  params: { contract, batch },
  inputs: [a, b],
  types: [typeA, typeB],
  cotangent,
}: TransposeContext<"dotGeneral">): readonly (Tensor | null)[] {
  const numBatch = batch[0].length;
  const freeA = dotAxes(typeA!.shape.length, contract[0], batch[0]);
  const freeB = dotAxes(typeB!.shape.length, contract[1], batch[1]);
  const range = (n: number, start: number): number[] =>
    Array.from({ length: n }, (_, i) => i + start);
  const batchAxes = range(numBatch, 0);
  /** The cotangent of one operand: the cotangent of the result against the other operand. */
  const against = (other: Tensor, side: 0 | 1): Tensor => {
    const [mine, theirs] = side === 0 ? [freeA, freeB] : [freeB, freeA];
    const theirAxes = range(theirs.length, numBatch + (side === 0 ? freeA.length : 0));
    const [result] = apply("dotGeneral", [cotangent, other], {
      contract: [theirAxes, theirs],
      batch: [batchAxes, batch[side === 0 ? 1 : 0]],
    });
    // Its axes are the batch, what is free of mine, and the contracted axes in the order in which they stand in the other.
    const contractedOther = contract[side === 0 ? 1 : 0];
    const order = contractedOther
      .toSorted((i, j) => i - j)
      .map((axis) => contract[side][contractedOther.indexOf(axis)]!);
    const axes = [...batch[side], ...mine, ...order];
    const permutation = axes.map((_, axis) => axes.indexOf(axis));
    return apply("transpose", [result!], { permutation })[0]!;
  };
  return [isLinear(a) ? against(b!, 0) : null, isLinear(b) ? against(a!, 1) : null];
}

/** The pieces of a cotangent that belong to the operands of `concatenate`. */
function pieces({
  params: { axis },
  inputs,
  types,
  cotangent,
}: TransposeContext<"concatenate">): readonly (Tensor | null)[] {
  let from = 0;
  return types.map(({ shape }, i) => {
    const to = from + shape[axis]!;
    const start = cotangent.shape.map((_, j) => (j === axis ? from : 0));
    from = to;
    if (!isLinear(inputs[i])) return null;
    return apply("slice", [cotangent], {
      start,
      limit: cotangent.shape.with(axis, to),
      step: start.map(() => 1),
    })[0]!;
  });
}

/** Puts the elements of a slice back to where they came from, among zeros. */
function unslice({
  params: { start, step },
  types: [type],
  cotangent,
}: TransposeContext<"slice">): readonly Tensor[] {
  let x = cotangent;
  for (const [axis, by] of step.entries()) {
    if (by === 1) continue;
    // Every element, and after it `by - 1` zeros.
    const split = x.shape.toSpliced(axis + 1, 0, 1);
    const padded = apply("pad", [reshape(x, split)], {
      low: split.map(() => 0),
      high: split.map((_, i) => (i === axis + 1 ? by - 1 : 0)),
    })[0]!;
    x = reshape(padded, x.shape.with(axis, x.shape[axis]! * by));
    const most = type!.shape[axis]! - start[axis]!;
    if (x.shape[axis]! <= most) continue;
    const limit = x.shape.with(axis, most);
    x = apply("slice", [x], { start: limit.map(() => 0), limit, step: limit.map(() => 1) })[0]!;
  }
  const high = type!.shape.map((n, axis) => n - start[axis]! - x.shape[axis]!);
  return [apply("pad", [x], { low: start, high })[0]!];
}

/** Sums over what broadcasting repeated. */
function unbroadcast({
  params: { axes },
  types: [type],
  cotangent,
}: TransposeContext<"broadcast">): readonly Tensor[] {
  const { shape } = type!;
  const added = [...cotangent.shape.keys()].filter((axis) => !axes.includes(axis));
  const repeated = axes.filter((axis, i) => shape[i] === 1 && cotangent.shape[axis] !== 1);
  const sum = reduceTo(
    cotangent,
    [...added, ...repeated].toSorted((a, b) => a - b),
  );
  return [reshape(sum, shape)];
}

function scatterBack({
  params: { axis },
  inputs: [x, indices, updates],
  types: [typeX],
  cotangent,
}: TransposeContext<"scatterAdd">): readonly (Tensor | null)[] {
  if (!isLinear(updates)) return [isLinear(x) ? cotangent : null];
  const [rows] = apply("gather", [cotangent, indices!], { axis });
  // What was out of range had been dropped.
  const inside = logicalAnd(lessEqual(0, indices!), less(indices!, typeX!.shape[axis]!));
  const axes = [...inside.shape.keys()].map((i) => i + axis);
  const [mask] = apply("broadcast", [inside], { shape: rows!.shape, axes });
  return [isLinear(x) ? cotangent : null, null, where(mask!, rows!, astype(0, rows!.dtype))];
}

function rowOf({
  inputs: [, index, value, pred],
  types: [, , row],
  cotangent,
}: TransposeContext<"bufferWrite">): readonly (Tensor | null)[] {
  if (!isLinear(value)) return [cotangent];
  const rest = row!.shape;
  const start = [index!, ...rest.map(() => scalarTensor("int32", 0))];
  const [window] = apply("dynamicSlice", [cotangent, ...start], { sizes: [1, ...rest] });
  const read = reshape(window!, rest);
  const [mask] =
    rest.length === 0 ? [pred!] : apply("broadcast", [pred!], { shape: rest, axes: [] });
  // A row is written once, so what was there before has no share in it, and its cotangent is nobody's.
  return [cotangent, null, where(mask!, read, astype(0, row!.dtype))];
}

/** A cotangent goes back the way that a tangent came. */
export function transposeRules(): TransposeRules<Linear> {
  const back = ({ cotangent }: { readonly cotangent: Tensor }): readonly Tensor[] => [cotangent];
  return {
    neg: ({ cotangent }) => [neg(cotangent)],
    add: ({ inputs: [x, y], cotangent }) => [
      isLinear(x) ? cotangent : null,
      isLinear(y) ? cotangent : null,
    ],
    sub: ({ inputs: [x, y], cotangent }) => [
      isLinear(x) ? cotangent : null,
      isLinear(y) ? neg(cotangent) : null,
    ],
    mul: product,
    div: ({ inputs: [, y], cotangent }) => [div(cotangent, y!)],
    select: ({ inputs: [pred, x, y], cotangent }) => {
      const zero = zeros({ ...typeOf(cotangent), shape: [] });
      const pass = (onTrue: Tensor, onFalse: Tensor): Tensor =>
        apply("select", [pred!, onTrue, onFalse], {})[0]!;
      return [
        null,
        isLinear(x) ? pass(cotangent, zero) : null,
        isLinear(y) ? pass(zero, cotangent) : null,
      ];
    },
    convert: ({ types: [type], cotangent }) => [astype(cotangent, type!.dtype)],
    reduceSum: ({ params: { axes }, types: [type], cotangent }) => {
      const kept = [...type!.shape.keys()].filter((axis) => !axes.includes(axis));
      return apply("broadcast", [cotangent], { shape: type!.shape, axes: kept });
    },
    cumsum: ({ params: { axis, reverse }, cotangent }) =>
      apply("cumsum", [cotangent], { axis, reverse: !reverse }),
    dotGeneral: transposeDot,
    broadcast: unbroadcast,
    reshape: ({ types: [type], cotangent }) => [reshape(cotangent, type!.shape)],
    transpose: ({ params: { permutation }, cotangent }) =>
      apply("transpose", [cotangent], {
        permutation: permutation.map((_, axis) => permutation.indexOf(axis)),
      }),
    reverse: ({ params, cotangent }) => apply("reverse", [cotangent], params),
    concatenate: pieces,
    pack: ({ inputs, cotangent }) => {
      const flat = reshape(cotangent, [inputs.length]);
      return inputs.map((x, i) => {
        if (!isLinear(x)) return null;
        return reshape(apply("slice", [flat], { start: [i], limit: [i + 1], step: [1] })[0]!, []);
      });
    },
    pad: ({ params: { low }, types: [type], cotangent }) =>
      apply("slice", [cotangent], {
        start: low,
        limit: type!.shape.map((n, axis) => n + low[axis]!),
        step: low.map(() => 1),
      }),
    slice: unslice,
    dynamicSlice: ({ inputs: [, ...start], types: [type], cotangent }) =>
      apply("dynamicUpdateSlice", [zeros(type!), cotangent, ...(start as Tensor[])], {}),
    dynamicUpdateSlice: ({ inputs: [x, update, ...start], types: [, type], cotangent }) => [
      isLinear(x)
        ? apply("dynamicUpdateSlice", [cotangent, zeros(type!), ...(start as Tensor[])], {})[0]!
        : null,
      isLinear(update)
        ? apply("dynamicSlice", [cotangent, ...(start as Tensor[])], { sizes: type!.shape })[0]!
        : null,
    ],
    gather: ({ params: { axis }, inputs: [, indices], types: [type], cotangent }) => {
      // Reading clamps an index, so adding has to.
      const last = scalarTensor(indices!.dtype, type!.shape[axis]! - 1);
      const clamped = apply(
        "min",
        [apply("max", [indices!, scalarTensor(indices!.dtype, 0)], {})[0]!, last],
        {},
      )[0]!;
      return apply("scatterAdd", [zeros(type!), clamped, cotangent], { axis });
    },
    scatterAdd: scatterBack,
    bufferWrite: rowOf,
    bufferFreeze: back,
    bufferNew: ({ inputs, cotangent }) => (inputs.length === 0 ? [] : [cotangent]),

    abs: null,
    not: null,
    floor: null,
    ceil: null,
    trunc: null,
    round: null,
    sqrt: null,
    exp: null,
    expm1: null,
    log: null,
    log1p: null,
    log2: null,
    log10: null,
    sin: null,
    cos: null,
    tan: null,
    asin: null,
    acos: null,
    atan: null,
    sinh: null,
    cosh: null,
    tanh: null,
    asinh: null,
    acosh: null,
    atanh: null,
    cbrt: null,
    erf: null,
    erfc: null,
    erfInv: null,
    logistic: null,
    rem: null,
    max: null,
    min: null,
    copysign: null,
    pow: null,
    atan2: null,
    and: null,
    or: null,
    xor: null,
    shiftLeft: null,
    shiftRight: null,
    shiftRightLogical: null,
    eq: null,
    ne: null,
    lt: null,
    le: null,
    integerPow: null,
    bitcast: null,
    stopGradient: null,
    reduceProd: null,
    reduceMax: null,
    reduceMin: null,
    argmax: null,
    argmin: null,
    iota: null,
    cond: null,
    loop: null,
    call: null,
    hostCallback: null,
    assert: null,
  };
}
