import { copyOf, own } from "./containers.ts";
import type { Machine } from "./Machine.ts";
import type { Region } from "./Region.ts";

/** The variables of a block. */
export interface Scope {
  readonly vars: Record<string, unknown>;
  readonly parent: Scope | null;
  /** Those that were declared with `const`. */
  readonly constants: string[];
}

/** What a variable holds from where its block begins up to its declaration. */
export const undeclared: unique symbol = /* @__PURE__ */ Symbol("undeclared");

/** A block within another. */
export function newScope(
  m: Machine,
  parent: Scope | null,
  vars: Readonly<Record<string, unknown>> = {},
  constants: string[] = [],
  home?: Region,
): Scope {
  return { vars: own(m, copyOf(vars), home), parent, constants };
}
