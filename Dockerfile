# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
WORKDIR /app
RUN pip install --no-cache-dir "uv>=0.9,<1"
COPY requirements.txt .
RUN uv venv .venv && uv pip sync --no-cache --require-hashes --compile-bytecode --python .venv/bin/python requirements.txt
COPY manage.py ./
COPY liveblog liveblog
COPY newsroom newsroom
COPY templates templates
COPY static static
COPY translations/readers translations/readers
COPY translations/desk translations/desk
# Everything a build writes besides, a key among it, stays in /tmp of this stage.
RUN VAR_DIR=/tmp/build STATIC_ROOT=/app/collected .venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
 && .venv/bin/python -m compileall -q liveblog newsroom

FROM python:3.13-slim
# What is written lies in three places, so that each can be mounted where it is wanted and nowhere else.
RUN useradd --system --uid 10001 --user-group desk \
 && install -d -o desk -g desk -m 750 /data \
 && install -d -o desk -g desk -m 755 /srv/static /srv/media
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/data \
    STATIC_ROOT=/app/collected \
    MEDIA_ROOT=/srv/media
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0", "--no-static"]
