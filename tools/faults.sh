#!/usr/bin/env bash
# Faults of a machine during a training: a clock that jumps, a disk that fills up and empties, a run folder that is moved or deleted,
# data that change while they are read, a terminal that closes, a machine that sleeps, memory that runs out, 32 trainings at once in one
# folder. After each the exit code must be right, the message say what to do, and the checkpoint lead to the bytes of an undisturbed
# training. Prints a line for each and their number. Installs faketime if needed; needs root rights, for a disk of its own.
set -eEuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[ "$(id -u)" -eq 0 ] || { echo "${0##*/}: needs root rights, for a disk of its own" >&2; exit 1; }
program=$PWD/artifacts/bin/GenSomAttn.Native/debug/GenSomAttn.Native
work=$(mktemp -d)
clock=$work/clock
disk=$work/disk
cleanup() {
    umount "$disk" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

faketime=$(find /usr/lib /usr/local/lib -name libfaketime.so.1 -print -quit)
if [ -z "$faketime" ]; then
    { apt-get update && apt-get install -y --no-install-recommends libfaketime; } >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    faketime=$(find /usr/lib -name libfaketime.so.1 -print -quit)
fi

dotnet build GenSomAttn.Native.csproj -v quiet -nologo
epochs=40
data=data/sample

# compose OUTPUT: sets the command line of a training.
compose() {
    training=("$program" train --data "$data" --limit 320 --epochs "$epochs" --map 4x4 --latent 8 --batch-size 32 --threads 1 --seed 3
        --accelerator cpu --no-advice --output "$1")
}

fail() {
    echo "faults.sh: $*" >&2
    tail -n 5 "$work/log" >&2
    exit 1
}

# A command that fails without a word of its own is named.
trap 'echo "faults.sh: line $LINENO: $BASH_COMMAND: exit code $?" >&2' ERR

passed=0
survived() {
    passed=$((passed + 1))
    printf 'survived: %s\n' "$1"
}

# start OUTPUT [VARIABLE=VALUE...]: starts a training in the background, its stderr in the log, and waits for its second epoch.
start() {
    compose "$1"
    shift
    : >"$work/log"
    env --default-signal=INT,HUP "$@" "${training[@]}" >"$work/out" 2>"$work/log" &
    process=$!
    wait_for '^epoch 2/'
    run=$(sed -n 's/^run directory: //p' "$work/log")
}

# wait_for PATTERN: waits for a line of the log, a minute at most.
wait_for() {
    local poll
    for ((poll = 0; poll < 3000; poll++)); do
        grep -qE "$1" "$work/log" && return
        kill -0 "$process" 2>/dev/null || { grep -qE "$1" "$work/log" && return; fail "the training ended before '$1'"; }
        sleep 0.02
    done
    fail "no line '$1' came"
}

# ends CODE [PATTERN]: the training ends with a code, and its stderr has a line.
ends() {
    local code=0
    wait "$process" 2>/dev/null || code=$?
    [ "$code" -eq "$1" ] || fail "exit code $code instead of $1"
    [ -z "${2:-}" ] || grep -qE "$2" "$work/log" || fail "no line '$2'"
}

# same RUN: its files are intact, and its training ends, resumed if it has not, with the bytes of the undisturbed one.
same() {
    "$program" info "$1" --verify >"$work/verify" 2>&1 || { cat "$work/verify" >&2; fail "$1 is damaged"; }
    "$program" resume "$1" --no-progress --no-advice >"$work/out" 2>"$work/log" || fail "$1 cannot be resumed"
    cmp "$whole/checkpoints/last.safetensors" "$1/checkpoints/last.safetensors" || fail "$1 ends with other bytes"
}

# fill_disk: fills the disk and keeps it full, also when the training deletes a file, until empty_disk.
fill_disk() {
    touch "$work/filling"
    while [ -e "$work/filling" ]; do
        dd if=/dev/zero bs=64k >>"$disk/fill" 2>/dev/null || sleep 0.01
    done &
    filler=$!
}

empty_disk() {
    rm "$work/filling"
    wait "$filler"
    rm "$disk/fill"
}

compose "$work/whole"
"${training[@]}" >"$work/out" 2>"$work/log" || fail 'the undisturbed training failed'
whole=$(echo "$work"/whole/*)

# The clock of the date jumps by ten years, and back behind its start; the monotonic clock does not, as the kernel promises.
echo '+0d' >"$clock"
start "$work/clock-runs" LD_PRELOAD="$faketime" FAKETIME_TIMESTAMP_FILE="$clock" FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
for jump in +3650d -3650d +0d; do
    echo "$jump" >"$clock"
    sleep 0.2
done
ends 0
same "$run"
survived 'a clock that jumps ten years ahead, twenty back and ten ahead'

# A disk of its own fills up: the training goes on and saves when there is space again.
mkdir "$disk"
mount -t tmpfs -o size=16m tmpfs "$disk"
start "$disk/runs"
fill_disk
wait_for '^warning: .*retries later'
empty_disk
ends 0
same "$run"
survived 'a disk that fills up and empties during a training'

start "$disk/runs"
fill_disk
ends 3 '^error: Cannot write .*last good checkpoint is'
empty_disk
same "$run"
survived 'a disk that stays full until the end'

start "$work/moved"
mv "$run" "$run-elsewhere"
ends 3 '^error: Cannot write .*last good checkpoint is'
same "$run-elsewhere"
survived 'a run folder that is moved'

# rm fails when the training writes a file into a folder that rm has just emptied.
start "$work/deleted"
until rm -rf "$run" 2>>"$work/log"; do
    sleep 0.01
done
ends 3 '^error: Cannot write '
[ ! -e "$run" ] || fail 'a deleted run has files again'
survived 'a run folder that is deleted'

# The images of a file that is not compressed are read while the training goes on.
data=$work/data
cp -r data/sample "$data"
gunzip "$data"/*.gz
cp -r "$data" "$work/kept"
start "$work/cut"
truncate -s 1000 "$data"/*-images-*
ends 3 "^error: .*$data/.*-images-"
grep -q '^note: The last good checkpoint is .* Resume with: ' "$work/log" || fail 'no word on how to resume'
cp "$work/kept"/* "$data"
same "$run"
survived 'data that are cut while a training reads them'
data=data/sample

# The terminal closes: its shell gets SIGHUP and passes it on, as an interactive one does.
: >"$work/log"
printf '"$@" 2>%q &\ntrap "kill -HUP $!" HUP\nwait\nwait $!\necho $? >%q\n' "$work/log" "$work/code" >"$work/in-terminal.sh"
compose "$work/terminal"
line=$(printf '%q ' bash "$work/in-terminal.sh" "${training[@]}")
setsid script -qec "$line" /dev/null </dev/null >"$work/out" 2>&1 &
process=$!
wait_for '^epoch 2/'
run=$(sed -n 's/^run directory: //p' "$work/log")
kill -KILL "$process"
wait "$process" 2>/dev/null || true
for ((poll = 0; poll < 3000; poll++)); do
    [ ! -s "$work/code" ] || break
    sleep 0.02
done
[ "$(cat "$work/code")" = 129 ] || fail "a closed terminal ends with exit code $(cat "$work/code")"
grep -q '^resume with: ' "$work/log" || fail 'no word on how to resume'
same "$run"
survived 'a terminal that closes'

start "$work/slept"
for _ in 1 2 3; do
    kill -STOP "$process"
    sleep 0.3
    kill -CONT "$process"
    sleep 0.05
done
ends 0
same "$run"
survived 'a machine that sleeps three times'

# The heap has less and less memory: each training ends well or says that it lacks memory, unless the runtime itself dies of it (134, 139);
# its checkpoint, if it came so far, is whole.
short=0
died=0
epochs=2
for megabytes in 48 32 28 24 20 16 12 8; do
    code=0
    compose "$work/memory-$megabytes"
    DOTNET_GCHeapHardLimit=$(printf '0x%x' $((megabytes << 20))) "${training[@]}" >"$work/out" 2>"$work/log" || code=$?
    if [ "$code" -eq 1 ] || [ "$code" -eq 2 ]; then
        grep -q '^error: .*memory.* smaller --batch-size' "$work/log" || fail "no word on memory with $megabytes MB"
        short=$((short + 1))
    elif [ "$code" -eq 134 ] || [ "$code" -eq 139 ]; then
        died=$((died + 1))
    elif [ "$code" -ne 0 ]; then
        fail "exit code $code with $megabytes MB"
    fi
    for run in "$work/memory-$megabytes"/*/; do
        [ ! -f "$run/checkpoints/last.safetensors" ] || "$program" info "$run" --verify >"$work/out" 2>"$work/log" || fail "$run is damaged"
    done
done
[ "$short" -gt 0 ] || fail 'no training lacked memory'
survived "memory that runs out: $short of 8 trainings say so, the runtime died in $died"

# 32 trainings at once in one folder.
processes=()
epochs=1
compose "$work/many"
for ((number = 1; number <= 32; number++)); do
    "${training[@]}" >"$work/out-$number" 2>"$work/log-$number" &
    processes+=($!)
done
for process in "${processes[@]}"; do
    wait "$process" || fail 'one of 32 trainings failed'
done
[ "$(find "$work/many" -mindepth 1 -maxdepth 1 -type d -name '00[0-3][0-9]-*' | wc -l)" -eq 32 ] || fail 'the runs have not 32 numbers'
[ "$(sha256sum "$work"/many/*/checkpoints/last.safetensors | cut -c 1-64 | sort -u | wc -l)" -eq 1 ] || fail 'the runs have other bytes'
survived '32 trainings at once in one folder'

echo "faults.sh: $passed faults, all survived"
