#!/bin/sh
# Builds the preview of the mini program in $1 into $2, when there is Node; says why not otherwise. Never fails: the
# demo runs without it. Its tools are installed from the lock file, once.
source=$1 target=$2 here=$(dirname "$0")

without() {
	echo "The demo will run without the mini program: $1" >&2
	exit 0
}

command -v node >/dev/null 2>&1 || without "Node is not installed (Debian: apt-get install nodejs npm, version 20 or later)"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || without "Node $(node -v) is too old, 20 or later is needed"
[ -f "$source/app.json" ] || without "there is no mini program in $source"
if [ ! -f "$target/program.js" ] || [ -n "$(find "$source" "$here" -path '*/node_modules' -prune -o -type f -newer "$target/program.js" -print | head -n 1)" ]; then
	if [ ! -d "$source/node_modules/miniprogram-simulate" ]; then
		command -v npm >/dev/null 2>&1 || without "npm is not installed"
		echo "installing the mini program's tools"
		(cd "$source" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || without "its tools could not be installed"
	fi
	[ ! -f "$source/tools/copy-kit.js" ] || (cd "$source" && node tools/copy-kit.js >/dev/null) || without "its controls could not be copied"
	node "$here/build.js" "$source" "$target" || without "see above"
fi
