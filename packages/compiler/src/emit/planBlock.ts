import {
  type Atom,
  type Equation,
  isElementwise,
  type Program,
  sameList,
  type Variable,
} from "@diffrax-ts/program";

/** Equations that are emitted together: one, or a cluster of element-by-element ones over the same shape. */
interface Item {
  readonly equations: Equation[];
  readonly isCluster: boolean;
}

/** In what order a block is emitted, and how long its values are needed. */
export interface BlockPlan {
  readonly items: readonly Item[];
  /** By variable id: whether its equation is written where its only reader reads it. */
  readonly isInline: readonly boolean[];
  /** By variable id: the equation that makes it. */
  readonly definitions: readonly (Equation | undefined)[];
  /** By item: the variables that nothing reads after it. */
  readonly deaths: readonly (readonly Variable[])[];
  /** By variable id: whether it is read outside the cluster that makes it. */
  readonly isVisible: readonly boolean[];
  /** By variable id: the index of the last item that reads it; the number of items for an output. */
  readonly lastUse: readonly number[];
}

/** Plans the emission of the equations of a lowered program. */
export function planBlock(program: Program): BlockPlan {
  const { equations, outputs, numVariables } = program;
  const definitions: (Equation | undefined)[] = Array.from({ length: numVariables });
  const uses = new Int32Array(numVariables);
  const reader: (Equation | undefined)[] = Array.from({ length: numVariables });
  const count = (atom: Atom, by: Equation | undefined): void => {
    if (!("id" in atom)) return;
    uses[atom.id]!++;
    reader[atom.id] = by;
  };
  for (const equation of equations) {
    for (const output of equation.outputs) definitions[output.id] = equation;
    for (const input of equation.inputs) count(input, equation);
  }
  for (const output of outputs) count(output, undefined);

  const items = group(equations, definitions);
  const itemOf = new Map<Equation, number>();
  for (const [i, { equations: members }] of items.entries()) {
    for (const member of members) itemOf.set(member, i);
  }

  // From the last item to the first: a value written inside its reader is needed as long as that reader.
  const isInline: boolean[] = Array.from({ length: numVariables }, () => false);
  const lastUse = Array.from({ length: numVariables }, () => -1);
  const isVisible: boolean[] = Array.from({ length: numVariables }, () => false);
  for (const output of outputs) {
    if (!("id" in output)) continue;
    lastUse[output.id] = items.length;
    isVisible[output.id] = true;
  }
  const position = new Map<Equation, number>();
  for (let i = items.length - 1; i >= 0; i--) {
    for (const equation of items[i]!.equations.toReversed()) {
      const [output] = equation.outputs;
      let place = i;
      if (output !== undefined && isScalarOperation(equation) && uses[output.id] === 1) {
        const by = reader[output.id];
        if (by === undefined) {
          isInline[output.id] = true;
          place = items.length;
        } else if (isScalarOperation(by)) {
          isInline[output.id] = true;
          place = position.get(by)!;
        }
      }
      position.set(equation, place);
      for (const input of equation.inputs) {
        if (!("id" in input)) continue;
        lastUse[input.id] = Math.max(lastUse[input.id]!, place);
        const maker = definitions[input.id];
        if (maker === undefined || itemOf.get(maker) !== i || !items[i]!.isCluster)
          isVisible[input.id] = true;
      }
    }
  }

  const deaths: Variable[][] = items.map(() => []);
  for (const equation of equations) {
    for (const output of equation.outputs) {
      const last = lastUse[output.id]!;
      const own = itemOf.get(equation)!;
      if (last < items.length) deaths[Math.max(last, own)]!.push(output);
    }
  }
  return { items, isInline, definitions, deaths, isVisible, lastUse };
}

/** Whether an equation computes one scalar from scalars, by instructions alone. */
export function isScalarOperation({ primitive, inputs, outputs }: Equation): boolean {
  return (
    outputs.length === 1 &&
    outputs[0]!.shape.length === 0 &&
    isElementwise(primitive) &&
    inputs.every(({ shape }) => shape.length === 0)
  );
}

/**
 * Puts element-by-element equations over one shape together, as long as nothing else reads what they make:
 * then one loop over memory does them all.
 */
function group(
  equations: readonly Equation[],
  definitions: readonly (Equation | undefined)[],
): Item[] {
  const items: Item[] = [];
  const open: { readonly shape: readonly number[]; readonly equations: Equation[] }[] = [];
  const clusterOf = new Map<Equation, (typeof open)[number]>();
  const close = (cluster: (typeof open)[number]): void => {
    const i = open.indexOf(cluster);
    if (i < 0) return;
    open.splice(i, 1);
    items.push({ equations: cluster.equations, isCluster: true });
  };
  const closeReadBy = (equation: Equation, own: (typeof open)[number] | undefined): void => {
    for (const input of equation.inputs) {
      const maker = "id" in input ? definitions[input.id] : undefined;
      const cluster = maker === undefined ? undefined : clusterOf.get(maker);
      if (cluster !== undefined && cluster !== own) close(cluster);
    }
  };
  for (const equation of equations) {
    const shape = equation.outputs[0]?.shape ?? [];
    if (shape.length === 0 || !isElementwise(equation.primitive)) {
      closeReadBy(equation, undefined);
      items.push({ equations: [equation], isCluster: false });
      continue;
    }
    let cluster = open.find((one) => sameList(one.shape, shape));
    closeReadBy(equation, cluster);
    if (cluster === undefined) {
      cluster = { shape, equations: [] };
      open.push(cluster);
    }
    cluster.equations.push(equation);
    clusterOf.set(equation, cluster);
  }
  while (open.length > 0) close(open[0]!);
  return items;
}
