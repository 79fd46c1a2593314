"""Engine processes: a user's image is decoded and read where it can be ended.

`Workers` is all that the service knows of this room. From top to bottom: `_pool` hands calls to
workers; `_extra` is one more that helps out; `_crew` is what they share: the processes, and what
becomes of their calls; `_queue` knows whose turn it is; `_process` is one process as its parent
sees it; `_frames` is what travels between the two; `_child` is the process itself, `_limits` what
it forbids itself.
"""

from __future__ import annotations

from ._pool import Workers, cores
from ._process import can_spawn
from ._queue import Job

__all__ = ["Job", "Workers", "can_spawn", "cores"]
