const bits = new Uint32Array(1);
const floats = new Float32Array(bits.buffer);

/** The float32 with these bits. */
export function float32(word: number): number {
  bits[0] = word;
  return floats[0]!;
}

/** The distance between two float32 next to `x`: that of the subnormal ones at least. */
function ulp(x: number): number {
  floats[0] = x;
  const exponent = Math.min(Math.max((bits[0]! >>> 23) & 0xff, 1), 254);
  return 2 ** (exponent - 150);
}

/**
 * How many ulps of float32 lie between the rounded `got` and what is wanted, which is known to 52 bits. 0 for the same
 * NaN, infinity or zero; infinite where one of them is and the other is not.
 */
export function ulps(got: number, wanted: number): number {
  const rounded = Math.fround(got);
  const nearest = Math.fround(wanted);
  if (Object.is(rounded, nearest)) {
    return Number.isFinite(rounded) ? Math.abs(rounded - wanted) / ulp(wanted) : 0;
  }
  const areFinite = Number.isFinite(rounded) && Number.isFinite(wanted);
  if (!areFinite || (rounded === 0 && nearest === 0)) return Infinity;
  return Math.abs(rounded - wanted) / ulp(wanted);
}
