import type { Machine } from "../machine/Machine.ts";
import { chooseValue } from "../machine/merge.ts";
import type { Truth } from "../machine/Outcome.ts";
import { index } from "./arguments.ts";
import { elementsOf } from "./elements.ts";
import { binary } from "./operators.ts";
import { logicalAnd, logicalOr } from "./truth.ts";

/** `list.includes(x, from)`, `list.indexOf(x, from)` or `list.lastIndexOf(x, from)`, among traced values as well. */
export function search(
  m: Machine,
  method: "includes" | "indexOf" | "lastIndexOf",
  list: unknown,
  [sought, ...rest]: readonly unknown[],
): unknown {
  const elements = elementsOf(m, list);
  const from = rest.slice(0, 1).map((x) => Math.trunc(Number(index(m, x, list))) || 0);
  const isAny = method === "includes";
  const before = m.tape.length;
  return places(elements.length, method, from)
    .filter((i) => isAny || i in elements)
    .reduceRight<unknown>(
      (next, i) => {
        const is = isAny ? isAlike(m, elements[i], sought) : isSame(m, elements[i], sought);
        return chooseValue(m, is, isAny ? true : i, next, before);
      },
      isAny ? false : -1,
    );
}

/** The indices that are looked at, in their order. */
function places(n: number, method: string, [from]: readonly number[]): readonly number[] {
  const all = Array.from({ length: n }, (_, i) => i);
  if (method !== "lastIndexOf") return all.slice(from);
  const last = from === undefined ? n - 1 : from < 0 ? n + from : from;
  return all.slice(0, Math.max(last + 1, 0)).reverse();
}

function isSame(m: Machine, a: unknown, b: unknown): Truth {
  return binary(m, "===", a, b) as Truth;
}

/** The same, where NaN is like NaN. */
function isAlike(m: Machine, a: unknown, b: unknown): Truth {
  const isNoNumber = (x: unknown): Truth => binary(m, "!==", x, x) as Truth;
  return logicalOr(isSame(m, a, b), logicalAnd(isNoNumber(a), isNoNumber(b)));
}
