"""What a run is told, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass, field

from .pace import Pace
from .reading import Cropping


@dataclass(slots=True)
class Settled:
    """An image has its end. fresh: in this run, not in an earlier one. called: by a call."""

    item: int
    state: str
    fresh: bool = True
    called: bool = False


@dataclass(slots=True)
class Settings:
    """How a run goes about it; see `run`."""

    pace: Pace = field(default_factory=Pace)
    max_calls: int | None = None
    cropping: Cropping = False
    retry_failed: bool = False
    retry_unknown: bool = False
    patience: float = 600.0

    @property
    def of_journal(self) -> dict[str, str]:
        """What all runs of a journal must have in common."""
        return {"cropping": str(self.cropping).lower()}
