#!/usr/bin/env bash
# Shows that a refactoring changes no bit. Builds two commits, trains and evaluates the same small runs with both, and compares the
# SHA-256 of every checkpoint and every score. Prints one line per run; exits 1 if any differs.
#
#   tools/same-bits.sh [--no-opencl] BEFORE [AFTER]       AFTER is HEAD by default. Only committed files are built.
#
# The runs: each model and each form of attention on cpu, with all vectors that the processor has, with 256 bits at most and with 128;
# the default model on ilgpu-cpu (tiny, the simulator is slow) and on opencl (in tools/opencl-root.sh, which needs root rights).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    echo 'usage: tools/same-bits.sh [--no-opencl] BEFORE [AFTER]' >&2
    exit 2
}

opencl=1
if [ "${1:-}" = --no-opencl ]; then
    opencl=0
    shift
fi
[ "$#" -ge 1 ] && [ "$#" -le 2 ] || usage
for commit in "$1" "${2:-HEAD}"; do
    git rev-parse --quiet --verify "$commit^{commit}" >/dev/null || { echo "same-bits.sh: there is no commit '$commit'" >&2; exit 2; }
done
before=$(git rev-parse "$1^{commit}")
after=$(git rev-parse "${2:-HEAD}^{commit}")

work=$(mktemp -d)
cleanup() {
    git worktree remove --force "$work/before/tree" 2>/dev/null || true
    git worktree remove --force "$work/after/tree" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

# build SIDE COMMIT: the program of a commit, in SIDE/program.
build() {
    mkdir -p "$work/$1"
    git worktree add --quiet --detach "$work/$1/tree" "$2"
    (cd "$work/$1/tree" && dotnet publish GenSomAttn.Native.csproj -c Release -o "$work/$1/program" -v quiet -nologo >&2)
}

# run SIDE NAME LAUNCHER OPTIONS...: trains and evaluates in SIDE's tree and notes hash and scores. LAUNCHER comes before the program.
# Times, and paths, which hold SIDE, are left out of the scores.
run() {
    local side=$1 name=$2 launcher=$3
    shift 3
    local runs=$work/$side/runs-$name log=$work/$side/$name.log run
    (
        cd "$work/$side/tree"
        # shellcheck disable=SC2086
        $launcher dotnet "$work/$side/program/GenSomAttn.Native.dll" train --epochs 2 --seed 7 --no-progress --json --output "$runs" "$@"
        run=$(find "$runs" -mindepth 1 -maxdepth 1 -type d)
        # shellcheck disable=SC2086
        $launcher dotnet "$work/$side/program/GenSomAttn.Native.dll" evaluate "$run" --accelerator cpu --samples 600 --json \
            >"$work/$side/$name.json"
    ) >"$log" 2>&1 || { cat "$log" >&2; echo "same-bits.sh: $name of $side failed" >&2; exit 1; }
    run=$(find "$runs" -mindepth 1 -maxdepth 1 -type d)
    {
        sha256sum <"$run/checkpoints/last.safetensors"
        grep -vE "seconds|per_second|$work" "$work/$side/$name.json"
    } >"$work/$side/$name.result"
    rm -rf "$runs"
}

# compare NAME LAUNCHER OPTIONS...: one run with both commits.
failed=0
compare() {
    local name=$1
    run before "$@"
    run after "$@"
    if cmp -s "$work/before/$name.result" "$work/after/$name.result"; then
        printf 'same       %-24s %.16s\n' "$name" "$(cat "$work/after/$name.result")"
    else
        failed=1
        printf 'DIFFERENT  %-24s\n' "$name"
        diff "$work/before/$name.result" "$work/after/$name.result" || true
    fi
}

build before "$before"
build after "$after"
printf 'before %s\nafter  %s\n' "$before" "$after"

for vectors in widest 256 128; do
    case $vectors in
        widest) launcher= ;;
        256) launcher='env DOTNET_EnableAVX512=0' ;;
        128) launcher='env DOTNET_EnableAVX2=0' ;;
    esac
    for model in vae ae classifier; do
        compare "$model-$vectors" "$launcher" --model "$model" --limit 1280 --accelerator cpu
    done
    for attention in none latent spatial pool; do
        compare "somattn-$attention-$vectors" "$launcher" --attention "$attention" --limit 1280 --accelerator cpu
    done
done
compare ilgpu-cpu '' --limit 128 --map 4x4 --batch-size 16 --accelerator ilgpu-cpu
[ "$opencl" -eq 0 ] || compare opencl tools/opencl-root.sh --limit 1280 --accelerator opencl
exit "$failed"
