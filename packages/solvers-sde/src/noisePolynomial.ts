/** A polynomial in the increment and the Lévy areas of a Brownian motion over a step of length 1: coefficients by the powers of `W`, `H` and `K`, as in `"2,0,1"`. */
export type Polynomial = ReadonlyMap<string, number>;

export function constant(x: number): Polynomial {
  return new Map([["0,0,0", x]]);
}

export function variable(name: "W" | "H" | "K"): Polynomial {
  return new Map([[["W", "H", "K"].map((one) => (one === name ? 1 : 0)).join(","), 1]]);
}

export function plus(p: Polynomial, q: Polynomial): Polynomial {
  const sum = new Map(p);
  for (const [powers, x] of q) sum.set(powers, (sum.get(powers) ?? 0) + x);
  return sum;
}

export function times(p: Polynomial, q: Polynomial): Polynomial {
  const product = new Map<string, number>();
  for (const [a, x] of p) {
    for (const [b, y] of q) {
      const powers = powersOf(a).map((n, i) => n + powersOf(b)[i]!);
      const key = powers.join(",");
      product.set(key, (product.get(key) ?? 0) + x * y);
    }
  }
  return product;
}

/** `W`, `H` and `K` are independent and normal, with these variances. */
const variances = [1, 1 / 12, 1 / 720] as const;

export function mean(p: Polynomial): number {
  let sum = 0;
  for (const [key, x] of p)
    sum += powersOf(key).reduce((product, n, i) => product * moment(n, variances[i]!), x);
  return sum;
}

function moment(n: number, variance: number): number {
  if (n === 0) return 1;
  return n === 1 ? 0 : (n - 1) * variance * moment(n - 2, variance);
}

/** As near as tables with ten digits are. */
export function isNear(p: Polynomial, q: Polynomial): boolean {
  const scale = [...p.values(), ...q.values()].reduce((sum, x) => sum + Math.abs(x), 1);
  return [...new Set([...p.keys(), ...q.keys()])].every(
    (key) => Math.abs((p.get(key) ?? 0) - (q.get(key) ?? 0)) <= 1e-8 * scale,
  );
}

function powersOf(key: string): readonly number[] {
  return key.split(",").map(Number);
}
