import { checkFresh, touch } from "./containers.ts";
import type { Machine } from "./Machine.ts";
import { resolve } from "./resolve.ts";
import type { Scope } from "./Scope.ts";

/** What a variable of a block is now. */
export function valueIn(m: Machine, vars: Scope["vars"], name: string): unknown {
  checkFresh(m, vars);
  return resolve(m, vars[name]);
}

/** Gives a value to a variable of a block. */
export function giveTo(m: Machine, vars: Scope["vars"], name: string, value: unknown): void {
  touch(m, vars, name);
  vars[name] = value;
}
