"""`python -m bench.baselines.publisher PORT`: what is posted here goes to the tutorial's group."""

from __future__ import annotations

import asyncio
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.baselines.settings"

import django
from channels.layers import get_channel_layer

from bench.baselines.consumer import GROUP
from bench.posts import Answer, serve_posts


def main(port: int) -> None:
    django.setup()
    layer = get_channel_layer()
    if layer is None:
        sys.exit("no channel layer is configured")
    # One loop for all, so that the layer keeps its connection to Redis.
    loop = asyncio.new_event_loop()

    def publish(path: str, body: str) -> Answer:
        loop.run_until_complete(layer.group_send(GROUP, {"type": "entry.published", "message": body}))
        return {}

    serve_posts(port, publish)


if __name__ == "__main__":
    main(int(sys.argv[1]))
