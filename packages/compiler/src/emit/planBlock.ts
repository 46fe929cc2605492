import {
  type Equation,
  isElementwise,
  isEquation,
  type Program,
  sameList,
  type Named,
} from "@diffrax-ts/program";
import { findJoins, type Joins } from "./findJoins.ts";
import { findStores, type Store } from "./findStores.ts";
import { beforeReaders } from "./beforeReaders.ts";
import { type Sizes, weightOf, weightOfAll } from "./weight.ts";

/** Equations that are emitted together: one, or a cluster of element-by-element ones over the same shape. */
export type Item = Equation | readonly Equation[];

/** In what order a block is emitted, and how long its values are needed. */
export interface BlockPlan {
  readonly items: readonly Item[];
  /** By variable id: the equation that makes it. */
  readonly definitions: readonly (Equation | undefined)[];
  /** By variable id: 1 for what instructions alone compute from scalars. */
  readonly isScalar: Uint8Array;
  /** By variable id: above 0 where its equation is written where its only reader reads it, within so many others. */
  readonly inlineDepth: Uint8Array;
  /** By variable id: 1 if it is read outside the cluster that makes it. */
  readonly isVisible: Uint8Array;
  /** By variable id: the index of the last item that reads it; the number of items for an output. */
  readonly lastUse: Int32Array;
  /** Whether there are clusters among the items. */
  readonly hasClusters: boolean;
  /** By item: the variables that nothing reads after it. */
  readonly deaths: readonly (readonly Named[] | undefined)[];
  /** Where it is cut into functions, if it is long: by stretch of items, the index of the first item after it. */
  readonly stretches: readonly number[];
  /** By variable id: where a scalar is written as soon as it is there. What it is packed by does not count among those that read it. */
  readonly stores: ReadonlyMap<number, Store>;
  readonly joins: Joins;
}

/** Equations are written within each other no deeper than this: the emitter follows them by recursion. */
const deepestInline = 100;

/** With so many fused loops begun, the first is ended, so that no equation has to look through more of them. */
const mostOpen = 64;

/** Plans the emission of the equations of a lowered program. */
export function planBlock({ equations, outputs, numVariables }: Program, sizes: Sizes): BlockPlan {
  const definitions = new Array<Equation | undefined>(numVariables);
  const inlineDepth = new Uint8Array(numVariables + 1);
  const isVisible = new Uint8Array(numVariables);
  const lastUse = new Int32Array(numVariables).fill(-1);
  // Who reads the outputs counts as one more scalar operation, after all items.
  const end = numVariables;
  const isScalar = new Uint8Array(numVariables + 1);
  isScalar[end] = 1;
  /** How often a variable is read, and the first output of the last equation that reads it. */
  const uses = new Int32Array(numVariables);
  const reader = new Int32Array(numVariables);
  let areScalar = true;
  for (let i = 0; i < equations.length; i++) {
    const equation = equations[i]!;
    const { inputs, outputs: made } = equation;
    const id = made.length > 0 ? made[0]!.id : -1;
    if (isScalarOperation(equation)) isScalar[id] = 1;
    else areScalar = false;
    for (let j = 0; j < made.length; j++) definitions[made[j]!.id] = equation;
    for (let j = 0; j < inputs.length; j++) {
      const input = inputs[j]!;
      if (input.trace === undefined) continue;
      uses[input.id]!++;
      reader[input.id] = id;
    }
  }
  const stores = findStores(equations, definitions, isScalar);

  for (let i = 0; i < outputs.length; i++) {
    const output = outputs[i]!;
    if (output.trace === undefined) continue;
    uses[output.id]!++;
    reader[output.id] = end;
  }

  let grouped = group(equations, numVariables, sizes);
  if (grouped.hasClusters && hasSeveral(grouped.items)) {
    const fused = (equation: Equation): boolean => isFusable(equation, sizes);
    const known = { equations, outputs, definitions, uses, reader, isFused: fused };
    const moved = beforeReaders({ ...known, itemOf: grouped.itemOf });
    if (moved !== null) grouped = group(moved, numVariables, sizes);
  }
  const { items, itemOf, hasClusters } = grouped;
  const isShort = areScalar && equations.length <= sizes.mostOperations;
  const stretches = isShort ? [items.length] : stretchesOf(items, isScalar, sizes);
  /** By item: where its stretch begins; `null` if there is one alone. */
  const startOf = stretches.length === 1 ? null : startsOf(stretches);
  for (const output of outputs) {
    if (output.trace === undefined) continue;
    lastUse[output.id] = items.length;
    isVisible[output.id] = 1;
  }
  const joins = findJoins(equations, definitions, uses, sizes.called);

  // From the last item to the first: a value written inside its reader is needed as long as that reader.
  const position = new Int32Array(numVariables + 1);
  position[end] = items.length;
  for (let i = items.length - 1; i >= 0; i--) {
    const item = items[i]!;
    const cluster = hasClusters && isCluster(item) ? item : null;
    const isPack = cluster === null && stores.size > 0 && (item as Equation).primitive === "pack";
    for (let j = (cluster?.length ?? 1) - 1; j >= 0; j--) {
      const { inputs, outputs: made } = cluster?.[j] ?? (item as Equation);
      let place = i;
      if (made.length > 0) {
        const { id } = made[0]!;
        const by = reader[id]!;
        const depth = inlineDepth[by]! + 1;
        if (
          isScalar[id] === 1 &&
          uses[id] === 1 &&
          !stores.has(id) &&
          isScalar[by] === 1 &&
          depth <= deepestInline &&
          (startOf === null || startOf[position[by]!] === startOf[i])
        ) {
          inlineDepth[id] = depth;
          place = position[by]!;
        }
        position[id] = place;
      }
      for (let k = 0; k < inputs.length; k++) {
        const input = inputs[k]!;
        if (input.trace === undefined) continue;
        if (isPack && stores.get(input.id)?.pack === item) continue;
        if (lastUse[input.id]! < place) lastUse[input.id] = place;
        if (cluster === null || itemOf[input.id] !== i) isVisible[input.id] = 1;
      }
    }
  }

  const deaths = new Array<Named[] | undefined>(items.length);
  for (let i = 0; i < equations.length; i++) {
    const { outputs: made } = equations[i]!;
    for (let j = 0; j < made.length; j++) {
      const output = made[j]!;
      const last = Math.max(lastUse[output.id]!, itemOf[output.id]!);
      if (last < items.length) (deaths[last] ??= []).push(output);
    }
  }
  return {
    items,
    hasClusters,
    definitions,
    isScalar,
    inlineDepth,
    isVisible,
    lastUse,
    deaths,
    stretches,
    stores,
    joins,
  };
}

/** Whether an item is a cluster. */
export function isCluster(item: Item): item is readonly Equation[] {
  return Array.isArray(item);
}

/** Whether there are several clusters. */
function hasSeveral(items: readonly Item[]): boolean {
  let count = 0;
  for (let i = 0; i < items.length; i++) if (isCluster(items[i]!)) count++;
  return count > 1;
}

/** Whether an equation computes one scalar from scalars, by instructions alone. */
function isScalarOperation({ primitive, inputs, outputs }: Equation): boolean {
  if (outputs.length !== 1 || outputs[0]!.shape.length > 0) return false;
  for (let i = 0; i < inputs.length; i++) if (inputs[i]!.shape.length > 0) return false;
  return isElementwise(primitive);
}

/** Cuts items into stretches of about one length. A loop that the host runs is one by itself. */
function stretchesOf(items: readonly Item[], isScalar: Uint8Array, sizes: Sizes): number[] {
  const { mostOperations } = sizes;
  const lengths: number[] = [];
  let total = 0;
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    let length = 1;
    if (isCluster(item)) length = weightOfAll(item, sizes);
    else if (item.outputs.length !== 1 || isScalar[item.outputs[0]!.id] === 0)
      length = weightOf(item, sizes);
    lengths.push(length);
    total += length;
  }
  if (total <= mostOperations) return [items.length];
  const share = total / Math.ceil(total / mostOperations);
  const ends: number[] = [];
  let length = 0;
  for (const [i, item] of items.entries()) {
    const isHosts = !isCluster(item) && isEquation(item, "loop") && item.params.host;
    const isFull = length > 0 && length + lengths[i]! / 2 > share;
    if (i > 0 && (isHosts || isFull) && ends.at(-1) !== i) {
      ends.push(i);
      length = 0;
    }
    length += lengths[i]!;
    if (isHosts && i + 1 < items.length) {
      ends.push(i + 1);
      length = 0;
    }
  }
  return [...ends, items.length];
}

/** By item, and for the end of all: the first item of its stretch. */
function startsOf(stretches: readonly number[]): Int32Array {
  const end = stretches.at(-1)!;
  const starts = new Int32Array(end + 1);
  for (const [i, next] of stretches.entries()) starts.fill(next, next, stretches[i + 1] ?? end + 1);
  return starts;
}

/** Element-by-element equations over one shape, to which others may be added. */
interface Cluster {
  readonly equations: Equation[];
  isOpen: boolean;
  weight: number;
}

/** Whether an equation is one of those that are put together. */
function isFusable(equation: Equation, { called }: Sizes): boolean {
  const { primitive, outputs } = equation;
  if (outputs.length !== 1 || outputs[0]!.shape.length === 0) return false;
  return isElementwise(primitive) && !called.has(equation);
}

/** The one of these that is over a shape. */
function openOver(shape: readonly number[], open: readonly Cluster[]): Cluster | undefined {
  return open.find((one) => sameList(one.equations[0]!.outputs[0]!.shape, shape));
}

/**
 * Puts element-by-element equations over one shape together, as long as nothing else reads what they make:
 * then one loop over memory does them all.
 */
function group(
  equations: readonly Equation[],
  numVariables: number,
  sizes: Sizes,
): { readonly items: Item[]; readonly itemOf: Int32Array; readonly hasClusters: boolean } {
  const items: Item[] = [];
  /** By variable id: its item, once that is complete. */
  const itemOf = new Int32Array(numVariables).fill(-1);
  let open: Cluster[] = [];
  const clusterOf: (Cluster | undefined)[] = [];
  const close = (cluster: Cluster): void => {
    open = open.filter((other) => other !== cluster);
    cluster.isOpen = false;
    for (const { outputs } of cluster.equations) itemOf[outputs[0]!.id] = items.length;
    items.push(cluster.equations);
  };
  for (let i = 0; i < equations.length; i++) {
    const equation = equations[i]!;
    const { inputs, outputs } = equation;
    const isFused = isFusable(equation, sizes);
    let own = isFused ? openOver(outputs[0]!.shape, open) : undefined;
    if (open.length > 0) {
      for (const input of inputs) {
        const cluster = input.trace === undefined ? undefined : clusterOf[input.id];
        if (cluster !== undefined && cluster !== own && cluster.isOpen) close(cluster);
      }
    }
    if (isFused) {
      const weight = weightOf(equation, sizes);
      if (own !== undefined && own.weight + weight > sizes.mostOperations) {
        close(own);
        own = undefined;
      }
      if (own === undefined) {
        if (open.length === mostOpen) close(open[0]!);
        own = { equations: [], isOpen: true, weight: 0 };
        open.push(own);
      }
      own.equations.push(equation);
      own.weight += weight;
      clusterOf[outputs[0]!.id] = own;
    } else {
      for (let j = 0; j < outputs.length; j++) itemOf[outputs[j]!.id] = items.length;
      items.push(equation);
    }
  }
  for (const cluster of open) close(cluster);
  return { items, itemOf, hasClusters: clusterOf.length > 0 };
}
