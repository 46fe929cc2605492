import type { Callable } from "@diffrax-ts/pytree";
import type { Machine } from "../machine/Machine.ts";
import { isLog, keepsValues } from "../values/globals.ts";
import type { Builtin } from "../values/math.ts";
import { isTracedScalar } from "../values/numbers.ts";
import { inEachTurn, tracedIn } from "./inEachTurn.ts";
import { NotAlike } from "./NotAlike.ts";
import { isKnown, PerTurn } from "./PerTurn.ts";

/** What a function of JavaScript itself gives in each turn. */
export function builtinInTurns(
  m: Machine,
  f: Callable,
  builtin: Builtin,
  args: readonly unknown[],
): unknown {
  if (isLog(f)) throw new NotAlike();
  if (keepsValues(f, args)) return builtin(m, args);
  if (args.every((x) => isKnown(x) || x instanceof PerTurn))
    return inEachTurn(args, (...known) => builtin(m, known));
  const areNumbers = args.every((x) => isKnown(x) || x instanceof PerTurn || isTracedScalar(x));
  // A power is computed in another way where its exponent is known.
  if (!areNumbers || f === (Math.pow as Callable)) throw new NotAlike();
  return builtin(
    m,
    args.map((x) => (x instanceof PerTurn ? tracedIn(m, x) : x)),
  );
}
