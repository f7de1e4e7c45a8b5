#!/usr/bin/env bash
# Trains over MPI with Open MPI and with MPICH, both of which it installs if needed (root on Debian): the same checkpoint from 1, 2, 4 and 8
# ranks and both engines on the processor; stopped on four ranks and resumed on two and one; a sweep over seeds shared by two ranks; ranks
# killed at random moments, and every other fault that a rank can have. After each fault all processes must end within 30 s, with a message
# and an exit code, and the last checkpoint must load. The last line counts the kills.
#
#   tools/mpi.sh [KILLS] [SEED]       Default: 4 kills, seed 1. PROGRAM names a built program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

kills=${1:-4}
[[ $kills =~ ^[0-9]{1,6}$ ]] || { echo "mpi.sh: takes a number of kills, not '$kills'" >&2; exit 2; }
RANDOM=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! command -v mpirun.openmpi >/dev/null || ! command -v mpirun.mpich >/dev/null; then
    apt-get update >&2
    apt-get install -y --no-install-recommends openmpi-bin mpich >&2
fi

if [[ -z ${PROGRAM:-} ]]; then
    dotnet build GenSomAttn.Native.csproj -v quiet -nologo >&2
    PROGRAM=$PWD/artifacts/bin/GenSomAttn.Native/debug/GenSomAttn.Native
fi

# As root, with more ranks than processors, and in containers, which refuse to copy from process to process.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_odls_base_sigkill_timeout=5

data=data/sample
sizes=(--map 4x4 --latent 8 --seed 3 --threads 1 --no-progress)
small=(train --data "$data" --limit 64 --epochs 2 --batch-size 16 --shards 8 "${sizes[@]}")
long=(train --data "$data" --limit 256 --epochs 40 --batch-size 16 --shards 8 "${sizes[@]}")
simulated=(train --data "$work/pictures" --image-size 8 --test-share 0 --limit 8 --epochs 1 --batch-size 8 --shards 8 --attention none
    "${sizes[@]}" --accelerator ilgpu-cpu)

sweep=(train --data "$data" --limit 256 --epochs 10 --batch-size 16 --map 4x4 --latent 8 --threads 1 --no-progress --seeds 1..4)

fail() {
    echo "mpi.sh: $*" >&2
    [[ -f $work/log ]] && tail -n 20 "$work/log" >&2
    exit 1
}

# ranks N ARGUMENT...: runs the program on N ranks of $mpi.
ranks() {
    local number=$1
    shift
    timeout --kill-after=5 300 "mpirun.$mpi" -np "$number" "$PROGRAM" "$@"
}

hash_of() {
    sha256sum "$1"/*/checkpoints/last.safetensors | cut -d' ' -f1
}

# same FOLDER HASH: checks the checkpoint of the run in a folder.
same() {
    [[ $(hash_of "$1") == "$2" ]] || fail "$1 has other bytes than one process"
}

# The processes of the ranks that write to a folder, without mpirun and its helpers.
processes_of() {
    local process
    for process in $(pgrep -f -- "--output $1( |\$)" || true); do
        [[ $(readlink "/proc/$process/exe") == "$(readlink -f "$PROGRAM")" ]] && echo "$process"
    done
    return 0
}

# A run has begun when its first epoch is reported in its folder.
wait_for_run() {
    local moment
    for ((moment = 0; moment < 600; moment++)); do
        compgen -G "$1/*/metrics.jsonl" >/dev/null && return
        sleep 0.1
    done
    fail "no run in $1 after a minute"
}

# ends LAUNCHER FOLDER: waits for mpirun, and checks that every process ended within 30 s; sets code.
ends() {
    local began=$SECONDS
    code=0
    wait "$1" || code=$?
    while ((SECONDS - began < 30)) && [[ -n $(processes_of "$2") ]]; do
        sleep 0.1
    done
    [[ -z $(processes_of "$2") ]] || fail "processes are left 30 s after the fault"
    ((SECONDS - began <= 30)) || fail "mpirun ended $((SECONDS - began)) s after the fault"
}

# refused CODE TEXT NUMBER ARGUMENT...: a command that no rank may begin, with one message.
refused() {
    local wanted=$1 text=$2 code=0
    shift 2
    ranks "$@" --output "$work/refused" >"$work/log" 2>&1 || code=$?
    refusal "$wanted" "$text" "$code"
}

# refusal CODE TEXT ACTUAL: checks exit code and log.
refusal() {
    [[ $3 == "$1" ]] || fail "exit code $3 instead of $1: $2"
    [[ $(grep -c 'error: ' "$work/log") == 1 ]] || fail "not one error: $2"
    grep -q -- "$2" "$work/log" || fail "no message: $2"
    [[ ! -e $work/refused ]] || fail "a run was begun: $2"
}

same_bytes() {
    local number
    "$PROGRAM" "${small[@]}" --output "$work/$mpi-alone" >/dev/null 2>"$work/log"
    whole=$(hash_of "$work/$mpi-alone")
    for number in 1 2 4 8; do
        ranks "$number" "${small[@]}" --output "$work/$mpi-$number" >/dev/null 2>"$work/log" || fail "$number ranks"
        same "$work/$mpi-$number" "$whole"
    done
    echo "$mpi: 1, 2, 4 and 8 ranks: $whole"

    "$PROGRAM" "${simulated[@]}" --output "$work/$mpi-simulated" >/dev/null 2>"$work/log"
    for number in 1 2 4 8; do
        ranks "$number" "${simulated[@]}" --output "$work/$mpi-simulated-$number" >/dev/null 2>"$work/log" || fail "$number simulated"
        same "$work/$mpi-simulated-$number" "$(hash_of "$work/$mpi-simulated")"
    done
    echo "$mpi: the same with --accelerator ilgpu-cpu: $(hash_of "$work/$mpi-simulated")"
}

# A training that SIGTERM to mpirun stops on four ranks, resumed on two, stopped again, and finished by one process.
stop_and_resume() {
    local folder=$work/$mpi-stopped launcher run
    "mpirun.$mpi" -np 4 "$PROGRAM" "${long[@]}" --output "$folder" >/dev/null 2>"$work/log" &
    launcher=$!
    wait_for_run "$folder"
    kill -s TERM "$launcher"
    ends "$launcher" "$folder"
    run=$(echo "$folder"/*)
    "$PROGRAM" info "$run" --verify >/dev/null || fail "SIGTERM damaged $run"
    echo "$mpi: SIGTERM to mpirun: exit code $code, saved: $(grep -c '^stopped by' "$work/log" || true)"
    ranks 2 resume "$run" --threads 1 --no-progress >/dev/null 2>"$work/log" || fail "two ranks cannot resume"
    same "$folder" "$whole_long"
}

hashes_of() {
    sha256sum "$1"/*/checkpoints/last.safetensors | cut -d' ' -f1 | sort
}

# table_of FOLDER: the table of a sweep without the times of its trainings, which no two trainings share.
table_of() {
    awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) is_time[i] = $i ~ /^seconds/ }
        { for (i = 1; i <= NF; i++) if (is_time[i]) $i = "" } 1' "$1/seeds.csv"
}

share_sweep() {
    ranks 2 "${sweep[@]}" --output "$work/$mpi-sweep" >/dev/null 2>"$work/log" || fail "two ranks cannot share a sweep"
    diff <(table_of "$work/sweep") <(table_of "$work/$mpi-sweep") || fail "two ranks write another table than one process"
    [[ $(hashes_of "$work/$mpi-sweep") == "$(hashes_of "$work/sweep")" ]] || fail "two ranks train to other bytes than one process"
    echo "$mpi: a sweep of 4 seeds on two ranks: the table and the bytes of one process"
}

# A rank killed at a random moment.
kill_rank() {
    local folder=$work/$mpi-killed launcher victim process=()
    rm -rf "$folder"
    "mpirun.$mpi" -np 4 "$PROGRAM" "${long[@]}" --checkpoint-minutes 0.001 --output "$folder" >/dev/null 2>"$work/log" &
    launcher=$!
    wait_for_run "$folder"
    sleep "$((RANDOM % 3)).$((RANDOM % 10))"
    mapfile -t process < <(processes_of "$folder")
    ((${#process[@]} > 0)) || fail "the training ended before the kill"
    victim=${process[RANDOM % ${#process[@]}]}
    kill -s KILL "$victim"
    ends "$launcher" "$folder"
    ((code != 0)) || fail "exit code 0 although a rank was killed"
    grep -q ":$victim" "$work/log" || fail "no line names process $victim and its rank"
    "$PROGRAM" info "$(echo "$folder"/*)" --verify >/dev/null || fail "the kill damaged the run"
    if ((++killed % 4 == 0)); then
        ranks 2 resume "$(echo "$folder"/*)" --threads 1 --no-progress >/dev/null 2>"$work/log" || fail "a killed run cannot be resumed"
        same "$folder" "$whole_long"
    fi
}

wrong_use() {
    local code=0
    refused 2 '3 ranks cannot train together' 3 "${small[@]}"
    refused 2 '16 ranks cannot share --shards 8' 16 "${small[@]}"
    refused 2 '2 ranks cannot share --shards 1' 2 train --data "$data" --limit 64 --epochs 1
    refused 4 '/nowhere/libmpi.so cannot be loaded. Install the package openmpi-bin or mpich' 2 "${small[@]}" \
        --mpi-library /nowhere/libmpi.so
    refused 3 'There is no data folder or file' 2 train --data "$work/nowhere"
    ranks 2 devices >"$work/log" 2>&1 || code=$?
    refusal 2 'devices works in one process' "$code"

    # A rank with other settings, with other data, and with narrower vectors.
    mixed 2 'rank 1 on .* has other settings than rank 0: seed is 4 instead of 3' "$PROGRAM" "${small[@]/#3/4}"
    mixed 3 'rank 1 on .* reads other data than rank 0' "$PROGRAM" "${small[@]/#"$data"/data/fashion-mnist}"
    mixed 4 'rank 1 on .* has vectors of 128 bits' env DOTNET_EnableAVX2=0 "$PROGRAM" "${small[@]}"
    echo "$mpi: wrong use: every case refused with one message"
}

# mixed CODE TEXT COMMAND...: rank 0 is the small training, rank 1 another command.
mixed() {
    local wanted=$1 text=$2 code=0
    shift 2
    timeout --kill-after=5 60 "mpirun.$mpi" -np 1 "$PROGRAM" "${small[@]}" --output "$work/refused" \
        : -np 1 "$@" --output "$work/refused" >"$work/log" 2>&1 || code=$?
    refusal "$wanted" "$text" "$code"
}

killed=0
mkdir "$work/pictures"
for ((picture = 0; picture < 10; picture++)); do
    cp docs/icon.png "$work/pictures/$picture.png"
done
"$PROGRAM" "${long[@]}" --output "$work/long" >/dev/null 2>"$work/log"
whole_long=$(hash_of "$work/long")
"$PROGRAM" "${sweep[@]}" --output "$work/sweep" >/dev/null 2>"$work/log"
for mpi in openmpi mpich; do
    same_bytes
    stop_and_resume
    share_sweep
    wrong_use
    for ((kill = 0; kill < kills / 2; kill++)); do
        kill_rank
    done
done
echo "$killed kills of a rank, 0 losses"
