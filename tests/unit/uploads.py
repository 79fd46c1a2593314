"""What arrived, read with the standard library's parser and not with the one that wrote it."""

import email.message
import email.parser
import email.policy
from email.message import EmailMessage

import httpx


def parts(request: httpx.Request) -> list[EmailMessage]:
    """The parts of a multipart request."""
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + request.content)
    assert message.get_content_type() == "multipart/form-data"
    return list(message.iter_parts())


def image_part(request: httpx.Request) -> EmailMessage:
    """The one part, which is called `image`."""
    [part] = parts(request)
    assert part.get_param("name", header="Content-Disposition") == "image"
    return part
