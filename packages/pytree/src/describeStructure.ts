import { describeValue } from "./describeValue.ts";
import type { Structure } from "./Structure.ts";

/** The longest text that is not cut. */
const longest = 200;

/**
 * A structure as text for messages: `*` for a leaf, static values as they are, cut after 200 characters.
 *
 * @example
 * ```ts
 * import { describeStructure, structure } from "@diffrax-ts/pytree";
 *
 * describeStructure(structure({ arm: [1, { angle: 2 }], unit: "rad" }));
 * // → '{ arm: [*, { angle: * }], unit: "rad" }'
 * ```
 */
export function describeStructure(structure: Structure): string {
  const text = write(structure);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function write({ tag, value, kind, keys, children }: Structure): string {
  if (tag === "static") return describeValue(value);
  if (tag === "array") return `[${children.map(write).join(", ")}]`;
  if (tag === "closure") return `function with ${write(children[0]!)}`;
  if (tag !== "record") return "*";
  const fields = children.map((child, i) => `${keys[i]}: ${write(child)}`);
  const inside = fields.length > 0 ? `{ ${fields.join(", ")} }` : "{}";
  return kind === undefined ? inside : `${kind} ${inside}`;
}
