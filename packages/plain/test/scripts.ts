import type { Callable } from "@diffrax-ts/pytree";

/** The source of a script whose value is the function. */
export function script(f: Callable): string {
  const source = Function.prototype.toString.call(f);
  const isMethod = !/^(function\b|\(|\w+ *=>)/.test(source);
  return isMethod ? `globalThis.f = Object.values({${source}})[0];` : `globalThis.f = ${source};`;
}

/** The function of such a script. */
export function run(code: string): Callable {
  const globals = { f: undefined as Callable | undefined };
  // oxlint-disable-next-line typescript/no-implied-eval -- a test of what other tools make of a source
  new Function("globalThis", code)(globals);
  return globals.f!;
}
