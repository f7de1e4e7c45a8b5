#!/usr/bin/env bash
# Measures sets that stay in their files: images/s of an epoch on Fashion-MNIST read while it is used, and in memory, in alternation, and
# their ratio; then the peak memory of a training on 2,000,000 images, to its end with images of 8 x 8, and of the first steps with 28 x 28.
# Fails below a ratio of 0.97 or above 400 MB. Takes 2 GB of the disk, and minutes.
#
#   tools/streaming.sh [PAIRS]       Default: 5
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

pairs=${1:-5}
[[ $pairs =~ ^[1-9][0-9]?$ ]] || { echo "streaming.sh: takes a number of pairs, not '$pairs'" >&2; exit 2; }
least_ratio=0.97
most_bytes=400000000
images=2000000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build GenSomAttn.Native.csproj -c Release -v q -nologo
program=artifacts/bin/GenSomAttn.Native/release/GenSomAttn.Native
gensom() { "$program" "$@"; }

# The same bytes as in data/fashion-mnist, not compressed.
gensom pack data/fashion-mnist --output "$work/packed" >"$work/log"
speed() {
    gensom bench --only epoch --threads 0 --data "$1" --json 2>"$work/log" |
        awk '/"epoch": \{/ { found = 1 } found && /"images_per_second"/ { gsub(/[^0-9.]/, ""); print; exit }'
}
gensom bench --only epoch --threads 0 --data "$work/packed" --limit 6400 >"$work/log" 2>&1
for ((pair = 1; pair <= pairs; pair++)); do
    echo "$(speed "$work/packed") $(speed data/fashion-mnist)" | tee -a "$work/speeds" |
        awk '{ printf "in its file %.0f images/s, in memory %.0f, ratio %.3f\n", $1, $2, $1 / $2 }'
done
ratio=$(awk '{ print $1 / $2 }' "$work/speeds" | sort -n |
    awk '{ of[NR] = $1 } END { print (of[int((NR + 1) / 2)] + of[int(NR / 2) + 1]) / 2 }')
echo "ratio, median of $pairs: $ratio, at least $least_ratio wanted"

# set_of SIDE: 2,000,000 images without labels, from the bytes of the training images.
set_of() {
    local side
    side=$(printf '\\x%02x' "$1")
    mkdir "$work/$1"
    {
        printf '\x00\x00\x08\x03'"$(printf '\\x%02x' 0 $((images >> 16)) $((images >> 8 & 255)) $((images & 255)))"
        printf "\\x00\\x00\\x00$side\\x00\\x00\\x00$side"
        for ((copy = 0; copy < 34; copy++)); do tail -c +17 "$work/packed/train-images-idx3-ubyte"; done 2>"$work/log" |
            head -c $((images * $1 * $1)) || true
    } >"$work/$1/train-images-idx3-ubyte"
}

set_of 8
gensom train --data "$work/8" --epochs 1 --batch-size 512 --no-progress --json --output "$work/runs" >"$work/result" 2>"$work/log"
whole=$(sed -nE 's/.*"peak_memory_bytes": ([0-9]+).*/\1/p' "$work/result")
echo "peak memory of a training on $images images of 8 x 8, with scores, pictures and atlas: $((whole / 1000000)) MB"

set_of 28
# Not by the function, whose process would be a shell.
"$program" train --data "$work/28" --epochs 1 --output "$work/runs" 2>"$work/log" >"$work/result" &
until grep -q 'epoch 1/1' "$work/log"; do
    kill -0 $! || { cat "$work/log"; exit 1; }
    sleep 1
done
begun=$(($(awk '/^VmHWM/ { print $2 }' "/proc/$!/status") * 1024))
kill -TERM $!
wait $! || true
echo "of the first steps on $images images of 28 x 28: $((begun / 1000000)) MB, at most $((most_bytes / 1000000)) allowed"
((whole <= most_bytes && begun <= most_bytes))
awk "BEGIN { exit !($ratio >= $least_ratio) }"
