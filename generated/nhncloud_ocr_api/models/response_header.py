from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import AdditionalProperties

T = TypeVar("T", bound="ResponseHeader")


@_attrs_define(getstate_setstate=False)
class ResponseHeader(AdditionalProperties):
    """Says whether the call succeeded.

    Attributes:
        is_successful (bool): Whether the analysis succeeded.
        result_code (int): 0 on success. [documented]
            `x-result-codes` lists the known codes, each with its HTTP status. [note]
            4000003 and 4000006 mean something else under another status. [documented]
            More codes exist than any table lists. [reported]
            A malformed body or failed validation gives 400, a wrong method 405, a wrong media type 415, a wrong key
            4010001. [reported]
            5000503 is sent when something behind the service answers 429. [documented]
        result_message (str): SUCCESS, or what went wrong.
            The texts differ between languages and editions of the guide. [documented]
    """

    is_successful: bool
    result_code: int
    result_message: str

    def to_dict(self) -> dict[str, Any]:
        is_successful = self.is_successful

        result_code = self.result_code

        result_message = self.result_message

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "isSuccessful": is_successful,
                "resultCode": result_code,
                "resultMessage": result_message,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        is_successful = d.pop("isSuccessful")

        result_code = d.pop("resultCode")

        result_message = d.pop("resultMessage")

        response_header = cls(
            is_successful=is_successful,
            result_code=result_code,
            result_message=result_message,
        )

        response_header.additional_properties = d
        return response_header

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
