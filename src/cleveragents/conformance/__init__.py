"""What an adapter must pass: checks that drive the whole product through it, on a real store.

`python -m cleveragents.conformance MODULE:MAKER` runs them; `checks(maker)` is a list of callables for tests.
"""

from cleveragents.conformance.checking import (
    Check,
    NotApplicableError,
    NotConformingError,
    checks,
)
from cleveragents.conformance.maker import Maker, Wanted

__all__ = ["Check", "Maker", "NotApplicableError", "NotConformingError", "Wanted", "checks"]
