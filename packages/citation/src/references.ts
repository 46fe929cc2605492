import type { Reference } from "./Reference.ts";

/** The keys of what is cited. */
export type ReferenceKey =
  | "kidger2021on"
  | "hairer1993solving"
  | "hairer1996solving"
  | "hairer2006geometric"
  | "kloeden1992numerical"
  | "ralston1962runge"
  | "bogacki1989pair"
  | "tsitouras2011runge"
  | "dormand1980family"
  | "shampine1986some"
  | "prince1981high"
  | "bogacki1990interpolating"
  | "shampine2009stability"
  | "kidger2021efficient"
  | "verlet1967computer"
  | "hairer2003geometric"
  | "yoshida1990construction"
  | "kvaerno2004singly"
  | "kennedy2003additive"
  | "whitaker2013implicit"
  | "foster2024high"
  | "foster2024convergence"
  | "rossler2010runge"
  | "foster2021shifted"
  | "chada2023unbiased"
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

  // Explicit solvers
  ralston1962runge: {
    type: "article",
    author: "Ralston, Anthony",
    title: "{R}unge--{K}utta methods with minimum error bounds",
    year: 1962,
    journal: "Mathematics of Computation",
    volume: "16",
    number: "80",
    pages: "431--437",
    doi: "10.1090/S0025-5718-1962-0150954-0",
  },
  bogacki1989pair: {
    type: "article",
    author: "Bogacki, P. and Shampine, L. F.",
    title: "A 3(2) pair of {R}unge--{K}utta formulas",
    year: 1989,
    journal: "Applied Mathematics Letters",
    volume: "2",
    number: "4",
    pages: "321--325",
    doi: "10.1016/0893-9659(89)90079-7",
  },
  tsitouras2011runge: {
    type: "article",
    author: "Tsitouras, Ch.",
    title:
      "{R}unge--{K}utta pairs of order 5(4) satisfying only the first column simplifying assumption",
    year: 2011,
    journal: "Computers \\& Mathematics with Applications",
    volume: "62",
    number: "2",
    pages: "770--775",
    doi: "10.1016/j.camwa.2011.06.002",
  },
  dormand1980family: {
    type: "article",
    author: "Dormand, J. R. and Prince, P. J.",
    title: "A family of embedded {R}unge--{K}utta formulae",
    year: 1980,
    journal: "Journal of Computational and Applied Mathematics",
    volume: "6",
    number: "1",
    pages: "19--26",
    doi: "10.1016/0771-050X(80)90013-3",
  },
  shampine1986some: {
    type: "article",
    author: "Shampine, Lawrence F.",
    title: "Some practical {R}unge--{K}utta formulas",
    year: 1986,
    journal: "Mathematics of Computation",
    volume: "46",
    number: "173",
    pages: "135--150",
    doi: "10.2307/2008219",
  },
  prince1981high: {
    type: "article",
    author: "Prince, P. J. and Dormand, J. R.",
    title: "High order embedded {R}unge--{K}utta formulae",
    year: 1981,
    journal: "Journal of Computational and Applied Mathematics",
    volume: "7",
    number: "1",
    pages: "67--75",
    doi: "10.1016/0771-050X(81)90010-3",
  },
  bogacki1990interpolating: {
    type: "article",
    author: "Bogacki, P. and Shampine, L. F.",
    title: "Interpolating high-order {R}unge--{K}utta formulas",
    year: 1990,
    journal: "Computers \\& Mathematics with Applications",
    volume: "20",
    number: "3",
    pages: "15--24",
  },
  shampine2009stability: {
    type: "article",
    author: "Shampine, L. F.",
    title: "Stability of the leapfrog/midpoint method",
    year: 2009,
    journal: "Applied Mathematics and Computation",
    volume: "208",
    number: "1",
    pages: "293--298",
    doi: "10.1016/j.amc.2008.11.029",
  },
  kidger2021efficient: {
    type: "inproceedings",
    author: "Kidger, Patrick and Foster, James and Li, Xuechen and Lyons, Terry",
    title: "Efficient and Accurate Gradients for Neural {SDE}s",
    year: 2021,
    booktitle: "Advances in Neural Information Processing Systems",
    eprint: "2105.13493",
  },
  verlet1967computer: {
    type: "article",
    author: "Verlet, Loup",
    title:
      "Computer ``experiments'' on classical fluids. {I}. {T}hermodynamical properties of {L}ennard-{J}ones molecules",
    year: 1967,
    journal: "Physical Review",
    volume: "159",
    number: "1",
    pages: "98--103",
    doi: "10.1103/PhysRev.159.98",
  },
  hairer2003geometric: {
    type: "article",
    author: "Hairer, Ernst and Lubich, Christian and Wanner, Gerhard",
    title: 'Geometric numerical integration illustrated by the {S}t{\\"o}rmer--{V}erlet method',
    year: 2003,
    journal: "Acta Numerica",
    volume: "12",
    pages: "399--450",
    doi: "10.1017/S0962492902000144",
  },
  yoshida1990construction: {
    type: "article",
    author: "Yoshida, Haruo",
    title: "Construction of higher order symplectic integrators",
    year: 1990,
    journal: "Physics Letters A",
    volume: "150",
    number: "5--7",
    pages: "262--268",
    doi: "10.1016/0375-9601(90)90092-3",
  },

  // Implicit solvers
  kvaerno2004singly: {
    type: "article",
    author: "Kv{\\ae}rn{\\o}, Anne",
    title: "Singly diagonally implicit {R}unge--{K}utta methods with an explicit first stage",
    year: 2004,
    journal: "BIT Numerical Mathematics",
    volume: "44",
    number: "3",
    pages: "489--502",
    doi: "10.1023/B:BITN.0000046811.70614.38",
  },
  kennedy2003additive: {
    type: "article",
    author: "Kennedy, Christopher A. and Carpenter, Mark H.",
    title: "Additive {R}unge--{K}utta schemes for convection--diffusion--reaction equations",
    year: 2003,
    journal: "Applied Numerical Mathematics",
    volume: "44",
    number: "1--2",
    pages: "139--181",
    doi: "10.1016/S0168-9274(02)00138-1",
  },
  whitaker2013implicit: {
    type: "article",
    author: "Whitaker, Jeffrey S. and Kar, Sajal K.",
    title: "Implicit--explicit {R}unge--{K}utta methods for fast--slow wave problems",
    year: 2013,
    journal: "Monthly Weather Review",
    volume: "141",
    number: "10",
    pages: "3426--3434",
    doi: "10.1175/MWR-D-13-00132.1",
  },

  // Solvers of stochastic equations
  foster2024high: {
    type: "article",
    author: "Foster, James M. and dos Reis, Goncalo and Strange, Calum",
    title: "High order splitting methods for {SDE}s satisfying a commutativity condition",
    year: 2024,
    journal: "SIAM Journal on Numerical Analysis",
    volume: "62",
    number: "1",
    pages: "500--532",
    eprint: "2210.17543",
  },
  foster2024convergence: {
    type: "misc",
    author: "Foster, James and Jelin{\\v{c}}i{\\v{c}}, Andra{\\v{z}}",
    title: "On the convergence of adaptive approximations for stochastic differential equations",
    year: 2024,
    eprint: "2311.14201",
  },
  rossler2010runge: {
    type: "article",
    author: 'R{\\"o}{\\ss}ler, Andreas',
    title:
      "{R}unge--{K}utta methods for the strong approximation of solutions of stochastic differential equations",
    year: 2010,
    journal: "SIAM Journal on Numerical Analysis",
    volume: "48",
    number: "3",
    pages: "922--952",
    doi: "10.1137/09076636X",
  },
  foster2021shifted: {
    type: "misc",
    author: "Foster, James and Lyons, Terry and Oberhauser, Harald",
    title: "The shifted {ODE} method for underdamped {L}angevin {MCMC}",
    year: 2021,
    eprint: "2101.03446",
  },
  chada2023unbiased: {
    type: "misc",
    author: "Chada, Neil K. and Leimkuhler, Benedict and Paulin, Daniel and Whalley, Peter A.",
    title: "Unbiased kinetic {L}angevin {M}onte {C}arlo with inexact gradients",
    year: 2023,
    eprint: "2311.05025",
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
