"""The contract suite: holds `openapi/general-ocr.yaml` against a live or an emulated API.

One judge (`judge.py`, pure) reads what was sent and what came back and returns findings. Many
drivers make the calls: a fixed table (`table.py`), schemathesis (`fuzz.py`), the SDK (`sdk.py`)
and, to prove that the judge bites, drifts and mutants (`drifts.py`, `mutants.py`).
"""
