/** A number written with so many digits; as in `4.20e-7` where that would take many zeros. */
export function significant(value: number, digits: number): string {
  const isPlain = value === 0 || (value >= 1e-5 && value < 1e9);
  return isPlain ? value.toFixed(decimalsFor(value, digits)) : value.toExponential(digits - 1);
}

/** The decimals that a number of this size is written with: so many digits in all, if it has not more anyway. */
export function decimalsFor(value: number, digits = 3): number {
  return value > 0 ? Math.min(20, Math.max(0, digits - 1 - Math.floor(Math.log10(value)))) : 0;
}
