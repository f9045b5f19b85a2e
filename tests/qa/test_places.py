"""Places are told from ordinary words, well enough to know that a passage is about another one."""

from __future__ import annotations

import pytest

from qa.places import places


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["枫林县", "驿站"], ("枫林县",)),
        (["广东", "广东省"], ("广东",)),
        (["内蒙古自治区", "自治区"], ("内蒙古自治区",)),
        (["开发区", "全市", "社区", "示范区"], ()),
        (["新加坡", "税收"], ("新加坡",)),
        ([], ()),
    ],
)
def test_places_are_known_or_end_like_one(words, named) -> None:
    assert places(words) == named
