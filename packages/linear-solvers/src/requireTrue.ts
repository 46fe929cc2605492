import { assert, callTraced } from "@diffrax-ts/autodiff";
import { isTraced } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/**
 * Makes sure of something that can be seen in the numbers of an operator.
 *
 * @param property - Of the arguments, a truth value. A function at module level: its trace is kept.
 * @throws Error if it is false; inside a traced function when it runs.
 */
export function requireTrue<Args extends readonly unknown[]>(
  name: string,
  property: (...args: Args) => Tensor,
  args: Args,
  message: string,
): void {
  const ok = callTraced(property, args, name) as Tensor;
  if (isTraced(ok)) assert(ok, message);
  else if (ok.item() === 0) throw new Error(message);
}
