import {
  type Atom,
  type DerivedPair,
  type Equation,
  innerPrograms,
  isEquation,
  type Program,
} from "@diffrax-ts/program";

/** The equations that are done together with another, each with its pair. */
type Pairs = Map<Equation, { readonly partner: Equation; readonly params: DerivedPair }>;

/**
 * Finds for each derived equation the one before it with which it shares work. A partner has programs of its own, or is itself derived, and
 * reads what the derived equation reads first.
 *
 * @returns `undefined` where there are none, as in most programs.
 */
export function findPairs({ equations }: Program): Pairs | undefined {
  let pairs: Pairs | undefined;
  let candidates: Map<Atom, Equation[]> | undefined;
  for (let i = 0; i < equations.length; i++) {
    if (equations[i]!.primitive !== "derived") continue;
    const derived = equations[i] as Equation<"derived">;
    const params = derived.params.pair;
    if (params === null) continue;
    candidates ??= byFirstInput(equations);
    const alike = candidates.get(derived.inputs[0]!) ?? [];
    const partner = partnerOf(derived, alike.slice(0, alike.indexOf(derived)), pairs);
    if (partner === undefined) continue;
    pairs ??= new Map();
    pairs.set(partner, { partner, params });
    pairs.set(derived, { partner, params });
  }
  return pairs;
}

function partnerOf(
  { inputs, params: { pair } }: Equation<"derived">,
  candidates: readonly Equation[],
  pairs: Pairs | undefined,
): Equation | undefined {
  return candidates.find(
    (other) =>
      pairs?.has(other) !== true &&
      pair!.isPartner(other) &&
      other.inputs.every((input, j) => input === inputs[j]),
  );
}

/** What can be a partner, in order, by the first of what it reads. */
function byFirstInput(equations: readonly Equation[]): Map<Atom, Equation[]> {
  const found = new Map<Atom, Equation[]>();
  for (let i = 0; i < equations.length; i++) {
    const equation = equations[i]!;
    const [first] = equation.inputs;
    if (first === undefined) continue;
    if (!isEquation(equation, "derived") && innerPrograms(equation).length === 0) continue;
    const alike = found.get(first);
    if (alike === undefined) found.set(first, [equation]);
    else alike.push(equation);
  }
  return found;
}
