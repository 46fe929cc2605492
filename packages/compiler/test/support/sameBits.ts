import type { ArrayValue } from "@diffrax-ts/program";

/** The bits of the numbers, one string for each; all NaNs are alike. */
function bitsOf({ data }: ArrayValue): string[] {
  const bytes = data.BYTES_PER_ELEMENT;
  return Array.from(data as ArrayLike<number | bigint>, (x) => {
    if (typeof x === "bigint") return String(x);
    if (Number.isNaN(x)) return "NaN";
    return `${bytes}:${Object.is(x, -0) ? "-0" : String(x)}`;
  });
}

/** Where two lists of arrays differ, in words; `null` if they are the same to the last bit. */
export function difference(a: readonly ArrayValue[], b: readonly ArrayValue[]): string | null {
  if (a.length !== b.length) return `${a.length} and ${b.length} results`;
  for (const [i, x] of a.entries()) {
    const y = b[i]!;
    if (x.dtype !== y.dtype || x.shape.join() !== y.shape.join()) {
      return `result ${i}: ${x.dtype}[${x.shape.join()}] and ${y.dtype}[${y.shape.join()}]`;
    }
    const [left, right] = [bitsOf(x), bitsOf(y)];
    const place = left.findIndex((bits, j) => bits !== right[j]);
    if (place >= 0 || left.length !== right.length) {
      return `result ${i}, element ${place} of ${left.length}: ${left[place]} and ${right[place]}`;
    }
  }
  return null;
}
