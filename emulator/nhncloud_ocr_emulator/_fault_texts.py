"""What each fault does, in a few words: for the form of the playground, in its two languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["ABOUT"]

ABOUT: Final[Mapping[str, Mapping[str, str]]] = {
    "latency": {
        "en": "silence before the reply, seconds",
        "ko": "응답 전 침묵, 초",
    },
    "status": {"en": "HTTP status", "ko": "HTTP 상태"},
    "result_code": {"en": "result code", "ko": "결과 코드"},
    "message": {"en": "the failure's message", "ko": "실패 메시지"},
    "retry_after": {"en": "header Retry-After", "ko": "Retry-After 헤더"},
    "reset": {
        "en": "TCP reset: before, during or after the reply",
        "ko": "TCP 리셋: 응답 전, 중간, 후",
    },
    "slow_body": {"en": "the body trickles, seconds", "ko": "본문이 조금씩 옴, 초"},
    "repeated_keys": {"en": "keys repeat, as in the guide", "ko": "가이드처럼 키가 반복됨"},
    "deploy": {"en": "503s and resets, seconds", "ko": "503과 리셋, 초"},
    "error": {"en": "token endpoint: error of RFC 6749", "ko": "토큰 엔드포인트: RFC 6749의 error"},
    "expires_in": {"en": "token endpoint: the life it tells", "ko": "토큰 엔드포인트: 유효 시간"},
    "truncated": {"en": "half of the body", "ko": "본문 절반만"},
    "html": {"en": "a proxy's HTML page", "ko": "프록시의 HTML 페이지"},
    "trailing_commas": {"en": "commas trail, as in the guide", "ko": "가이드처럼 끝에 쉼표"},
}
"""By the fault's name, then by the language."""
