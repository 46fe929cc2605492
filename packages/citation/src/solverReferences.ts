import type { Reference } from "./Reference.ts";

/** The keys of what solvers are cited by. */
export type SolverReferenceKey =
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
  | "chada2023unbiased";

/** The papers that solvers are from, by the key of each entry. */
export const solverReferences: Readonly<Record<SolverReferenceKey, Omit<Reference, "key">>> = {
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
};
