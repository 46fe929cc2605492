import {
  assertResult,
  cond,
  grad,
  hessian,
  jit,
  jvp,
  scan,
  valueAndGrad,
  vjp,
  vmap,
  whileLoop,
} from "@diffrax-ts/autodiff";
import {
  add,
  apply,
  arrayType,
  astype,
  greater,
  less,
  mul,
  scalarTensor,
  sub,
  traceContext,
} from "@diffrax-ts/program";
import { type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

type Any = (...args: never[]) => never;
const square = (x: Scalar): Tensor => mul(x, x);
const call = (f: unknown, ...args: readonly unknown[]): unknown => (f as Any)(...(args as never[]));
const zeroOne = Float64Array.of(0, 1);

/** A call out of a traced function, as a plain function that cannot be read makes it. */
const callBack = (x: Tensor): Tensor =>
  apply("hostCallback", [x], {
    name: "f",
    outputs: [arrayType("float64", [])],
    call: (memory, from, to) => {
      memory.f64[to] = 2 * memory.f64[from]!;
    },
  })[0]!;

let leaked: Tensor | undefined;

const mistakes: Readonly<Record<string, readonly [() => unknown, RegExp]>> = {
  "a misspelt option of grad": [
    () => grad(square, { argnum: 1 } as never),
    /^grad: there is no option argnum, only argnums, hasAux$/,
  ],
  "an option of grad without its name": [
    () => grad(square, 1 as never),
    /^grad: expected options such as \{ argnums: … \}, got 1$/,
  ],
  "a misspelt option of hessian": [
    () => hessian(square, { argNums: 1 } as never),
    /^hessian: there is no option argNums, only argnums, hasAux$/,
  ],
  "a misspelt option of vmap": [
    () => vmap(square, { in_axes: 1 } as never),
    /^vmap: there is no option in_axes, only inAxes, outAxes$/,
  ],
  "a misspelt option of scan": [
    () => call(scan, square, 1, zeroOne, { size: 3 }),
    /^scan: there is no option size, only length, reverse, checkpoints, inStep$/,
  ],
  "a misspelt option of whileLoop": [
    () => call(whileLoop, square, square, 1, { maxTurns: 3 }),
    /^whileLoop: there is no option maxTurns, only maxSteps, checkpoints$/,
  ],
  "a loss that is an array": [
    () =>
      call(
        grad((x: Tensor) => x),
        zeroOne,
      ),
    /^grad: the function has to return a scalar, got float64\[2\]; take its sum or its mean$/,
  ],
  "a loss that is an integer": [
    () =>
      call(
        grad((x: Scalar) => astype(x, "int32")),
        1,
      ),
    /^grad: the function has to return a float, got int32$/,
  ],
  "a loss that is a truth value": [
    () =>
      call(
        valueAndGrad((x: Scalar) => greater(x, 0)),
        1,
      ),
    /^valueAndGrad: the function has to return a float, got bool$/,
  ],
  "a loss that is a tree": [
    () =>
      call(
        grad((x: Scalar) => [x, x] as never),
        1,
      ),
    /^grad: the function has to return one number, got 2; return \[loss, aux\] and set hasAux for the rest$/,
  ],
  "hasAux without two things": [
    () =>
      call(
        grad((x: Scalar) => x as never, { hasAux: true } as never),
        1,
      ),
    /^grad: with hasAux the function has to return \[loss, aux\], a list of two$/,
  ],
  "hasAux with a loss that is an array": [
    () =>
      call(
        grad((x: Tensor) => [x, x] as const, { hasAux: true }),
        zeroOne,
      ),
    /^grad: the function has to return a scalar, got float64\[2\]/,
  ],
  "a gradient with respect to integers": [
    () =>
      call(
        grad((x: { n: Tensor }) => astype(x.n.at(0), "float64")),
        { n: Int32Array.of(1) },
      ),
    /^grad: argument 0\.n is int32\[1\]; only floats can be differentiated, so convert it or pass it as another argument$/,
  ],
  "argnums that are not there": [
    () => call(grad(square as never, { argnums: 1 }), 1),
    /^grad: argnums: there is no argument 1; the function was called with 1$/,
  ],
  "a derivative through a function that is called back": [
    () =>
      call(
        grad((x: Scalar) => callBack(x)),
        1,
      ),
    /^f: a derivative cannot pass through a JavaScript function that is called back; write it with the functions of np/,
  ],
  "a tangent of another structure": [
    () => jvp(square as never, [1], []),
    /^jvp: tangents: expected an array of 1, got an array of 0$/,
  ],
  "a tangent of another shape": [
    () => jvp((x: Tensor) => x, [zeroOne], [Float64Array.of(1, 2, 3)]),
    /^jvp: tangents\[0\]: expected float64\[2\], got float64\[3\]$/,
  ],
  "a cotangent of another shape": [
    () => vjp((x: Tensor) => ({ x }), zeroOne).vjp({ x: Float64Array.of(1, 2, 3) }),
    /^vjp: cotangent\.x: expected float64\[2\], got float64\[3\]$/,
  ],
  "a cotangent of another structure": [
    () => call(vjp(square as never, 1).vjp, [1, 1]),
    /^vjp: cotangent: expected a number or an array of numbers, got an array of 2$/,
  ],
  "a function that returns nothing": [
    () => call(jit(() => undefined)),
    /^jit: the function returned nothing; write its result after return/,
  ],
  "a function that is async": [
    () => call(jit(() => Promise.resolve(1))),
    /^jit: the function returned a promise; a traced function cannot be async$/,
  ],
  "a result that is no tree": [
    () =>
      call(
        jit((x: Scalar) => ({ f: new Map([[1, x]]) })),
        1,
      ),
    /result\.f/,
  ],
  "a traced value that leaks out of its function": [
    () => {
      call(
        jit((x: Scalar) => (leaked = x)),
        1,
      );
      return add(leaked!, 1);
    },
    /^a traced float64 was used after its function had returned; return it from the function instead of storing it$/,
  ],
  "a traced value that leaks into another function": [
    () => {
      call(
        jit((x: Scalar) => (leaked = x)),
        1,
      );
      return call(
        jit((x: Scalar) => add(x, leaked!)),
        1,
      );
    },
    /^a traced float64 was used after its function had returned/,
  ],
  "a truth test": [
    () =>
      call(
        jit((x: Scalar) => (greater(x, 0) ? x : mul(x, 2))),
        1,
      ),
    /^jit: the result of a comparison \(lt\) was not used; a traced value has no truth value yet, so write np\.where/,
  ],
  "an operator on a traced value": [
    () =>
      call(
        jit((x: never) => x * 2),
        1,
      ),
    /^an operator \(\+ - \* \/ < > …\) met a traced value, which has no number yet; write \.add, \.sub/,
  ],
  "a number read from a traced value": [
    () =>
      call(
        jit((x: Scalar) => x.item()),
        1,
      ),
    /^item: a traced float64 has no numbers yet; the function is being traced/,
  ],
  "Math on the elements of a traced vector": [
    () =>
      call(
        jit((x: Tensor) => Math.max(...(x as never as number[]))),
        zeroOne,
      ),
    /^an operator \(\+ - \* \/ < > …\) met a traced value, which has no number yet; write \.add, \.sub/,
  ],
  "an index of a traced vector": [
    () =>
      call(
        jit((x: Tensor) => (x as never as number[])[0]),
        zeroOne,
      ),
    /^tensor\[0\]: tensors are read with \.at\(0\)/,
  ],
  "float32 that meets float64": [
    () =>
      call(
        jit((x: Tensor, y: Tensor) => add(x, y)),
        zeroOne,
        Float32Array.of(0, 1),
      ),
    /^add: float64 met float32; convert one of them with astype$/,
  ],
  "shapes that do not go together": [
    () =>
      call(
        jit((x: Tensor, y: Tensor) => add(x, y)),
        zeroOne,
        Float64Array.of(1, 2, 3),
      ),
    /^add: shapes \[2\] and \[3\] do not go together$/,
  ],
  "a container with too many numbers": [
    () =>
      call(
        jit((x: unknown) => x),
        Array.from({ length: 65 }, () => 0),
      ),
    /Float64Array\.from/,
  ],
  "a typed array without a dtype": [
    () =>
      call(
        jit((x: unknown) => x),
        Uint16Array.of(1),
      ),
    /Uint16Array.*Float64Array\.from/,
  ],
  "a condition of cond that is no truth value": [
    () =>
      cond(
        astype(1, "float64"),
        () => 1,
        () => 2,
      ),
    /^cond: pred: expected a scalar truth value, such as .*, got float64\[\]$/,
  ],
  "branches that differ": [
    () =>
      call(
        jit((x: Scalar) =>
          cond(
            greater(x, 0),
            () => ({ a: x }),
            () => ({ b: x }) as never,
          ),
        ),
        1,
      ),
    /cond: onFalse/,
  ],
  "branches of two dtypes": [
    () =>
      call(
        jit((x: Scalar) =>
          cond(
            greater(x, 0),
            () => x as Tensor,
            () => astype(x, "float32"),
          ),
        ),
        1,
      ),
    /^cond: onFalse: expected float64 as in onTrue, got float32$/,
  ],
  "a state that changes its structure": [
    () =>
      call(
        jit((x: Scalar) =>
          whileLoop(
            (s) => less(s.x, 3),
            (s) => ({ y: s.x }) as never,
            { x },
          ),
        ),
        1,
      ),
    /whileLoop: state/,
  ],
  "a state that changes its shape": [
    () =>
      call(
        jit((x: Tensor) =>
          whileLoop(
            (s) => less(s.at(0) as Scalar, 3),
            (s) => s.at(0) as never,
            x,
          ),
        ),
        zeroOne,
      ),
    /^whileLoop: state: expected float64\[2\], got float64$/,
  ],
  "scan over arrays of different lengths": [
    () =>
      call(scan, (carry: Tensor, x: { a: Tensor; b: Tensor }) => ({ carry, row: x.a }), 0, {
        a: zeroOne,
        b: Float64Array.of(1),
      }),
    /^scan: xs holds arrays of 2 and of 1 rows$/,
  ],
  "vmap over nothing": [
    () => call(vmap(square as never, { inAxes: null }), 1),
    /^vmap: nothing is batched; give at least one argument an axis in inAxes$/,
  ],
  "vmap over a number": [
    () => call(vmap(square as never), 1),
    /^vmap: arguments\[0\] has shape \[\] and no axis 0; .* write inAxes: \[0, null, …\]/,
  ],
  "vmap over lengths that differ": [
    () =>
      call(
        vmap((x: Scalar, y: Scalar) => add(x, y)),
        zeroOne,
        Float64Array.of(1),
      ),
    /^vmap: arguments\[1\] has 1 elements along the batch, others have 2$/,
  ],
  "inAxes of another structure": [
    () => call(vmap(square as never, { inAxes: [0, 0] }), zeroOne),
    /^vmap: inAxes has another structure than what it belongs to$/,
  ],
  "outAxes out of range": [
    () => call(vmap(square as never, { outAxes: 2 }), zeroOne),
    /^vmap: outAxes: a result of rank 0 has no place for an axis 2$/,
  ],
  "outAxes null for what differs": [
    () => call(vmap(square as never, { outAxes: null }), zeroOne),
    /^vmap: outAxes: a result that differs along the batch needs an axis, got null$/,
  ],
};

describe("mistakes", () => {
  test.each(Object.entries(mistakes))("%s", (_, [run, message]) => {
    expect(run).toThrow(message);
    // However a function ends, no trace is left in progress.
    expect(traceContext().current).toBeNull();
  });

  test("an error of the function itself comes out as it is, and the next call works", () => {
    let fails = true;
    const f = jit((x: Scalar) => {
      if (fails) throw new RangeError("mine");
      return mul(x, 2);
    });
    expect(() => f(1)).toThrow(new RangeError("mine"));
    fails = false;
    expect(f(2).item()).toBe(4);
  });

  test("a failed assertion is an error of the call, and the next call works", () => {
    const f = jit((x: Scalar) => {
      apply("assert", [greater(x, 0)], { message: "x has to be positive" });
      return sub(x, 1);
    });
    expect(() => f(-1)).toThrow(new RangeError("x has to be positive"));
    expect(f(3).item()).toBe(2);
  });

  test("an assertion in a function within counts, even if nothing reads what that gives", () => {
    const inner = jit((x: Scalar) => {
      apply("assert", [greater(x, 0)], { message: "x has to be positive" });
      return sub(x, 1);
    });
    const f = jit((x: Scalar) => {
      inner(x);
      cond(
        greater(x, -2),
        () => inner(x),
        () => x,
      );
      return mul(x, 2);
    });
    expect(() => f(-1)).toThrow(new RangeError("x has to be positive"));
    expect(f(3).item()).toBe(6);
  });

  describe("assertResult", () => {
    const table = { successful: "", ended: "it was ended", first: "went wrong", second: "broke" };
    const fine = new Set(["successful", "ended"]);
    const fails = (x: Scalar): Tensor => {
      assertResult(table, astype(x, "int32"), (name) => !fine.has(name), "f: ");
      return mul(x, 2);
    };

    test("lets pass what is no failure, and says why of one that is", () => {
      const jitted = jit(fails);
      expect([jitted(0).item(), jitted(1).item()]).toEqual([0, 2]);
      expect(() => jitted(2)).toThrow(new RangeError("f: went wrong"));
      expect(() => jitted(3)).toThrow(new RangeError("f: broke"));
      expect(() => jitted(7)).toThrow(
        new RangeError("f: it ended with a number that means no result"),
      );
      expect(jitted(0).item()).toBe(0);
    });

    test("says so outside of traced functions too, and where it is differentiated", () => {
      expect(() => fails(scalarTensor("float64", 3))).toThrow(new RangeError("f: broke"));
      expect(grad(fails)(1)).toBe(2);
      expect(() => grad(fails)(2)).toThrow(new RangeError("f: went wrong"));
    });

    test("of a batch says why one of those failed that did", () => {
      const batched = vmap(fails);
      expect([...batched(Float64Array.of(0, 1, 0)).data]).toEqual([0, 2, 0]);
      expect(() => batched(Float64Array.of(1, 2, 1))).toThrow(new RangeError("f: went wrong"));
      expect(() => batched(Float64Array.of(0, 2, 3, 1))).toThrow(new RangeError("f: broke"));
    });
  });

  test("a function that calls back runs in jit, and its error comes out as it is", () => {
    expect(jit(callBack)(3).item()).toBe(6);
    const failing = jit(
      (x: Scalar) =>
        apply("hostCallback", [x], {
          name: "g",
          outputs: [arrayType("float64", [])],
          call: () => {
            throw new RangeError("from outside");
          },
        })[0]!,
    );
    expect(() => failing(1)).toThrow(new RangeError("from outside"));
  });
});
