import {
  checkpoint,
  cond,
  customJvp,
  customVjp,
  grad,
  jacfwd,
  jit,
  jvp,
  noinline,
  scan,
  vjp,
  vmap,
  whileLoop,
} from "@diffrax-ts/autodiff";
import { add, cos, greater, less, mul, sin } from "@diffrax-ts/program";
import type { Scalar } from "@diffrax-ts/pytree";
import type { Draw } from "./Draw.ts";
import {
  alike,
  constant,
  cosine,
  differentiate,
  type Expression,
  plus,
  sine,
  substitute,
  type SymbolicRule,
  times,
  variable,
} from "./Expression.ts";
import { sum } from "./randomFunction.ts";

type Binary<T> = (x: T, y: T) => T;

/** A function of two numbers: by tensors, and as an expression. */
export interface Both {
  /** As errors show it. */
  readonly text: string;
  readonly tensors: Binary<Scalar>;
  readonly symbols: Binary<Expression>;
}

const scaled = (x: Scalar, factor: number): Scalar => mul(x, factor) as Scalar;
const product = (x: Scalar, y: Scalar): Scalar => mul(x, y) as Scalar;
const total = (x: Scalar, y: Scalar): Scalar => add(x, y) as Scalar;
const sineOf = (x: Scalar): Scalar => sin(x);
const cosineOf = (x: Scalar): Scalar => cos(x);

/** `sin(2 x) y` until it is differentiated, `cos(x) + y` after it, with slopes that belong to neither. */
const twoArguments: SymbolicRule = {
  f: (x, y) => times(sine(times(constant(2), x)), y),
  value: (x, y) => plus(cosine(x), y),
  slopes: [(x, y) => sine(plus(x, y)), (x) => times(x, constant(0.5))],
};
const byTangents = customJvp(
  (x: Scalar, y: Scalar) => product(sineOf(scaled(x, 2)), y),
  ([x, y], [dx, dy]) => ({
    value: total(cosineOf(x), y),
    tangent: total(product(dx, sineOf(total(x, y))), product(dy, scaled(x, 0.5))),
  }),
);
const byCotangents = customVjp((x: Scalar, y: Scalar) => product(sineOf(scaled(x, 2)), y), {
  forward: (x, y) => ({ value: total(cosineOf(x), y), residuals: { x, y } }),
  backward: ({ x, y }, g) => [product(g, sineOf(total(x, y))), product(g, scaled(x, 0.5))],
});
/** The value of the rule uses a rule, and is made in a loop. */
const nested: SymbolicRule = {
  f: (x, y) => plus(x, times(y, y)),
  value: (x, y) => ({ op: "rule", rule: twoArguments, args: [y, x] }),
  slopes: [(x, y) => times(x, y), (x, y) => ({ op: "rule", rule: twoArguments, args: [x, y] })],
};
const once = (f: Binary<Scalar>) => (x: Scalar, y: Scalar) =>
  scan((u: Scalar, _row: null) => ({ carry: f(u, y), row: null }), x, null, { length: 1 }).carry;
const nestedByTangents = customJvp(
  (x: Scalar, y: Scalar) => total(x, product(y, y)),
  ([x, y], [dx, dy]) => ({
    value: once(byTangents)(y, x),
    tangent: total(product(dx, product(x, y)), product(dy, jit(noinline(byCotangents))(x, y))),
  }),
);

const rules: readonly Both[] = [
  ["byTangents", byTangents, twoArguments] as const,
  ["byCotangents", byCotangents, twoArguments] as const,
  ["nestedByTangents", nestedByTangents, nested] as const,
].map(([text, tensors, rule]) => ({
  text,
  tensors,
  symbols: (x, y) => ({ op: "rule", rule, args: [x, y] }),
}));

/** `f` again and again in its first argument, as a loop does it. */
function again(f: Binary<Expression>, turns: number): Binary<Expression> {
  return (x, y) => {
    // That the carry moves in one turn makes it move in others, which is what the next pass knows.
    let carries: readonly Expression[] = [];
    for (let pass = 0; pass <= turns; pass++) {
      const known = carries;
      const next = [x];
      for (let i = 0; i < turns; i++) next.push(f(alike(next[i]!, ...known), y));
      carries = next;
    }
    return alike(carries[turns]!, ...carries);
  };
}

/** A derivative of a function with respect to one of its arguments, by one of the transformations. */
export function derivative({ text, tensors, symbols }: Both, draw: Draw): Both {
  const argnums = draw.int(0, 1);
  const mode = draw.pick(["grad", "jvp", "vjp", "jacfwd"] as const);
  const byTensors: Record<typeof mode, Binary<Scalar>> = {
    grad: (x, y) => grad(tensors, { argnums })(x, y),
    jvp: (x, y) => jvp(tensors, [x, y], argnums === 0 ? [1, 0] : [0, 1]).tangent,
    vjp: (x, y) => vjp(tensors, x, y).vjp(1)[argnums] as unknown as Scalar,
    jacfwd: (x, y) => jacfwd(tensors, { argnums })(x, y) as unknown as Scalar,
  };
  const both = [variable(), variable()] as const;
  const [u, v] = both;
  // jvp and vjp move both arguments, one of them by zero: rules that depend on it are differentiated too.
  const moving = mode === "jvp" || mode === "vjp" ? both : [both[argnums]!];
  const direction = new Map(moving.map((x) => [x, constant(x === both[argnums] ? 1 : 0)] as const));
  return {
    text: `${mode}${argnums}(${text})`,
    tensors: byTensors[mode],
    symbols: (x, y) => {
      const { tangent } = differentiate(symbols(u, v), direction);
      const values = new Map([[u, x] as const, [v, y] as const]);
      return tangent === null ? constant(0) : substitute(tangent, values);
    },
  };
}

/** A random function in which custom rules stand inside control flow, calls, batches and derivatives. */
export function randomRules(draw: Draw, depth: number): Both {
  const inner = (): Both => randomRules(draw, depth - 1);
  switch (depth > 0 ? draw.int(0, 14) : draw.int(0, 1)) {
    case 0:
      return {
        text: "sin(x) y",
        tensors: (x, y) => product(sineOf(x), y),
        symbols: (x, y) => times(sine(x), y),
      };
    case 1:
      return draw.pick(rules);
    case 2: {
      const [f, g] = [inner(), inner()];
      return {
        text: `(${f.text} times ${g.text})`,
        tensors: (x, y) => total(product(f.tensors(x, y), g.tensors(y, x)), scaled(x, 0.5)),
        symbols: (x, y) => plus(times(f.symbols(x, y), g.symbols(y, x)), times(x, constant(0.5))),
      };
    }
    case 3: {
      const [f, g] = [inner(), inner()];
      return {
        text: `${f.text} of x = ${g.text}`,
        tensors: (x, y) => f.tensors(g.tensors(x, y), y),
        symbols: (x, y) => f.symbols(g.symbols(x, y), y),
      };
    }
    case 4: {
      const [f, g] = [inner(), inner()];
      return {
        text: `${f.text} of y = ${g.text}`,
        tensors: (x, y) => f.tensors(x, g.tensors(y, y)),
        symbols: (x, y) => f.symbols(x, g.symbols(y, y)),
      };
    }
    case 5:
    case 6: {
      const f = inner();
      const wraps = { jit, checkpoint, noinline: (g: Binary<Scalar>) => jit(noinline(g)) };
      const name = draw.pick(["jit", "checkpoint", "noinline"] as const);
      const tensors = wraps[name](f.tensors) as Binary<Scalar>;
      return { text: `${name}(${f.text})`, tensors, symbols: f.symbols };
    }
    case 7: {
      const [f, g, threshold] = [inner(), inner(), draw.pick([-1000, 1000])];
      return {
        text: `cond(${threshold < 0}, ${f.text}, ${g.text})`,
        tensors: (x, y) => cond(greater(x, threshold), f.tensors, g.tensors, x, y),
        symbols: (x, y) => {
          const [taken, other] = threshold < 0 ? [f, g] : [g, f];
          return alike(taken.symbols(x, y), other.symbols(x, y));
        },
      };
    }
    case 8: {
      const [f, length] = [inner(), draw.int(1, 3)];
      const options = draw.once(2) ? { length, checkpoints: 1 } : { length };
      return {
        text: `scan(${f.text}, ${JSON.stringify(options)})`,
        tensors: (x, y) =>
          scan((u: Scalar, _row: null) => ({ carry: f.tensors(u, y), row: null }), x, null, options)
            .carry,
        symbols: again(f.symbols, length),
      };
    }
    case 9: {
      const f = inner();
      return {
        text: `rows(${f.text})`,
        tensors: (x, y) => {
          const step = (u: Scalar, _row: null) => ({ carry: scaled(u, 0.5), row: f.tensors(u, y) });
          return sum(scan(step, x, null, { length: 2 }).rows);
        },
        symbols: (x, y) => plus(f.symbols(x, y), f.symbols(times(x, constant(0.5)), y)),
      };
    }
    case 10: {
      const [f, turns] = [inner(), draw.int(1, 2)];
      const options = draw.pick([{}, { maxSteps: 5 }, { checkpoints: 1 }] as const);
      return {
        text: `while(${turns}, ${f.text}, ${JSON.stringify(options)})`,
        tensors: (x, y) =>
          whileLoop(
            ({ n }) => less(n, turns),
            ({ u, n }) => ({ u: f.tensors(u, y), n: total(n, n) }),
            { u: x, n: 0.5 },
            options,
          ).u,
        symbols: again(f.symbols, turns),
      };
    }
    case 11:
    case 12: {
      const [f, inAxes] = [
        inner(),
        draw.pick([
          [0, null],
          [0, 0],
        ] as const),
      ];
      const shifts = Float64Array.of(0, 0.5);
      return {
        text: `vmap(${f.text}, ${JSON.stringify(inAxes)})`,
        tensors: (x, y) => {
          const lane = (shift: Scalar, z: Scalar): Scalar => f.tensors(total(x, shift), z);
          const ys = inAxes[1] === null ? y : vmap((shift: Scalar) => total(y, shift))(shifts);
          return scaled(sum(vmap(lane, { inAxes })(shifts, ys)), 0.5);
        },
        symbols: (x, y) => {
          const [z, half] = [inAxes[1] === null ? constant(0) : constant(0.5), constant(0.5)];
          return times(half, plus(f.symbols(x, y), f.symbols(plus(x, half), plus(y, z))));
        },
      };
    }
    default:
      return derivative(inner(), draw);
  }
}
