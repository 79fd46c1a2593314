"""A client library for accessing NHN Cloud General OCR"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
