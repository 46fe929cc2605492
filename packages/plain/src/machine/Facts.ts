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

  constructor(definition: (x: Tensor) => Definition | undefined) {
    this.#definition = definition;
  }

  get(x: Tensor): boolean | undefined {
    return this.#known.get(x);
  }

  /** Runs `body` where the condition has this value. */
  within<T>(when: Tensor, is: boolean, body: () => T): T {
    const learnt: Tensor[] = [];
    const pairs = this.#notBoth.length;
    this.path.push([when, is]);
    this.#learn(when, is, learnt);
    const result = body();
    this.path.pop();
    for (const x of learnt) this.#known.delete(x);
    this.#notBoth.length = pairs;
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
}
