# The mock server as an image: docker build -t factify-mock . && docker run --rm -p 8600:8600 factify-mock
FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml README.md CHANGELOG.md LICENSE openapi-with-samples.json ./
COPY contract contract
COPY mocks mocks
COPY fixtures fixtures
RUN python -m venv /opt/factify && /opt/factify/bin/pip install --no-cache-dir .

FROM python:3.12-slim
# Nobody in particular, by number, so that a cluster can see that it is not root.
RUN useradd --system --no-create-home --uid 10001 factify
COPY --from=build /opt/factify /opt/factify
ENV PATH="/opt/factify/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
USER 10001
EXPOSE 8600
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8600/__mock__/ready', timeout=2)"]
ENTRYPOINT ["factify-mock"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8600", "--format", "json"]
