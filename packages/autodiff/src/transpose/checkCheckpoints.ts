/** @throws RangeError if it is not a number of turns to remember, or `"all"` of a number that is not known. */
export function checkCheckpoints(
  checkpoints: number | "all",
  most: number | null,
  name: string,
): void {
  if (checkpoints === "all") {
    if (most !== null) return;
    throw new RangeError(
      `${name}: options.checkpoints: "all" turns can be remembered only if it is known how many there are at most; ` +
        "set maxSteps, or give a number",
    );
  }
  if (!(Number.isInteger(checkpoints) && checkpoints > 0)) {
    throw new RangeError(
      `${name}: options.checkpoints: expected a whole number above 0, or "all", got ${checkpoints}`,
    );
  }
}
