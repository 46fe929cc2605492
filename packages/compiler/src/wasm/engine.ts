// What programs need of the engine that they run in, and what is said where the page forbids it.
import { webAssembly } from "./webAssembly.ts";

/** Compiles a module. @throws Error that says what the engine or the page has to allow. */
export function compileModule(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  const { Module } = webAssembly();
  return allowed(() => new Module(bytes));
}

/** Makes an instance of a module. @throws Error that says what the page has to allow. */
export function instanceOf(
  module: WebAssembly.Module,
  imports: WebAssembly.Imports,
): WebAssembly.Instance {
  const { Instance } = webAssembly();
  return allowed(() => new Instance(module, imports));
}

/** A memory of one page. */
export function newMemory(): WebAssembly.Memory {
  const { Memory } = webAssembly();
  return allowed(() => new Memory({ initial: 1 }));
}

/** Chromium and Firefox refuse the module, WebKit the instance; each in words of its own, all with a name of the policy. */
const ofPolicy = /content security policy|\bcsp\b|unsafe-eval/iu;

function allowed<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Error && ofPolicy.test(error.message))) throw error;
    throw new Error(
      "diffrax-ts: the content security policy of this page forbids WebAssembly, to which equations are compiled; " +
        "allow it with 'wasm-unsafe-eval' in script-src, which allows no eval of JavaScript",
      { cause: error },
    );
  }
}
