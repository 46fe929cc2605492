import {
  add,
  alignCaptured,
  apply,
  type Closed,
  type Equation,
  less,
  type Program,
  scalarTensor,
  sub,
  Trace,
  withTrace,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import type { Lowering } from "./lowerProgram.ts";
import { flatInputs, flatten, unflatten, Value } from "./Value.ts";

/**
 * Brings a loop to one form: nothing sliced, nothing stacked, and the condition computed by the body.
 *
 * Rows are read where they are, with a counter; what is stacked goes into buffers; the last value carried says
 * whether to go on, so that the condition shares its equations with the body.
 */
export function lowerLoop(
  lowering: Lowering,
  trace: Trace,
  { params, outputs }: Equation<"loop">,
  inputs: readonly Value[],
): readonly Value[] {
  const { body, cond, length, numConsts, numCarry, reverse } = params;
  const consts = inputs.slice(0, numConsts);
  const start = inputs.slice(numConsts, numConsts + numCarry);
  const rows = inputs.slice(numConsts + numCarry);
  const stackedTypes = outputs.slice(numCarry);
  if (length === 0)
    return [...start, ...stackedTypes.map((type) => Value.scalars(trace, type, []))];
  const counted = length !== null;

  const buffers = stackedTypes.map(
    ({ dtype, shape }) => apply("bufferNew", [], { dtype, shape, fill: null })[0]!,
  );
  const zero = scalarTensor("int32", 0);
  const carryTypes = start.map(({ type }) => type);
  const goesOn = (inner: Trace, carry: readonly Value[], turn: Tensor): Tensor => {
    const parts: Tensor[] = [];
    if (length !== null) parts.push(less(turn, length));
    if (cond !== null)
      parts.push(lowering.splice(inner, cond, [...consts, ...carry])[0]!.scalars()[0]!);
    return parts.length === 2 ? apply("and", parts, {})[0]! : parts[0]!;
  };

  const inner = new Trace(trace);
  const flatCarry = carryTypes.map((type) => flatInputs(inner, type));
  const turnInput = inner.input({ dtype: "int32", shape: [], buffer: false });
  const bufferInputs = buffers.map((buffer) =>
    inner.input({ dtype: buffer.dtype, shape: buffer.shape, buffer: true }),
  );
  const goInput = inner.input({ dtype: "bool", shape: [], buffer: false });

  const turnOf = (): Closed => {
    const turn = turnInput as Tensor;
    const place = reverse ? sub(length! - 1, turn) : turn;
    const slices = rows.map((row) => Value.array(inner, rowAt(row.array(), place)));
    const results = lowering.splice(inner, body, [
      ...consts,
      ...flatCarry.map(({ value }) => value),
      ...slices,
    ]);
    const carry = results.slice(0, numCarry);
    const written = bufferInputs.map((buffer, i) => {
      const value = results[numCarry + i]!.array();
      return apply(
        "bufferWrite",
        [buffer as Tensor, place, value, scalarTensor("bool", 1)],
        {},
      )[0]!;
    });
    const next = counted ? add(turn, 1) : turn;
    const go = goesOn(inner, carry, next);
    return inner.finish(
      [
        ...flatCarry.flatMap(({ inputs: flat }) => flat),
        ...(counted ? [turnInput] : []),
        ...bufferInputs,
        goInput,
      ],
      [...carry.flatMap(flatten), ...(counted ? [next] : []), ...written, go],
    );
  };
  const closed = lowering.atEachTurn(() => withTrace(inner, turnOf));

  const initial = [
    ...start.flatMap(flatten),
    ...(counted ? [zero] : []),
    ...buffers,
    goesOn(trace, start, zero),
  ];
  const { programs, captured } = alignCaptured([
    closed,
    lastOf(closed.program, closed.captured.length),
  ]);
  const results = apply("loop", [...captured, ...initial], {
    ...params,
    body: programs[0]!,
    cond: programs[1]!,
    length: null,
    numConsts: captured.length,
    numCarry: initial.length,
    reverse: false,
  });
  const stacked = results.slice(results.length - 1 - buffers.length, -1);
  return [
    ...unflatten(trace, carryTypes, results),
    ...stacked.map((buffer) => Value.array(trace, apply("bufferFreeze", [buffer], {})[0]!)),
  ];
}

/** Row `place` of an array. */
function rowAt(array: Tensor, place: Tensor): Tensor {
  const rest = array.shape.slice(1);
  const start = [place, ...rest.map(() => scalarTensor("int32", 0))];
  const [row] = apply("dynamicSlice", [array, ...start], { sizes: [1, ...rest] });
  return apply("reshape", [row!], { shape: rest })[0]!;
}

/** The condition of a lowered loop: the last value it carries. */
function lastOf(
  body: Program,
  numConsts: number,
): { program: Program; captured: readonly Tensor[] } {
  const trace = new Trace();
  const inputs = body.inputs.slice(numConsts).map((input) => trace.input(input));
  return {
    program: trace.finish(inputs, [inputs.at(-1) as Tensor]).program,
    captured: [],
  };
}
