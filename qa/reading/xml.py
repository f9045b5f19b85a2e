"""XML of files that anybody may have made: no entities, no network."""

from __future__ import annotations

from typing import Any

from qa.reading.plain import Unreadable


def parsed(data: bytes) -> Any:  # noqa: ANN401 - lxml has no types
    """Give the root element.

    Raises:
        Unreadable: it is no XML.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable("damaged: its XML cannot be read") from error
    if root is None:
        raise Unreadable("damaged: its XML cannot be read")
    return root
