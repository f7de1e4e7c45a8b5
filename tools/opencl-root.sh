#!/usr/bin/env bash
# Runs a command where OpenCL works: in a Debian 13 root with PoCL 6, OpenCL on the CPU. Debian 12's PoCL 3.1 lacks the generic
# address space that the kernels need. Usage: tools/opencl-root.sh COMMAND...
# The root is made once (about 850 MB), in OPENCL_ROOT or else in the user's cache folder. The repository, .NET and the cache of
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
root=${OPENCL_ROOT:-$cache/gensomattn-opencl}
packages=pocl-opencl-icd,ocl-icd-libopencl1,clinfo,ca-certificates,libicu76,libssl3t64,libgomp1
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
export DOTNET_ROOT=$dotnet PATH=$dotnet:$PATH

# PoCL 6 compiles the same tiled product to different machine code from process to process, and some of it computes wrong sums: with its
# default work-group method (loopvec) the golden tests of transposed convolutions failed in 3 of 20 processes, with `loops` in 3 of 41,
# with `cbs` in none of 47. Its kernel cache would keep such code for all later processes.
export POCL_WORK_GROUP_METHOD=cbs
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
    unshare --mount --propagation private debootstrap --variant=minbase "--include=$packages" trixie "$root.partial" >&2
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
