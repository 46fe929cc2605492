// Programs made at random in which names stand for the same arrays and objects, and conditions choose between them.

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The source of a function `(x, y) => [numbers]`. */
export function programOf(seed: number): string {
  return new Generator(randomOf(seed)).program();
}

class Generator {
  readonly #random: () => number;
  #names = 0;
  #loops = 0;
  /** Inside of functions that may be called by each other. */
  #isInner = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  program(): string {
    const body = this.#statements(3 + this.#upTo(5), 2);
    const late = this.#statements(1 + this.#upTo(3), 1);
    return `(x, y) => {
  let s = 1, t = y, k = 0;
  let a = [x, 2], b = [y, 1], c = [3, x];
  let o = { v: x, w: a, z: null }, q = { v: 2, w: [y, 4], z: o };
  let d = Float64Array.of(x, 2), e = new Float64Array(2), w = [a, b];
  let l = [1, y], n = null;
  let f = (u) => u, g = () => a;
  const out = (r) => [r, s, t, a[0], a[1], b[0], b[1], c[0] * c[1], o.v, o.w[0], o.w[1], q.v, q.w[0], sum(l), l.length, n === null ? 7 : n[0], d[0], d[1], e[0] + e[1], w[0][0], w[1][1], o.z === null ? 1 : o.z.v];
  const keep = (u) => { if (u <= 0) return (v) => v; const r = Math.sqrt(u); return (v) => v * r; };
  const bump = (u, by) => { u[0] += by; return u; };
  const clip = (u) => { if (u[0] > 2) { return [2, u[1]]; } return u; };
  const first = (u, v) => { if (u[0] < v[0]) return u; if (u[1] < 0) { v[1] = 3; return v; } u[1] = 1; return v; };
  const sum = (u) => { let all = 0; for (const e of u) all += e; return all; };
  ${body}
  ${late}
  return out(f(2) + g()[0]);
}`;
  }

  #upTo(n: number): number {
    return Math.floor(this.#random() * n);
  }

  #chance(p: number): boolean {
    return this.#random() < p;
  }

  #one<T>(...of: readonly T[]): T {
    return of[this.#upTo(of.length)]!;
  }

  #pick(...of: readonly (() => string)[]): string {
    return this.#one(...of)();
  }

  #statements(count: number, depth: number, inLoop = false): string {
    return Array.from({ length: count }, () => this.#statement(depth, inLoop)).join("\n  ");
  }

  #block(depth: number, inLoop: boolean): string {
    return `{ ${this.#statements(1 + this.#upTo(3), depth - 1, inLoop)} }`;
  }

  #statement(depth: number, inLoop: boolean): string {
    const simple = [
      () => `${this.#scalarPlace()} ${this.#one("=", "=", "+=", "-=", "*=")} ${this.#number(2)};`,
      () => `${this.#one("a", "b", "c", "a", "b", "c", "o.w", "q.w")} = ${this.#pair(2)};`,
      () => `${this.#one("o", "q")} = ${this.#record(2)};`,
      () =>
        this.#one(
          "[a, b] = [b, a];",
          "[b, c] = [c, b];",
          "[o, q] = [q, o];",
          "[o.w, a] = [a, o.w];",
        ),
      () => `bump(${this.#pair(1)}, ${this.#number(1)});`,
      () => `l = ${this.#list(2)};`,
      () => `${this.#pair(1)}.${this.#one("reverse()", `fill(${this.#number(0)})`)};`,
      () => this.#typed(),
      () => this.#typed(),
      () => this.#nested(),
      () => this.#nested(),
      () => `n = ${this.#one("null", this.#pair(1))};`,
      () => this.#closure(),
      () => `if (n !== null) n[${this.#upTo(2)}] = ${this.#number(1)};`,
      () => `${this.#condition(1)} && (${this.#one("a", "b", "c")} = ${this.#pair(1)});`,
    ];
    if (depth === 0) return this.#pick(...simple);
    const leave = inLoop
      ? this.#one("break;", "continue;", "break;")
      : `return out(${this.#number(1)});`;
    return this.#pick(
      ...simple,
      () => `if (${this.#condition(1)}) ${this.#block(depth, inLoop)}`,
      () =>
        `if (${this.#condition(1)}) ${this.#block(depth, inLoop)} else ${this.#block(depth, inLoop)}`,
      () => `if (${this.#condition(1)}) { ${this.#statement(depth - 1, inLoop)} ${leave} }`,
      () => this.#rooted(depth, inLoop),
      () => this.#loop(depth),
      () => this.#loop(depth),
    );
  }

  #typed(): string {
    const i = this.#upTo(2);
    return this.#pick(
      () => "[d, e] = [e, d];",
      () => `${this.#one("d", "e")}[${i}] = ${this.#number(1)};`,
      () => `${this.#one("d", "e")}[${i}] ${this.#one("+=", "*=")} ${this.#number(0)};`,
      () =>
        `${this.#one("d", "e")} = ${this.#condition(1)} ? ${this.#one("d", "e")} : ${this.#one("d", "e", `Float64Array.of(${this.#number(1)}, y)`)};`,
      () =>
        this.#one(
          "d.set(e);",
          "e.set(d);",
          "d.fill(s);",
          "e = d.map((v) => v * 2);",
          "d = d.slice();",
        ),
      () =>
        `if (${this.#condition(1)}) { for (let i = 0; i < 2; i++) e[i] = d[1 - i] * 0.5 + s; [d, e] = [e, d]; }`,
    );
  }

  /** Arrays in arrays, and objects that lead to each other. */
  #nested(): string {
    const i = this.#upTo(2);
    return this.#pick(
      () => `w[${i}] = ${this.#pair(1)};`,
      () => `w[${i}][${this.#upTo(2)}] ${this.#one("=", "+=")} ${this.#number(1)};`,
      () => "[w[0], w[1]] = [w[1], w[0]];",
      () => `w = ${this.#condition(1)} ? [${this.#pair(0)}, ${this.#pair(0)}] : w;`,
      () => `for (const u of w) { u[${i}] += ${this.#number(0)}; }`,
      () => `${this.#one("o", "q")}.z = ${this.#one("o", "q", "null")};`,
      () => `if (o.z !== null) { o.z.v ${this.#one("=", "+=")} ${this.#number(1)}; }`,
      () =>
        `w.forEach((u, j) => { if (u === ${this.#pair(0)}) { w[1 - j][0] = ${this.#number(0)}; } });`,
    );
  }

  /** A branch that computes what has no finite derivative beside it. */
  #rooted(depth: number, inLoop: boolean): string {
    const of = this.#one("x", "y", "s", "a[0]", "o.v");
    const name = `r${this.#names++}`;
    const use = this.#pick(
      () => `${this.#one("a", "b", "c", "o.w")} = [${name}, ${this.#number(1)}];`,
      () => `${this.#scalarPlace()} = ${name};`,
      () => `f = (u) => u * ${name};`,
      () => `f = keep(${of});`,
      () => `w = [[${name}, 1], ${this.#pair(0)}];`,
      () => `d = Float64Array.of(${name}, 1);`,
      () => `g = () => [${name}, a[1]];`,
      () => `${this.#one("o", "q")} = { v: ${name}, w: ${this.#pair(1)}, z: null };`,
      () => `l = [${name}];`,
      () => `n = [${name}, 2];`,
    );
    const root = this.#one(`Math.sqrt(${of})`, `Math.log(${of})`, `1 / ${of}`);
    const rest = this.#chance(0.4) ? ` else ${this.#block(depth, inLoop)}` : "";
    return `if (${of} > 0) { const ${name} = ${root}; ${use} ${this.#statement(depth - 1, inLoop)} }${rest}`;
  }

  #loop(depth: number): string {
    const body = this.#block(depth, true);
    const i = `i${this.#loops++}`;
    return this.#pick(
      () => `for (let ${i} = 0; ${i} < ${1 + this.#upTo(3)}; ${i}++) ${body}`,
      () =>
        `for (const ${i} of ${this.#one("[a, b]", "[b, c, a]", "[o.w, b]")}) { ${i}[0] += 1; ${body} }`,
      () => `for (const ${i} of ${this.#one("a", "l", "l", "o.w")}) { t += ${i}; ${body} }`,
      () => `for (let ${i} = 0; ${i} < l.length && ${i} < 4; ${i}++) { s += l[${i}]; ${body} }`,
    );
  }

  /** Functions that keep what they see; they call no others, so that each call ends. */
  #closure(): string {
    const name = `m${this.#names++}`;
    this.#isInner = true;
    const closure = this.#pick(
      () => `f = (u) => u * ${this.#scalarPlace()} + ${this.#number(0)};`,
      () => `f = (u) => { ${this.#scalarPlace()} += u; return ${this.#number(1)}; };`,
      () => `g = () => ${this.#one("a", "b", "c", "o.w")};`,
      () => `g = () => { ${this.#one("a", "b")}[0] += 1; return ${this.#pair(0)}; };`,
      () => `{ const ${name} = ${this.#pair(1)}; g = () => { ${name}[1] += 1; return ${name}; }; }`,
      () => `{ let ${name} = ${this.#number(1)}; f = (u) => { ${name} += u; return ${name}; }; }`,
    );
    this.#isInner = false;
    return closure;
  }

  #scalarPlace(): string {
    const i = this.#upTo(2);
    return this.#one(
      "s",
      "t",
      `a[${i}]`,
      `b[${i}]`,
      `c[${i}]`,
      "o.v",
      "q.v",
      `o.w[${i}]`,
      `q.w[${i}]`,
    );
  }

  #number(depth: number): string {
    const leaf = [
      () => this.#one("x", "y"),
      () => this.#scalarPlace(),
      () => String(this.#upTo(4) - 1 || 0.5),
    ];
    if (depth === 0) return this.#pick(...leaf);
    const inner = (): string => this.#number(depth - 1);
    return this.#pick(
      ...leaf,
      () => `(${inner()} + ${inner()})`,
      () => `(${inner()} - ${inner()})`,
      () => `(${inner()} * ${inner()})`,
      () => `(${this.#condition(depth - 1)} ? ${inner()} : ${inner()})`,
      () => `Math.sin(${inner()})`,
      () => this.#root(inner()),
      ...(this.#isInner ? [] : [() => `f(${inner()})`, () => `g()[${this.#upTo(2)}]`]),
      () => `sum(${this.#one("l", "a", "o.w")})`,
      () => `[a, b, c].indexOf(${this.#pair(0)})`,
      () => `(l[${this.#upTo(3)}] ?? ${inner()})`,
      () => `(n?.[0] ?? ${inner()})`,
      () => `first(${this.#pair(0)}, ${this.#pair(0)})[0]`,
      () => `keep(${this.#one("x", "y", "s")})(${inner()})`,
      () => `(o.z?.v ?? ${inner()})`,
      () => `d[${this.#upTo(2)}]`,
      () => `w[${this.#upTo(2)}][${this.#upTo(2)}]`,
      () => `w.indexOf(${this.#pair(0)})`,
      () => `(Array.isArray(n) ? ${inner()} : ${inner()})`,
      () => `(${this.#one("l", "a")}.map((e) => e + 1)[0] ?? 1)`,
    );
  }

  #root(other: string): string {
    const of = this.#one("x", "y", "s", "a[1]");
    return `(${of} > 0 ? Math.sqrt(${of}) : ${other})`;
  }

  #condition(depth: number): string {
    return this.#pick(
      () => `${this.#number(depth)} ${this.#one("<", ">", "<=", ">")} ${this.#number(0)}`,
      () => `${this.#number(depth)} ${this.#one("<", ">")} ${this.#number(0)}`,
      () => `${this.#one("x", "y", "s")} > ${this.#one("0", "1", "y")}`,
      () => `${this.#pair(0)} === ${this.#pair(0)}`,
      () => `[a, o.w].includes(${this.#pair(0)})`,
      () => this.#one("o === q", "o.z === q", "d === e", "w[0] !== a"),
      () => `(${this.#one("x", "y")} > 0 ${this.#one("&&", "||")} ${this.#one("s", "t", "y")} < 1)`,
    );
  }

  #pair(depth: number): string {
    const leaf = [() => this.#one("a", "b", "c", "a", "b", "o.w", "q.w", "w[0]", "w[1]")];
    if (depth === 0) return this.#pick(...leaf);
    const inner = (): string => this.#pair(depth - 1);
    return this.#pick(
      ...leaf,
      ...leaf,
      () => `[${this.#number(depth - 1)}, ${this.#number(depth - 1)}]`,
      () => `(${this.#condition(depth - 1)} ? ${inner()} : ${inner()})`,
      () => `(${this.#condition(depth - 1)} ? ${inner()} : ${inner()})`,
      () => `(n ?? ${inner()})`,
      ...(this.#isInner ? [] : [() => `g()`]),
      () => `clip(${inner()})`,
      () => `first(${inner()}, ${inner()})`,
      () => `bump(${inner()}, ${this.#number(0)})`,
      () => `[...${inner()}]`,
    );
  }

  #record(depth: number): string {
    const leaf = [() => this.#one("o", "q")];
    if (depth === 0) return this.#pick(...leaf);
    return this.#pick(
      ...leaf,
      () => `{ v: ${this.#number(1)}, w: ${this.#pair(1)}, z: ${this.#one("null", "o", "q")} }`,
      () => `{ ...${this.#record(depth - 1)}, v: ${this.#number(0)} }`,
      () => `(${this.#condition(1)} ? ${this.#record(depth - 1)} : ${this.#record(depth - 1)})`,
    );
  }

  #list(depth: number): string {
    const leaf = [() => this.#one("l", "a", "b")];
    if (depth === 0) return this.#pick(...leaf);
    return this.#pick(
      ...leaf,
      () => `[${Array.from({ length: this.#upTo(4) }, () => this.#number(1)).join(", ")}]`,
      () => `[...${this.#list(depth - 1)}, ${this.#number(1)}]`,
      () => `(${this.#condition(1)} ? ${this.#list(depth - 1)} : ${this.#list(depth - 1)})`,
      () => `${this.#list(depth - 1)}.slice(0, 2)`,
    );
  }
}
