#!/usr/bin/env bash
# Kills a training at random moments, resumes it each time, and compares the result with that of an undisturbed training.
# Four of five kills are SIGKILL; the others are SIGINT, SIGTERM or SIGHUP, after which the program must save and return that exit code.
# After each kill every file of the run must be intact and no reported epoch may be lost; after a signal that lets the program save, no
# step may be lost. The last line counts the kills by moment.
#
#   tools/kill-test.sh [KILLS] [SEED]       Default: 200 kills, seed 1
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

kills=${1:-200}
[[ $kills =~ ^[1-9][0-9]{0,5}$ ]] || { echo "kill-test.sh: takes a number of kills, not '$kills'" >&2; exit 2; }
RANDOM=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet build GenSomAttn.Native.csproj -c Release -v quiet -nologo >&2
program=artifacts/bin/GenSomAttn.Native/release/GenSomAttn.Native
epochs=60
training=(--limit 512 --epochs "$epochs" --seed 3 --accelerator cpu)
interval=(--checkpoint-minutes 0.001)

fail() {
    echo "kill-test.sh: $*" >&2
    [[ -f $work/log ]] && tail -n 5 "$work/log" >&2
    exit 1
}

# The columns that do not vary from machine to machine.
rows() {
    rev "$1/metrics.csv" | cut -d, -f3- | rev
}

compare() {
    cmp "$whole/checkpoints/last.safetensors" "$1/checkpoints/last.safetensors" || fail "$1 ends with other bytes"
    [[ $(rows "$whole") == "$(rows "$1")" ]] || fail "$1 has other scores"
}

# The last line of the log that matches a pattern.
last() {
    sed -nE "s/$1/\1/p" "$work/log" | tail -n 1
}

# Checks a run after a kill: damaged files, and reported epochs and steps that are lost.
check() {
    local shown saved stopped info
    "$program" info "$run" --verify >"$work/verify" || { cat "$work/verify" >&2; fail "a kill damaged $run"; }
    info=$("$program" info "$run" --json)
    shown=$(last '^epoch ([0-9]+)\/[0-9]+: .*')
    saved=$(sed -nE 's/^  "epoch": ([0-9]+),.*/\1/p' <<<"$info")
    ((saved >= ${shown:-0})) || fail "epoch $shown was reported, but the checkpoint is of epoch $saved"
    stopped=$(last '^stopped by SIG[A-Z]+ after step ([0-9]+) of .*')
    saved=$(sed -nE 's/^  "step": ([0-9]+),.*/\1/p' <<<"$info")
    [[ -z $stopped || $stopped == "$saved" ]] || fail "stopped after step $stopped, but the checkpoint is of step $saved"
}

# State of a process when it was killed: saving, if it left a temporary file; else by the last line of its log.
moment() {
    if [[ -n $(find "$run" -name '*.tmp') ]]; then
        echo saving
    elif [[ -n $(last '^epoch ([0-9]+).*') ]]; then
        echo training
    else
        echo starting
    fi
}

began=${EPOCHREALTIME/./}
"$program" train "${training[@]}" --no-progress --output "$work/whole" >/dev/null 2>"$work/log"
whole=$(echo "$work"/whole/*)

# Maximum lifetime of a process in microseconds: a third of the measured duration of a whole training, so that on any machine most kills
# come after the start of the program and none after its end.
longest=$(((${EPOCHREALTIME/./} - began) / 3))

declare -A codes=([KILL]=137 [INT]=130 [TERM]=143 [HUP]=129)
signals=(KILL KILL KILL KILL KILL KILL KILL KILL KILL KILL KILL KILL INT TERM HUP)
run=
finished=0
early=0
declare -A moments=([starting]=0 [training]=0 [saving]=0)
for ((kill = 1; kill <= kills; kill++)); do
    if [[ -z $run ]]; then
        command=("$program" train "${training[@]}" "${interval[@]}" --output "$work/runs")
    else
        command=("$program" resume "$run" "${interval[@]}")
    fi
    signal=${signals[RANDOM % ${#signals[@]}]}
    env --default-signal=INT "${command[@]}" >/dev/null 2>"$work/log" &
    process=$!
    delay=$(((RANDOM * 32768 + RANDOM) % longest))
    sleep "$(printf '%d.%06d' $((delay / 1000000)) $((delay % 1000000)))"
    kill -s "$signal" "$process" 2>/dev/null || true
    code=0
    wait "$process" 2>/dev/null || code=$?
    [[ -n $run ]] || run=$(sed -n 's/^run directory: //p' "$work/log")

    # Killed before the run had its configuration: there is nothing to resume.
    if [[ -z $run || ! -f $run/config.json ]]; then
        early=$((early + 1))
        run=
    elif ((code == 0)); then
        compare "$run"
        finished=$((finished + 1))
        run=
    else
        ((code == codes[$signal])) || fail "SIG$signal ended the program with exit code $code"
        at=$(moment)
        moments[$at]=$((moments[$at] + 1))
        if [[ -f $run/checkpoints/last.safetensors ]]; then
            check
        fi
    fi
done

if [[ -n $run ]]; then
    "$program" resume "$run" --no-progress >/dev/null 2>"$work/log" || fail "the run cannot be finished"
    compare "$run"
    finished=$((finished + 1))
fi

((early < kills)) || fail "none of $kills kills came while there was a run: nothing was tested"
echo "$kills kills: $early before there was a run, ${moments[starting]} while one started or resumed, ${moments[training]} in an epoch," \
    "${moments[saving]} while a file was written; $finished trainings completed, each with the same bytes and scores"
