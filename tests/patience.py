"""How long a test waits for what must come, before it says that it never did."""

PATIENCE = 300.0  # seconds: a machine that is busy with other things is no failure
