import { type Atom, isVariable } from "./Atom.ts";
import { type Program } from "./Program.ts";
import { showType } from "./Type.ts";

/**
 * A program as text: what snapshot tests hold, and what a person reads when something is wrong.
 *
 * ```text
 * (a: float64, b: float64[3]) => {
 *   c: float64[3] = broadcast a {shape: [3], axes: []}
 *   d: float64[3] = mul c b
 *   return d
 * }
 * ```
 */
export function printProgram(program: Program, indent = ""): string {
  const names = new Map<number, string>();
  const nameOf = (id: number): string => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const name = letters(names.size);
    names.set(id, name);
    return name;
  };
  const show = (atom: Atom): string => (isVariable(atom) ? nameOf(atom.id) : showConstant(atom));
  const declare = (atom: Atom): string => `${show(atom)}: ${showType(atom)}`;

  const lines = [`(${program.inputs.map(declare).join(", ")}) => {`];
  for (const { primitive, inputs, params, outputs } of program.equations) {
    const left = outputs.length === 0 ? "" : `${outputs.map(declare).join(", ")} = `;
    const right = [primitive, ...inputs.map(show)].join(" ");
    lines.push(`${indent}  ${left}${right}${showParams(params, `${indent}  `)}`);
  }
  lines.push(`${indent}  return ${program.outputs.map(show).join(", ")}`, `${indent}}`);
  return lines.join("\n");
}

/** a, b, …, z, aa, ab, … */
function letters(n: number): string {
  const last = String.fromCharCode(97 + (n % 26));
  return n < 26 ? last : letters(Math.floor(n / 26) - 1) + last;
}

function showConstant(atom: Exclude<Atom, { readonly id: number }>): string {
  if (atom.shape.length > 0) return `<${showType(atom)}>`;
  const x = atom.scalar;
  if (atom.dtype === "bool") return x === 0 ? "false" : "true";
  return Object.is(x, -0) ? "-0" : String(x);
}

function showParams(params: object, indent: string): string {
  const entries = Object.entries(params)
    .filter(
      ([key]) => key !== "define" && key !== "single" && key !== "ofFloats" && key !== "inLanes",
    )
    .map(([key, value]) => `${key}: ${showParam(value, indent)}`);
  return entries.length === 0 ? "" : ` {${entries.join(", ")}}`;
}

function showParam(value: unknown, indent: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => showParam(item, indent)).join(", ")}]`;
  if (isProgram(value)) return printProgram(value, indent);
  if (typeof value === "function") return value.name === "" ? "function" : value.name;
  if (typeof value === "object" && value !== null) {
    return "dtype" in value && "buffer" in value ? showType(value as never) : "object";
  }
  return String(value);
}

function isProgram(value: unknown): value is Program {
  return typeof value === "object" && value !== null && "equations" in value;
}
