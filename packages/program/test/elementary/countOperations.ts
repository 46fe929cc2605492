import type { AllOps } from "../../src/elementary/exact.ts";

interface Value {
  readonly id: number;
  readonly operation: string;
  readonly operands: readonly Value[];
}

const isFree = (operation: string): boolean =>
  /^(constant|integer|argument|bits|fromBits)$/.test(operation);

/**
 * The number of operations on the fast path of a function: it is run on an `AllOps` that records
 * expressions, each once, and follows the first side of every `cond`. Constants and changes of view are free.
 */
export function countOperations(
  f: (ops: AllOps<Value, Value, Value>, ...args: Value[]) => Value | readonly Value[],
  arity: number,
): number {
  const known = new Map<string, Value>();
  const value = (operation: string, operands: readonly Value[], detail = ""): Value => {
    const key = [operation, detail, ...operands.map(({ id }) => id)].join(" ");
    const made = known.get(key) ?? { id: known.size, operation, operands };
    known.set(key, made);
    return made;
  };
  const branches: Value[] = [];
  const special: Record<string, unknown> = {
    constant: (x: number) => value("constant", [], Object.is(x, -0) ? "-0" : String(x)),
    integer: (x: bigint) => value("integer", [], String(x)),
    ishl: (a: Value, n: number) => value("ishl", [a], String(n)),
    ishrl: (a: Value, n: number) => value("ishrl", [a], String(n)),
    cond: (p: Value, ifTrue: () => readonly Value[]) => {
      branches.push(p);
      return ifTrue();
    },
    narrow: (x: Value, narrow: (n: typeof ops, x: Value) => Value) => narrow(ops, x),
  };
  const ops: AllOps<Value, Value, Value> = new Proxy(special, {
    get: (target, name: string) => target[name] ?? ((...args: Value[]) => value(name, args)),
  }) as never;

  const results = [
    f(ops, ...Array.from({ length: arity }, (_, i) => value("argument", [], String(i)))),
  ];
  const needed = new Set<Value>();
  const pending = [...results.flat(), ...branches];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (needed.has(next)) continue;
    needed.add(next);
    pending.push(...next.operands);
  }
  return [...needed].filter(({ operation }) => !isFree(operation)).length;
}
