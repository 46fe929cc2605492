import { unsigned } from "./leb128.ts";
import { end } from "./opcodes.ts";
import { i32, type ValueType } from "./valueTypes.ts";

/** A function: its type, its locals beyond the parameters, and its instructions without the final `end`. */
export interface WasmFunction {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly code: readonly number[];
  /** The name it is exported under, if it is. */
  readonly exportName: string | null;
}

/**
 * The bytes of a module that imports one memory (`m.m`) and functions (`h.0`, `h.1`, …) of two i32, and defines
 * functions. Function indices count the imported ones first.
 *
 * @see WebAssembly Core Specification 2.0, section 5.5
 */
export function buildModule(
  numImports: number,
  functions: readonly WasmFunction[],
): Uint8Array<ArrayBuffer> {
  const types: number[][] = [];
  const typeNumbers = new Map<string, number>();
  const typeOf = (params: readonly ValueType[], results: readonly ValueType[]): number[] => {
    const type = [0x60, ...leb(params.length), ...params, ...leb(results.length), ...results];
    const key = type.join();
    if (!typeNumbers.has(key)) typeNumbers.set(key, types.push(type) - 1);
    return leb(typeNumbers.get(key)!);
  };
  const imports = [[...name("m"), ...name("m"), 0x02, 0x00, 0x00]]; // a memory without a maximum
  for (let i = 0; i < numImports; i++)
    imports.push([...name("h"), ...name(`${i}`), 0x00, ...typeOf([i32, i32], [])]);
  const declarations = functions.map(({ params, results }) => typeOf(params, results));
  const exports = functions.flatMap(({ exportName }, i) =>
    exportName === null ? [] : [[...name(exportName), 0x00, ...leb(numImports + i)]],
  );
  const bodies = functions.flatMap(({ locals, code }) => counted([...runs(locals), code, [end]]));
  return joined([
    preamble,
    ...section(1, types.length, types),
    ...section(2, imports.length, imports),
    ...section(3, declarations.length, declarations),
    ...section(7, exports.length, exports),
    ...section(10, functions.length, bodies),
  ]);
}

/** Bytes in pieces, so that code is copied once. */
type Pieces = readonly (readonly number[])[];

/** `\0asm`, and the version. */
const preamble: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

function section(id: number, numItems: number, items: Pieces): Pieces {
  return [[id], ...counted([leb(numItems), ...items])];
}

/** Locals as the binary format counts them: how many of a type follow one another. */
function runs(locals: readonly ValueType[]): Pieces {
  const found: number[][] = [];
  for (let i = 0, start = 0; i < locals.length; i++) {
    if (locals[i] === locals[i + 1]) continue;
    found.push([...leb(i + 1 - start), locals[i]!]);
    start = i + 1;
  }
  return [leb(found.length), ...found];
}

/** The number of bytes, and the bytes. */
function counted(pieces: Pieces): Pieces {
  return [leb(lengthOf(pieces)), ...pieces];
}

function lengthOf(pieces: Pieces): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function joined(pieces: Pieces): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lengthOf(pieces));
  let place = 0;
  for (const piece of pieces) {
    bytes.set(piece, place);
    place += piece.length;
  }
  return bytes;
}

/** A name in ASCII. */
function name(text: string): number[] {
  return [...leb(text.length), ...Array.from(text, (letter) => letter.charCodeAt(0))];
}

function leb(x: number): number[] {
  const bytes: number[] = [];
  unsigned(bytes, x);
  return bytes;
}
