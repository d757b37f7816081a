#!/usr/bin/env bash
# Copies the libraries that the console ships from where `npm ci` put them. The digests in the README beside them are
# then to be brought up to date by hand: somebody looks at what changed.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --ignore-scripts --silent
to=../../../console/static/vendor
cp node_modules/htmx.org/dist/htmx.min.js node_modules/uplot/dist/uPlot.min.css "$to/"
mv "$to/uPlot.min.css" "$to/uplot.min.css"
cp node_modules/uplot/dist/uPlot.iife.min.js "$to/uplot.min.js"
cp node_modules/htmx.org/LICENSE "$to/htmx.LICENSE"
cp node_modules/uplot/LICENSE "$to/uplot.LICENSE"
