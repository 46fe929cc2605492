// Mistakes in calls of diffeqsolve, and what TypeScript has to say of each: in every version, under the strictest options, in lines
// that fit on a screen.

/** A message is no longer: as much as 20 lines of 80 characters hold. */
export const mostLines = 9;
export const mostCharacters = 1600;

const o = "t0: 0, t1: 1, dt0: 0.1";
const pair = `${o}, y0: [1, 0]`;
const hares = `${o}, y0: { prey: 1, predator: 1 }, args: { a: 1 }`;

/**
 * The code of each mistake, and what the message has to say.
 *
 * @type {Readonly<Record<string, readonly [code: string, says: RegExp]>>}
 */
export const mistakes = {
  "a field that forgets a key": [
    `diffeqsolve((t, { prey, predator }, { a }) => ({ prey: a * prey - predator }), Tsit5(), { ${hares} })`,
    /Property 'predator' is missing in type '\{ prey: number; \}'/,
  ],
  "a field with another key": [
    `diffeqsolve((t, { prey, predator }, { a }) => ({ pray: a * prey, predator }), Tsit5(), { ${hares} })`,
    /Property 'prey' is missing in type '\{ pray: number; predator: number; \}'/,
  ],
  "a field with many keys, of which one is another": [
    `diffeqsolve((t, { s, e, i, r }, { beta, gamma, sigma }) => ({ s: -beta * s * i, e: beta * s * i - sigma * e, i: sigma * e - gamma * i, R: gamma * i }),
      Tsit5(), { ${o}, y0: { s: 0.99, e: 0, i: 0.01, r: 0 }, args: { beta: 1, gamma: 1, sigma: 1 }, saveat: { ts: [0, 1] } })`,
    /Property 'r' is missing/,
  ],
  "a field that is too short": [
    `diffeqsolve((t, [x, v]) => [v], Tsit5(), { ${pair} })`,
    /Source has 1 element\(s\) but target requires 2/,
  ],
  "a field that returns a number for a pair": [
    `diffeqsolve((t, [x, v]) => -x, Tsit5(), { ${pair} })`,
    /Type 'number' is not assignable to type 'readonly \[number, number\] \| FieldList<number>'/,
  ],
  "a field that returns a number for a vector": [
    `diffeqsolve((t, y) => y[0]!, Tsit5(), { ${o}, y0: Float64Array.of(1, 2) })`,
    /Type 'number' is not assignable to type 'ArrayLike<number>'/,
  ],
  "a field that returns nothing": [
    `diffeqsolve((t, y) => { y * 2; }, Tsit5(), { ${o}, y0: 1 })`,
    /Type 'void' is not assignable to type 'number'/,
  ],
  "a field that returns a text": [
    `diffeqsolve((t, y) => String(y), Tsit5(), { ${o}, y0: 1 })`,
    /Type 'string' is not assignable to type 'number'/,
  ],
  "a field with a part of the state that is too long": [
    `diffeqsolve((t, { arm, v }) => ({ arm: [arm[1], arm[0], v], v }), Tsit5(), { ${o}, y0: { arm: [1, 2], v: 1 } })`,
    /Source has 3 element\(s\) but target (?:allows only|requires) 2/,
  ],
  "a field that takes what args do not have": [
    `diffeqsolve((t, y, { k, m }) => -k * m * y, Tsit5(), { ${o}, y0: 1, args: { k: 1 } })`,
    /Property 'm' does not exist on type '\{ readonly k: number; \}'/,
  ],
  "a field declared apart, for another state": [
    `diffeqsolve((t: number, [x, v]: [number, number]): [number, number] => [v, -x], Tsit5(), { ${o}, y0: { x: 1, v: 0 } })`,
    /Type '\[number, number\]' is missing the following properties from type '.*': x, v|not assignable/,
  ],
  "no first step": [
    "diffeqsolve((t, y) => -y, Tsit5(), { t0: 0, t1: 1, y0: 1 })",
    /Property 'dt0' is missing/,
  ],
  "an option that is misspelt": [
    `diffeqsolve((t, y) => -y, Tsit5(), { ${o}, y0: 1, saveAt: { ts: [0, 1] } })`,
    /'saveAt' does not exist .* Did you mean to write 'saveat'\?/,
  ],
  "a number in quotes": [
    'diffeqsolve((t, y) => -y, Tsit5(), { t0: 0, t1: 1, dt0: "0.1", y0: 1 })',
    /Type 'string' is not assignable to type 'number \| Tensor<readonly number\[\]> \| null'/,
  ],
  "a solver that is not called": [
    `diffeqsolve((t, y) => -y, Tsit5, { ${o}, y0: 1 })`,
    /is not assignable to parameter of type 'Solver</,
  ],
  "tolerances without a controller": [
    `diffeqsolve((t, y) => -y, Tsit5(), { ${o}, y0: 1, stepsizeController: { rtol: 1e-3, atol: 1e-6 } })`,
    /'rtol' does not exist in type 'StepSizeController/,
  ],
  "a key that the solution does not have": [
    `diffeqsolve((t, { a }) => ({ a }), Tsit5(), { ${o}, y0: { a: 1 } }).ys.b`,
    /Property 'b' does not exist on type '\{ readonly a: Tensor<readonly \[number\]>; \}'/,
  ],
  "the same in an asynchronous solve": [
    `diffeqsolveAsync((t, { prey, predator }, { a }) => ({ prey: a * prey - predator }), Tsit5(), { ${hares} })`,
    /Property 'predator' is missing/,
  ],
  "the same in an integrator": [
    `integrator((t, { prey, predator }, { a }) => ({ prey: a * prey - predator }), Tsit5(), { ${hares} })`,
    /Property 'predator' is missing/,
  ],
  "a function of numbers where one of tensors is differentiated": [
    "grad((x: number) => x * x)(3)",
    /Type 'number' is not assignable to type 'Tensor<readonly number\[\]>'/,
  ],
};
