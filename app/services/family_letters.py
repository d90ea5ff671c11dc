"""Letters to the family of somebody who died: their address block begins otherwise."""

from functools import lru_cache

from app.core.campaign import Delivery
from app.letters.catalogue import Audience, load


@lru_cache(maxsize=1)
def _templates() -> frozenset[str]:
    return frozenset(each.id for each in load().letters() if each.audience is Audience.FAMILY)


def is_to_family(delivery: Delivery) -> bool:
    """True when this letter is written to a family."""
    return delivery.template_id in _templates()
