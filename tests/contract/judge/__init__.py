"""The judge: from what was sent and the raw bytes that came back, to findings. No I/O."""

from contract.judge.judging import Judge, Verdict

__all__ = ["Judge", "Verdict"]
