import type { Expression, MemberExpression, Pattern, PrivateIdentifier } from "acorn";
import { isMissing } from "../isMissing.ts";
import { branchValue } from "../machine/branch.ts";
import { Choice } from "../machine/Choice.ts";
import { own } from "../machine/containers.ts";
import { truthOfEach } from "../machine/guards.ts";
import { read } from "../machine/lift.ts";
import { fail, type Machine, mistake } from "../machine/Machine.ts";
import { type Scope, undeclared } from "../machine/Scope.ts";
import { giveTo } from "../machine/variables.ts";
import { elementAt, type Elements, liveElements } from "../values/elements.ts";
import { settled } from "../values/numbers.ts";
import { propertyOf, setPropertyOf, spread } from "../values/properties.ts";
import { PerTurn } from "../turns/PerTurn.ts";
import { type Key, keyOf } from "../values/texts.ts";

/** Gives a value to a name, or its parts to the names of a pattern; new ones in `scope` if they are declared. */
export function bind(
  m: Machine,
  pattern: Pattern,
  value: unknown,
  scope: Scope,
  isNew: boolean,
): void {
  m.at = pattern;
  switch (pattern.type) {
    case "Identifier": {
      const { name } = pattern;
      const { vars } = isNew ? scope : assignable(m, name, scope);
      return giveTo(m, vars, name, settled(value));
    }
    case "MemberExpression": {
      const { object, key } = reference(m, pattern, scope);
      m.at = pattern;
      return setPropertyOf(m, object, key, value);
    }
    case "AssignmentPattern": {
      const isLeftOut = truthOfEach(m, value, (x) => x === undefined);
      const given = branchValue(
        m,
        isLeftOut,
        () => m.evaluate(pattern.right, scope),
        () => value,
      );
      return bind(m, pattern.left, given, scope, isNew);
    }
    case "ArrayPattern": {
      // A choice is looked at anew for each element.
      const once = value instanceof Choice ? undefined : liveElements(m, value);
      for (const [i, element] of pattern.elements.entries()) {
        if (element === null) continue;
        const isRest = element.type === "RestElement";
        const part = read(m, [value], (x) => {
          const elements = once ?? liveElements(m, x);
          return isRest ? restOf(m, elements, i) : elementAt(m, elements, i);
        });
        bind(m, isRest ? element.argument : element, part, scope, isNew);
      }
      return;
    }
    case "ObjectPattern": {
      if (isMissing(value))
        mistake(m, `${String(value)} cannot be taken apart`, "look for args that were left out");
      const taken: unknown[] = [];
      for (const property of pattern.properties) {
        m.at = property;
        if (property.type === "RestElement") {
          const rest = read(m, [value, ...taken], (x, ...keys) => {
            const all = spread(m, x);
            for (const key of keys) delete all[key as Key];
            return own(m, all);
          });
          bind(m, property.argument, rest, scope, isNew);
        } else {
          const key = keyIn(m, property.key, property.computed, scope);
          taken.push(key);
          bind(m, property.value, propertyOf(m, value, key), scope, isNew);
        }
      }
      return;
    }
    case "RestElement":
      return fail(m, "a rest element cannot stand here");
  }
}

function restOf(m: Machine, elements: Elements, from: number): unknown[] {
  const rest: unknown[] = [];
  for (let i = from; i < elements.length; i++) rest.push(elementAt(m, elements, i));
  return own(m, rest);
}

/** The block whose variable has this name, and can be given another value now. */
function assignable(m: Machine, name: string, scope: Scope): Scope {
  const holder = holderOf(m, name, scope);
  if (holder === null)
    return fail(m, `"${name}" is not a variable of the function`, "declare it inside");
  if (holder.constants.includes(name))
    mistake(m, `"${name}" is a constant, and is given another value`, "declare it with let");
  return holder;
}

/** The innermost block that has this variable. */
export function holderOf(m: Machine, name: string, scope: Scope): Scope | null {
  let holder: Scope | null = scope;
  while (holder !== null && !(name in holder.vars)) holder = holder.parent;
  if (holder?.vars[name] === undeclared)
    mistake(m, `"${name}" is used before its declaration`, "move the declaration up");
  return holder;
}

/** The object and the key of `object.key` or `object[key]`. */
export function reference(
  m: Machine,
  { object, property, computed }: MemberExpression,
  scope: Scope,
): { readonly object: unknown; readonly key: unknown } {
  const target = m.evaluate(object, scope);
  return { object: target, key: keyIn(m, property, computed, scope) };
}

/** A key as it is written: `key` or `"key"`, or `[key]`, which is computed, and may be a choice. */
export function keyIn(
  m: Machine,
  node: Expression | PrivateIdentifier,
  computed: boolean,
  scope: Scope,
): unknown {
  if (!computed && node.type === "Identifier") return node.name;
  const key = m.evaluate(node, scope);
  m.at = node;
  return key instanceof Choice || key instanceof PerTurn ? key : keyOf(m, key);
}
