// What programs need of the engine that they run in, and what is said where it is not there.

let hasVectors: boolean | undefined;

/**
 * Whether the engine has vectors of 128 bits, asked once. Processors without SSE4.1 have none, nor has JavaScriptCore without its
 * compiler: there every loop goes from element to element, with the same bits.
 */
export function hasSimd(): boolean {
  return (hasVectors ??= webAssembly().validate(Uint8Array.from(moduleWithVector)));
}

/** A module with one function `() => i8x16.popcnt(i8x16.splat(0))`: head, types, functions, code. */
const moduleWithVector: readonly number[] = [
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03,
  0x02, 0x01, 0x00, 0x0a, 0x0a, 0x01, 0x08, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x62, 0x0b,
];

let hasRelaxed: boolean | undefined;

/**
 * Whether the engine has the instructions that `jit(f, { fma: true })` asks for, those of WebAssembly's relaxed SIMD: Node from 22 on and Chrome
 * from 114 on do. Without them that option changes nothing. Asked once.
 */
export function hasFma(): boolean {
  return (hasRelaxed ??= webAssembly().validate(Uint8Array.from(moduleWithFma)));
}

/** A module with one function, of `f64x2.relaxed_madd` and three vectors of zeros. */
const moduleWithFma: readonly number[] = [
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03,
  0x02, 0x01, 0x00, 0x0a, 0x13, 0x01, 0x11, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f,
  0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x87, 0x02, 0x0b,
];

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

function webAssembly(): typeof WebAssembly {
  // Not always there, whatever the types say.
  const found = (globalThis as { readonly WebAssembly?: typeof WebAssembly }).WebAssembly;
  if (found !== undefined) return found;
  throw new Error(
    "diffrax-ts: there is no WebAssembly in this engine, to which equations are compiled; " +
      "node --jitless, Lockdown Mode and browsers without a compiler have none",
  );
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
