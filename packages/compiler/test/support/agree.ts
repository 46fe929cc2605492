import { CompiledProgram, Lowering, memoryUse } from "@diffrax-ts/compiler";
import {
  type ArrayValue,
  evaluateProgram,
  type Program,
  printProgram,
  tensorOf,
} from "@diffrax-ts/program";
import { difference } from "./sameBits.ts";

/** What a run gives: results, or the message of the error that it ends with. */
type Outcome = { readonly results: readonly ArrayValue[] } | { readonly error: string };

function outcomeOf(run: () => readonly ArrayValue[]): Outcome {
  try {
    return { results: run() };
  } catch (error) {
    // A failed assertion is a result like any other; whatever else goes wrong is wrong.
    if (error instanceof RangeError && error.message.startsWith("asserted"))
      return { error: error.message };
    throw error;
  }
}

/** Runs compiled code, and sees to it that no memory is kept. */
function runCompiled(
  program: Program,
  inputs: readonly ArrayValue[],
  mostOperations?: number,
): readonly ArrayValue[] {
  const before = memoryUse().bytesInUse;
  try {
    const compiled = new CompiledProgram(program, mostOperations);
    compiled.call(inputs.map(tensorOf));
    // The second time its constants are there already.
    return compiled.call(inputs.map(tensorOf));
  } finally {
    const kept = memoryUse().bytesInUse - before;
    // oxlint-disable-next-line no-unsafe-finally
    if (kept !== 0) throw new Error(`${kept} bytes were not given back`);
  }
}

/**
 * Fails unless the evaluator, the evaluator on the lowered program and compiled code give the same bits, or fail
 * with the same assertion.
 *
 * @param cuts - Of how many operations a function is at most, in more compiled code.
 */
export function checkAgreement(
  program: Program,
  inputs: readonly ArrayValue[],
  cuts: readonly number[] = [],
): void {
  const explain = (error: unknown, what: string): Error =>
    new Error(
      `${what}: ${String(error)}\n${printProgram(program)}\n${inputs.map((x) => `[${x.data.join()}]`).join("\n")}`,
      { cause: error },
    );
  const attempt = (what: string, run: () => readonly ArrayValue[]): Outcome => {
    try {
      return outcomeOf(run);
    } catch (error) {
      throw explain(error, what);
    }
  };
  const wanted = attempt("evaluator", () => evaluateProgram(program, inputs));
  const others = {
    "lowered program": attempt("lowered program", () =>
      evaluateProgram(new Lowering().program(program), inputs),
    ),
    "compiled program": attempt("compiled program", () => runCompiled(program, inputs)),
    ...Object.fromEntries(
      cuts.map((most) => {
        const what = `compiled program in functions of ${most} operations`;
        return [what, attempt(what, () => runCompiled(program, inputs, most))];
      }),
    ),
  };
  for (const [what, got] of Object.entries(others)) {
    const words =
      "results" in wanted && "results" in got
        ? difference(wanted.results, got.results)
        : JSON.stringify(wanted) === JSON.stringify(got)
          ? null
          : `${"error" in wanted ? wanted.error : "a result"} and ${"error" in got ? got.error : "a result"}`;
    if (words !== null) throw explain(words, `evaluator and ${what}`);
  }
}
