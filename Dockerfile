# The server (`gongkai`) with its command line and the offline verifier, in an image without a compiler.
# With no setting it serves SQLite from the volume /var/lib/gongkai; docker-compose.yml runs it on PostgreSQL.

FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo install --locked --path . --root /out

FROM debian:bookworm-slim
RUN groupadd --gid 10001 gongkai \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/gongkai --shell /usr/sbin/nologin gongkai \
    && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/gongkai
COPY --from=build /out/bin/ /usr/local/bin/

USER 10001:10001
# The default database, sqlite://gongkai.db, is a file here.
WORKDIR /var/lib/gongkai
VOLUME /var/lib/gongkai
ENV GONGKAI_DATA_DIR=/var/lib/gongkai/data \
    GONGKAI_LISTEN=0.0.0.0:8080
EXPOSE 8080

# bash opens the connection itself, so that the image needs no HTTP client.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r status <&3 && [[ $status == *' 200 '* ]]"]

ENTRYPOINT ["gongkai"]
CMD ["serve"]
