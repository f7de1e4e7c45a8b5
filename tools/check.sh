#!/usr/bin/env bash
# Everything that must hold before a commit: format, line length, words and commit subjects, build without warnings, tests. Goes on after
# a failure, so that one run shows all of them; exits 1 if there was any.
set -uo pipefail
cd "$(dirname "$0")/.."

# As in .ci/run: the lock files as they are, warnings as errors.
export CI=true

summary=()
failed=0

check() {
    local name=$1
    shift
    printf '== %s: %s\n' "$name" "$*"
    if "$@"; then
        summary+=("passed  $name")
    else
        summary+=("FAILED  $name")
        failed=1
    fi
}

# The solution is named because the root holds a project of the same name too.
check format dotnet format GenSomAttn.Native.sln --verify-no-changes
check lines tools/long-lines.sh
check words tools/words.sh
check build dotnet build GenSomAttn.Native.sln
check test dotnet test GenSomAttn.Native.sln --no-build

printf '\n'
printf '%s\n' "${summary[@]}"
exit "$failed"
