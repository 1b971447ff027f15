"""The cache in which limits are counted: shared through Redis, and for as long as Redis is away each process's own."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class SharedOrOwnCache(RedisCache):
    """Editors go on signing in without the bus; meanwhile a limit holds for each process alone."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache("counting", {})

    def _try(self, name: str, *args: Any, **options: Any) -> Any:
        try:
            return getattr(super(), name)(*args, **options)
        except RedisError as error:
            log.warning("Limits are counted by this process alone: %s", error)
            return getattr(self._own, name)(*args, **options)

    def add(self, *args: Any, **options: Any) -> Any:
        return self._try("add", *args, **options)

    def get(self, *args: Any, **options: Any) -> Any:
        return self._try("get", *args, **options)

    def set(self, *args: Any, **options: Any) -> Any:
        return self._try("set", *args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        return self._try("delete", *args, **options)
