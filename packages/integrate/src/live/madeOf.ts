import { calleeIn } from "@diffrax-ts/program";
import { isPart, isTensor, isTypedArray, kindOf, type Leaf } from "@diffrax-ts/pytree";
import { hashText } from "./hash.ts";
import type { UntracedLiveConfig } from "./liveSolve.ts";

/** What the program of a solve was made of, in words: to say what differs between two of them. */
export function madeOf(
  config: UntracedLiveConfig,
  inputs: readonly Leaf[],
): Readonly<Record<string, string>> {
  const { terms, solver, controller, event, saves, dense, keeps, counts, direction, dtype } =
    config;
  const sources = inputs.map((leaf) => sourceOf(leaf)).filter((source) => source !== null);
  return {
    terms: described(terms),
    solver: described(solver),
    stepsizeController: described(controller),
    event: described(event),
    saveat: described({ saves, dense, keeps }),
    stats: counts ? "full" : "steps",
    direction,
    dtype,
    "functions that are called back": sources.length === 0 ? "none" : hashText(sources.join()),
  };
}

/** The source of a function that is called back. */
function sourceOf(leaf: Leaf): string | null {
  const f = isTensor(leaf) ? calleeIn(leaf) : undefined;
  return f === undefined ? null : String(f);
}

/** The longest description that is shown as it is. */
const longest = 120;

function described(value: unknown): string {
  const text = write(value);
  return text.length > longest ? `${text.slice(0, longest)}… (${hashText(text)})` : text;
}

function write(value: unknown): string {
  if (typeof value === "function") return "function";
  if (typeof value !== "object" || value === null) return String(value);
  if (isTensor(value)) return `${value.dtype}[${value.shape.join()}]`;
  if (isTypedArray(value)) return `array[${value.length}]`;
  if (Array.isArray(value)) return `[${value.map(write).join(", ")}]`;
  const fields = Object.entries(value)
    .filter(([, field]) => typeof field !== "function")
    .map(([key, field]) => `${key}: ${write(field)}`);
  const inside = fields.length === 0 ? "" : ` { ${fields.join(", ")} }`;
  return `${isPart(value) ? kindOf(value) : ""}${inside}`;
}
