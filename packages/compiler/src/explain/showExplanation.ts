import type {
  ExplainedArray,
  ExplainedBlock,
  ExplainedCode,
  ExplainedReverse,
  ExplainedStep,
  Explanation,
} from "./Explanation.ts";

/** An explanation as text. What stands several times in a block is one line, with its count. */
export function showExplanation({ code, memory, main, reverse }: Explanation): string {
  const { functions, instructions, bytes } = code;
  const parts = (["inputs", "constants", "buffers", "others"] as const)
    .filter((part) => memory[part] > 0)
    .map((part) => `${part} ${showBytes(memory[part])}`);
  return [
    `code: ${showBytes(bytes)}, ${many(functions, "function")}, ${many(instructions, "instruction")}`,
    `memory of a call: ${showBytes(memory.bytes)} (${parts.join(", ")})`,
    "",
    ...showBlock(main),
    ...reverse.flatMap((one) => ["", ...showReverse(one)]),
  ].join("\n");
}

function showBlock({ scalars, views, steps }: ExplainedBlock): string[] {
  const lines = steps.flatMap((step): string[] => {
    if (!("blocks" in step)) return [showStep(step)];
    // An inner block is one entry: two that are alike are counted as one.
    const { kind, mostTurns, blocks } = step;
    const isLoop = kind === "loop";
    const head = isLoop ? `loop${showTurns(mostTurns)}:` : `${kind}:`;
    const inner = blocks.flatMap((block, i) =>
      kind === "branches"
        ? indented([`branch ${i}:`, ...indented(showBlock(block))])
        : indented(showBlock(block)),
    );
    return [[head, ...inner].join("\n")];
  });
  if (scalars > 0) lines.push(`${many(scalars, "operation")} on scalars, in expressions`);
  if (views > 0) lines.push(`${many(views, "change")} of shape or view, which copy nothing`);
  return counted(lines);
}

function showStep(step: Exclude<ExplainedStep, { readonly blocks: unknown }>): string {
  if (step.kind === "single") {
    const { primitive, operands, because } = step;
    const from = operands
      .filter(({ shape }) => shape.length > 0)
      .map(({ shape }) => `[${shape.join()}]`)
      .join(" ");
    return `${primitive} ${showArray(step)}${from && ` from ${from}`}; ${showCode(step)}; not fused: ${because}`;
  }
  const { shape, primitives, writes } = step;
  const written = writes.map((one) => `${showArray(one)} for ${one.for.join(", ")}`);
  return `fused over [${shape.join()}]: ${counted(primitives).join(", ")}; ${showCode(step)}; writes ${counted(written).join(" and ")}`;
}

function showCode({ instructions, inLanes }: ExplainedCode): string {
  return `${many(instructions, "instruction")}${inLanes ? " in lanes" : ""}`;
}

function showReverse({ mostTurns, bytes, remembered, recomputed }: ExplainedReverse): string[] {
  const kept = remembered.map(
    (one) =>
      `${showArray(one)}, ${one.madeBy === null ? "carried" : `by ${one.madeBy}`}, of ${many(one.turns, "turn")}`,
  );
  const again = recomputed.map((one) => `${one.count} × ${one.name} ${showArray(one)}`);
  return [
    `reverse mode of a loop${showTurns(mostTurns)}:`,
    `  remembers ${showBytes(bytes)}:`,
    ...counted(kept).map((line) => `    ${line}`),
    `  computes again for each turn: ${again.length === 0 ? "nothing" : ""}`.trimEnd(),
    ...again.map((line) => `    ${line}`),
  ];
}

function showTurns(most: number | null): string {
  return most === null ? "" : ` of at most ${many(most, "turn")}`;
}

function showArray({ dtype, shape }: ExplainedArray): string {
  return shape.length === 0 ? dtype : `${dtype}[${shape.join()}]`;
}

/** Of lines each, and of entries of several lines each line. */
function indented(entries: readonly string[]): string[] {
  return entries.flatMap((entry) => entry.split("\n")).map((line) => `  ${line}`);
}

/** Lines that are alike are one. */
function counted(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(([line, count]) => (count === 1 ? line : `${count} × ${line}`));
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** In kB and MB of 1000. */
function showBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
