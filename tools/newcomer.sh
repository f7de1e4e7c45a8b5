#!/usr/bin/env bash
# Tests a first use with nothing but the .NET SDK: in a Debian 13 root with only the dependencies of .NET, an unprivileged user restores
# into an empty package cache and runs every sh block of the README in a fresh clone of HEAD, then uses a read-only checkout, then runs
# the README's test command. Uncommitted changes are not tested.
#
#   tools/newcomer.sh [--no-test]     --no-test leaves out the last part
#
# The root is created once (270 MB), in NEWCOMER_ROOT or else in the user's cache folder. Network, certificates and NuGet's configuration
# are this machine's. Needs root rights (chroot, mounts), and debootstrap, which it installs on Debian.
set -euo pipefail

test=yes
case "$*" in
    '') ;;
    --no-test) test=no ;;
    *) echo "usage: ${0##*/} [--no-test]" >&2; exit 2 ;;
esac
if [ "$(id -u)" -ne 0 ]; then
    echo "${0##*/}: needs root rights, for chroot and mounts" >&2
    exit 1
fi

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
root=${NEWCOMER_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/gensomattn-newcomer}
packages=ca-certificates,libicu76,libssl3t64,libstdc++6,zlib1g,tzdata
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")

if [ ! -d "$root" ]; then
    if ! command -v debootstrap >/dev/null; then
        apt-get update >&2
        apt-get install -y --no-install-recommends debootstrap >&2
    fi

    mkdir -p "$(dirname "$root")"
    rm -rf "$root.partial"
    unshare --mount --propagation private debootstrap --variant=minbase "--include=$packages" trixie "$root.partial" >&2
    chroot "$root.partial" useradd --create-home --shell /bin/bash newcomer
    mkdir -p "$root.partial/usr/share/dotnet" "$root.partial/opt/checkout"
    touch "$root.partial/etc/resolv.conf" "$root.partial/etc/hosts"
    ln -s ../share/dotnet/dotnet "$root.partial/usr/bin/dotnet"
    mv "$root.partial" "$root"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
home=$work/home
mkdir -p "$home/.nuget/NuGet"
mkdir -m 1777 "$work/tmp"
git clone -q "file://$repository" "$home/GenSomAttn.Native"
git clone -q "file://$repository" "$work/checkout"
[ ! -e "$HOME/.nuget/NuGet/NuGet.Config" ] || cp "$HOME/.nuget/NuGet/NuGet.Config" "$home/.nuget/NuGet/"

# One file for each sh block, in order; that of the test command, the first below the heading "Test", ends in "-test".
mkdir "$home/blocks"
awk -v folder="$home/blocks" '
    /^#+ / { below = /^#+ +Test/ }
    /^```/ { file = !file && /^```sh$/ ? sprintf("%s/%02d%s.sh", folder, ++number, below ? "-test" : "") : ""; next }
    file { print > file }' "$repository/README.md"
[ -n "$(ls "$home"/blocks/*-test.sh)" ]

cat >"$home/part.sh" <<'PART'
set -euo pipefail
cd ~/GenSomAttn.Native
block() {
    printf '== README, block %s\n' "${1##*/}"
    bash -ev "$1"
}

if [ "$1" = test ]; then
    for file in ~/blocks/*-test.sh; do block "$file"; done
    exit
fi

for file in ~/blocks/*.sh; do
    [[ $file == *-test.sh ]] || block "$file"
done

# All output goes to other folders; without --output the program must fail with a clear error.
printf '== a read-only checkout\n'
cd /opt/checkout
set -x
dotnet build -v q --artifacts-path ~/elsewhere GenSomAttn.Native.csproj
program=(dotnet ~/elsewhere/bin/GenSomAttn.Native/debug/GenSomAttn.Native.dll)
"${program[@]}" train --limit 640 --epochs 1 --no-progress --output ~/runs
"${program[@]}" map ~/runs/0001* --output ~/map
status=0
"${program[@]}" train --limit 640 --epochs 1 --no-progress 2>~/refusal || status=$?
cat ~/refusal
[ "$status" -eq 3 ] && grep -q runs ~/refusal
PART
chown -R "$(stat -c %u:%g "$root/home/newcomer")" "$home"

# Passes only proxy and certificate variables of this environment: neither CI nor settings of .NET.
environment=(HOME=/home/newcomer USER=newcomer PATH=/usr/local/bin:/usr/bin:/bin TERM=dumb DOTNET_CLI_TELEMETRY_OPTOUT=1)
while IFS= read -r line; do
    environment+=("$line")
done < <(env | grep -iE '^(https?_proxy|no_proxy|SSL_CERT_[A-Z]+|NUGET_CERT_[A-Z_]+)=')

# Mounts and processes have their own namespaces, so that both vanish with the script, however it ends.
in_root() {
    unshare --mount --pid --fork --kill-child --propagation private bash -euc '
        root=$1 work=$2 dotnet=$3
        shift 3
        read_only() { mount --bind "$1" "$2"; mount -o remount,bind,ro "$2"; }
        read_only "$root" "$root"
        mount --rbind /sys "$root/sys"
        mount --rbind /dev "$root/dev"
        mount -t proc proc "$root/proc"
        mount --bind "$work/home" "$root/home/newcomer"
        mount --bind "$work/tmp" "$root/tmp"
        read_only "$work/checkout" "$root/opt/checkout"
        read_only "$dotnet" "$root/usr/share/dotnet"
        for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs; do
            read_only "$(readlink -f "$file")" "$root$file"
        done
        exec chroot --userspec=newcomer:newcomer "$root" "$@"
    ' bash "$root" "$work" "$dotnet" env -i "${environment[@]}" bash /home/newcomer/part.sh "$1"
}

in_root blocks
[ "$test" = no ] || in_root test
echo 'newcomer: passed'
