"""The channel layer on Redis. What channels_redis and redis-py leave open for a process that runs for months is closed here."""

from __future__ import annotations

import uuid
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis.asyncio.connection import AbstractConnection, Connection, SSLConnection, UnixDomainSocketConnection, parse_url
from redis.exceptions import ConnectionError as Lost


class _Noticing(AbstractConnection):
    """Notices that its peer has vanished.

    The kernel says so with ETIMEDOUT, which redis-py takes for a read that took too long: it reports no message and asks again, which
    fails at once, for ever, without one turn of the loop in between. Nothing else in the process would run again.
    """

    async def read_response(self, *arguments: Any, **options: Any) -> Any:
        response = await super().read_response(*arguments, **options)
        lost = self._reader.exception() if response is None and self._reader is not None else None
        if lost is not None:
            await self.disconnect(nowait=True)
            raise Lost(f"The connection to Redis is lost: {lost}")
        return response


class _Plain(_Noticing, Connection):
    pass


class _Tls(_Noticing, SSLConnection):
    pass


class _Local(_Noticing, UnixDomainSocketConnection):
    pass


CONNECTIONS = {"redis": _Plain, "rediss": _Tls, "unix": _Local}


class PubSubLayer(RedisPubSubChannelLayer):
    """`url` is redis://, rediss:// or unix://; `prefix` keeps several sites on one Redis apart."""

    def __init__(self, *, url: str, prefix: str) -> None:
        # redis-py 8 gave reads a default time-out of 5 s, which kills an idle subscriber: none here.
        host = {**parse_url(url), "connection_class": CONNECTIONS[url.split(":", 1)[0].lower()], "socket_timeout": None}
        super().__init__(hosts=[host], prefix=prefix)

    async def new_channel(self, prefix: str = "specific.") -> str:
        """As the library's, which keeps the queue of a channel that it could not subscribe: one more at each try while Redis is away."""
        layer = self._get_layer()
        name = f"{layer.prefix}{prefix}{uuid.uuid4().hex}"
        try:
            await layer._subscribe_to_channel(name)
        except BaseException:
            layer.channels.pop(name, None)
            raise
        return name

    async def forget(self, channel: str) -> None:
        """Ends a channel that nobody receives from any more, which the library does only where a receive is cancelled that still waits."""
        layer = self._get_layer()
        layer.channels.pop(channel, None)
        await layer._get_shard(channel).unsubscribe(channel)
