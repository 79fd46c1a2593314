from __future__ import annotations

from msgspec import Struct

from ..models.box_line import BoxLine
from ..models.text_line import TextLine


class CroppingResult(
    Struct,
    kw_only=True,
    gc=False,
    rename={
        "file_type": "fileType",
        "list_of_infer_texts": "listOfInferTexts",
        "list_of_bounding_boxes": "listOfBoundingBoxes",
        "slices_images": "slicesImages",
    },
):
    """What was recognised in all slices of the image.

    Attributes:
        file_type (str): The file's extension; jpg and png are known.
        list_of_infer_texts (list[TextLine]): The recognised texts.
            Entry i is a visual line. [documented]
        list_of_bounding_boxes (list[BoxLine]): The coordinates of the recognised areas.
            Entry i belongs to entry i of `listOfInferTexts`. [documented]
            The guide's sample has three words and one box.
            Whether the two lists can differ in length is not known. [note]
        slices_images (int): The number of images that the sent one was split into, by its side ratio.
            What it is for an image that needs no split is not known. [note]
    """

    file_type: str
    list_of_infer_texts: list[TextLine]
    list_of_bounding_boxes: list[BoxLine]
    slices_images: int
