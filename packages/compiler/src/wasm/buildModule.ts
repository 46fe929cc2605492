import { Bytes } from "./Bytes.ts";
import { i32, type ValueType } from "./opcodes.ts";

/** A function: its type, its locals beyond the parameters, and its instructions without the final `end`. */
export interface WasmFunction {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly code: Bytes;
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
  const types: string[] = [];
  const typeBytes = new Bytes();
  const typeOf = (params: readonly ValueType[], results: readonly ValueType[]): number => {
    const key = `${params.join()}:${results.join()}`;
    if (!types.includes(key)) {
      types.push(key);
      typeBytes.byte(0x60);
      for (const list of [params, results]) {
        typeBytes.u32(list.length);
        for (const type of list) typeBytes.byte(type);
      }
    }
    return types.indexOf(key);
  };
  const hostType = numImports > 0 ? typeOf([i32, i32], []) : 0;
  const functionTypes = functions.map(({ params, results }) => typeOf(params, results));

  const imports = new Bytes();
  imports.u32(1 + numImports);
  imports.name("m");
  imports.name("m");
  imports.byte(0x02);
  imports.byte(0x00); // a memory without a maximum
  imports.u32(0);
  for (let i = 0; i < numImports; i++) {
    imports.name("h");
    imports.name(String(i));
    imports.byte(0x00);
    imports.u32(hostType);
  }

  const declarations = new Bytes();
  declarations.u32(functions.length);
  for (const type of functionTypes) declarations.u32(type);

  const exported = functions.filter(({ exportName }) => exportName !== null);
  const exports = new Bytes();
  exports.u32(exported.length);
  for (const f of exported) {
    exports.name(f.exportName!);
    exports.byte(0x00);
    exports.u32(numImports + functions.indexOf(f));
  }

  const code = new Bytes();
  code.u32(functions.length);
  for (const { locals, code: instructions } of functions) {
    const body = new Bytes();
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    body.u32(runs.length);
    for (const { type, count } of runs) {
      body.u32(count);
      body.byte(type);
    }
    body.append(instructions);
    body.byte(0x0b);
    code.sized(body);
  }

  const typeSection = new Bytes();
  typeSection.u32(types.length);
  typeSection.append(typeBytes);

  const module = new Bytes();
  for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) module.byte(byte);
  const sections = [
    [1, typeSection],
    [2, imports],
    [3, declarations],
    [7, exports],
    [10, code],
  ] as const;
  for (const [id, bytes] of sections) {
    module.byte(id);
    module.sized(bytes);
  }
  return module.view();
}
