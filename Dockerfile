# Kept in a container: no root, nothing in it but what the lock names.
# Not run here: the machine it was written on has no Docker daemon. tests/test_deploy.py parses it.
#
#   docker build --tag kept .
#   docker run --publish 127.0.0.1:8000:8000 --volume kept:/data kept

FROM python:3.13-slim AS build
WORKDIR /kept
RUN python -m venv /venv
COPY requirements-build.txt requirements.txt ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements-build.txt \
 && /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY pyproject.toml README.md LICENSE wsgi.py ./
COPY habits habits
COPY templates templates
COPY static static
COPY migrations migrations
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
      --config-settings editable_mode=compat \
 && /venv/bin/python -m compileall -q habits migrations \
 && /venv/bin/pip uninstall --yes pip

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home kept \
 && install --directory --owner kept --group kept --mode 0700 /data
COPY --from=build /venv /venv
COPY --from=build /kept /kept
WORKDIR /kept
USER 10001
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 KEPT_DATA=/data KEPT_BIND=0.0.0.0 PORT=8000
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["kept", "serve"]
