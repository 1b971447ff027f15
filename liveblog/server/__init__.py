"""The server process: sockets, limits, time-outs and a graceful end, under daphne or uvicorn.

Knows ASGI and RFC 6455 and nothing of blogs. `liveblog.serve` puts the application into it.
"""
