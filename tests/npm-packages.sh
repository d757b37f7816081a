#!/usr/bin/env bash
# What tests need of npm, as the lock files pin it; nothing of a package is run. Says so where there is no npm.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v npm >/dev/null; then
    echo "tests that need Node will be skipped: install nodejs and npm to run them" >&2
    exit 0
fi
for folder in "${@:-tests/console/browser}"; do
    [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] && continue
    echo "installing what $folder/package-lock.json names"
    (cd "$folder" && npm ci --ignore-scripts --silent)
    touch "$folder/node_modules/.package-lock.json"
done
