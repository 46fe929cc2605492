// Products and sums that are rounded once.
import { type Atom, type Equation, type Fma, isConcrete } from "@diffrax-ts/program";
import { hasFma } from "../wasm/features.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { isNarrow } from "./FunctionEmitter.ts";
import type { ModuleFma } from "./ModuleEmitter.ts";

/** What `{ fma: true }` asks for: where the engine has it, sums with a product in them are one instruction in lanes. */
export const fused: Fma = { join: onlyOne, emit: emitFused } as ModuleFma;

/** What `{ fma: false }` asks for: the same bits on every machine, whatever stands inside. */
export const unfused: Fma = { join: onlyOne, emit: null } as ModuleFma;

function onlyOne(this: Fma, other: Fma | undefined): Fma {
  if (other !== undefined && other !== this)
    throw new Error(
      "jit: what is compiled with { fma: false } has the same bits on every machine, and cannot hold, or be part of, what asks for { fma: true }; leave one of both out",
    );
  return this;
}

/** The second bytes of an instruction after its prefix, for float64 and for float32; the third is 2. */
const madd = [0x87, 0x85] as const;
const nmadd = [0x88, 0x86] as const;

/** `a b + c` or `c - a b` in lanes, unless the product is read elsewhere too. */
function emitFused(block: BlockEmitter, { primitive, inputs }: Equation): boolean {
  const [x, y] = inputs as readonly [Atom, Atom];
  const { dtype } = x;
  if ((primitive !== "add" && primitive !== "sub") || !dtype.startsWith("float")) return false;
  const { f, plan } = block;
  const factorsOf = (atom: Atom): Equation["inputs"] | undefined => {
    const maker = isConcrete(atom) ? undefined : plan.definitions[atom.id];
    const isInline = maker?.primitive === "mul" && plan.inlineDepth[maker.outputs[0]!.id]! > 0;
    return isInline ? maker.inputs : undefined;
  };
  const second = factorsOf(y);
  const factors = second ?? (primitive === "add" ? factorsOf(x) : undefined);
  if (factors === undefined || !hasFma()) return false;
  for (const factor of factors) block.push(factor);
  block.push(second === undefined ? y : x);
  f.code.push(0xfd, (primitive === "add" ? madd : nmadd)[isNarrow(dtype) ? 1 : 0], 2);
  return true;
}
