/**
 * What bounds the rows of docs/benchmarks.md that may fall short, and the measurements that show it. Those of rows that do not are left out.
 *
 * @type {readonly { readonly rows: RegExp, readonly title: string, readonly text: string }[]}
 */
export const bounds = [
  {
    rows: /^Lotka–Volterra.*a step/u,
    title: "Lotka–Volterra, a step: the call",
    text: `
A solve has 387 steps and takes 39.5 µs, of which a call of \`diffeqsolve\` that makes no step (\`t0 = t1\`) takes 6.0: 15 ns of each step. Without it a step takes 87 ns,
1.07 times that of C (81 ns). C executes 509 instructions a step (callgrind, AVX2), our step has 311 operations on scalars beside its branches (\`explain\`): both wait
for one another's results, not for instructions.
`,
  },
  {
    rows: /^Lorenz-96/u,
    title: "Lorenz-96: instructions",
    text: `
C executes 11 500 instructions a step (callgrind, AVX2, four numbers each). Our seven loops have some 197 vector instructions for two numbers, 12 600 a step: lanes of 128
bits, no fused multiply-add, and V8 takes no operand of a vector instruction from memory. 7.6 µs of a solve (33 ns a step) are the call.
`,
  },
  {
    rows: /^gradient of Lorenz-96/u,
    title: "Gradient of Lorenz-96: what is computed again",
    text: `
A step forward has 97 operations on arrays; a step back has these again, without the estimate of the error, and 100 of its own. Remembering the stages would write and read
7 kB a step.
`,
  },
  {
    rows: /log|sin/u,
    title: "log and sin in float32: instructions",
    text: `
C's library takes 36 instructions for \`logf\` and 28 for \`sinf\` (callgrind; it computes in float64, with tables and fused multiply-add), on one number. Ours have no tables,
so that they work in lanes: 289 and 411 instructions of WebAssembly, moves between locals included, for a vector of four (\`explain\`).
`,
  },
  {
    rows: /^training/u,
    title: "Training in float32: small arrays",
    text: `
Products and elementary functions of float32 take half of the time of float64 (\`npm run bench -- networks\`). Arrays of 32 paths have 2048 numbers at most: what a call,
a step and the optimizer take besides is the same in both. How much that is has not been measured.
`,
  },
  {
    rows: /^10 000 Lorenz|^1000 Lorenz/u,
    title: "Many Lorenz systems: two lanes",
    text: `
Lanes hold two numbers of float64. A prototype of the fixed steps by hand, with two vectors at once, took 48 ms where JavaScript took 158, a ratio of 0.31, and 34.7 with fused
multiply-add. For adaptive steps each lane also has a norm, a logarithm and an exponential a step, and lanes are refilled as their elements are through.
`,
  },
  {
    rows: /one worker, best window/u,
    title: "One worker: handing out",
    text: `
A worker runs the same code as the calling thread. What it takes besides is to copy parts of the batch in and results out, and messages: 15 of 456 ms here.
`,
  },
  {
    rows: /^MLP.*float32, forward/u,
    title: "MLP in float32: 128 bits",
    text: `
An evaluation takes 116 µs: the product of 256 × 64 by 64 × 64 takes 47, and each of two layers of tanh 30, measured alone. A prototype by hand took 99 µs for all. The code
of XLA holds 16 numbers in a register, ours 4.
`,
  },
  {
    rows: /^y' = A y/u,
    title: "A matrix of 1000 × 1000: copies",
    text: `
An evaluation takes 135 µs, 95 in C. The matrix lies in panels, read from the first number to the last at 60 GB/s, where a loop that only reads takes 80. A call also copies
8 MB into the memory of the compiled code and into these panels, which took 1.3 ms.
`,
  },
];
