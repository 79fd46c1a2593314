"""The drivers: what is called, how, and with which expectation."""
