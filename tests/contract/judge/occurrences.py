"""A document with repeated keys as several documents without, so that a validator sees them all."""

from __future__ import annotations

from itertools import groupby
from typing import TypeVar

from contract.judge.strict_json import Member, Node

Item = TypeVar("Item")


def variants(node: Node) -> list[Node]:
    """As few documents without repeats as show every occurrence at least once.

    Alternatives at different places advance together; a place with fewer of them stays at its
    last. Without any repeat the only variant is the document itself.
    """
    if node.kind == "array":
        columns = [variants(item) for item in node.value]
        return [
            Node([_at(column, turn) for column in columns], "array", node.start)
            for turn in range(max(map(len, columns), default=1))
        ]
    if node.kind != "object":
        return [node]
    choices: list[list[Member]] = []
    by_key = sorted(node.value, key=lambda member: member.key)
    for _, occurrences in groupby(by_key, key=lambda member: member.key):
        choices.append(
            [
                Member(member.key, variant, member.turn)
                for member in occurrences
                for variant in variants(member.node)
            ]
        )
    return [
        Node([_at(choice, turn) for choice in choices], "object", node.start)
        for turn in range(max(map(len, choices), default=1))
    ]


def _at(alternatives: list[Item], turn: int) -> Item:
    return alternatives[min(turn, len(alternatives) - 1)]
