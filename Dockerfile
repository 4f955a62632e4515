# The image of the server and the worker. Python 3.13 and Debian 13 are pinned without patch numbers, so that
# a rebuild with --pull includes their security fixes. Node 22 only builds the frontend.
FROM node:22-slim AS frontend

WORKDIR /frontend
# Packages change rarely, so these layers are reused when only a page has changed.
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend .
RUN npm run build


FROM python:3.13-slim-trixie AS build

# gunicorn's HTTP parser is published for Linux as source only; every other package has a wheel.
# The compiler stays in this stage, so its version is not pinned.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*

# The environment has no pip, because nothing is installed at run time. pip compiles every module: the
# server cannot write bytecode and would otherwise compile the same modules at each start. The *.po files
# are for translators; programs read only the *.mo files.
COPY requirements.txt requirements-fast.txt /tmp/
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --compile --requirement /tmp/requirements.txt \
        --requirement /tmp/requirements-fast.txt \
    && find /venv -name '*.po' -delete

WORKDIR /app
COPY . .
# The image contains the built frontend without its sources.
RUN rm -r frontend
COPY --from=frontend /frontend/dist frontend/dist
# The settings require a secret; this one signs nothing and is not kept. Static files are links into
# /venv, so that they are stored once. Files of a private checkout (umask 077) must become readable,
# because another user runs the server.
RUN SECRET_KEY=unused-while-building /venv/bin/python manage.py collectstatic --noinput --link --verbosity 0 \
    && /venv/bin/python -m whitenoise.compress --quiet frontend/dist \
    && /venv/bin/python -m compileall -q . \
    && chmod -R a+rX .


FROM python:3.13-slim-trixie

# Root owns the code, so the server cannot change it. With a numeric user Kubernetes can verify that it is
# not root.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin oddjobbox
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001

ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0
EXPOSE 8000

# Checks the process and not its database, because a restart would not bring a database back. A proxy that
# Docker's client puts into the environment is ignored.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open(f\"http://127.0.0.1:{os.environ.get('PORT') or 8000}/health/live\", timeout=4)"]

# gunicorn then finishes running requests for up to 30 seconds; wait 35 before killing it.
STOPSIGNAL SIGTERM
CMD ["gunicorn", "oddjobbox.wsgi"]
