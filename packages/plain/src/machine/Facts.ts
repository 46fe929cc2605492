import { isTraced } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** How a truth value was made. */
interface Definition {
  readonly primitive: string;
  readonly inputs: readonly Tensor[];
}

/** What is known of truth values inside the branches that are being read. */
export class Facts {
  /** The conditions of these branches, and which side is being read. */
  readonly path: (readonly [when: Tensor, is: boolean])[] = [];
  readonly #definition: (x: Tensor) => Definition | undefined;
  readonly #known = new Map<Tensor, boolean>();
  /** Pairs of which not both have this value. */
  readonly #notBoth: (readonly [a: Tensor, b: Tensor, is: boolean])[] = [];
  /** What follows from what is known for values made of others; forgotten when more or less is known. */
  readonly #derived = new Map<Tensor, boolean | undefined>();

  constructor(definition: (x: Tensor) => Definition | undefined) {
    this.#definition = definition;
  }

  get(x: Tensor): boolean | undefined {
    if (this.path.length === 0) return undefined;
    const known = this.#known.get(x);
    if (known !== undefined || this.#derived.has(x)) return known ?? this.#derived.get(x);
    this.#derived.set(x, undefined);
    const derived = this.#derive(x);
    this.#derived.set(x, derived);
    return derived;
  }

  /** Runs `body` where the condition has this value. */
  within<T>(when: Tensor, is: boolean, body: () => T): T {
    const learnt: Tensor[] = [];
    const pairs = this.#notBoth.length;
    this.path.push([when, is]);
    this.#learn(when, is, learnt);
    this.#derived.clear();
    const result = body();
    this.path.pop();
    for (const x of learnt) this.#known.delete(x);
    this.#notBoth.length = pairs;
    this.#derived.clear();
    return result;
  }

  #learn(x: Tensor, is: boolean, learnt: Tensor[]): void {
    if (this.#known.has(x)) return;
    this.#known.set(x, is);
    learnt.push(x);
    const { primitive, inputs } = this.#definition(x) ?? { primitive: "", inputs: [] };
    const [a, b] = inputs;
    if (primitive === "not") this.#learn(a!, !is, learnt);
    if ((primitive === "and" || primitive === "or") && a!.dtype === "bool") {
      if (is === (primitive === "and")) for (const input of inputs) this.#learn(input, is, learnt);
      else this.#notBoth.push([a!, b!, !is]);
    }
    for (const [p, q, both] of this.#notBoth) {
      if (this.#known.get(p) === both) this.#learn(q, !both, learnt);
      else if (this.#known.get(q) === both) this.#learn(p, !both, learnt);
    }
  }

  #derive(x: Tensor): boolean | undefined {
    if (x.dtype !== "bool") return undefined;
    const { primitive, inputs } = this.#definition(x) ?? { primitive: "", inputs: [] };
    const [a, b] = inputs as readonly [Tensor, Tensor];
    switch (primitive) {
      case "not": {
        const is = this.get(a);
        return is === undefined ? undefined : !is;
      }
      case "and":
      case "or": {
        if (a.dtype !== "bool") return undefined;
        const decides = primitive === "or";
        const [p, q] = [this.#value(a), this.#value(b)];
        if (p === decides || q === decides) return decides;
        return p === undefined || q === undefined ? undefined : !decides;
      }
      case "select": {
        const is = this.get(a);
        return is === undefined ? undefined : this.#value(is ? b : inputs[2]!);
      }
      default:
        return undefined;
    }
  }

  /** Of a truth value that may be a constant. */
  #value(x: Tensor): boolean | undefined {
    return isTraced(x) ? this.get(x) : x.item() !== 0;
  }
}
