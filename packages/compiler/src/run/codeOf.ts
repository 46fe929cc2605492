import { compileModule } from "../wasm/engine.ts";

/** Machine code: what it was made of, and what the engine made of it. */
export interface Code {
  readonly bytes: Uint8Array;
  readonly module: WebAssembly.Module;
}

/** So many modules, and so many bytes of them, are kept though nobody has them any more: a function that is made anew has the code of the last one. */
const mostIdle = 256;
const mostIdleBytes = 1024 * 1024;

/** By length and hash of the bytes. It is kept by those who run it. */
let known: Map<string, WeakRef<Code>[]> | undefined;
/** With so many keys those whose code is gone are taken out. */
let sweepAt = 1024;
/** What was asked for last, the latest at the end. */
let last: Set<Code> | undefined;

/** The module with these bytes. Code holds no float constants, so the same model with other numbers is the same module. */
export function codeOf(bytes: Uint8Array<ArrayBuffer>): Code {
  known ??= new Map();
  const key = `${bytes.length} ${hash(bytes)}`;
  const alike = known.get(key) ?? [];
  let code = alike.map((ref) => ref.deref()).find((one) => one && sameBytes(one.bytes, bytes));
  if (code === undefined) {
    code = { bytes: bytes.slice(), module: compileModule(bytes) };
    known.set(key, [...alike.filter(isThere), new WeakRef(code)]);
    if (known.size > sweepAt) sweep(known);
  }
  keepAWhile(code);
  return code;
}

function keepAWhile(code: Code): void {
  last ??= new Set();
  last.delete(code);
  last.add(code);
  let bytes = 0;
  for (const one of last) bytes += one.bytes.length;
  for (const one of last) {
    if ((bytes <= mostIdleBytes && last.size <= mostIdle) || one === code) break;
    bytes -= one.bytes.length;
    last.delete(one);
  }
}

function sweep(all: Map<string, WeakRef<Code>[]>): void {
  for (const [key, alike] of all) if (!alike.some(isThere)) all.delete(key);
  sweepAt = Math.max(1024, 2 * all.size);
}

function isThere(code: WeakRef<Code>): boolean {
  return code.deref() !== undefined;
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
