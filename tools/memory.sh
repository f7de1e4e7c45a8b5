#!/usr/bin/env bash
# Trains for an epoch on the whole data set and prints the peak memory. Fails above a bound.
# The images of the data set take 55 MB of it.
#
#   tools/memory.sh [MEGABYTES]       Default: 300
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bound=${1:-300}
[[ $bound =~ ^[1-9][0-9]{0,5}$ ]] || { echo "memory.sh: takes a number of megabytes, not '$bound'" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet run -c Release -- train --epochs 1 --no-progress --json --output "$work" >"$work/result.json"
peak=$(sed -nE 's/.*"peak_memory_bytes": ([0-9]+).*/\1/p' "$work/result.json")
[[ -n $peak ]] || { echo 'memory.sh: the training printed no peak memory' >&2; exit 1; }
echo "peak memory of a training: $((peak / 1000000)) MB, at most $bound allowed"
((peak <= bound * 1000000))
