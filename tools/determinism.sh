#!/usr/bin/env bash
# Trains the same small map under conditions that must not change a bit: numbers of threads, load, garbage collectors, compilers, locales,
# time zones, working directories, limits; and with narrower vectors, which sum in another order: their bits are the same among themselves
# at any number of threads, and config.json names their width. Prints a line for each condition.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

program=$PWD/artifacts/bin/GenSomAttn.Native/debug/GenSomAttn.Native
data=$PWD/data/sample
work=$(mktemp -d)
load=()
cleanup() {
    [ "${#load[@]}" -eq 0 ] || kill "${load[@]}" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

dotnet build GenSomAttn.Native.csproj -v quiet -nologo
conditions=0

# train NAME THREADS COMMAND...: trains, after COMMAND, and sets hash, of the checkpoint and of the scores without their times, and width.
train() {
    local name=$1 threads=$2 run
    shift 2
    conditions=$((conditions + 1))
    "$@" "$program" train --data "$data" --limit 320 --epochs 2 --map 6x6 --seed 5 --accelerator cpu --threads "$threads" --no-advice \
        --output "$work/$conditions" >"$work/log" 2>&1 || { cat "$work/log"; echo "determinism.sh: $name failed" >&2; exit 1; }
    run=$(echo "$work/$conditions"/*)
    hash=$({ cat "$run/checkpoints/last.safetensors"; rev "$run/metrics.csv" | cut -d, -f3- | rev; } | sha256sum | cut -c 1-16)
    width=$(grep -oE '[0-9]+-bit vectors' "$run/config.json")
}

# same NAME THREADS COMMAND...: a condition that changes no bit of the expected hash.
same() {
    train "$@"
    printf '%-10s %s  %s, %s\n' "$([ "$hash" = "$expected" ] && echo same || echo DIFFERENT)" "$hash" "$1" "$width"
    [ "$hash" = "$expected" ] || failed=1
}

failed=0
train 'one thread' 1 env
expected=$hash
printf '%-10s %s  one thread, %s\n' reference "$hash" "$width"
same 'two threads' 2 env
same 'three threads' 3 env
for ((i = 0; i < 2 * $(nproc); i++)); do
    while :; do :; done &
    load+=($!)
done
same 'three threads beside other programs' 3 env
kill "${load[@]}"
load=()
same 'server garbage collector' 2 env DOTNET_gcServer=1
same 'garbage collector without a thread of its own' 2 env DOTNET_gcConcurrent=0
same 'optimizing compiler alone' 2 env DOTNET_TieredCompilation=0
same 'compiler without profile' 2 env DOTNET_TieredPGO=0
same 'Turkish' 2 env LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8
same 'German' 2 env LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8
same 'Arabic' 2 env LANG=ar_SA.UTF-8 LC_ALL=ar_SA.UTF-8
same 'no locales' 2 env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
same 'time zone of Kiritimati' 2 env TZ=Pacific/Kiritimati
same 'working directory /' 2 env --chdir=/
same '256 open files' 2 bash -c 'ulimit -n 256; exec "$@"' bash
same 'stacks of 512 kB' 2 bash -c 'ulimit -s 512; exec "$@"' bash
same '20 GB of addresses' 2 bash -c 'ulimit -v 20000000; exec "$@"' bash
same 'one processor' 2 taskset -c 0
same 'files for the user alone' 2 bash -c 'umask 077; exec "$@"' bash

for switch in DOTNET_EnableAVX512=0 DOTNET_EnableAVX2=0; do
    train "$switch" 1 env "$switch"
    printf '%-10s %s  %s, one thread, %s\n' "$([ "$hash" = "$expected" ] && echo same || echo 'own bits')" "$hash" "$switch" "$width"
    wide=$expected
    expected=$hash
    same "$switch, two threads" 2 env "$switch"
    same "$switch, three threads" 3 env "$switch"
    expected=$wide
done

[ "$failed" -eq 0 ] || { echo 'determinism.sh: the bits of some conditions differ' >&2; exit 1; }
echo "determinism.sh: $conditions trainings, the bits as expected"
