import { apply, equal, failureOf, isTraced, logicalOr, scalarTensor } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

/**
 * How something can end: each name with what it says to the user. The place of a name is its number in traced code, and the first is
 * success.
 */
export type ResultTable<Name extends string> = Readonly<Record<Name, string>>;

/** The names of a table, each at its number. */
export function resultNames<Name extends string>(table: ResultTable<Name>): readonly Name[] {
  return Object.keys(table) as Name[];
}

/**
 * A result as an int32 constant of traced code.
 *
 * @example
 * ```ts
 * import { resultConstant } from "@diffrax-ts/autodiff";
 *
 * const table = { successful: "", singular: "the matrix has no inverse" };
 * resultConstant(table, "singular").item();
 * // → 1
 * ```
 */
export function resultConstant<Name extends string>(table: ResultTable<Name>, name: Name): Scalar {
  return scalarTensor("int32", resultNames(table).indexOf(name));
}

/**
 * Inside a traced function a failure cannot be looked at and then thrown: it is asserted that there is none, with the messages of all.
 *
 * @param isFailure - Which of the names are errors.
 * @param prefix - What comes before the message, as the name of the function.
 */
export function assertResult<Name extends string>(
  table: ResultTable<Name>,
  result: Tensor,
  isFailure: (name: Name) => boolean,
  prefix: string,
): void {
  const names = resultNames(table);
  const fine = names.flatMap((name, number) => (isFailure(name) ? [] : [equal(result, number)]));
  const message = names.map((name) => prefix + table[name]);
  message.push(`${prefix}it ended with a number that means no result`);
  const ok = fine.reduce((a, b) => logicalOr(a, b));
  if (isTraced(ok)) apply("assert", [ok, result], { message });
  else if (ok.item() !== 1) throw new RangeError(failureOf(message, result.item()));
}
