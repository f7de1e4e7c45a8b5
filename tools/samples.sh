#!/usr/bin/env bash
# Runs every program of samples/ and checks that it prints what it is for.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# A user's build: a program of one file has no lock file.
export CI=

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet run --file tools/scenes.cs -- "$work/pictures" 12 32 >"$work/log"

# sample NAME PATTERN ARGUMENTS...
ran=()
sample() {
    local name=$1 pattern=$2
    shift 2
    ran+=("samples/$name.cs")
    echo "-- $name"
    dotnet run --file "samples/$name.cs" -- "$@" | tee "$work/output" | tail -n 3
    grep -qE -- "$pattern" "$work/output"
    [ "$(wc -l <"samples/$name.cs")" -lt 60 ]
}

sample train 'epoch 20/20: loss 0\.00' "$work/map.safetensors"
sample generate '@' "$work/map.safetensors" 2
sample locate 'sea/.*\.png,[0-5],[0-5],' "$work/map.safetensors" "$work/pictures"
sample training-loop 'step 400: mse 0\.000'
sample gradcheck 'passed: x tanh'
[ "$(printf '%s\n' "${ran[@]}" | sort)" = "$(git ls-files --cached --others 'samples/*.cs' | sort)" ]
