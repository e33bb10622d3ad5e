"""Reads EDN as histories have it, so that tests judge the text and not what it was made from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_TOKEN = re.compile(r'\s*,*\s*(?:([{}\[\]])|("(?:[^"\\]|\\.)*")|([^\s,{}\[\]"]+))')
_NAMES = {"nil": None, "true": True, "false": False}


def read_edn(text: str) -> Any:
    """One value: keywords are ":name", vectors are lists. Raises ValueError."""
    tokens = _tokens(text)
    value = _value(next(tokens), tokens)
    if (rest := next(tokens, None)) is not None:
        raise ValueError(f"more after the value: {rest}")
    return value


def _tokens(text: str) -> Iterator[str]:
    place = 0
    while text[place:].strip(" ,\n"):
        found = _TOKEN.match(text, place)
        if found is None:
            raise ValueError(f"no EDN at {place}: {text[place : place + 20]!r}")
        yield found[1] or found[2] or found[3]
        place = found.end()


def _value(token: str, tokens: Iterator[str]) -> Any:
    if token == "[":
        return list(_until("]", tokens))
    if token == "{":
        values = list(_until("}", tokens))
        return dict(zip(values[::2], values[1::2], strict=True))
    if token.startswith('"'):
        return json.loads(token)
    if token in _NAMES:
        return _NAMES[token]
    return token if token.startswith(":") else int(token)


def _until(end: str, tokens: Iterator[str]) -> Iterator[Any]:
    while (token := next(tokens)) != end:
        yield _value(token, tokens)
