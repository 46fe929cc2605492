"""The stiff problems of stiffProblems.mjs: `problem(name, np)` is `(field(t, y), t1, dt0, atol, y0, bandwidth)`.

`np` is NumPy or JAX's, `field` returns a list or an array.
"""

import math

import numpy


def robertson(t, y):
    a, b, c = y
    slow, back, fast = 0.04 * a, 1e4 * b * c, 3e7 * b * b
    return [back - slow, slow - back - fast, fast]


def hires(t, y):
    a, b, c, d, e, f, g, h = y
    pull = 280 * f * h
    return [
        -1.71 * a + 0.43 * b + 8.32 * c + 0.0007,
        1.71 * a - 8.75 * b,
        -10.03 * c + 0.43 * d + 0.035 * e,
        8.32 * b + 1.71 * c - 1.12 * d,
        -1.745 * e + 0.43 * f + 0.43 * g,
        -pull + 0.69 * d + 1.71 * e - 0.43 * f + 0.69 * g,
        pull - 1.81 * g,
        -pull + 1.81 * g,
    ]


def van_der_pol(t, y):
    a, b = y
    return [b, 1000 * (1 - a * a) * b - a]


def orego(t, y):
    a, b, c = y
    return [77.27 * (b + a * (1 - 8.375e-6 * a - b)), (c - (1 + a) * b) / 77.27, 0.161 * (a - c)]


rates = [0.35, 26.6, 1.23e4, 8.6e-4, 8.2e-4, 1.5e4, 1.3e-4, 2.4e4, 1.65e4, 9e3, 0.022, 1.2e4, 1.88, 1.63e4, 4.8e6]
rates += [3.5e-4, 0.0175, 1e8, 4.44e11, 1.24e3, 2.1, 5.78, 0.0474, 1.78e3, 3.12]


def pollution(t, y):
    y = [None, *y]
    factors = [y[1], y[2] * y[4], y[5] * y[2], y[7], y[7], y[7] * y[6], y[9], y[9] * y[6], y[11] * y[2], y[11] * y[1]]
    factors += [y[13], y[10] * y[2], y[14], y[1] * y[6], y[3], y[4], y[4], y[16], y[16], y[17] * y[6], y[19], y[19]]
    factors += [y[1] * y[4], y[19] * y[1], y[20]]
    r = [None, *(k * x for k, x in zip(rates, factors))]
    return [
        -r[1] - r[10] - r[14] - r[23] - r[24] + r[2] + r[3] + r[9] + r[11] + r[12] + r[22] + r[25],
        -r[2] - r[3] - r[9] - r[12] + r[1] + r[21],
        -r[15] + r[1] + r[17] + r[19] + r[22],
        -r[2] - r[16] - r[17] - r[23] + r[15],
        -r[3] + 2 * r[4] + r[6] + r[7] + r[13] + r[20],
        -r[6] - r[8] - r[14] - r[20] + r[3] + 2 * r[18],
        -r[4] - r[5] - r[6] + r[13],
        r[4] + r[5] + r[6] + r[7],
        -r[7] - r[8],
        -r[12] + r[7] + r[9],
        -r[9] - r[10] + r[8] + r[11],
        r[9],
        -r[11] + r[10],
        -r[13] + r[12],
        r[14],
        -r[18] - r[19] + r[16],
        -r[20],
        r[20],
        -r[21] - r[22] - r[24] + r[23] + r[25],
        -r[25] + r[24],
    ]


def e5(t, y):
    a, b, c, d = y
    first, second = 7.89e-10 * a, 1.1e7 * a * c
    db, dd = first - 1.13e9 * b * c, second - 1.13e3 * d
    return [-first - second, db, db - dd, dd]


def brusselator(points, np):
    spread = 0.02 * (points + 1) ** 2
    edge = np.array([[1.0, 3.0]])

    def field(t, y):
        rows = y.reshape(points, 2)
        u, v = rows[:, 0], rows[:, 1]
        made = u * u * v
        padded = np.concatenate([edge, rows, edge])
        reaction = np.stack([1 + made - 4 * u, 3 * u - made], axis=1)
        return (reaction + spread * (padded[:-2] - 2 * rows + padded[2:])).reshape(-1)

    y0 = [x for i in range(1, points + 1) for x in (1 + math.sin(2 * math.pi * i / (points + 1)), 3.0)]
    return field, 10, 1e-3, 1, y0, 2


def problem(name, np=numpy):
    if name.startswith("brusselator"):
        return brusselator(500 if name == "brusselatorLong" else 50, np)
    field, t1, dt0, atol, y0 = {
        "robertson": (robertson, 1e5, 0.01, 1e-3, [1.0, 0, 0]),
        "robertson11": (robertson, 1e11, 0.01, 1e-6, [1.0, 0, 0]),
        "hires": (hires, 321.8122, 1e-4, 1e-4, [1.0, 0, 0, 0, 0, 0, 0, 0.0057]),
        "vanDerPol": (van_der_pol, 2000, 1e-3, 1e-3, [2.0, 0]),
        "orego": (orego, 360, 1e-3, 1e-3, [1.0, 2, 3]),
        "pollution": (pollution, 60, 1e-6, 1e-4, [0, 0.2, 0, 0.04, 0, 0, 0.1, 0.3, 0.01] + [0.0] * 7 + [0.007, 0, 0, 0]),
        "e5": (e5, 1e13, 1e-3, 1e-20, [1.76e-3, 0, 0, 0]),
    }[name]
    return field, t1, dt0, atol, y0, None
