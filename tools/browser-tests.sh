#!/usr/bin/env bash
# Runs the tests of the atlas in Chromium, which it installs with apt-get where there is none, and prints the sizes and times of the page
# that docs/PERFORMANCE.md quotes. The tests are no part of `dotnet test` in the root: their package unpacks to 786 MB.
#
#   tools/browser-tests.sh [OPTION...]        options of dotnet test, such as --filter FullyQualifiedName~PanelControlTests
#
# CHROMIUM names another browser. GENSOM_SCREENSHOTS=DIR keeps the screenshots.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
if [ ! -x "$CHROMIUM" ]; then
    apt-get update >&2
    apt-get install -y --no-install-recommends chromium >&2
fi

report=$(mktemp)
trap 'rm -f "$report"' EXIT
export GENSOM_REPORT=$report
status=0
dotnet test tests/GenSomAttn.BrowserTests "$@" || status=$?
cat "$report"
exit "$status"
