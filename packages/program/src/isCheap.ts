import type { Equation } from "./Program.ts";
import type { ParamsOf, Primitive } from "./primitives.ts";
import { isTraced } from "./isTraced.ts";
import type { Tensor } from "@diffrax-ts/pytree";

/** What costs about as much as a choice between two numbers, and has a finite derivative where it does not overflow. */
const cheap: { readonly [P in Primitive]?: true } = {
  add: true,
  sub: true,
  mul: true,
  neg: true,
  abs: true,
  floor: true,
  ceil: true,
  trunc: true,
  round: true,
  max: true,
  min: true,
  copysign: true,
  select: true,
  eq: true,
  ne: true,
  lt: true,
  le: true,
  and: true,
  or: true,
  xor: true,
  not: true,
  convert: true,
  slice: true,
  reshape: true,
  broadcast: true,
  pack: true,
  concatenate: true,
  stopGradient: true,
};

/** Whether an equation may be computed where a branch with it is not taken: it is cheap, and has no pole. */
export function isCheap({
  primitive,
  inputs,
  params,
}: Pick<Equation, "primitive" | "params"> & { readonly inputs: readonly unknown[] }): boolean {
  if (primitive === "div" || primitive === "rem") return !isTraced(inputs[1] as Tensor);
  return primitive === "integerPow"
    ? (params as ParamsOf<"integerPow">).exponent > 0
    : cheap[primitive] === true;
}
