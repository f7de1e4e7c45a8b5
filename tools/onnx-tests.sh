#!/usr/bin/env bash
# Runs the tests of exported networks in ONNX Runtime. They are no part of `dotnet test` in the root: their package unpacks to 392 MB.
#
#   tools/onnx-tests.sh [OPTION...]        options of dotnet test
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet test tests/GenSomAttn.OnnxTests "$@"
