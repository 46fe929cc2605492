import type { Callable, Tensor } from "@diffrax-ts/pytree";
import { numberAs } from "./asTensor.ts";

const calleeKey: unique symbol = /* @__PURE__ */ Symbol.for("@diffrax-ts/callee");

/** The functions that running code may call, by the numbers that stand for them in its memory. */
const running: (Callable | undefined)[] = [];
const free: number[] = [];

/**
 * A function as the input of a program: an int32 scalar, the number of the function in one run. Code that is handed it calls back
 * whatever function has this number, so that the next run can be handed another one.
 */
export function calleeTensor(f: Callable): Tensor {
  // No function has this number: where it is no input, nothing is called by mistake.
  return Object.assign(numberAs("callee", -1, "int32"), { [calleeKey]: f });
}

/** The function for which a tensor stands; `undefined` for any other tensor. */
export function calleeIn(x: Tensor): Callable | undefined {
  return (x as { readonly [calleeKey]?: Callable })[calleeKey];
}

/** Gives a function a number, until `leave`. */
export function enter(f: Callable): number {
  const number = free.pop() ?? running.length;
  running[number] = f;
  return number;
}

/** Takes a number back. */
export function leave(number: number): void {
  running[number] = undefined;
  free.push(number);
}

/** The function that has a number now. */
export function calleeOf(number: number): Callable | undefined {
  return running[number];
}
