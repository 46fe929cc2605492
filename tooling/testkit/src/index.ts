export type { Problem } from "./problems.ts";
export { type SolverTest, solverTests, type SolverTestOptions } from "./solverTests.ts";
