/** The axes of an operand of `dotGeneral` that are neither contracted nor paired, in order. */
export function dotAxes(
  rank: number,
  contract: readonly number[],
  batch: readonly number[],
): number[] {
  return Array.from({ length: rank }, (_, axis) => axis).filter(
    (axis) => !contract.includes(axis) && !batch.includes(axis),
  );
}
