#!/usr/bin/env bash
# Computes the scores of two small runs again, from the files that the program exports, with NumPy, SciPy and scikit-learn, which it
# installs if needed (root on Debian), and prints the largest difference of each score; fails where one is beyond its bound.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# A user's build: a program of one file has no lock file.
export CI=

samples=600
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=/usr/bin/python3
if ! "$python" -c 'import numpy, scipy, sklearn' 2>/dev/null; then
    { apt-get update && apt-get install -y --no-install-recommends python3-numpy python3-scipy python3-sklearn; } >"$work/log" 2>&1 ||
        { cat "$work/log"; exit 1; }
fi

program() {
    dotnet run --no-build -- "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}

dotnet build GenSomAttn.Native.csproj -v quiet -nologo
data=(--data sample --limit 1280)
program train "${data[@]}" --model classifier --epochs 4 --seed 1 --no-progress --output "$work/classifier"
classifier=$(echo "$work"/classifier/*)

# check NAME OPTIONS...: trains a map with these options, and compares its scores.
check() {
    local name=$1 run
    shift
    program train "${data[@]}" --epochs 6 --batch-size 32 --seed 1 --no-progress --output "$work/$name" "$@"
    run=$(echo "$work/$name"/*)
    program evaluate "$run" --classifier "$classifier" --samples "$samples" --seed 1
    for split in train test; do
        program export "$run" --format npz --split "$split" --output "$work/$name/$split.npz"
    done
    program export "$run" --output "$work/$name/model.safetensors"
    program export "$classifier" --output "$work/$name/classifier.safetensors"
    program map "$run" --output "$work/$name/map"
    dotnet run --file tools/cross-check.cs -- "$run" "$classifier" "$samples" "$work/$name/inputs.npz"
    cp "$run/scores.json" "$run/config.json" "$work/$name"
    echo "== $name"
    "$python" tools/cross-check.py "$work/$name"
}

check rectangle --lattice rectangle
check hexagons --lattice hexagon --torus --map 8x10
