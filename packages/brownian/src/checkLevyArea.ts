import { type LevyArea, levyAreas } from "@diffrax-ts/protocol";
import { describeValue } from "@diffrax-ts/pytree";

/** @throws RangeError for a name that is none of a Lévy area. */
export function checkLevyArea(name: string, levyArea: unknown): void {
  if (levyAreas.includes(levyArea as LevyArea)) return;
  throw new RangeError(
    `${name}: levyArea must be ${levyAreas.map((one) => `"${one}"`).join(" or ")}, got ${describeValue(levyArea)}`,
  );
}
