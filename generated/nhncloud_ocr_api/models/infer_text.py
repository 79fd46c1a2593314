from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import AdditionalProperties

T = TypeVar("T", bound="InferText")


@_attrs_define(getstate_setstate=False)
class InferText(AdditionalProperties):
    """A word.

    Attributes:
        value (str): The recognised content.
            It may start with a blank. [documented]
        conf (float): The confidence of the recognition.
            It lies between 0 and 1. [documented]
    """

    value: str
    conf: float

    def to_dict(self) -> dict[str, Any]:
        value = self.value

        conf = self.conf

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "value": value,
                "conf": conf,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        value = d.pop("value")

        conf = d.pop("conf")

        infer_text = cls(
            value=value,
            conf=conf,
        )

        infer_text.additional_properties = d
        return infer_text

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
