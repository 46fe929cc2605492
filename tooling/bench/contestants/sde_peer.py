"""Stochastic equations in Diffrax: answers each line `tolerance milliseconds` on its input with a line of JSON.

    python3 sde_peer.py ou tree 100
    python3 sde_peer.py gbm unsafe 100000
"""

import json
import os
import sys
import time

import diffrax
import jax
import jax.numpy as jnp

os.sched_setaffinity(0, list(os.sched_getaffinity(0))[:1]) # one core
jax.config.update("jax_enable_x64", True)
problem, kind, number = sys.argv[1:]
number = int(number)
steps = number if problem == "ou" else 100
key = jax.random.PRNGKey(0)


def path(key, t1):
    if kind == "tree":
        return diffrax.VirtualBrownianTree(0, t1, 1e-3, (), key)
    return diffrax.UnsafeBrownianPath((), key)


def end(drift, diffusion, key, t1):
    terms = diffrax.MultiTerm(
        diffrax.ODETerm(lambda t, y, args: drift * y),
        diffrax.ControlTerm(lambda t, y, args: diffusion(y), path(key, t1)),
    )
    adjoint = diffrax.DirectAdjoint() # the default refuses UnsafeBrownianPath
    return diffrax.diffeqsolve(terms, diffrax.Euler(), 0, t1, t1 / steps, 1.0, adjoint=adjoint).ys[0]


if problem == "ou":
    solve = jax.jit(lambda key: end(-1.0, lambda y: jnp.full_like(y, 0.2), key, steps * 0.01))
    given = key
else:
    solve = jax.jit(jax.vmap(lambda key: end(0.05, lambda y: 0.2 * y, key, 1.0)))
    given = jax.random.split(key, number)

for line in sys.stdin:
    _, milliseconds = map(float, line.split())
    wall, cpu, solves = time.perf_counter(), time.process_time(), 0
    while True:
        y = jax.block_until_ready(solve(given))
        solves += 1
        elapsed = time.perf_counter() - wall
        if elapsed * 1e3 >= milliseconds:
            break
    ns = elapsed / solves * 1e9
    cpu_ns = (time.process_time() - cpu) / solves * 1e9
    print(json.dumps({"ns": ns, "cpuNs": cpu_ns, "steps": steps, "y": []}), flush=True)
