# One image for the web server, the worker and every command. The driver of the legacy database has
# no wheel for Linux, so it is compiled in a stage of its own; the compiler stays there.
FROM python:3.13-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends build-essential libmariadb-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*
COPY requirements/production.txt /tmp/
RUN python -m venv /opt/console \
 && /opt/console/bin/pip install --no-cache-dir -r /tmp/production.txt

FROM python:3.13-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends libmariadb3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --no-create-home console \
 && install -d -o console /data
COPY --from=build /opt/console /opt/console
ENV PATH=/opt/console/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=callcentersite.settings.production \
    DATA_DIR=/data
WORKDIR /app
COPY . .
# Settings want an address and a secret; nothing of these remains in the image.
RUN SECRET_KEY=only-to-collect-the-static-files-0123456789-0123456789-0123456789 \
    ALLOWED_HOSTS=localhost LOG_FILE='' \
    python manage.py collectstatic --noinput --verbosity 0
USER console
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "callcentersite.wsgi", "--config", "deploy/gunicorn.conf.py", "--bind", "0.0.0.0:8000"]
