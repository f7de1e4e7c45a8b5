#!/usr/bin/env bash
# Prints every sentence of code, documents and scripts that uses a paraphrase of tools/words.txt, with the standard term, and fails if
# there is one. Then the subjects of the branch's commits: at most 72 characters, those since BASE (a commit; origin/main by default).
#
#   tools/words.sh [BASE]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failed=0
while IFS=$'\t' read -r phrase term; do
    case $phrase in '' | '#'*) continue ;; esac
    if found=$(git grep -nE --untracked "$phrase" -- '*.cs' '*.js' '*.css' '*.html' '*.md' '*.sh' '*.py' '*.csproj' '*.props' .ci/run \
        ':!tools/words.txt'); then
        printf '%s\n  -> %s\n' "$found" "$term"
        failed=1
    fi
done <tools/words.txt

base=${1:-origin/main}
if git rev-parse --quiet --verify "$base^{commit}" >/dev/null; then
    long=$(git log --no-merges --format='%h %s' "$base..HEAD" | awk 'length($0) - index($0, " ") > 72')
    [ -z "$long" ] || { printf '%s\n  -> a subject of at most 72 characters\n' "$long"; failed=1; }
else
    echo "words.sh: there is no $base, so no commit subject was looked at" >&2
fi
exit "$failed"
