from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import AdditionalProperties

if TYPE_CHECKING:
    from ..models.bounding_box import BoundingBox


T = TypeVar("T", bound="BoxLine")


@_attrs_define(getstate_setstate=False)
class BoxLine(AdditionalProperties):
    """The areas of a line's words, in the order of the words. [documented]
    If a line's key `inferTexts` is repeated, `boundingBoxes` may be so too. [inferred]

        Attributes:
            bounding_boxes (list[BoundingBox]): The areas.
    """

    bounding_boxes: list[BoundingBox]

    def to_dict(self) -> dict[str, Any]:
        bounding_boxes = []
        for bounding_boxes_item_data in self.bounding_boxes:
            bounding_boxes_item = bounding_boxes_item_data.to_dict()
            bounding_boxes.append(bounding_boxes_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "boundingBoxes": bounding_boxes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bounding_box import BoundingBox  # noqa: PLC0415

        d = dict(src_dict)
        bounding_boxes = []
        _bounding_boxes = d.pop("boundingBoxes")
        for bounding_boxes_item_data in _bounding_boxes:
            bounding_boxes_item = BoundingBox.from_dict(bounding_boxes_item_data)

            bounding_boxes.append(bounding_boxes_item)

        box_line = cls(
            bounding_boxes=bounding_boxes,
        )

        box_line.additional_properties = d
        return box_line

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
