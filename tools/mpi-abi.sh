#!/usr/bin/env bash
# Trains on four ranks through the ABI of MPI 5, which Debian 12's MPI does not have: in the root of opencl-root.sh (Debian 14), with
# Open MPI 6.0 and MPICH 5.0, which it installs there. Each must end with the bytes of one process, by its own ABI, by that of MPI 5, and
# by the library that the program chooses. Prints a line for each. Needs root rights.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ "${1:-}" != inside ]; then
    dotnet build GenSomAttn.Native.csproj -v quiet -nologo >&2
    exec tools/opencl-root.sh "$PWD/tools/mpi-abi.sh" inside
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! command -v mpirun.openmpi >/dev/null || ! command -v mpirun.mpich >/dev/null; then
    { apt-get -o Acquire::Check-Valid-Until=false update && apt-get install -y --no-install-recommends openmpi-bin mpich; } \
        >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
fi

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1
program=artifacts/bin/GenSomAttn.Native/debug/GenSomAttn.Native
training=(train --data data/sample --limit 64 --epochs 2 --batch-size 16 --shards 8 --map 4x4 --latent 8 --seed 3 --threads 1 --no-progress
    --no-advice --accelerator cpu)

hash_of() {
    sha256sum "$1"/*/checkpoints/last.safetensors | cut -d' ' -f1
}

# trains LAUNCHER LIBRARY [OPTION...]: trains on four ranks; without a library by the one that the program chooses.
trains() {
    local launcher=$1 library=$2 folder
    shift 2
    folder=$(mktemp -d -p "$work")
    timeout 300 "mpirun.$launcher" "$@" -np 4 "$program" "${training[@]}" ${library:+--mpi-library "$library"} --output "$folder" \
        >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    [ "$(hash_of "$folder")" = "$whole" ] || { echo "mpi-abi.sh: other bytes by ${library:-its choice}" >&2; exit 1; }
    printf 'same bytes: %s, %s\n' "mpirun.$launcher" "${library:-the library that the program chooses}"
}

"$program" "${training[@]}" --output "$work/one" >"$work/log" 2>&1
whole=$(hash_of "$work/one")
for library in libmpi.so.40 libmpi_abi_openmpi.so.1.0.0 ''; do
    trains openmpi "$library" --oversubscribe
done
for library in libmpi.so.12 libmpi_abi_mpich.so.1.0.0 ''; do
    trains mpich "$library"
done
