#!/usr/bin/env bash
# The cost of ranks and shards on an idle machine of two cores: the speed of a training on two ranks of one thread, with Open MPI and with
# MPICH, against one process of two threads; that of one rank with --shards 1 against one process without MPI, on one thread; and the time
# of a step of --shards 8 against --shards 1. All in turn, 5 times or as often as the argument says; prints median and range of each ratio.
# Installs both MPIs if needed (root on Debian).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

times=${1:-5}
[[ $times =~ ^[1-9][0-9]{0,2}$ ]] || { echo "mpi-speed.sh: takes a number of repetitions, not '$times'" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! command -v mpirun.openmpi >/dev/null || ! command -v mpirun.mpich >/dev/null; then
    apt-get update >&2
    apt-get install -y --no-install-recommends openmpi-bin mpich >&2
fi

dotnet build GenSomAttn.Native.csproj -v quiet -nologo >&2
program=$PWD/artifacts/bin/GenSomAttn.Native/debug/GenSomAttn.Native
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# speed NAME COMMAND...: appends the images/s of the epochs of a training to a file; the evaluations between them are not counted.
speed() {
    local name=$1
    shift
    "$@" train --batch-size 512 --limit 25600 --epochs 2 --eval-every 2 --no-progress --no-advice --json --accelerator cpu \
        --output "$work/runs" "${options[@]}" 2>"$work/log" | sed -n 's/.*"images_per_second": *\([0-9.]*\).*/\1/p' >>"$work/$name" ||
        { cat "$work/log" >&2; exit 1; }
    rm -rf "$work/runs"
}

# step SHARDS: appends the microseconds of a step.
step() {
    "$program" bench --only step --batch-size 512 --threads 1 --shards "$1" --steps 50 --limit 5120 --json --accelerator cpu \
        >"$work/bench.json" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
    sed -n 's/.*"median_microseconds": *\([0-9.]*\).*/\1/p' "$work/bench.json" | head -n 1 >>"$work/shards-$1"
}

# ratio TEXT A B: prints the median and the range of the ratios of the lines of two files.
ratio() {
    paste "$work/$2" "$work/$3" | awk '{ print $1 / $2 }' | sort -n |
        awk -v text="$1" '{ r[NR] = $1 } END { printf "%-62s %.2f (%.2f to %.2f)\n", text, r[int((NR + 1) / 2)], r[1], r[NR] }'
}

for ((repetition = 0; repetition < times; repetition++)); do
    options=(--shards 8 --threads 2)
    speed threads "$program"
    options=(--shards 8 --threads 1)
    speed openmpi mpirun.openmpi -np 2 "$program"
    speed mpich mpirun.mpich -np 2 "$program"
    options=(--threads 1)
    speed one "$program"
    speed one-rank mpirun.openmpi -np 1 "$program"
    step 1
    step 8
done
ratio 'speed, two ranks of Open MPI / two threads' openmpi threads
ratio 'speed, two ranks of MPICH / two threads' mpich threads
ratio 'speed, one rank of Open MPI, --shards 1 / without MPI' one-rank one
ratio 'time of a step, --shards 8 / --shards 1, batch 512, one thread' shards-8 shards-1
