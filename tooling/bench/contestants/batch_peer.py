"""Networks and batches in Diffrax: answers each line `tolerance milliseconds` on its input with a line of JSON.

    python3 batch_peer.py network float32 gradient
    python3 batch_peer.py lorenz 1000
"""

import json
import sys
import time

import diffrax
import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
problem, kind, *wanted = sys.argv[1:]


def network():
    """The MLP of networks.mjs: 2-64-64-2, tanh, a batch of 256, ten steps of Tsit5, the mean square of the end."""
    generator = np.random.default_rng(0)
    numbers = lambda *shape: jnp.asarray(generator.uniform(-1, 1, shape) / np.sqrt(shape[-1]), kind)
    layers = [(numbers(64, 2), numbers(64)), (numbers(64, 64), numbers(64)), (numbers(2, 64), numbers(2))]
    starts = numbers(256, 2)

    def field(t, y, layers):
        (w1, b1), (w2, b2), (w3, b3) = layers
        return jnp.tanh(jnp.tanh(y @ w1.T + b1) @ w2.T + b2) @ w3.T + b3

    def loss(layers):
        end = diffrax.diffeqsolve(
            diffrax.ODETerm(field), diffrax.Tsit5(), jnp.asarray(0, kind), jnp.asarray(1, kind),
            jnp.asarray(0.1, kind), starts, layers, max_steps=16,
        ).ys
        return jnp.mean(end**2)

    return jax.jit(loss if wanted == ["forward"] else jax.grad(loss)), layers


def lorenz():
    """Many Lorenz systems from t = 0 to 1, each with steps of its own."""

    def field(t, y, args):
        a, b, c = y
        return jnp.stack([10 * (b - a), a * (28 - c) - b, a * b - 8 / 3 * c])

    def end(x):
        return diffrax.diffeqsolve(
            diffrax.ODETerm(field), diffrax.Tsit5(), 0, 1, 0.01, jnp.array([x, 1.0, 1.0]),
            stepsize_controller=diffrax.PIDController(rtol=1e-8, atol=1e-8),
        ).ys

    n = int(kind)
    return jax.jit(jax.vmap(end)), 1 + jnp.arange(n) / n


f, given = network() if problem == "network" else lorenz()
for line in sys.stdin:
    _, milliseconds = map(float, line.split())
    wall, cpu, times = time.perf_counter(), time.process_time(), 0
    while True:
        jax.block_until_ready(f(given))
        times += 1
        elapsed = time.perf_counter() - wall
        if elapsed * 1e3 >= milliseconds:
            break
    ns = elapsed / times * 1e9
    cpu_ns = (time.process_time() - cpu) / times * 1e9
    print(json.dumps({"ns": ns, "cpuNs": cpu_ns, "steps": 0, "y": []}), flush=True)
