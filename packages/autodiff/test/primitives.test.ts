import { allPrimitives } from "@diffrax-ts/program";
import { describe, test } from "vitest";
import { checkBatch, checkFirst, checkSecond } from "./support/checkDerivatives.ts";
import { smoothCases } from "./support/smoothCases.ts";

const cases = smoothCases();

describe.each(allPrimitives().filter((primitive) => cases[primitive] !== null))(
  "%s",
  (primitive) => {
    const make = cases[primitive]!;
    test.each(["float64", "float32"] as const)(
      "of %s: jvp is the limit of differences, and vjp its transpose",
      (dtype) => {
        checkFirst(3, make, dtype);
      },
    );
    test("has second derivatives that are the same forward over reverse, reverse over forward and reverse over reverse", () => {
      checkSecond(2, make);
    });
    test.each(["float64", "float32"] as const)(
      "of %s: vmap gives the bits of a loop, and so do vmap of vjp and of jvp",
      (dtype) => {
        checkBatch(2, make, dtype);
      },
    );
  },
);
