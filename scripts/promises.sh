#!/usr/bin/env bash
# The long promises in full size. Each test adds its numbers; the result stands in docs/promises/ with the day, to be committed.
set -uo pipefail
mkdir -p docs/promises
result=docs/promises/$(date +%F).md
{
    echo "# Löften i full storlek, $(date +%F)"
    echo
    echo "Version $(git rev-parse --short HEAD 2>/dev/null || echo okänd), $(nproc) kärnor, $(.venv/bin/python --version). Kör om med \`make promises\`."
    echo
} >"$result"
export AVVIKELSE_PROMISES=full AVVIKELSE_PROMISES_RESULT=$PWD/$result
.venv/bin/pytest -m promise -n 0
status=$?
AVVIKELSE_PROMISES= .venv/bin/python scripts/mutants.py ${MUTANT_MINUTES:+--minutes "$MUTANT_MINUTES"} --result "$result" || status=1
echo "Resultat: $result"
exit $status
