"""The profiles of the properties.

``stable`` runs the same examples every time, ``search`` looks for new ones, ``glance`` does not
make a failing example smaller.

To search: ``pytest tests/properties --hypothesis-profile search``.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile(
    "stable",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=15,
    suppress_health_check=_SLOW,
)
settings.register_profile(
    "search", deadline=None, database=None, max_examples=1500, suppress_health_check=_SLOW
)
settings.register_profile(
    "glance", settings.get_profile("stable"), phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("stable")
