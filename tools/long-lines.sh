#!/usr/bin/env bash
# Prints the lines of C# code that are longer than 140 characters, and fails if there are any. Documentation comments may be longer.
# The peer stands alone and is not looked at.
set -euo pipefail
cd "$(dirname "$0")/.."

long=$(git ls-files -z --cached --others --exclude-standard '*.cs' ':!tools/peer' \
    | LC_ALL=C.UTF-8 xargs -0 grep -HnE '^.{141,}$' | grep -vE '^[^:]+:[0-9]+: *///' || true)
[ -z "$long" ] || { printf '%s\n' "$long"; exit 1; }
