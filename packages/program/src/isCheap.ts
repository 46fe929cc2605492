import type { Equation } from "./Program.ts";
import type { ParamsOf } from "./primitives.ts";
import { isTraced } from "./tensors.ts";
import type { Tensor } from "@diffrax-ts/pytree";

/** What costs about as much as a choice between two numbers, and has a finite derivative where it does not overflow. */
const cheap =
  " add sub mul neg abs floor ceil trunc round max min copysign select eq ne lt le and or xor not convert slice " +
  "reshape broadcast pack concatenate stopGradient ";

/** Whether an equation may be computed where a branch with it is not taken: it is cheap, and has no pole. */
export function isCheap({
  primitive,
  inputs,
  params,
}: Pick<Equation, "primitive" | "params"> & { readonly inputs: readonly unknown[] }): boolean {
  if (primitive === "div" || primitive === "rem") return !isTraced(inputs[1] as Tensor);
  return primitive === "integerPow"
    ? (params as ParamsOf<"integerPow">).exponent > 0
    : cheap.includes(` ${primitive} `);
}
