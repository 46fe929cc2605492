"""One problem in Diffrax: answers each line `tolerance milliseconds` on its input with a line of JSON.

    python3 diffrax_peer.py lorenz
    python3 diffrax_peer.py robertson Kvaerno5
"""

import json
import sys
import time

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from stiff_problems import problem

jax.config.update("jax_enable_x64", True)


def lorenz(t, y, args):
    a, b, c = y
    return jnp.stack([10 * (b - a), a * (28 - c) - b, a * b - 8 / 3 * c])


def lotka_volterra(t, y, args):
    a, b = y
    return jnp.stack([0.1 * a - 0.02 * a * b, 0.01 * a * b - 0.4 * b])


def pleiades(t, y, args):
    x, z = y[:7], y[7:14]
    dx, dz = x[None, :] - x[:, None], z[None, :] - z[:, None]
    r2 = dx**2 + dz**2 + jnp.eye(7)
    pull = jnp.arange(1.0, 8.0) / (r2 * jnp.sqrt(r2))
    return jnp.concatenate([y[14:], (pull * dx).sum(1), (pull * dz).sum(1)])


def lorenz96(t, y, args):
    return (jnp.roll(y, -1) - jnp.roll(y, 2)) * jnp.roll(y, 1) - y + 8


def linear(t, y, args):
    return args @ y


def matrix(n):
    k = np.arange(n * n, dtype=np.uint32)
    noise = k * np.uint32(2654435761) / 2**32 - 0.5
    return (2 / np.sqrt(n) * noise).reshape(n, n) - np.eye(n)


stars = [3, 3, -1, -3, 2, -2, 2, 3, -3, 2, 0, 0, -4, 4] + [0] * 5 + [1.75, -1.5, 0, 0, 0, -1.25, 1, 0, 0]
problems = {
    "lorenz": (lorenz, 100, 0.01, np.ones(3)),
    "lorenz10": (lorenz, 10, 0.01, np.ones(3)),
    "lotkaVolterra": (lotka_volterra, 140, 0.1, np.full(2, 10.0)),
    "pleiades": (pleiades, 3, 1e-3, np.array(stars, dtype=float)),
    "lorenz96": (lorenz96, 5, 0.01, np.array([8.01] + [8.0] * 127)),
    "linear": (linear, 5, 0.1, 1 + np.arange(1000) / 1000),
}
key, method, *_ = *sys.argv[1:], "Tsit5"
atol = 1
if key in problems:
    field, t1, dt0, y0 = problems[key]
else:
    stiff, t1, dt0, atol, y0, _ = problem(key, jnp)
    field = lambda t, y, args: jnp.asarray(stiff(t, y))
    y0 = np.array(y0, dtype=float)
args = jnp.asarray(matrix(1000)) if field is linear else None


@jax.jit
def solve(y0, tol, args):
    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(field), getattr(diffrax, method)(), 0, t1, dt0, y0, args, throw=False,
        max_steps=None if method == "Tsit5" else 100_000,
        stepsize_controller=diffrax.PIDController(rtol=tol, atol=atol * tol),
    )
    failed = solution.result != diffrax.RESULTS.successful
    return solution.ys[0], solution.stats["num_steps"], solution.stats["num_rejected_steps"], failed


for line in sys.stdin:
    tol, milliseconds = map(float, line.split())
    wall, solves = time.perf_counter(), 0
    while True:
        y, steps, rejected, failed = jax.block_until_ready(solve(y0, tol, args))
        solves += 1
        elapsed = time.perf_counter() - wall
        if elapsed * 1e3 >= milliseconds:
            break
    answer = {
        "ns": elapsed / solves * 1e9,
        "cpuNs": elapsed / solves * 1e9,
        "failed": bool(failed),
        "steps": int(steps),
        "rejected": int(rejected),
        "y": y.tolist(),
    }
    print(json.dumps(answer), flush=True)
