from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import AdditionalProperties

if TYPE_CHECKING:
    from ..models.response_header import ResponseHeader


T = TypeVar("T", bound="GatewayError")


@_attrs_define(getstate_setstate=False)
class GatewayError(AdditionalProperties):
    """A failure of the gateway, in the shape of the service's failures. [documented]

    Attributes:
        header (ResponseHeader): Says whether the call succeeded.
    """

    header: ResponseHeader

    def to_dict(self) -> dict[str, Any]:
        header = self.header.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "header": header,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.response_header import ResponseHeader  # noqa: PLC0415

        d = dict(src_dict)
        header = ResponseHeader.from_dict(d.pop("header"))

        gateway_error = cls(
            header=header,
        )

        gateway_error.additional_properties = d
        return gateway_error

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
