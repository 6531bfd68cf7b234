"""Sine, cosine, arc tangent, logarithm and normal draws that are the same on every machine.

Libraries of mathematics differ in the last bit. These use +, -, *, /, floor and square roots alone, which IEEE 754
rounds correctly, so that a verdict or a digest never depends on where it was computed. The polynomials are those of
fdlibm. `turns` takes floats, `turned` arrays: by the same operations in the same order, so bit for bit alike.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

PI: Final = 3.141592653589793
HALF: Final = PI / 2
FULL: Final = 2 * PI

_PER_QUARTER: Final = 0.6366197723675814  # 2 / pi
_QUARTER_1: Final = 1.5707963267341256  # pi / 2 in two pieces; a small whole number of the first is exact
_QUARTER_2: Final = 6.077100506506192e-11
_S: Final = (
    -1.66666666666666324348e-01,
    8.33333333332248946124e-03,
    -1.98412698298579493134e-04,
    2.75573137070700676789e-06,
    -2.50507602534068634195e-08,
    1.58969099521155010221e-10,
)
_C: Final = (
    4.16666666666666019037e-02,
    -1.38888888888741095749e-03,
    2.48015872894767294178e-05,
    -2.75573143513906633035e-07,
    2.08757232129817482790e-09,
    -1.13596475577881948265e-11,
)
_A: Final = (
    3.33333333333329318027e-01,
    -1.99999999998764832476e-01,
    1.42857142725034663711e-01,
    -1.11111104054623557880e-01,
    9.09088713343650656196e-02,
    -7.69187620504482999495e-02,
    6.66107313738753120669e-02,
    -5.83357013379057348645e-02,
    4.97687799461593236017e-02,
    -3.65315727442169155270e-02,
    1.62858201153657823623e-02,
)


def turns(angle: float) -> tuple[float, float]:
    """Cosine and sine of an angle in radians, |angle| < 10,000."""
    quarters = math.floor(angle * _PER_QUARTER + 0.5)
    r = (angle - quarters * _QUARTER_1) - quarters * _QUARTER_2
    z = r * r
    sine = r + r * z * (_S[0] + z * (_S[1] + z * (_S[2] + z * (_S[3] + z * (_S[4] + z * _S[5])))))
    cosine = 1.0 - 0.5 * z + z * z * (_C[0] + z * (_C[1] + z * (_C[2] + z * (_C[3] + z * (_C[4] + z * _C[5])))))
    at = quarters & 3
    if at == 0:
        return cosine, sine
    if at == 1:
        return -sine, cosine
    if at == 2:
        return -cosine, -sine
    return sine, -cosine


def turned(angle: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cosines and sines of angles in radians, of any shape."""
    quarters = np.floor(angle * _PER_QUARTER + 0.5)
    r = (angle - quarters * _QUARTER_1) - quarters * _QUARTER_2
    z = r * r
    sine = r + r * z * (_S[0] + z * (_S[1] + z * (_S[2] + z * (_S[3] + z * (_S[4] + z * _S[5])))))
    cosine = 1.0 - 0.5 * z + z * z * (_C[0] + z * (_C[1] + z * (_C[2] + z * (_C[3] + z * (_C[4] + z * _C[5])))))
    at: Any = quarters.astype(np.int64)
    odd, back = (at & 1).astype(bool), (at & 2).astype(bool)
    first = np.where(odd, -sine, cosine)
    second = np.where(odd, cosine, sine)
    return np.where(back, -first, first), np.where(back, -second, second)


def angle_of(x: float, y: float) -> float:
    """The angle in (-pi, pi] of the direction (x, y); 0 for no direction."""
    ax, ay = abs(x), abs(y)
    if ax == 0.0 and ay == 0.0:
        return 0.0
    angle = _first_eighth(ay / ax) if ay <= ax else HALF - _first_eighth(ax / ay)
    if x < 0:
        angle = PI - angle
    return -angle if y < 0 else angle


def arc_cosine(x: float) -> float:
    """In [0, pi], of a number in [-1, 1]."""
    return angle_of(x, math.sqrt(max(0.0, (1.0 - x) * (1.0 + x))))


def logarithm(x: float) -> float:
    """The natural one, of a positive number."""
    part, twos = math.frexp(x)
    if part < 0.7071067811865476:
        part, twos = 2.0 * part, twos - 1
    t = (part - 1.0) / (part + 1.0)
    z, total = t * t, 0.0
    for odd in range(27, 0, -2):  # twice the inverse hyperbolic tangent of t
        total = 1.0 / odd + z * total
    return 2.0 * t * total + twos * 0.6931471805599453


def normal(rng: Any) -> float:
    """A draw from the normal distribution, as the `gauss` of a `random.Random` makes them, in pairs."""
    kept: float | None = rng.gauss_next
    rng.gauss_next = None
    if kept is not None:
        return kept
    cosine, sine = turns(rng.random() * FULL)
    far = math.sqrt(-2.0 * logarithm(1.0 - rng.random()))
    rng.gauss_next = sine * far
    return cosine * far


def wrapped(angle: float) -> float:
    """The same angle in (-pi, pi], to rounding."""
    turn = angle - FULL * math.floor(angle / FULL + 0.5)
    return turn + FULL if turn <= -PI else turn


def _first_eighth(t: float) -> float:
    """The arc tangent of t in [0, 1]."""
    if t > 0.4375:  # about 1/2: atan t = atan 1/2 + atan (2t - 1) / (2 + t)
        return 0.4636476090008061 + _small((2.0 * t - 1.0) / (2.0 + t))
    return _small(t)


def _small(t: float) -> float:
    z = t * t
    total = _A[10]
    for each in reversed(_A[:10]):
        total = each + z * total
    return t - t * z * total
