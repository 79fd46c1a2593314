"""A searchable PDF: pictures as they are, with the recognised words unseen on top."""

from ._document import pdf as pdf
