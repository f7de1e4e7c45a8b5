#!/usr/bin/env bash
# Runs a command where OpenCL works: in a Debian 14 (testing) root with PoCL 7.1, OpenCL on the CPU. Usage: tools/opencl-root.sh COMMAND...
# Debian 12's PoCL 3.1 lacks the generic address space that the kernels need. Debian 13's PoCL 6 compiles the same tiled product to
# different machine code from process to process, some of which computes wrong sums: the golden tests of transposed convolutions failed in
# 3 of 20 processes (POCL_WORK_GROUP_METHOD=loops: 3 of 41; cbs: none of 47, but BestMatchingUnits is wrong). With 7.1 the code was the same
# in all of 34 processes, and right.
# The root is made once (about 1 GB), in OPENCL_ROOT or else in the user's cache folder. The repository, .NET and the cache of
# packages lie in it under the same paths as outside. Needs root rights (chroot, mounts).
set -euo pipefail

if [ "$#" -eq 0 ]; then
    echo "usage: ${0##*/} COMMAND..." >&2
    exit 2
fi

if [ "$(id -u)" -ne 0 ]; then
    echo "${0##*/}: needs root rights, for chroot and mounts" >&2
    exit 1
fi

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}
root=${OPENCL_ROOT:-$cache/gensomattn-opencl-7}
packages=pocl-opencl-icd,ocl-icd-libopencl1,clinfo,ca-certificates,libicu78,libssl3t64,libgomp1
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
export DOTNET_ROOT=$dotnet PATH=$dotnet:$PATH

# Each process compiles its kernels: a cache would hand a wrong one to all later processes.
export POCL_KERNEL_CACHE=0
nuget=${NUGET_PACKAGES:-$HOME/.nuget/packages}

# Mounts live in a namespace of their own, here and below, so that they go away with the process, however it ends.
if [ ! -d "$root" ]; then
    if ! command -v debootstrap >/dev/null; then
        apt-get update >&2
        apt-get install -y --no-install-recommends debootstrap >&2
    fi

    mkdir -p "$(dirname "$root")"
    rm -rf "$root.partial"
    # Debian 12's debootstrap has no script named forky; all newer releases share that of sid.
    scripts=$(mktemp -d)
    cp -r /usr/share/debootstrap/. "$scripts"
    ln -sf sid "$scripts/scripts/forky"
    DEBOOTSTRAP_DIR=$scripts unshare --mount --propagation private \
        debootstrap --variant=minbase "--include=$packages" forky "$root.partial" >&2
    rm -rf "$scripts"
    mv "$root.partial" "$root"
fi

# /tmp is shared, so that results and temporary folders are where the caller expects them.
mkdir -p "$nuget"
exec unshare --mount --propagation private bash -euc '
    root=$1 folder=$2
    shift 2
    for system in /proc /sys /dev; do
        mount --rbind "$system" "$root$system"
    done
    while [ "$1" != -- ]; do
        mkdir -p "$root$1"
        mount --bind "$1" "$root$1"
        shift
    done
    shift
    exec chroot "$root" env --chdir="$folder" "$@"
' bash "$root" "$PWD" /tmp "$repository" "$dotnet" "$nuget" -- "$@"
