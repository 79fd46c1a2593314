"""Requests go out, replies come in: over httpx's transports, without its client."""
