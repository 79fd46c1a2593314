from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, AdditionalProperties, Unset

if TYPE_CHECKING:
    from ..models.cropping_result import CroppingResult
    from ..models.response_header import ResponseHeader


T = TypeVar("T", bound="CroppingResponse")


@_attrs_define(getstate_setstate=False)
class CroppingResponse(AdditionalProperties):
    """The reply to `recognizeGeneralCropping`.

    Attributes:
        header (ResponseHeader): Says whether the call succeeded.
        result (CroppingResult | Unset): What was recognised in all slices of the image.
    """

    header: ResponseHeader
    result: CroppingResult | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        header = self.header.to_dict()

        result: dict[str, Any] | Unset = UNSET
        if not isinstance(self.result, Unset):
            result = self.result.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "header": header,
            }
        )
        if result is not UNSET:
            field_dict["result"] = result

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cropping_result import CroppingResult  # noqa: PLC0415
        from ..models.response_header import ResponseHeader  # noqa: PLC0415

        d = dict(src_dict)
        header = ResponseHeader.from_dict(d.pop("header"))

        _result = d.pop("result", UNSET)
        result: CroppingResult | Unset
        if isinstance(_result, Unset):
            result = UNSET
        else:
            result = CroppingResult.from_dict(_result)

        cropping_response = cls(
            header=header,
            result=result,
        )

        cropping_response.additional_properties = d
        return cropping_response

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
