// A value that one later loop reads is computed there, if that takes no more memory than to keep it: `1 - y²`, of which reverse mode makes
// many before it reads the first.
import {
  type Atom,
  type Equation,
  isVariable,
  type Primitive,
  type Program,
} from "@diffrax-ts/program";

/** What is known of a block when its equations have been put together once. */
export interface Grouped extends Pick<Program, "equations" | "outputs"> {
  /** By variable id: the equation that makes it. */
  readonly definitions: readonly (Equation | undefined)[];
  /** By variable id: how often it is read, and the first output of the equation that read it last. */
  readonly uses: Int32Array;
  readonly reader: Int32Array;
  /** By variable id: the item that makes it. */
  readonly itemOf: Int32Array;
  /** Whether an equation is part of a cluster. */
  readonly isFused: (equation: Equation) => boolean;
}

/**
 * The equations in an order in which what a single equation of another cluster reads stands right before it: then it is part of that cluster,
 * and is never in memory. Only what comes from one array, which is there anyway or takes its place, so that nothing more is kept.
 *
 * @returns `null` if there is nothing of the kind.
 */
export function beforeReaders(block: Grouped): readonly Equation[] | null {
  const { equations, definitions, uses, reader, itemOf, isFused } = block;
  const sources = new Sources(block);
  const candidates = equations.filter((equation) => {
    if (!isFused(equation)) return false;
    sources.add(equation);
    const { id } = equation.outputs[0]!;
    if (uses[id] !== 1) return false;
    const by = definitions[reader[id]!];
    return by !== undefined && isFused(by) && sources.isOne(id);
  });
  /** By variable id: the variable before which it is to be made. */
  const goal = new Map<number, number>();
  for (const { outputs } of candidates.toReversed()) {
    const { id } = outputs[0]!;
    const by = reader[id]!;
    const last = goal.get(by) ?? by;
    if (itemOf[last] !== itemOf[id]) goal.set(id, last);
  }
  if (goal.size === 0) return null;
  const moved = new Map<number, Equation[]>();
  for (const equation of candidates) {
    const last = goal.get(equation.outputs[0]!.id);
    if (last === undefined) continue;
    const others = moved.get(last);
    if (others === undefined) moved.set(last, [equation]);
    else others.push(equation);
  }
  const ordered: Equation[] = [];
  for (const equation of equations) {
    const id = equation.outputs[0]?.id ?? -1;
    if (goal.has(id)) continue;
    for (const before of moved.get(id) ?? []) ordered.push(before);
    ordered.push(equation);
  }
  return ordered;
}

/** What gives elements of its first operand, where they are. */
const views: { readonly [P in Primitive]?: true } = {
  broadcast: true,
  dynamicSlice: true,
  reshape: true,
  reverse: true,
  slice: true,
  transpose: true,
};

/** From how many arrays values come that clusters make. */
class Sources {
  readonly #block: Grouped;
  /** By variable id: the one array, -1 if there is none, -2 if there are several, or it may change meanwhile. */
  readonly #of = new Map<number, number>();
  /** By variable id: 1 for what is in memory anyway, since it is read outside the cluster that makes it. */
  readonly #isKept: Uint8Array;

  constructor(block: Grouped) {
    this.#block = block;
    const { equations, outputs, itemOf } = block;
    this.#isKept = new Uint8Array(itemOf.length);
    for (const output of outputs) if (isVariable(output)) this.#isKept[output.id] = 1;
    for (const { inputs, outputs: made } of equations) {
      const item = made.length > 0 ? itemOf[made[0]!.id] : -1;
      for (const input of inputs)
        if (isVariable(input) && itemOf[input.id] !== item) this.#isKept[input.id] = 1;
    }
  }

  add({ inputs, outputs }: Equation): void {
    const { id } = outputs[0]!;
    let found = -1;
    for (const input of inputs) {
      const source = this.#sourceOf(input, id);
      if (source === -1 || source === found) continue;
      found = found === -1 ? source : -2;
    }
    this.#of.set(id, found);
  }

  isOne(id: number): boolean {
    return this.#of.get(id) !== -2;
  }

  /** What an operand of the equation that makes `reader` comes from. */
  #sourceOf(atom: Atom, reader: number): number {
    const { definitions, uses, itemOf } = this.#block;
    if (!isVariable(atom)) return -1;
    const { id } = atom;
    const isInside = itemOf[id] === itemOf[reader];
    if (isInside && uses[id] === 1) return this.#of.get(id) ?? -2;
    // What is read here alone would have to be kept instead.
    if (isInside && this.#isKept[id] === 0) return -2;
    const maker = definitions[id];
    if (maker === undefined) return -1; // from outside of the block: it stays
    if (views[maker.primitive] === true) return this.#sourceOf(maker.inputs[0]!, reader);
    if (maker.primitive.startsWith("buffer")) return -2; // rows may be written meanwhile
    return maker.outputs[0]!.shape.length === 0 ? -1 : id;
  }
}
