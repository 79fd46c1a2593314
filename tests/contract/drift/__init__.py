"""Proof that the suite bites: servers that have drifted, each of which must be noticed."""
