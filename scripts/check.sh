#!/usr/bin/env bash
# Everything that judges the code without running it. Each is run even when an earlier one found something.
set -uo pipefail
export PATH="$PWD/.venv/bin:$PATH"
failed=()

judge() {
    local name=$1
    shift
    if output=$("$@" 2>&1); then
        echo "ok   $name"
    else
        echo "$output"
        echo "FEL  $name"
        failed+=("$name")
    fi
}

judge ruff ruff check .
judge mypy mypy
judge lager lint-imports
judge mallar djlint templates --lint --quiet
if [ ${#failed[@]} -gt 0 ]; then
    echo "Granskningen hittade fel: ${failed[*]}" >&2
    exit 1
fi
