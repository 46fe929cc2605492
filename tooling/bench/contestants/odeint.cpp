// Solvers of Boost.odeint. One program for each problem, and the method as its argument:
//
//   c++ -O3 -march=native -D lorenz10 odeint.cpp
//   ./a.out fehlberg78
#include <array>
#include <boost/numeric/odeint.hpp>
#include "problems.h"
#include "serve.h"

namespace odeint = boost::numeric::odeint;
using State = std::array<double, N>;

static void rates(const State &y, State &dy, double) { field(y.data(), dy.data()); }

template <class Stepper> static int integrate(Stepper stepper, double *y) {
  State state;
  start(state.data());
  int steps = odeint::integrate_adaptive(stepper, rates, state, 0.0, t1, dt0);
  std::copy(state.begin(), state.end(), y);
  return steps;
}

template <class Stepper> static int controlled(double *y, double tol) {
  return integrate(odeint::make_controlled<Stepper>(tol, tol), y);
}

static int bulirsch_stoer(double *y, double tol) { return integrate(odeint::bulirsch_stoer<State>(tol, tol), y); }

int main(int, char **args) {
  const std::string method = args[1];
  double y[N];
  serve(method == "cashKarp54"   ? controlled<odeint::runge_kutta_cash_karp54<State>>
        : method == "dopri5"     ? controlled<odeint::runge_kutta_dopri5<State>>
        : method == "fehlberg78" ? controlled<odeint::runge_kutta_fehlberg78<State>>
                                 : bulirsch_stoer,
        y, N);
}
