import type { HostCallbackParams, Program } from "@diffrax-ts/program";
import { buildModule, type WasmFunction } from "../wasm/buildModule.ts";
import type { Bytes } from "../wasm/Bytes.ts";
import type { ValueType } from "../wasm/opcodes.ts";
import type { EquationEmitters } from "./EquationEmitters.ts";
import { Frame } from "./Frame.ts";

/** What the functions of one module have in common. */
export class ModuleEmitter {
  readonly frame: Frame = new Frame();
  /** Host callbacks, in the order of their imports. */
  readonly hosts: HostCallbackParams[] = [];
  /** What failed, by the number that the code leaves at the start of the frame. */
  readonly messages: string[] = [];
  /** The calls of functions: one for each program that is called. */
  readonly functions: Map<Program, number> = new Map();
  readonly #defined: (WasmFunction | undefined)[] = [];
  readonly #numImports: number;
  /** How the equations of a block are written that are more than an operation on scalars. */
  readonly emitters: EquationEmitters;

  /** @param numImports - How many host callbacks there will be: their indices come before all others. */
  constructor(numImports: number, emitters: EquationEmitters) {
    this.#numImports = numImports;
    this.emitters = emitters;
  }

  /** The index of a function that will be defined. */
  declare(): number {
    this.#defined.push(undefined);
    return this.#numImports + this.#defined.length - 1;
  }

  define(
    index: number,
    f: {
      readonly params: readonly ValueType[];
      readonly locals: readonly ValueType[];
      readonly code: Bytes;
    },
    results: readonly ValueType[],
    exportName: string | null,
  ): void {
    this.#defined[index - this.#numImports] = {
      params: f.params,
      locals: f.locals,
      code: f.code,
      results,
      exportName,
    };
  }

  /** The number of an assertion: what the code leaves when it fails. */
  message(text: string): number {
    return this.messages.push(text);
  }

  /** The import of a host callback. */
  host(params: HostCallbackParams): number {
    return this.hosts.push(params) - 1;
  }

  build(): Uint8Array<ArrayBuffer> {
    return buildModule(this.#numImports, this.#defined as WasmFunction[]);
  }
}
