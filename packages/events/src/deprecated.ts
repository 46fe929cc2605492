// Names of Diffrax that are deprecated there: errors that say what to write. Their parameter cannot be given, so that calls do not compile either.

/**
 * A name of Diffrax, deprecated there, and an error here.
 *
 * @deprecated Write `Event({ condFn: (t, y, args) => … })`, with a condition that returns a truth value.
 * @throws TypeError always.
 */
export function DiscreteTerminatingEvent(_given: never): never {
  return refuse("DiscreteTerminatingEvent", discrete);
}

/**
 * A name of Diffrax, deprecated there, and an error here.
 *
 * @deprecated Write `Event({ condFn: steadyStateEvent({ rtol, atol, norm }) })`.
 * @throws TypeError always.
 */
export function SteadyStateEvent(_given: never): never {
  return refuse("SteadyStateEvent", "Event({ condFn: steadyStateEvent({ rtol, atol, norm }) })");
}

/**
 * A name of Diffrax, deprecated there, and an error here.
 *
 * @deprecated Conditions are functions: `Event({ condFn: (t, y, args) => … })`.
 * @throws TypeError always.
 */
export function AbstractDiscreteTerminatingEvent(_given: never): never {
  return refuse("AbstractDiscreteTerminatingEvent", discrete);
}

const discrete =
  "Event({ condFn: (t, y, args) => … }), with a condition that returns a truth value; it is given to diffeqsolve as event";

function refuse(name: string, successor: string): never {
  throw new TypeError(`${name}: deprecated in Diffrax, and not followed here; write ${successor}`);
}
