"""What no run can see, each with its reason; said in the summary of every run."""

from __future__ import annotations

INVISIBLE: dict[str, str] = {
    "the frame of cropping's boxes in a sliced image": "nobody documents whether it is a slice or "
    "the whole image",
    "whether slicesImages is exactly right": "how the service slices is not known; it must fit the "
    "side ratio, and be the same for the same image",
    "the right conf": "it says how sure a reader was, which nobody else knows; it must be from "
    "0 to 1, and not always the same",
    "a few misread words": "every reader misreads some; whole scripts, lines and ends must be read",
    "boxes that are off by a few pixels": "how close a box lies to its ink is nowhere documented",
    "the order of lines": "it is not documented; that they go from the bottom up is noticed",
    "limits between the sizes that are sent": "sizes are sent around 5 MB and 20 MB",
    "limits of pixels": "none is documented, and what is large costs a real service time",
    "the download limit of 20 s": "a run would have to wait for it",
    "quality past 1:2.5": "it is lower by what is documented, and not said by how much",
    "billing, limits of calls per time": "a run could not tell it from chance, or would be billed",
    "the other of two hosts": "a run talks to one host, and a reply does not tell which",
}
WHEN_CANNED = (
    "canned: what the server reads is not judged: words, places, lines, confidence, "
    "and whether one image's answer is given to another"
)
