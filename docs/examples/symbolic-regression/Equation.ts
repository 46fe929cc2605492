import type { Term } from "./terms.ts";

/** The right-hand side of an equation: a sum of terms, each with constants of its own. */
export interface Equation<Value = number> {
  readonly terms: readonly Term[];
  /** For each term a factor `a`, and the constant `b` within it. */
  readonly constants: readonly { readonly a: Value; readonly b: Value }[];
}

/** The same equation with other constants. */
export function withConstants<From, To>(
  { terms, constants }: Equation<From>,
  f: (value: From) => To,
): Equation<To> {
  return { terms, constants: constants.map(({ a, b }) => ({ a: f(a), b: f(b) })) };
}

/** As text, with constants of two decimals. */
export function equationText({ terms, constants }: Equation): string {
  if (terms.length === 0) return "0";
  const parts = terms.map(({ text }, i) => {
    const [a, b] = [constants[i]!.a.toFixed(2), constants[i]!.b.toFixed(2)];
    return text === "1" ? a : `${a} ${text.replace("b", b)}`;
  });
  return parts.join(" + ").replaceAll("+ -", "- ");
}
