// What the packages use of the platform beyond ECMAScript. Browsers, Node, Deno and Bun have all
// of it. The DOM's own declarations are left out: they declare names such as `name`, `length` and
// `event` globally, and a misspelt variable would pass.

declare namespace WebAssembly {
  interface Module {
    readonly __module: never;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(delta: number): number;
  }
  interface Table {
    readonly length: number;
    get(index: number): unknown;
    set(index: number, value?: unknown): void;
    grow(delta: number, value?: unknown): number;
  }
  interface Global {
    value: unknown;
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

  const Module: new (bytes: ArrayBuffer | ArrayBufferView) => Module;
  const Instance: new (module: Module, imports?: Imports) => Instance;
  const Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum?: number;
    readonly shared?: boolean;
  }) => Memory;
  const Table: new (descriptor: {
    readonly element: "anyfunc" | "externref";
    readonly initial: number;
    readonly maximum?: number;
  }) => Table;
  const Global: new (
    descriptor: {
      readonly value: "i32" | "i64" | "f32" | "f64" | "externref";
      readonly mutable?: boolean;
    },
    value?: unknown,
  ) => Global;
  const CompileError: ErrorConstructor;
  const LinkError: ErrorConstructor;
  const RuntimeError: ErrorConstructor;

  function validate(bytes: ArrayBuffer | ArrayBufferView): boolean;
  function compile(bytes: ArrayBuffer | ArrayBufferView): Promise<Module>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
}

declare const console: {
  log(...data: readonly unknown[]): void;
  warn(...data: readonly unknown[]): void;
};

declare const performance: {
  now(): number;
};

// In Node and Deno.
declare const setImmediate: ((then: () => void) => unknown) | undefined;

declare const MessageChannel: new () => {
  readonly port1: MessagePort;
  readonly port2: MessagePort;
};

interface MessagePort {
  addEventListener(type: "message", listener: () => void): void;
  start(): void;
  postMessage(message: unknown): void;
  close(): void;
}

declare function btoa(bytes: string): string;
declare function atob(text: string): string;

declare const ReadableStream: new <R>(
  source: {
    readonly pull: (controller: {
      readonly enqueue: (chunk: R) => void;
      readonly close: () => void;
    }) => Promise<void>;
    readonly cancel: (reason: unknown) => Promise<void>;
  },
  strategy: { readonly highWaterMark: number },
) => ReadableStream<R>;

declare function setTimeout(then: () => void, milliseconds?: number): unknown;

declare class URL {
  constructor(url: string, base?: string);
  readonly href: string;
}

// In pages, Deno and Bun.
declare class Worker {
  constructor(url: string | URL, options: { readonly type: "module" });
  addEventListener(
    type: "message" | "messageerror" | "error",
    listener: (event: {
      readonly data?: unknown;
      readonly message?: string;
      preventDefault(): void;
    }) => void,
  ): void;
  postMessage(message: unknown): void;
  terminate(): void;
}
