#!/bin/sh
# Checks and tests the mini program, when there is Node; says why not otherwise. Its tools are installed from the lock
# file, once; no install script runs.
set -e
cd "$(dirname "$0")/.."

without() {
	echo "the mini program is not checked: $1" >&2
	exit 0
}

command -v npm >/dev/null 2>&1 || without "Node is not installed (Debian: apt-get install nodejs npm, version 20 or later)"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || without "Node $(node -v) is too old, 20 or later is needed"
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch node_modules/.package-lock.json
fi
node tools/copy-kit.js
node node_modules/typescript/bin/tsc -p .
node tools/compile.js
node tools/check.js
node node_modules/jest/bin/jest.js --ci
