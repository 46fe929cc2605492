import {
  isTraced,
  logicalAnd as and,
  logicalNot as not,
  logicalOr as or,
  where,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import type { Truth } from "../machine/Outcome.ts";

/** `a && b` of truth values. */
export function logicalAnd(a: Truth, b: Truth): Truth {
  if (typeof a === "boolean") return a && b;
  if (typeof b === "boolean") return b && a;
  return known(and(a, b));
}

/** `a || b` of truth values. */
export function logicalOr(a: Truth, b: Truth): Truth {
  if (typeof a === "boolean") return a || b;
  if (typeof b === "boolean") return b || a;
  return known(or(a, b));
}

/** `!a` of a truth value. */
export function logicalNot(a: Truth): Truth {
  return typeof a === "boolean" ? !a : known(not(a));
}

/** `when ? a : b` of truth values. */
export function chooseTruth(when: Tensor, a: Truth, b: Truth): Truth {
  if (a === b) return a;
  if (a === true || a === when) return logicalOr(when, b);
  if (b === false || b === when) return logicalAnd(when, a);
  if (a === false) return logicalAnd(logicalNot(when), b);
  if (b === true) return logicalOr(logicalNot(when), a);
  return known(where(when, a, b));
}

/** A truth value that turned out to be known, as a boolean. */
export function known(x: Tensor): Truth {
  if (!isTraced(x)) return x.item() !== 0;
  x.trace.spared?.(x); // guards are made before it is known whether they are needed
  return x;
}
