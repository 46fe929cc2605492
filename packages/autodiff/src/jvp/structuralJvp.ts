import {
  add,
  apply,
  astype,
  div,
  equal,
  mul,
  type Primitive,
  type StructuralPrimitive,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { addMaybe, isZero, typeOf, zeros } from "../zeros.ts";
import { constant, type JvpContext, type JvpRules } from "./JvpRule.ts";

/** A primitive that is linear in its first operand, the others being indices. */
function linearInFirst<P extends Primitive>(primitive: P) {
  return ({ params, inputs, tangents }: JvpContext<P>) => [
    apply(primitive, [tangents[0]!, ...inputs.slice(1)], params)[0]!,
  ];
}

/** A primitive that is linear in all operands that can have a tangent. */
function linear<P extends Primitive>(primitive: P) {
  return ({ params, inputs, tangents }: JvpContext<P>) => {
    const operands = inputs.map((x, i) => tangents[i] ?? (isIndex(x) ? x : zeros(typeOf(x))));
    return [apply(primitive, operands, params)[0]!];
  };
}

const isIndex = ({ dtype }: Tensor): boolean => dtype !== "float64" && dtype !== "float32";

/** The tangent of the largest or smallest element; of several, their mean. */
function extreme({
  params: { axes },
  inputs: [x],
  tangents: [dx],
  outputs: [y],
}: JvpContext<"reduceMax" | "reduceMin">): readonly Tensor[] {
  const kept = [...x!.shape.keys()].filter((axis) => !axes.includes(axis));
  const [wide] = apply("broadcast", [y!], { shape: x!.shape, axes: kept });
  const isExtreme = astype(equal(x!, wide!), x!.dtype);
  const sum = (z: Tensor): Tensor => apply("reduceSum", [z], { axes })[0]!;
  return [div(sum(mul(dx!, isExtreme)), sum(isExtreme))];
}

/** `d(x₁ x₂ … xₙ)`, by halves: right for every number of zeros, and in every order of derivative. */
function productJvp({
  params: { axes },
  inputs,
  tangents,
  outputs,
}: JvpContext<"reduceProd">): readonly Tensor[] {
  let [x, dx] = [inputs[0]!, tangents[0]!];
  // A product of nothing is 1.
  if (axes.some((axis) => x.shape[axis] === 0)) return [zeros(typeOf(outputs[0]!))];
  for (const axis of axes.toSorted((a, b) => b - a)) {
    for (let n = x.shape[axis]!; n > 1; n = x.shape[axis]!) {
      const half = Math.floor(n / 2);
      const part = (y: Tensor, from: number, to: number): Tensor =>
        apply("slice", [y], {
          start: y.shape.map((_, i) => (i === axis ? from : 0)),
          limit: y.shape.with(axis, to),
          step: y.shape.map(() => 1),
        })[0]!;
      const [a, b, da, db] = [
        part(x, 0, half),
        part(x, half, 2 * half),
        part(dx, 0, half),
        part(dx, half, 2 * half),
      ];
      const rest = (y: Tensor): Tensor[] => (n % 2 === 1 ? [part(y, n - 1, n)] : []);
      const join = (pieces: Tensor[]): Tensor => apply("concatenate", pieces, { axis })[0]!;
      dx = join([add(mul(da, b), mul(a, db)), ...rest(dx)]);
      x = join([mul(a, b), ...rest(x)]);
    }
    const shape = x.shape.toSpliced(axis, 1);
    x = apply("reshape", [x], { shape })[0]!;
    dx = apply("reshape", [dx], { shape })[0]!;
  }
  return [dx];
}

function dotJvp({
  params,
  inputs: [a, b],
  tangents: [da, db],
}: JvpContext<"dotGeneral">): readonly (Tensor | null)[] {
  const dot = (x: Tensor, y: Tensor): Tensor => apply("dotGeneral", [x, y], params)[0]!;
  return [addMaybe(isZero(da) ? null : dot(da, b!), isZero(db) ? null : dot(a!, db))];
}

/** Where elements go: tangents go with them. */
export function structuralJvp(): JvpRules<StructuralPrimitive> {
  return {
    reduceSum: linearInFirst("reduceSum"),
    reduceProd: productJvp,
    reduceMax: extreme,
    reduceMin: extreme,
    argmax: constant,
    argmin: constant,
    cumsum: linearInFirst("cumsum"),
    dotGeneral: dotJvp,
    broadcast: linearInFirst("broadcast"),
    reshape: linearInFirst("reshape"),
    transpose: linearInFirst("transpose"),
    reverse: linearInFirst("reverse"),
    concatenate: linear("concatenate"),
    pack: linear("pack"),
    pad: linearInFirst("pad"),
    slice: linearInFirst("slice"),
    dynamicSlice: linearInFirst("dynamicSlice"),
    dynamicUpdateSlice: linear("dynamicUpdateSlice"),
    gather: linearInFirst("gather"),
    scatterAdd: linear("scatterAdd"),
    iota: constant,
  };
}
