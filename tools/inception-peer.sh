#!/usr/bin/env bash
# Compares every block of the Inception network with libtorch's: the libtorch baseline draws weights and images, and writes
# them with the output of each block; a test runs the same blocks and prints the worst difference of each, relative to its
# largest value. Needs root, as peer/run.sh.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$(mktemp -d -p . .inception-peer.XXXXXX)
trap 'rm -rf "$folder"' EXIT
tools/peer/run.sh --inception "$folder"
GENSOM_INCEPTION_PEER=$PWD/$folder dotnet test tests/GenSomAttn.Tests --filter InceptionPeerTests --logger "console;verbosity=detailed"
