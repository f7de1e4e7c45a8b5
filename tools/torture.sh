#!/usr/bin/env bash
# Robustness tests of saves and file readers: disk faults at every operation of a save, kills of a real training at random moments, every
# byte of small files changed to every other value, and millions of fuzzed files for each reader. Prints a line of counts for each.
# `dotnet test` runs smaller versions; the defaults here take hours of processor time.
#
#   tools/torture.sh [INPUTS] [KILLS] [SEED]       Default: 5000000 damaged files for each reader, 200 kills, seed 1
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

inputs=${1:-5000000}
kills=${2:-200}
seed=${3:-1}
for number in "$inputs" "$kills" "$seed"; do
    [[ $number =~ ^[1-9][0-9]{0,8}$ ]] || { echo "torture.sh: takes whole numbers from 1, not '$number'" >&2; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Runs the tests of a class and keeps their lines with counts.
count_tests() {
    dotnet test tests/GenSomAttn.Tests -c Release --logger 'console;verbosity=normal' --filter "FullyQualifiedName~$1" 2>&1 \
        | tee "$work/tests.log" >&2 || {
        echo "torture.sh: the tests of $1 failed" >&2
        exit 1
    }
    grep -E '^ *(faults|flips|cuts|hostile): ' "$work/tests.log" >>"$work/counts" \
        || { echo "torture.sh: $1 printed no counts" >&2; exit 1; }
}

# sum KIND WORD: the sum of the numbers before a word in the lines of a kind.
sum() {
    grep -E "^ *$1: " "$work/counts" | grep -oE "[0-9]+ $2" | awk '{ total += $1 } END { printf "%d", total }'
}

export GENSOM_FUZZ_INPUTS=$inputs GENSOM_FUZZ_SEED=$seed
count_tests DiskFaultTests
count_tests Hostile
killed=$(tools/kill-test.sh "$kills" "$seed")

echo "disk: $(sum faults injected) faults injected, $(sum faults survived) survived"
echo "process: $killed"
bad=$(($(sum flips bad) + $(sum cuts bad)))
echo "bytes: $(($(sum flips inputs) + $(sum cuts inputs))) files with a byte changed, cut or added, $bad bad outcomes"
echo "files: $(sum hostile inputs) damaged files, $(sum hostile bad) bad outcomes"
