import type { Reference } from "./Reference.ts";
import { type SolverReferenceKey, solverReferences } from "./solverReferences.ts";

/** The keys of what is cited. */
export type ReferenceKey =
  | SolverReferenceKey
  | "kidger2021on"
  | "hairer1993solving"
  | "hairer1996solving"
  | "hairer2006geometric"
  | "kloeden1992numerical"
  | "li2020scalable"
  | "jelincic2024single"
  | "foster2020numerical"
  | "kidger2020neural"
  | "chen2018neural"
  | "kidger2021hey"
  | "ma2021comparison"
  | "stumm2010new"
  | "wang2009minimal"
  | "griewank1992achieving"
  | "griewank2000algorithm"
  | "soderlind2002automatic"
  | "soderlind2003digital"
  | "burrage2004adaptive"
  | "ilie2015adaptive";

/** What is cited, by the key of each entry. */
export const references: Readonly<Record<ReferenceKey, Omit<Reference, "key">>> = {
  ...solverReferences,
  kidger2021on: {
    type: "phdthesis",
    author: "Kidger, Patrick",
    title: "On Neural Differential Equations",
    year: 2021,
    school: "University of Oxford",
    eprint: "2202.02435",
  },

  // Textbooks
  hairer1993solving: {
    type: "book",
    author: "Hairer, Ernst and N{\\o}rsett, Syvert P. and Wanner, Gerhard",
    title: "Solving Ordinary Differential Equations {I}: Nonstiff Problems",
    year: 1993,
    edition: "Second Revised",
    series: "Springer Series in Computational Mathematics",
    volume: "8",
    publisher: "Springer",
    doi: "10.1007/978-3-540-78862-1",
  },
  hairer1996solving: {
    type: "book",
    author: "Hairer, Ernst and Wanner, Gerhard",
    title:
      "Solving Ordinary Differential Equations {II}: Stiff and Differential-Algebraic Problems",
    year: 1996,
    edition: "Second Revised",
    series: "Springer Series in Computational Mathematics",
    volume: "14",
    publisher: "Springer",
    doi: "10.1007/978-3-642-05221-7",
  },
  hairer2006geometric: {
    type: "book",
    author: "Hairer, Ernst and Lubich, Christian and Wanner, Gerhard",
    title:
      "Geometric Numerical Integration: Structure-Preserving Algorithms for Ordinary Differential Equations",
    year: 2006,
    edition: "Second",
    series: "Springer Series in Computational Mathematics",
    volume: "31",
    publisher: "Springer",
    doi: "10.1007/3-540-30666-8",
  },
  kloeden1992numerical: {
    type: "book",
    author: "Kloeden, Peter E. and Platen, Eckhard",
    title: "Numerical Solution of Stochastic Differential Equations",
    year: 1992,
    series: "Applications of Mathematics",
    volume: "23",
    publisher: "Springer",
    doi: "10.1007/978-3-662-12616-5",
  },

  // Brownian motion
  li2020scalable: {
    type: "inproceedings",
    author: "Li, Xuechen and Wong, Ting-Kam Leonard and Chen, Ricky T. Q. and Duvenaud, David",
    title: "Scalable gradients for stochastic differential equations",
    year: 2020,
    booktitle: "International Conference on Artificial Intelligence and Statistics",
    eprint: "2001.01328",
  },
  jelincic2024single: {
    type: "misc",
    author: "Jelin{\\v{c}}i{\\v{c}}, Andra{\\v{z}} and Foster, James and Kidger, Patrick",
    title:
      "Single-seed generation of {B}rownian paths and integrals for adaptive and high order {SDE} solvers",
    year: 2024,
    eprint: "2405.06464",
  },
  foster2020numerical: {
    type: "phdthesis",
    author: "Foster, James M.",
    title: "Numerical approximations for stochastic differential equations",
    year: 2020,
    school: "University of Oxford",
  },

  // Controlled equations
  kidger2020neural: {
    type: "inproceedings",
    author: "Kidger, Patrick and Morrill, James and Foster, James and Lyons, Terry",
    title: "Neural controlled differential equations for irregular time series",
    year: 2020,
    booktitle: "Advances in Neural Information Processing Systems",
    eprint: "2005.08926",
  },

  // Derivatives
  chen2018neural: {
    type: "inproceedings",
    author: "Chen, Ricky T. Q. and Rubanova, Yulia and Bettencourt, Jesse and Duvenaud, David",
    title: "Neural ordinary differential equations",
    year: 2018,
    booktitle: "Advances in Neural Information Processing Systems",
    eprint: "1806.07366",
  },
  kidger2021hey: {
    type: "inproceedings",
    author: "Kidger, Patrick and Chen, Ricky T. Q. and Lyons, Terry",
    title: "``{H}ey, that's not an {ODE}'': Faster {ODE} adjoints via seminorms",
    year: 2021,
    booktitle: "International Conference on Machine Learning",
    eprint: "2009.09457",
  },
  ma2021comparison: {
    type: "inproceedings",
    author:
      "Ma, Yingbo and Dixit, Vaibhav and Innes, Michael J. and Guo, Xingjian and Rackauckas, Chris",
    title:
      "A comparison of automatic differentiation and continuous sensitivity analysis for derivatives of differential equation solutions",
    year: 2021,
    booktitle: "2021 IEEE High Performance Extreme Computing Conference (HPEC)",
    pages: "1--9",
    doi: "10.1109/HPEC49654.2021.9622796",
  },
  stumm2010new: {
    type: "article",
    author: "Stumm, Philipp and Walther, Andrea",
    title: "New algorithms for optimal online checkpointing",
    year: 2010,
    journal: "SIAM Journal on Scientific Computing",
    volume: "32",
    number: "2",
    pages: "836--854",
    doi: "10.1137/080742439",
  },
  wang2009minimal: {
    type: "article",
    author: "Wang, Qiqi and Moin, Parviz and Iaccarino, Gianluca",
    title: "Minimal repetition dynamic checkpointing algorithm for unsteady adjoint calculation",
    year: 2009,
    journal: "SIAM Journal on Scientific Computing",
    volume: "31",
    number: "4",
    pages: "2549--2567",
    doi: "10.1137/080727890",
  },
  griewank1992achieving: {
    type: "article",
    author: "Griewank, Andreas",
    title:
      "Achieving logarithmic growth of temporal and spatial complexity in reverse automatic differentiation",
    year: 1992,
    journal: "Optimization Methods and Software",
    volume: "1",
    number: "1",
    pages: "35--54",
    doi: "10.1080/10556789208805505",
  },
  griewank2000algorithm: {
    type: "article",
    author: "Griewank, Andreas and Walther, Andrea",
    title:
      "Algorithm 799: Revolve: an implementation of checkpointing for the reverse or adjoint mode of computational differentiation",
    year: 2000,
    journal: "ACM Transactions on Mathematical Software",
    volume: "26",
    number: "1",
    pages: "19--45",
    doi: "10.1145/347837.347846",
  },

  // Step size control
  soderlind2002automatic: {
    type: "article",
    author: 'S{\\"o}derlind, Gustaf',
    title: "Automatic control and adaptive time-stepping",
    year: 2002,
    journal: "Numerical Algorithms",
    volume: "31",
    pages: "281--310",
    doi: "10.1023/A:1021160023092",
  },
  soderlind2003digital: {
    type: "article",
    author: 'S{\\"o}derlind, Gustaf',
    title: "Digital filters in adaptive time-stepping",
    year: 2003,
    journal: "ACM Transactions on Mathematical Software",
    volume: "29",
    number: "1",
    pages: "1--26",
    doi: "10.1145/641876.641877",
  },
  burrage2004adaptive: {
    type: "article",
    author: "Burrage, P. M. and Herdiana, R. and Burrage, K.",
    title: "Adaptive stepsize based on control theory for stochastic differential equations",
    year: 2004,
    journal: "Journal of Computational and Applied Mathematics",
    volume: "170",
    number: "2",
    pages: "317--336",
    doi: "10.1016/j.cam.2004.01.027",
  },
  ilie2015adaptive: {
    type: "article",
    author: "Ilie, Silvana and Jackson, Kenneth R. and Enright, Wayne H.",
    title:
      "Adaptive time-stepping for the strong numerical solution of stochastic differential equations",
    year: 2015,
    journal: "Numerical Algorithms",
    volume: "68",
    number: "4",
    pages: "791--812",
    doi: "10.1007/s11075-014-9872-6",
  },
};

/** Entries by their keys. */
export function referencesOf(...keys: readonly ReferenceKey[]): readonly Reference[] {
  return keys.map((key) => Object.assign({ key }, references[key]));
}
