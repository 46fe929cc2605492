// A value that one later loop reads is computed there, if no more arrays have to be kept for that: `1 - y²`, of which reverse mode makes many
// before it reads the first, and the cotangents of stages of a solver, to which every later stage adds.
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
 * and is never in memory. What it comes from is kept until then instead, so there must not be more of that.
 *
 * @returns `null` if there is nothing of the kind.
 */
export function beforeReaders(block: Grouped): readonly Equation[] | null {
  const { equations, definitions, uses, reader, itemOf, isFused } = block;
  const sources = new Sources(block);
  const isCandidate = (equation: Equation): boolean => {
    if (!isFused(equation)) return false;
    const { id } = equation.outputs[0]!;
    const by = uses[id] === 1 ? definitions[reader[id]!] : undefined;
    return by !== undefined && isFused(by) && sources.add(equation);
  };
  const candidates = paying(equations.filter(isCandidate), sources, block);
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

/** Those that come from no more arrays, together with others that come from the same ones, than they are in memory. */
function paying(
  candidates: readonly Equation[],
  sources: Sources,
  { reader, itemOf }: Grouped,
): readonly Equation[] {
  /** By source: another one of the same group, up to the one that stands for it. */
  const parent = new Map<number, number>();
  const groupOf = (source: number): number => {
    let at = source;
    for (let next = parent.get(at)!; next !== at; at = next, next = parent.get(at)!)
      parent.set(at, parent.get(next)!); // halves the way for those who ask next
    return at;
  };
  for (const { outputs } of candidates) {
    const [first, ...others] = sources.of(outputs[0]!.id);
    if (first === undefined) continue;
    if (!parent.has(first)) parent.set(first, first);
    for (const other of others)
      parent.set(parent.has(other) ? groupOf(other) : other, groupOf(first));
  }
  /** By group: how many arrays are not written, less those that are kept. */
  const saved = new Map<number, number>();
  const count = (group: number, by: number): void => {
    saved.set(group, (saved.get(group) ?? 0) + by);
  };
  for (const source of parent.keys()) count(groupOf(source), sources.isWritten(source) ? -1 : -1.5);
  for (const { outputs } of candidates) {
    const { id } = outputs[0]!;
    const [first] = sources.of(id);
    if (first !== undefined && itemOf[reader[id]!] !== itemOf[id]) count(groupOf(first), 1);
  }
  return candidates.filter(({ outputs }) => {
    const [first, second] = sources.of(outputs[0]!.id);
    if (first === undefined || saved.get(groupOf(first))! >= 0) return true;
    return second === undefined && sources.isWritten(first);
  });
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

/** What comes from more arrays is computed where it stands. */
const mostSources = 8;
const none: readonly number[] = [];

/** The arrays that candidates come from, and that would be kept for them. */
class Sources {
  readonly #block: Grouped;
  /** By variable id of a candidate. */
  readonly #of = new Map<number, readonly number[]>();
  /** By variable id: 1 for what is in memory anyway, since it is read outside the cluster that makes it. */
  readonly #isWritten: Uint8Array;

  constructor(block: Grouped) {
    this.#block = block;
    const { equations, outputs, itemOf } = block;
    this.#isWritten = new Uint8Array(itemOf.length);
    for (const output of outputs) if (isVariable(output)) this.#isWritten[output.id] = 1;
    for (const { inputs, outputs: made } of equations) {
      const item = made.length > 0 ? itemOf[made[0]!.id] : -1;
      for (const input of inputs)
        if (isVariable(input) && itemOf[input.id] !== item) this.#isWritten[input.id] = 1;
    }
  }

  /** @returns Whether the result of an equation may be computed later. */
  add({ inputs, outputs }: Equation): boolean {
    const found = new Set<number>();
    for (const input of inputs) {
      const from = this.#from(input);
      if (from === null) return false;
      for (const source of from) found.add(source);
    }
    if (found.size > mostSources) return false;
    this.#of.set(outputs[0]!.id, [...found]);
    return true;
  }

  of(id: number): readonly number[] {
    return this.#of.get(id)!;
  }

  isWritten(id: number): boolean {
    return this.#isWritten[id] === 1;
  }

  /** What an operand comes from; `null` if that may change meanwhile. */
  #from(atom: Atom): readonly number[] | null {
    if (!isVariable(atom)) return none;
    const { id } = atom;
    const moves = this.#of.get(id);
    if (moves !== undefined) return moves;
    const maker = this.#block.definitions[id];
    if (maker === undefined) return none; // from outside of the block: it stays
    if (views[maker.primitive] === true) return this.#from(maker.inputs[0]!);
    if (maker.primitive.startsWith("buffer")) return null; // rows may be written meanwhile
    return atom.shape.length === 0 ? none : [id];
  }
}
