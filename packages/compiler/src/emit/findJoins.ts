// Arrays that are put together of others without moving what is in these: a part is computed where it is to stand, and what stands beside
// an array is put there.
import {
  type Atom,
  type Equation,
  isConcrete,
  isElementwise,
  isEquation,
  type Named,
} from "@diffrax-ts/program";

type Concatenate = Equation<"concatenate">;

/** An array that is computed in its place within another, by which alone it is read. */
interface Part {
  readonly whole: Concatenate;
  /** Its place along the axis. */
  readonly start: number;
}

/** Room before and behind an array, in rows along an axis. */
interface Margins {
  readonly axis: number;
  readonly low: number;
  readonly high: number;
  /** By place, counted from the first row of the array: what stands there. */
  readonly rows: ReadonlyMap<number, Row>;
}

interface Row {
  readonly atom: Atom;
  readonly row: number;
}

export interface Joins {
  /** By variable id. */
  readonly parts: ReadonlyMap<number, Part>;
  /** By variable id. */
  readonly margins: ReadonlyMap<number, Margins>;
  /** Concatenations that are an array, or a part of it, with its margins: which of their inputs is in it. */
  readonly views: ReadonlyMap<Concatenate, number>;
}

/** So many rows at most are put beside an array by a concatenation: each is looked at. */
const mostRows = 16;

/**
 * What of the concatenations of a block needs no copy.
 *
 * @param definitions - By variable id: the equation that makes it.
 * @param uses - By variable id: how often it is read.
 * @param called - Equations that are no part of a loop over elements.
 */
export function findJoins(
  equations: readonly Equation[],
  definitions: readonly (Equation | undefined)[],
  uses: Int32Array,
  called: ReadonlySet<Equation>,
): Joins {
  const wholes: Concatenate[] = [];
  for (let i = 0; i < equations.length; i++)
    if (equations[i]!.primitive === "concatenate") wholes.push(equations[i] as Concatenate);
  if (wholes.length === 0) return none;
  const parts = new Map<number, Part>();
  const margins = new Map<number, Margins>();
  const views = new Map<Concatenate, number>();
  /** Whether a loop over its elements makes an array. */
  const isComputed = (atom: Atom): atom is Named => {
    const made = isConcrete(atom) ? undefined : definitions[atom.id];
    return made !== undefined && isElementwise(made.primitive) && !called.has(made);
  };
  /** A row of an array, or that of which it is a view. */
  const rowOf = (atom: Atom, row: number, axis: number): Row => {
    const made = isConcrete(atom) ? undefined : definitions[atom.id];
    if (made === undefined || !isEquation(made, "slice")) return { atom, row };
    const { start, limit, step } = made.params;
    const from = made.inputs[0]!;
    const isWhole = from.shape.every(
      (n, i) => step[i] === 1 && (i === axis || (start[i] === 0 && limit[i] === n)),
    );
    return isWhole ? rowOf(from, start[axis]! + row, axis) : { atom, row };
  };
  /** The margins of an array, and which it is, if a concatenation can be a view of it. */
  const besideMain = (
    { inputs, params: { axis } }: Concatenate,
    starts: readonly number[],
    main: number,
  ): readonly [id: number, margins: Margins] | null => {
    const { atom: array, row } = rowOf(inputs[main]!, 0, axis);
    if (!isComputed(array)) return null;
    const n = array.shape[axis]!;
    const length = starts[main + 1]! - starts[main]!;
    const first = row - starts[main]!;
    const end = first + starts.at(-1)!;
    // What stands beside the part has to stand beside the array.
    if ((first < row && row > 0) || (row + length < end && row + length < n)) return null;
    const known = margins.get(array.id);
    if ((known !== undefined && known.axis !== axis) || end - first - length > mostRows)
      return null;
    const rows = new Map(known?.rows);
    for (const [i, part] of inputs.entries()) {
      if (i === main) continue;
      for (let place = starts[i]!; place < starts[i + 1]!; place++) {
        const here = rowOf(part, place - starts[i]!, axis);
        const there = rows.get(first + place);
        if (there !== undefined && (there.atom !== here.atom || there.row !== here.row))
          return null;
        rows.set(first + place, here);
      }
    }
    const low = Math.max(known?.low ?? 0, -first);
    return [array.id, { axis, low, high: Math.max(known?.high ?? 0, end - n), rows }];
  };

  for (const whole of wholes) {
    const { inputs, params, outputs } = whole;
    const { axis } = params;
    if (outputs[0]!.shape.slice(0, axis).some((n) => n !== 1)) continue; // parts would have gaps
    const starts = [0];
    for (const { shape } of inputs) starts.push(starts.at(-1)! + shape[axis]!);
    const lengths = inputs.map(({ shape }) => shape[axis]!);
    const main = lengths.indexOf(Math.max(...lengths));
    const found = besideMain(whole, starts, main);
    if (found !== null) {
      margins.set(...found);
      views.set(whole, main);
    } else
      for (const [i, input] of inputs.entries())
        if (isComputed(input) && uses[input.id] === 1)
          parts.set(input.id, { whole, start: starts[i]! });
  }
  return { parts, margins, views };
}

const none: Joins = { parts: new Map(), margins: new Map(), views: new Map() };
