import type { MemberExpression, Pattern } from "acorn";
import { copyOf, fail, type Machine, mistake, own, type Scope, touch } from "../machine/Machine.ts";
import { elementsOf } from "../values/elements.ts";
import { refuseUnsettled, settled } from "../values/numbers.ts";
import { getProperty, keyOf, setProperty } from "../values/properties.ts";
import { isMissing } from "../isMissing.ts";

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
      const holder = isNew ? scope : holderOf(pattern.name, scope);
      if (holder === null)
        fail(m, `"${pattern.name}" is not a variable of the function`, "declare it inside");
      touch(m, holder.vars);
      holder.vars[pattern.name] = settled(value);
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
        value === undefined ? m.evaluate(m, pattern.right, scope) : value,
        scope,
        isNew,
      );
    case "ArrayPattern": {
      const elements = elementsOf(m, value);
      for (const [i, element] of pattern.elements.entries()) {
        if (element?.type === "RestElement")
          bind(m, element.argument, own(m, elements.slice(i)), scope, isNew);
        else if (element !== null) bind(m, element, elements[i], scope, isNew);
      }
      return;
    }
    case "ObjectPattern":
      return bindProperties(m, pattern.properties, value, scope, isNew);
    case "RestElement":
      return fail(m, "a rest element cannot stand here");
  }
}

function bindProperties(
  m: Machine,
  properties: (Pattern & { type: "ObjectPattern" })["properties"],
  value: unknown,
  scope: Scope,
  isNew: boolean,
): void {
  if (isMissing(value))
    mistake(m, `${String(value)} cannot be taken apart`, "look for args that were left out");
  const taken: string[] = [];
  for (const property of properties) {
    m.at = property;
    if (property.type === "RestElement") {
      const rest = copyOf(Object.assign({}, value)) as Record<string, unknown>;
      for (const key of taken) delete rest[key];
      bind(m, property.argument, own(m, { ...rest }), scope, isNew);
    } else {
      const { key, computed } = property;
      const name =
        computed || key.type !== "Identifier" ? keyOf(m, m.evaluate(m, key, scope)) : key.name;
      taken.push(String(name));
      bind(m, property.value, getProperty(m, value, name), scope, isNew);
    }
  }
}

/** The innermost block that has this variable. */
export function holderOf(name: string, scope: Scope): Scope | null {
  for (let at: Scope | null = scope; at !== null; at = at.parent) if (name in at.vars) return at;
  return null;
}

/** The object and the key of `object.key` or `object[key]`. */
export function reference(
  m: Machine,
  { object, property, computed }: MemberExpression,
  scope: Scope,
): { readonly object: unknown; readonly key: string | number } {
  const target = m.evaluate(m, object, scope);
  if (!computed) return { object: target, key: (property as { readonly name: string }).name };
  const key = m.evaluate(m, property, scope);
  m.at = property;
  return { object: target, key: keyOf(m, key) };
}

/** The names that a pattern declares. */
export function namesOf(pattern: Pattern): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "AssignmentPattern":
      return namesOf(pattern.left);
    case "RestElement":
      return namesOf(pattern.argument);
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element === null ? [] : namesOf(element)));
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        namesOf(property.type === "Property" ? property.value : property),
      );
    case "MemberExpression":
      return [];
  }
}
