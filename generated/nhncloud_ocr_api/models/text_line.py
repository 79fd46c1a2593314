from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import AdditionalProperties

if TYPE_CHECKING:
    from ..models.infer_text import InferText


T = TypeVar("T", bound="TextLine")


@_attrs_define(getstate_setstate=False)
class TextLine(AdditionalProperties):
    """The words of a line, from left to right. [documented]
    The guide's sample repeats the key `inferTexts` inside one object.

        Attributes:
            infer_texts (list[InferText]): The words.
    """

    infer_texts: list[InferText]

    def to_dict(self) -> dict[str, Any]:
        infer_texts = []
        for infer_texts_item_data in self.infer_texts:
            infer_texts_item = infer_texts_item_data.to_dict()
            infer_texts.append(infer_texts_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "inferTexts": infer_texts,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.infer_text import InferText  # noqa: PLC0415

        d = dict(src_dict)
        infer_texts = []
        _infer_texts = d.pop("inferTexts")
        for infer_texts_item_data in _infer_texts:
            infer_texts_item = InferText.from_dict(infer_texts_item_data)

            infer_texts.append(infer_texts_item)

        text_line = cls(
            infer_texts=infer_texts,
        )

        text_line.additional_properties = d
        return text_line

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
