#!/usr/bin/env bash
# Writes the two lock files from pyproject.toml: every version with its hashes, for all platforms, without the address of any index.
set -euo pipefail
options=(--quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11)
.venv/bin/uv pip compile "${options[@]}" pyproject.toml -o requirements.lock "$@"
.venv/bin/uv pip compile "${options[@]}" --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock "$@"
