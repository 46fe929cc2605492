/**
 * `x ** exponent` by repeated squaring, in an order that depends on the exponent alone.
 *
 * Generic over what is multiplied, so that the evaluator and the compiler multiply alike.
 */
export function integerPower<T>(
  x: T,
  exponent: number,
  mul: (x: T, y: T) => T,
  inverse: (x: T) => T,
  one: T,
): T {
  let result: T | undefined;
  let square = x;
  for (let n = Math.abs(exponent); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result = result === undefined ? square : mul(result, square);
    if (n > 1) square = mul(square, square);
  }
  if (result === undefined) return one;
  return exponent < 0 ? inverse(result) : result;
}
