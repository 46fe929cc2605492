import type { Expression, MemberExpression, Pattern, PrivateIdentifier } from "acorn";
import { isMissing } from "../isMissing.ts";
import {
  fail,
  type Machine,
  mistake,
  own,
  type Scope,
  touch,
  undeclared,
} from "../machine/Machine.ts";
import { elementAt, elementsOf, liveElements } from "../values/elements.ts";
import { refuseUnsettled, settled } from "../values/numbers.ts";
import { getProperty, setProperty, spread } from "../values/properties.ts";
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
      touch(m, vars);
      vars[name] = settled(value);
      return;
    }
    case "MemberExpression": {
      const { object, key } = reference(m, pattern, scope);
      m.at = pattern;
      return setProperty(m, object, key, value);
    }
    case "AssignmentPattern":
      refuseUnsettled(m, value);
      return bind(
        m,
        pattern.left,
        value === undefined ? m.evaluate(pattern.right, scope) : value,
        scope,
        isNew,
      );
    case "ArrayPattern": {
      const elements = liveElements(m, value);
      for (const [i, element] of pattern.elements.entries()) {
        if (element?.type === "RestElement")
          bind(m, element.argument, own(m, elementsOf(m, elements).slice(i)), scope, isNew);
        else if (element !== null) bind(m, element, elementAt(m, elements, i), scope, isNew);
      }
      return;
    }
    case "ObjectPattern": {
      if (isMissing(value))
        mistake(m, `${String(value)} cannot be taken apart`, "look for args that were left out");
      const taken: string[] = [];
      for (const property of pattern.properties) {
        m.at = property;
        if (property.type === "RestElement") {
          const rest = spread(m, value);
          for (const key of taken) delete rest[key];
          bind(m, property.argument, own(m, rest), scope, isNew);
        } else {
          const key = keyIn(m, property.key, property.computed, scope);
          taken.push(String(key));
          bind(m, property.value, getProperty(m, value, key), scope, isNew);
        }
      }
      return;
    }
    case "RestElement":
      return fail(m, "a rest element cannot stand here");
  }
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
): { readonly object: unknown; readonly key: Key } {
  const target = m.evaluate(object, scope);
  return { object: target, key: keyIn(m, property, computed, scope) };
}

/** A key as it is written: `key` or `"key"`, or `[key]`, which is computed. */
export function keyIn(
  m: Machine,
  node: Expression | PrivateIdentifier,
  computed: boolean,
  scope: Scope,
): Key {
  if (!computed && node.type === "Identifier") return node.name;
  const key = m.evaluate(node, scope);
  m.at = node;
  return keyOf(m, key);
}
