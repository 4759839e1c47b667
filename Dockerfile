# The bot in a small image: what it needs by hash, no compiler, nobody's rights. Its home, with the key, is /data.
FROM python:3.11-slim AS build
RUN python -m venv /app
WORKDIR /source
COPY requirements.txt .
RUN /app/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.txt
COPY pyproject.toml README.md LICENSE manifest.yml ./
COPY bot bot
COPY handlers handlers
COPY storage storage
COPY playground playground
RUN /app/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --user-group --no-create-home mentorbot \
    && install --directory --owner=mentorbot --group=mentorbot --mode=0700 /data
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH MENTORBOT_HOME=/data MENTORBOT_HEALTH_PORT=8480 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER mentorbot
WORKDIR /data
VOLUME /data
# Asked from within, past any proxy; healthy is 200, anything else is not.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=2 \
    CMD ["python", "-c", "import os, http.client as h; c = h.HTTPConnection('127.0.0.1', int(os.environ['MENTORBOT_HEALTH_PORT']), timeout=8); c.request('GET', '/health'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["mentorbot"]
