"""How sure is a share? Open when a page shows "k av n" and wants to say how much chance there is in it.

Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the American
Statistical Association 22 (1927) 209-212. The interval stays inside 0..1 and is honest for small n, where the usual
p ± 1.96·s.e. is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054  # two-sided 95 %
SMALLEST_DENOMINATOR = 5  # below this a share says less than the two numbers


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total`, with the bounds of its 95 % interval (0..1). Without a total the interval is 0..1."""

    count: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share itself; None below SMALLEST_DENOMINATOR, where only the counts are shown."""
        return self.count / self.total if self.total >= SMALLEST_DENOMINATOR else None


def wilson(count: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval for `count` of `total`.

    Raises:
        ValueError: unless 0 <= count <= total.
    """
    if not 0 <= count <= total:
        raise ValueError("count must lie between 0 and total")
    if total == 0:
        return 0.0, 1.0
    p, zz = count / total, z * z
    centre = (p + zz / (2 * total)) / (1 + zz / total)
    half = z / (1 + zz / total) * sqrt(p * (1 - p) / total + zz / (4 * total * total))
    # At the ends the algebra gives 0 and 1 exactly; floating point gives nearly that.
    low = 0.0 if count == 0 else max(0.0, centre - half)
    high = 1.0 if count == total else min(1.0, centre + half)
    return low, high


def share(count: int, total: int) -> Share:
    """`count` of `total` with its interval. Raises ValueError as wilson()."""
    return Share(count, total, *wilson(count, total))


def garwood(count: int) -> tuple[float, float]:
    """Exact 95 % interval for the mean of a Poisson count: χ²(0.025; 2x)/2 and χ²(0.975; 2x+2)/2.

    Source: F. Garwood, Biometrika 28 (1936) 437-442. Raises ValueError for a negative count.
    """
    from scipy.special import gammaincinv  # heavy, and few pages need it

    if count < 0:
        raise ValueError("a count cannot be negative")
    return float(gammaincinv(count, 0.025)) if count else 0.0, float(gammaincinv(count + 1, 0.975))
