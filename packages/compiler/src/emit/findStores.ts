import { type Equation, isConcrete } from "@diffrax-ts/program";

/** A scalar that is written into the array that it is packed into as soon as it is there. */
export interface Store {
  readonly pack: Equation<"pack">;
  /** Where in the array. */
  readonly places: readonly number[];
}

/** Fewer scalars stay in locals until they are packed. */
const fewest = 32;

const none: ReadonlyMap<number, Store> = new Map();

/**
 * By variable id: the scalars of a block that need not wait, in locals of which there are not enough, until all that are packed together are
 * there.
 *
 * @param definitions - By variable id: the equation that makes it.
 * @param isScalar - By variable id: 1 for what instructions alone compute from scalars.
 */
export function findStores(
  equations: readonly Equation[],
  definitions: readonly (Equation | undefined)[],
  isScalar: Uint8Array,
): ReadonlyMap<number, Store> {
  let stores: Map<number, Store> | undefined;
  for (let i = 0; i < equations.length; i++) {
    if (equations[i]!.primitive !== "pack") continue;
    const pack = equations[i] as Equation<"pack">;
    if (pack.inputs.length < fewest) continue;
    stores ??= new Map();
    const own = new Map<number, number[]>();
    for (const [place, input] of pack.inputs.entries()) {
      if (isConcrete(input) || stores.has(input.id)) continue;
      const isRead = definitions[input.id]?.primitive === "reshape";
      if (isScalar[input.id] !== 1 && !isRead) continue;
      const places = own.get(input.id);
      if (places === undefined) own.set(input.id, [place]);
      else places.push(place);
    }
    for (const [id, places] of own) stores.set(id, { pack, places });
  }
  return stores ?? none;
}
