import { compileModule } from "../wasm/engine.ts";

/** As many modules are kept. */
const mostModules = 256;

let modules:
  | Map<string, { readonly bytes: Uint8Array; readonly module: WebAssembly.Module }[]>
  | undefined;

/**
 * The module with these bytes. Code holds no float constants, so the same model with other numbers is the
 * same module.
 */
export function moduleOf(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  modules ??= new Map();
  const key = `${bytes.length} ${hash(bytes)}`;
  const alike = modules.get(key) ?? [];
  let entry = alike.find((one) => sameBytes(one.bytes, bytes));
  if (entry === undefined) {
    entry = { bytes: bytes.slice(), module: compileModule(bytes) };
    alike.push(entry);
  }
  // The most recently used last: the first is dropped.
  modules.delete(key);
  modules.set(key, alike);
  if (modules.size > mostModules) modules.delete(modules.keys().next().value!);
  return entry.module;
}

function hash(bytes: Uint8Array): number {
  let h = 0;
  for (let i = 0; i < bytes.length; i++) h = (Math.imul(h, 31) + bytes[i]!) | 0;
  return h;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
