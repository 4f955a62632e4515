# The image that runs Oddjobbox. Python 3.13 and Debian 13 are fixed; a rebuild with --pull brings in
# their security fixes, which a tag with a patch number would keep out. Node 22 builds the frontend and
# stays behind.
FROM node:22-slim AS frontend

WORKDIR /frontend
# What is installed changes seldom, so these layers are used again when only a page has changed.
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend .
RUN npm run build


FROM python:3.13-slim-trixie AS build

# gunicorn's parser of HTTP is published for Linux as source only; every other package has a wheel.
# The compiler stays in this stage, so its version need not be fixed beyond Debian's.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*

# The environment has no pip of its own: nothing is installed at run time. pip compiles every module,
# as the server may not write bytecode later and would compile the same modules again at each start.
# The *.po files are what translators edit; programs read only the *.mo files beside them.
COPY requirements.txt requirements-fast.txt /tmp/
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --compile --requirement /tmp/requirements.txt \
        --requirement /tmp/requirements-fast.txt \
    && find /venv -name '*.po' -delete

WORKDIR /app
COPY . .
# Of the frontend the image has what browsers load, and not what that is made of.
RUN rm -r frontend
COPY --from=frontend /frontend/dist frontend/dist
# The settings want a secret before anything can be read; this one signs nothing and is not kept.
# Static files are links into /venv, so they are stored once. Files of a private checkout (umask 077)
# have to become readable, for another user runs the server.
RUN SECRET_KEY=unused-while-building /venv/bin/python manage.py collectstatic --noinput --link --verbosity 0 \
    && /venv/bin/python -m whitenoise.compress --quiet frontend/dist \
    && /venv/bin/python -m compileall -q . \
    && chmod -R a+rX .


FROM python:3.13-slim-trixie

# Root owns the code, so the server cannot change it. The number lets Kubernetes see that it is not root.
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

# Whether the process answers, not whether its database does: a restart would not bring a database back.
# A proxy that Docker's client puts into the environment is not asked.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open(f\"http://127.0.0.1:{os.environ.get('PORT') or 8000}/health/live\", timeout=4)"]

# gunicorn finishes the requests it has for up to 30 seconds after this; allow it 35 before a kill.
STOPSIGNAL SIGTERM
CMD ["gunicorn", "oddjobbox.wsgi"]
