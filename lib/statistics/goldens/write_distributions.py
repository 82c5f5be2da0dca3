"""Writes distributions.json: what SciPy says of the distribution functions that intervals rest on.

Run it with SciPy 1.17: python lib/statistics/goldens/write_distributions.py
The non-central t distribution is integrated here over another variable than in the library: over the numerator, with
the distribution of the denominator, where the library integrates over the denominator.
"""

import json
import pathlib

import numpy as np
import scipy
from scipy import integrate, optimize, special, stats


def non_central_t(t, freedom, non_centrality):
    """P((Z + d) / s <= t) = integral of P(s >= (z + d) / t) phi(z) dz, for t above 0."""

    def part(z):
        return stats.norm.pdf(z) * stats.chi2.sf(freedom * max(0.0, (z + non_centrality) / t) ** 2, freedom)

    ends = np.unique(np.clip([-12, -non_centrality, 0, t - non_centrality, 12, *np.linspace(-11, 11, 23)], -12, 12))
    pieces = [integrate.quad(part, a, b, epsabs=1e-15, epsrel=1e-13, limit=200)[0] for a, b in zip(ends, ends[1:])]
    return stats.norm.cdf(-12) + sum(pieces)


def found(power, critical, freedom):
    """The difference in standard errors that a two-sided test finds with this probability."""
    miss = lambda d: non_central_t(critical, freedom, d) - (1 - non_central_t(critical, freedom, -d))
    return optimize.brentq(lambda d: 1 - miss(d) - power, 0.5 * critical, 3 * critical + 3, xtol=1e-12, rtol=1e-14)


def comparison(runs, comparisons):
    critical = stats.t.isf(0.025 / comparisons, runs - 1)
    return {"runs": runs, "comparisons": comparisons, "standardErrors": found(0.8, critical, runs - 1)}


freedoms = [1, 2, 3, 4, 7, 9, 10, 30, 100, 1000]
goldens = {
    "versions": {"scipy": scipy.__version__},
    "logGamma": [[x, float(special.gammaln(x))] for x in [0.1, 0.5, 0.9, 1.5, 3.5, 5, 10.5, 50, 500.5]],
    "incompleteBeta": [
        [x, a, b, float(special.betainc(a, b, x))]
        for a, b in [(0.5, 0.5), (2, 3), (5, 0.5), (0.5, 20), (50, 0.5), (40, 60)]
        for x in [1e-6, 0.01, 0.3, 0.5, 0.9, 0.999]
    ],
    "normal": [[z, float(stats.norm.cdf(z))] for z in [-30, -8, -3.6, -3.5, -2, -0.5, -1e-3, 0, 0.5, 2, 3.6, 8]],
    "student": [
        [t, v, float(stats.t.cdf(t, v))] for v in freedoms for t in [-50, -5, -2.5, -1, -0.01, 0, 0.3, 1.5, 4, 20]
    ],
    "quantiles": [
        [p, v, float(stats.t.ppf(p, v))] for v in freedoms for p in [1e-6, 0.0025, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9975]
    ],
    "nonCentral": [
        [t, v, d, float(non_central_t(t, v, d))]
        for v in [1, 4, 7, 9, 30]
        for t, d in [(0.5, 0.2), (2.3, 1), (2.3, 3.1), (3.5, 4.5), (5.6, 7.1), (12.7, 16), (63, 80), (3, -1)]
    ],
    "differences": [comparison(n, k) for n, k in [(2, 1), (3, 5), (5, 1), (5, 10), (8, 5), (8, 6), (10, 1), (30, 3), (100, 1)]],
}
(pathlib.Path(__file__).parent / "distributions.json").write_text(json.dumps(goldens, indent=1) + "\n")
