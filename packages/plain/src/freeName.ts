/** What a name from outside is, and what to do about it. */
export function freeName(name: string, ofFunction = "f"): readonly [what: string, wayOut: string] {
  if (isOfJavaScript(name))
    return [
      `"${name}" is not read`,
      "compute what it gives before the solve, and pass that through args",
    ];
  if (isOfOldTarget(name))
    return [
      `"${name}" was put there by a build for engines older than ES2018, and cannot be read`,
      'raise the target of the build, such as build.target: "es2022", or write the function without ... in objects',
    ];
  const list = `pass it through args, or list it: plain(${ofFunction || "f"}, { ${name} })`;
  return [
    `"${name}" comes from outside the function, where it cannot be seen`,
    Object.hasOwn(Math, name)
      ? `write Math.${name}; or, if it is something else, ${list}`
      : `${list}; for a function that works on tensors write traced(f)`,
  ];
}

/** Whether a name is a helper of esbuild, Babel, SWC or TypeScript for `{ ...a }`, `{ a, ...rest }` or `for … of`. */
function isOfOldTarget(name: string): boolean {
  return /^(__(spreadProps|spreadValues|objRest|assign|rest|spreadArray|read|values)|_(objectSpread|objectWithoutProperties|extends|object_spread|object_without_properties|slicedToArray|sliced_to_array|toConsumableArray|to_consumable_array|createForOfIteratorHelper|create_for_of_iterator_helper)\w*)$/.test(
    name,
  );
}

/**
 * Whether a name belongs to JavaScript or to the page, the worker or the process: what it stands for is no number that could be
 * listed. Those that a program makes global itself are plain properties.
 */
function isOfJavaScript(name: string): boolean {
  if (Object.hasOwn(hosts, name)) return true;
  const property = Object.getOwnPropertyDescriptor(globalThis, name);
  if (property === undefined) return false;
  const { enumerable, value } = property;
  return (
    enumerable !== true ||
    "get" in property ||
    (typeof value === "function" && /\[native code\]/.test(String(value)))
  );
}

/** Names that mean something on one host only, and those that Node has as ordinary functions of its own. */
const hosts = {
  atob: true,
  btoa: true,
  clearInterval: true,
  clearTimeout: true,
  document: true,
  exports: true,
  fetch: true,
  global: true,
  localStorage: true,
  module: true,
  navigator: true,
  process: true,
  queueMicrotask: true,
  require: true,
  self: true,
  setImmediate: true,
  setInterval: true,
  setTimeout: true,
  structuredClone: true,
  window: true,
};
