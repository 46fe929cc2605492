import { andThen, arrive, branch } from "../machine/branch.ts";
import { countTurns, fail, type Machine } from "../machine/Machine.ts";
import { leave, normal, type Outcome, type Truth } from "../machine/Outcome.ts";
import { NotAlike } from "../turns/NotAlike.ts";
import { inGroups } from "../turns/together.ts";
import { truthOf } from "../values/numbers.ts";
import { logicalNot } from "../values/truth.ts";

/** A loop as it is read. */
export interface Loop {
  readonly test: () => unknown;
  readonly body: () => Outcome;
  readonly next: () => void;
  readonly testsFirst: boolean;
}

/** So many times in a row a loop may be left on a condition that is not known. */
const mostExits = 200;

/** Writes a loop out, turn by turn. */
export function loop(m: Machine, labels: readonly string[], parts: Loop): Outcome {
  return arrive(turnByTurn(m, labels, parts), "break", ["", ...labels]);
}

/** The same with the exits by which it was left. */
export function turnByTurn(
  m: Machine,
  labels: readonly string[],
  { test, body, next, testsFirst }: Loop,
): Outcome {
  const own = ["", ...labels];
  const node = m.at;
  const deepest = m.tape.region.depth + mostExits;
  const turn = (): Outcome => {
    countTurns(m, 1, node);
    if (m.tape.region.depth > deepest) {
      fail(
        m,
        "the number of turns of this loop depends on a traced value",
        "loop to a bound that is known, such as fixed(n) in args, or use whileLoop in a traced(…) function",
        node,
      );
    }
    return arrive(body(), "continue", own);
  };
  const turns = (isTested: boolean): Outcome => {
    for (let tests = isTested; ; tests = true) {
      // A test that fails is a break.
      const go = !tests || truthOf(m, test());
      if (go === false) return normal;
      const left =
        go === true ? normal : leave("break", m.tape.length, "", undefined, logicalNot(go));
      const outcome = andThen(m, left, turn);
      if (outcome.some(({ when }) => when === true)) return outcome;
      if (outcome.length > 0) {
        return andThen(m, outcome, () => {
          next();
          return turns(true);
        });
      }
      next();
    }
  };
  return turns(testsFirst);
}

/** A loop that counts up to a bound, which is known before it begins. */
export interface Counted {
  readonly indices: readonly number[];
  /** Whether there is a turn at this index, as it is seen then. */
  readonly test: (index: unknown) => Truth;
  readonly body: (index: unknown) => Outcome;
}

/** Reads turns that do the same all at once, and writes the others out; `rest` is what comes after the last index. */
export function countedLoop(
  m: Machine,
  labels: readonly string[],
  { indices, test, body }: Counted,
  rest: () => Outcome,
): Outcome {
  const node = m.at;
  const own = ["", ...labels];
  const outcome = inGroups<Outcome>(m, indices, {
    body: (index) => {
      if (test(index) !== true || arrive(body(index), "continue", own).length > 0)
        throw new NotAlike();
    },
    taken: () => countTurns(m, 1, node),
    oneByOne: (from, to, later) => {
      let i = from;
      m.at = node;
      const left = turnByTurn(m, labels, {
        test: () => i < to,
        body: () =>
          branch(
            m,
            test(indices[i]),
            () => body(indices[i]),
            () => leave("break", m.tape.length),
          ),
        next: () => {
          i++;
        },
        testsFirst: true,
      });
      return andThen(m, left, later);
    },
    end: rest,
  });
  return arrive(outcome, "break", own);
}
