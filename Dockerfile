# syntax=docker/dockerfile:1
# The image of wallet-api: built with TLS to PostgreSQL, run as an unprivileged user.
# Nothing but the binary, a health check and the certificate authorities is added to Debian.

FROM rust:1.95.0-bookworm AS rust
WORKDIR /src
# The image's own toolchain, without a look at what rust-toolchain.toml wants for development.
ENV RUSTUP_TOOLCHAIN=1.95.0

# Manifests with empty crates around them. The next stage copies from here, so its layer depends on
# the manifests' content alone, however much of the code changed.
FROM rust AS manifests
COPY . .
RUN find . ! -type d ! -name Cargo.toml ! -path ./Cargo.lock ! -path ./.cargo/config.toml -delete \
    && find . -type d -empty -delete \
    && for manifest in $(find . -mindepth 2 -name Cargo.toml); do \
        mkdir -p "${manifest%/*}/src" \
        && echo 'fn main() {}' >"${manifest%/*}/src/main.rs" \
        && touch "${manifest%/*}/src/lib.rs"; \
    done

FROM rust AS build
COPY --from=manifests /src .
# The dependencies, OpenSSL among them: a layer of minutes that is kept until a manifest changes.
RUN cargo build --profile dist --locked -p wallet-api --features postgres-tls \
    && find . -path ./target -prune -o -name '*.rs' -exec rm {} +
COPY . .
# What `wallet-api --version` says: docker build --build-arg WALLET_BUILD_COMMIT="$(git rev-parse --short=12 HEAD)"
ARG WALLET_BUILD_COMMIT
# Cargo goes by modification times, and those of the sources may be older than the empty crates'.
RUN find crates migrations -name '*.rs' -exec touch {} + \
    && cargo build --profile dist --locked -p wallet-api --features postgres-tls \
    && mkdir /data

FROM debian:bookworm-slim
# For sslrootcert=system: the OpenSSL inside the binary does not know where Debian keeps these.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
COPY --from=build /src/target/dist/wallet-api /usr/local/bin/
COPY tools/healthcheck /usr/local/bin/wallet-healthcheck
COPY --from=build --chown=10001:10001 /data /data

USER 10001:10001
WORKDIR /data
# Without WALLET_DB the books are an SQLite file in this volume.
VOLUME /data
ENV WALLET_HOST=0.0.0.0 WALLET_PORT=8080 WALLET_DB=sqlite:/data/wallet.db
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["wallet-healthcheck"]
ENTRYPOINT ["wallet-api"]
