#!/usr/bin/env bash
# Trains for a moment on the sample, locates its test images, and checks the .npz file of codes and places by NumPy, which it installs if
# needed (root on Debian).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=/usr/bin/python3
"$python" -c 'import numpy' 2>/dev/null || apt-get install -y --no-install-recommends python3-numpy >"$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }

dotnet run -- train --data sample --limit 1280 --epochs 2 --seed 1 --no-progress --output "$work/runs" >"$work/log"
run=$(echo "$work"/runs/*)
dotnet run --no-build -- locate "$run" --split test --no-errors --npz "$work/codes.npz" --output "$work/places.csv" >"$work/log"
dotnet run --no-build -- export "$run" --output "$work/model.safetensors" >"$work/log"
"$python" tools/npz-tests.py "$work/codes.npz" "$work/places.csv" "$work/model.safetensors"
