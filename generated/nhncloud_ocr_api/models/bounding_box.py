from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import AdditionalProperties

T = TypeVar("T", bound="BoundingBox")


@_attrs_define(getstate_setstate=False)
class BoundingBox(AdditionalProperties):
    """The area of a word as four corners.
    They go top left, top right, bottom right, bottom left, and may form a turned quadrilateral. [documented]
    Of `general`, they are pixels of the sent image. [documented]
    What they refer to in cropping is not known. [note]
    The samples have integers.
    Whether fractions come, or negative numbers, is not known. [note]
    `[integer, number]` allows what `number` does; a generated model then keeps an integer as it is. [note]

        Attributes:
            x1 (float | int): x of the top left corner [documented]
            y1 (float | int): y of the top left corner [documented]
            x2 (float | int): x of the top right corner [documented]
            y2 (float | int): y of the top right corner [documented]
            x3 (float | int): x of the bottom right corner [documented]
            y3 (float | int): y of the bottom right corner [documented]
            x4 (float | int): x of the bottom left corner [documented]
            y4 (float | int): y of the bottom left corner [documented]
    """

    x1: float | int
    y1: float | int
    x2: float | int
    y2: float | int
    x3: float | int
    y3: float | int
    x4: float | int
    y4: float | int

    def to_dict(self) -> dict[str, Any]:
        x1: float | int
        x1 = self.x1

        y1: float | int
        y1 = self.y1

        x2: float | int
        x2 = self.x2

        y2: float | int
        y2 = self.y2

        x3: float | int
        x3 = self.x3

        y3: float | int
        y3 = self.y3

        x4: float | int
        x4 = self.x4

        y4: float | int
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

        def _parse_x1(data: object) -> float | int:
            return cast(float | int, data)

        x1 = _parse_x1(d.pop("x1"))

        def _parse_y1(data: object) -> float | int:
            return cast(float | int, data)

        y1 = _parse_y1(d.pop("y1"))

        def _parse_x2(data: object) -> float | int:
            return cast(float | int, data)

        x2 = _parse_x2(d.pop("x2"))

        def _parse_y2(data: object) -> float | int:
            return cast(float | int, data)

        y2 = _parse_y2(d.pop("y2"))

        def _parse_x3(data: object) -> float | int:
            return cast(float | int, data)

        x3 = _parse_x3(d.pop("x3"))

        def _parse_y3(data: object) -> float | int:
            return cast(float | int, data)

        y3 = _parse_y3(d.pop("y3"))

        def _parse_x4(data: object) -> float | int:
            return cast(float | int, data)

        x4 = _parse_x4(d.pop("x4"))

        def _parse_y4(data: object) -> float | int:
            return cast(float | int, data)

        y4 = _parse_y4(d.pop("y4"))

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
