#!/usr/bin/env bash
# Prints the lines of C# code that are longer than 140 characters, and fails if there are any. Documentation comments may be longer.
set -euo pipefail
cd "$(dirname "$0")/.."

git ls-files -z --cached --others --exclude-standard '*.cs' | LC_ALL=C.UTF-8 xargs -0 awk '
    length($0) > 140 && $0 !~ /^[ \t]*\/\/\// { printf "%s:%d: %d characters\n", FILENAME, FNR, length($0); found = 1 }
    END { exit found }'
