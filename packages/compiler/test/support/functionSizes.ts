/**
 * The bytes of each function of a module.
 *
 * @see WebAssembly Core Specification 2.0, section 5.5.13
 */
export function functionSizes(module: Uint8Array): number[] {
  let at = 8; // after the preamble
  const number = (): number => {
    let x = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++]!;
      x |= (byte & 0x7f) << shift;
      if (byte < 0x80) return x;
    }
  };
  const sizes: number[] = [];
  while (at < module.length) {
    const id = module[at++];
    const end = number() + at;
    if (id === 10) {
      for (let left = number(); left > 0; left--) {
        const size = number();
        sizes.push(size);
        at += size;
      }
    }
    at = end;
  }
  return sizes;
}
