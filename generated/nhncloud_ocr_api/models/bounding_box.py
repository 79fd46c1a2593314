from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="BoundingBox")


@_attrs_define
class BoundingBox:
    """The area of a word as four corners.
    They go top left, top right, bottom right, bottom left, and may form a turned quadrilateral. [documented]
    Of `general`, they are pixels of the sent image; what they refer to in cropping is not known. [documented]
    The samples have integers; whether fractions come is not known. [documented]

        Attributes:
            x1 (float): x of the top left corner
            y1 (float): y of the top left corner
            x2 (float): x of the top right corner
            y2 (float): y of the top right corner
            x3 (float): x of the bottom right corner
            y3 (float): y of the bottom right corner
            x4 (float): x of the bottom left corner
            y4 (float): y of the bottom left corner
    """

    x1: float
    y1: float
    x2: float
    y2: float
    x3: float
    y3: float
    x4: float
    y4: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        x1 = self.x1

        y1 = self.y1

        x2 = self.x2

        y2 = self.y2

        x3 = self.x3

        y3 = self.y3

        x4 = self.x4

        y4 = self.y4

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "x1": x1,
                "y1": y1,
                "x2": x2,
                "y2": y2,
                "x3": x3,
                "y3": y3,
                "x4": x4,
                "y4": y4,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        x1 = d.pop("x1")

        y1 = d.pop("y1")

        x2 = d.pop("x2")

        y2 = d.pop("y2")

        x3 = d.pop("x3")

        y3 = d.pop("y3")

        x4 = d.pop("x4")

        y4 = d.pop("y4")

        bounding_box = cls(
            x1=x1,
            y1=y1,
            x2=x2,
            y2=y2,
            x3=x3,
            y3=y3,
            x4=x4,
            y4=y4,
        )

        bounding_box.additional_properties = d
        return bounding_box

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
