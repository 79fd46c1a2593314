"""Contains all the data models used in inputs/outputs"""

from .bounding_box import BoundingBox
from .box_line import BoxLine
from .cropping_response import CroppingResponse
from .cropping_result import CroppingResult
from .envelope import Envelope
from .gateway_error import GatewayError
from .general_response import GeneralResponse
from .general_result import GeneralResult
from .image_file_request import ImageFileRequest
from .image_url_request import ImageUrlRequest
from .infer_text import InferText
from .response_header import ResponseHeader
from .text_line import TextLine

__all__ = (
    "BoundingBox",
    "BoxLine",
    "CroppingResponse",
    "CroppingResult",
    "Envelope",
    "GatewayError",
    "GeneralResponse",
    "GeneralResult",
    "ImageFileRequest",
    "ImageUrlRequest",
    "InferText",
    "ResponseHeader",
    "TextLine",
)
