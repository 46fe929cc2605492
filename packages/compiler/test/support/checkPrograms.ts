import type { Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { checkAgreement } from "./agree.ts";
import { Builder } from "./Builder.ts";
import { Draw } from "./Draw.ts";

/**
 * Fails unless programs that `build` makes give the same bits evaluated, lowered and compiled.
 *
 * @param cuts - Of how many operations a function is at most, in more compiled code.
 */
export function checkPrograms(
  numRuns: number,
  build: (builder: Builder) => readonly Tensor[],
  cuts: readonly number[] = [],
): void {
  const property = fc.property(fc.gen(), (next) => {
    const builder = new Builder(new Draw(next));
    const outputs = builder.run(() => build(builder));
    const { program, inputs } = builder.finish(outputs);
    checkAgreement(program, inputs, cuts);
  });
  const thoroughness = Number(process.env["THOROUGHNESS"] ?? 1);
  fc.assert(property, { numRuns: Math.ceil(numRuns * thoroughness), includeErrorInReport: true });
}
