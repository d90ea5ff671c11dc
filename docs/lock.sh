#!/bin/sh
# Makes the two lock files from pyproject.toml (needs uv). They name no address, only versions and hashes.
set -eu
cd "$(dirname "$0")/.."
compile() { uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml "$@"; }
compile -o requirements.lock
compile --group dev -o requirements-dev.lock
compile --group build -o requirements-build.lock
! grep -nE 'https?://' requirements*.lock
