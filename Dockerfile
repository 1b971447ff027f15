FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir "uv>=0.9,<1" && uv venv .venv && uv pip sync --no-cache --python .venv/bin/python requirements.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 desk && install -d -o desk /data
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY manage.py ./
COPY liveblog liveblog
COPY newsroom newsroom
COPY templates templates
COPY static static
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/data
USER desk
VOLUME /data
EXPOSE 8000
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
