/** The engine. @throws Error if there is none. */
export function webAssembly(): typeof WebAssembly {
  // Not always there, whatever the types say.
  const found = (globalThis as { readonly WebAssembly?: typeof WebAssembly }).WebAssembly;
  if (found !== undefined) return found;
  throw new Error(
    "diffrax-ts: there is no WebAssembly in this engine, to which equations are compiled; " +
      "node --jitless, Lockdown Mode and browsers without a compiler have none",
  );
}
