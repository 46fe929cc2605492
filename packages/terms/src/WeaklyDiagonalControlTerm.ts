/**
 * A name of Diffrax, deprecated there, and an error here.
 *
 * @deprecated Write `ControlTerm` with a diffusion that returns `DiagonalLinearOperator(vector)`, or in plain arithmetic a number for each component.
 * @throws TypeError always.
 */
export function WeaklyDiagonalControlTerm(..._given: readonly unknown[]): never {
  throw new TypeError(
    "WeaklyDiagonalControlTerm: deprecated in Diffrax, and not followed here; write ControlTerm(diffusion, control), with a diffusion that " +
      "returns a number for each component in plain arithmetic, or DiagonalLinearOperator(vector) if it is traced",
  );
}
