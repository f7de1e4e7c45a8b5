#!/usr/bin/env bash
# Measures the start-up latency of `train`, from the command to the end of the first step on the whole data set: as the built program,
# and through `dotnet run` after the first build. Both alternate; the minimum excludes noise of the machine.
#
#   tools/startup.sh [REPEATS]        Default: 5
set -euo pipefail
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.."

repeats=${1:-5}
[[ $repeats =~ ^[1-9][0-9]{0,2}$ ]] || { echo "startup.sh: takes a number of repeats from 1 to 999, not '$repeats'" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# first_step COMMAND...: trains and prints the microseconds until the first step is reported; then stops the training.
first_step() {
    local began=$EPOCHREALTIME line found= output process
    # A new session, so that one signal reaches `dotnet run` and the program.
    exec {output}< <(exec setsid "$@" train --output "$work" 2>&1 >/dev/null)
    process=$!
    while [[ -z $found ]] && read -r line <&"$output"; do
        [[ $line != *'step 1/'* ]] || found=$EPOCHREALTIME
    done
    kill -TERM -- "-$process"
    cat <&"$output" >/dev/null
    exec {output}<&-
    [[ -n $found ]] || { echo "startup.sh: no first step: $*" >&2; return 1; }
    echo $((${found/./} - ${began/./}))
}

dotnet build GenSomAttn.Native.csproj -c Release -v quiet -clp:NoSummary >&2
dotnet build GenSomAttn.Native.csproj -v quiet -clp:NoSummary >&2
for ((i = 0; i < repeats; i++)); do
    first_step artifacts/bin/GenSomAttn.Native/release/GenSomAttn.Native >>"$work/program"
    first_step dotnet run -- >>"$work/run"
done

# say NAME FILE
say() {
    sort -n "$2" | awk -v name="$1" '
        { time[NR] = $1 / 1e6 }
        END {
            median = (time[int((NR + 1) / 2)] + time[int(NR / 2) + 1]) / 2
            printf "%s: first step after %.2f s (minimum of %d; median %.2f s)\n", name, time[1], NR, median
        }'
}

say 'built program' "$work/program"
say 'dotnet run' "$work/run"
