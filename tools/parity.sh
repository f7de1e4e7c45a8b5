#!/usr/bin/env bash
# Trains the default model for an epoch on 6,400 images twice, on cpu and on opencl (in tools/opencl-root.sh), and prints the MSE_q of
# both on the test images. Fails if they differ by more than 2 %: the same seed must give the same model up to rounding.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bound=2

# mse_q ACCELERATOR COMMAND...: the MSE_q of a training; the command runs the program.
mse_q() {
    local accelerator=$1
    shift
    "$@" train --accelerator "$accelerator" --limit 6400 --epochs 1 --seed 1 --no-progress --json --output "$work" \
        >"$work/$accelerator.json"
    sed -nE 's/.*"mse_q": ([0-9.eE+-]+).*/\1/p' "$work/$accelerator.json" | tail -n 1
}

dotnet build GenSomAttn.Native.csproj -v quiet -nologo >&2
host=$(mse_q cpu dotnet run --no-build --)
device=$(mse_q opencl tools/opencl-root.sh dotnet run --no-build --)
awk -v host="$host" -v device="$device" -v bound="$bound" 'BEGIN {
    if (host <= 0 || device <= 0) { print "parity.sh: a training printed no MSE_q"; exit 1 }
    difference = 100 * (device - host) / host
    printf "MSE_q after an epoch of 6,400 images: cpu %s, opencl %s, %+.4f %%, at most %d %% allowed\n", host, device, difference, bound
    exit !(difference <= bound && difference >= -bound)
}'
