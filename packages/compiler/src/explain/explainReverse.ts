import {
  bytesOf,
  type Equation,
  innerPrograms,
  isEquation,
  isVariable,
  type Program,
  type ReverseLoop,
  sizeOf,
  type Type,
} from "@diffrax-ts/program";
import type { ExplainedReverse, Recomputed, Remembered } from "./Explanation.ts";
import { copiesNothing } from "./reasons.ts";

/** What reverse mode does with the loops of a program, in the order in which they stand, each before those within it. */
export function explainReverse(program: Program): readonly ExplainedReverse[] {
  const found: ExplainedReverse[] = [];
  const seen = new Set<Program>();
  const visit = ({ equations }: Program): void => {
    for (const equation of equations) {
      let inner = innerPrograms(equation);
      if (isEquation(equation, "derived")) {
        const { expand, reverse } = equation.params;
        if (reverse !== undefined) found.push(explained(reverse()));
        inner = [expand()];
      }
      for (const one of inner) {
        if (seen.has(one)) continue;
        seen.add(one);
        visit(one);
      }
    }
  };
  visit(program);
  return found;
}

function explained(loop: ReverseLoop): ExplainedReverse {
  const { most, carried, results, madeBy } = loop;
  const remembered = [
    ...carried.filter(({ buffer }) => buffer).map((type) => row(type, null)),
    ...results.map((type, i) => row(type, madeBy[i]!)),
  ];
  const bytes = [...carried, ...results].reduce(
    (sum, { dtype, shape }) => sum + sizeOf(shape) * bytesOf(dtype),
    0,
  );
  return { mostTurns: most, bytes, remembered, recomputed: recomputedIn(loop) };
}

function row({ dtype, shape: [turns, ...shape] }: Type, madeBy: Remembered["madeBy"]): Remembered {
  return { dtype, shape, madeBy, turns: turns! };
}

/** What one turn back computes without the cotangents: it was computed on the way forward already. */
function recomputedIn({ back, numKnown, numCotangents }: ReverseLoop): Recomputed[] {
  const moving = new Set(back.inputs.slice(numKnown, numKnown + numCotangents).map(({ id }) => id));
  const counts = new Map<string, Recomputed>();
  for (const equation of back.equations) {
    if (equation.inputs.some((atom) => isVariable(atom) && moving.has(atom.id)))
      for (const { id } of equation.outputs) moving.add(id);
    else count(equation, counts);
  }
  return [...counts.values()];
}

function count(equation: Equation, counts: Map<string, Recomputed>): void {
  const [type] = equation.outputs;
  if (type === undefined || copiesNothing(equation)) return;
  const { dtype, shape } = type;
  const name = isEquation(equation, "derived") ? equation.params.name : equation.primitive;
  const key = `${name} ${dtype} ${shape.join()}`;
  counts.set(key, { name, dtype, shape, count: (counts.get(key)?.count ?? 0) + 1 });
}
