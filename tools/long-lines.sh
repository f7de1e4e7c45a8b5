#!/usr/bin/env bash
# Prints the lines of C#, JavaScript, CSS, shell and Python that are longer than 140 characters, and fails if there are any.
# tools/peer is not checked.
set -euo pipefail
cd "$(dirname "$0")/.."

long=$(git ls-files -z --cached --others --exclude-standard '*.cs' '*.js' '*.css' '*.sh' '*.py' .ci/run ':!tools/peer' \
    | LC_ALL=C.UTF-8 xargs -0 grep -HnE '^.{141,}$' || true)
[ -z "$long" ] || { printf '%s\n' "$long"; exit 1; }
