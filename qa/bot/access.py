"""Who may ask, who may change the library, and how often."""

from __future__ import annotations

import time
from collections import deque

from qa.bot.settings import EVERYBODY, BotSettings
from qa.bot.state import State

_MINUTE_S = 60.0
_REMEMBERED = 1_000  # people whose last minute is kept before those at rest are forgotten


class Access:
    """The rules of one bot.

    A person may ask when the settings allow everybody, them, or the chat they write in; an
    administrator always may. Limits hold for everyone but administrators, who are the ones to lift
    them; the limit of all questions together holds for them too, since it protects the machine.
    """

    def __init__(self, settings: BotSettings, state: State) -> None:
        self._allowed = settings.allowed
        self._admins = settings.admins
        self._user_limit = settings.user_per_minute
        self._limit = settings.per_minute
        self._quota = settings.daily_quota
        self._state = state
        self._asked: deque[float] = deque()
        self._asked_by: dict[int, deque[float]] = {}

    def may_ask(self, user_id: int, chat_id: int) -> bool:
        """Say whether this person is answered in this chat; nobody is when nobody is allowed."""
        if EVERYBODY in self._allowed or self.is_admin(user_id):
            return True
        return not self._allowed.isdisjoint((str(user_id), str(chat_id)))

    def is_admin(self, user_id: int) -> bool:
        """Say whether this person may add and remove documents."""
        return str(user_id) in self._admins

    def asker_refusal(self, user_id: int, chat_id: int) -> str | None:
        """Give the key of the sentence that keeps a person from asking, or None."""
        return None if self.may_ask(user_id, chat_id) else "bot_stranger"

    def admin_refusal(self, user_id: int, chat_id: int) -> str | None:
        """Give the key of the sentence that keeps a person from changing the library, or None."""
        if self.is_admin(user_id):
            return None
        return self.asker_refusal(user_id, chat_id) or "bot_admins_only"

    def refusal(self, user_id: int, chat_id: int, now: float) -> str | None:
        """Count a question; give the key of the sentence that refuses it, or None.

        A question that is refused counts for no limit but the daily one.

        Args:
            user_id: Who asks.
            chat_id: Where.
            now: Seconds since 1970; it should not go back.
        """
        if not self.may_ask(user_id, chat_id):
            return "bot_stranger"
        admin = self.is_admin(user_id)
        own = self._recent(user_id, now)
        if not admin and self._user_limit and len(own) >= self._user_limit:
            return "bot_too_fast"
        _forget_before(self._asked, now - _MINUTE_S)
        if self._limit and len(self._asked) >= self._limit:
            return "bot_too_many"
        used = self._state.use(user_id, time.strftime("%Y-%m-%d", time.localtime(now)))
        if not admin and self._quota and used > self._quota:
            return "bot_quota"
        own.append(now)
        self._asked.append(now)
        return None

    def _recent(self, user_id: int, now: float) -> deque[float]:
        """Give when this person asked in the last minute."""
        if len(self._asked_by) > _REMEMBERED:
            since = now - _MINUTE_S
            self._asked_by = {
                user: times for user, times in self._asked_by.items() if times and times[-1] > since
            }
        times = self._asked_by.setdefault(user_id, deque())
        _forget_before(times, now - _MINUTE_S)
        return times


def _forget_before(times: deque[float], since: float) -> None:
    while times and times[0] <= since:
        times.popleft()
