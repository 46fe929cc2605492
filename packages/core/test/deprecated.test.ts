import {
  AbstractDiscreteTerminatingEvent,
  diffeqsolve,
  DiscreteTerminatingEvent,
  SteadyStateEvent,
  Tsit5,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";

describe("a name that is deprecated in Diffrax is an error that says what to write, and does not compile:", () => {
  test("DiscreteTerminatingEvent", () => {
    // @ts-expect-error -- it cannot be called
    expect(() => DiscreteTerminatingEvent(() => true)).toThrow(
      /^DiscreteTerminatingEvent: deprecated in Diffrax, .* write Event\(\{ condFn: \(t, y, args\) => … \}\)/u,
    );
  });

  test("SteadyStateEvent", () => {
    // @ts-expect-error -- it cannot be called
    expect(() => SteadyStateEvent({ rtol: 1e-3 })).toThrow(
      /^SteadyStateEvent: .* write Event\(\{ condFn: steadyStateEvent\(\{ rtol, atol, norm \}\) \}\)$/u,
    );
  });

  test("AbstractDiscreteTerminatingEvent, as a base class too", () => {
    // @ts-expect-error -- it is no class
    class Mine extends AbstractDiscreteTerminatingEvent {}
    expect(() => new Mine()).toThrow(/^AbstractDiscreteTerminatingEvent: .* write Event\(/u);
  });

  test("the option discreteTerminatingEvent", () => {
    const options = { t0: 0, t1: 1, dt0: 0.1, y0: 1, discreteTerminatingEvent: () => true };
    expect(() => diffeqsolve((t, y) => -y, Tsit5(), options)).toThrow(
      /^diffeqsolve: discreteTerminatingEvent is deprecated in Diffrax; write event: Event\(\{ condFn \}\)$/u,
    );
  });
});
