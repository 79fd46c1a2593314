from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import AdditionalProperties

if TYPE_CHECKING:
    from ..models.box_line import BoxLine
    from ..models.text_line import TextLine


T = TypeVar("T", bound="CroppingResult")


@_attrs_define(getstate_setstate=False)
class CroppingResult(AdditionalProperties):
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

    def to_dict(self) -> dict[str, Any]:
        file_type = self.file_type

        list_of_infer_texts = []
        for list_of_infer_texts_item_data in self.list_of_infer_texts:
            list_of_infer_texts_item = list_of_infer_texts_item_data.to_dict()
            list_of_infer_texts.append(list_of_infer_texts_item)

        list_of_bounding_boxes = []
        for list_of_bounding_boxes_item_data in self.list_of_bounding_boxes:
            list_of_bounding_boxes_item = list_of_bounding_boxes_item_data.to_dict()
            list_of_bounding_boxes.append(list_of_bounding_boxes_item)

        slices_images = self.slices_images

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "fileType": file_type,
                "listOfInferTexts": list_of_infer_texts,
                "listOfBoundingBoxes": list_of_bounding_boxes,
                "slicesImages": slices_images,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.box_line import BoxLine  # noqa: PLC0415
        from ..models.text_line import TextLine  # noqa: PLC0415

        d = dict(src_dict)
        file_type = d.pop("fileType")

        list_of_infer_texts = []
        _list_of_infer_texts = d.pop("listOfInferTexts")
        for list_of_infer_texts_item_data in _list_of_infer_texts:
            list_of_infer_texts_item = TextLine.from_dict(list_of_infer_texts_item_data)

            list_of_infer_texts.append(list_of_infer_texts_item)

        list_of_bounding_boxes = []
        _list_of_bounding_boxes = d.pop("listOfBoundingBoxes")
        for list_of_bounding_boxes_item_data in _list_of_bounding_boxes:
            list_of_bounding_boxes_item = BoxLine.from_dict(
                list_of_bounding_boxes_item_data
            )

            list_of_bounding_boxes.append(list_of_bounding_boxes_item)

        slices_images = d.pop("slicesImages")

        cropping_result = cls(
            file_type=file_type,
            list_of_infer_texts=list_of_infer_texts,
            list_of_bounding_boxes=list_of_bounding_boxes,
            slices_images=slices_images,
        )

        cropping_result.additional_properties = d
        return cropping_result

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
