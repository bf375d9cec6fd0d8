#!/usr/bin/env bash
# Everything that is done with this repository: see build/help.txt. build.ps1 is its twin for PowerShell.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

help() {
  cat build/help.txt
}

run() {
  if [[ ! -x $(binary "$host") || -n $(newer_sources) ]]; then
    tools
    publish_file "$host"
  fi
  exec "$(binary "$host")" demo "$@"
}

build() {
  tools
  step "SQLite for $host" node src/native/build-sqlite.mjs "$host"
  web
  step "types of the tests" npm run check
  step "all projects" dotnet build Tinyvex.Aot.sln -c Release
}

test() {
  build
  windows
  rm -rf artifacts/results
  local tests=artifacts/bin/Tinyvex.Tests/release/Tinyvex.Tests
  node build/suite.mjs managed "$tests"
  npm_packages && node build/check-workflows.mjs || true
  if publish_file "$host"; then
    TINYVEX_TEST_BINARY="$PWD/$(binary "$host")" \
      node build/suite.mjs native "$tests" --treenode-filter '/*/(Tinyvex.Tests.EndToEnd)|(Tinyvex.Tests.Storm)/*/*'
    TINYVEX_BINARY="$PWD/$(binary "$host")" node build/suite.mjs npm npx vitest run --root tests/packages
    TINYVEX_BINARY="$PWD/$(binary "$host")" node build/suite.mjs browser npx playwright test -c tests/browser
    node build/check-artifact.mjs "$host" --tested || true
    node build/check-packages.mjs "$host" || true
  fi
  node build/sum.mjs managed native npm browser artifact packages workflows
}

publish() {
  local rid=$host
  [[ ${1:-} == [a-z]* ]] && { rid=$1; shift; }
  tools "$rid"
  publish_file "$rid"
  node build/check-artifact.mjs "$rid" "$@"
}

bench() {
  local folder=artifacts/bench/$host
  tools
  [[ -x $(binary "$host") && -z $(newer_sources) ]] || publish_file "$host"
  step "benchmarks" dotnet publish tests/Tinyvex.Bench -c Release -r "$host" -o "$folder"
  step "their peer" dotnet publish tests/Tinyvex.Bench.Kestrel -c Release -r "$host" -o "$folder"
  exec "$folder/Tinyvex.Bench" --server "$(binary "$host")" "$@"
}

soak() {
  local tests=artifacts/bin/Tinyvex.Tests/release/Tinyvex.Tests
  build
  [[ -x $(binary "$host") && -z $(newer_sources) ]] || publish_file "$host"
  exec node build/soak.mjs "$tests" "$PWD/$(binary "$host")" "$@"
}

pack() {
  tools
  npm_packages
  node build/pack.mjs "${@:-$host}"
  node build/npm-pack.mjs "${@:-$host}"
}

npm-pack() {
  tools
  npm_workspace
  node build/npm-pack.mjs "$@"
}

npm-publish() {
  node build/npm-publish.mjs "$@"
}

check-tag() {
  node build/release.mjs check-tag "$@"
}

release() {
  node build/release.mjs release "$@"
}

format() {
  tools
  [[ ${1:-} == --check ]] && set -- --verify-no-changes
  dotnet format Tinyvex.Aot.sln "$@"
}

# The client's protocol.ts out of the contract. A test asks for the same as --check.
protocol() {
  tools
  step "the contract" dotnet build src/Tinyvex.Contract.TypeScript -c Release
  artifacts/bin/Tinyvex.Contract.TypeScript/release/Tinyvex.Contract.TypeScript "$@"
}

# What the packages, the console and their tests use of others.
npm_workspace() {
  [[ package-lock.json -ot node_modules/.package-lock.json ]] || step "npm workspace" npm ci
}

# The packages for clients, and the console, which the server's file takes up. Built anew each time: it takes seconds.
web() {
  npm_workspace
  step "packages and console" npm run build
}

# What packing and checking the workflows use of others. npm leaves the second file when it is done.
npm_packages() {
  [[ build/package-lock.json -ot build/node_modules/.package-lock.json ]] || step "npm packages" npm ci --prefix build
}

publish_file() {
  rm -rf "artifacts/$1"
  mkdir -p artifacts
  [[ -f src/console/dist/index.html.gz && -z $(newer_console) ]] || web
  touch artifacts/publish-started
  step "SQLite for $1" node src/native/build-sqlite.mjs "$1" &&
    step "native file for $1" dotnet publish src/Tinyvex.Cli -c Release -r "$1" -o "artifacts/$1" &&
    touch -r artifacts/publish-started "$(binary "$1")"
}

binary() {
  local name=tinyvex
  [[ $1 == win-* ]] && name=tinyvex.exe
  echo "artifacts/$1/$name"
}

# Folders count too: their time tells of files that went away. What is built of sources is none.
newer_sources() {
  find src global.json Directory.*.props -name dist -prune -o -newer "$(binary "$host")" -print -quit
}

newer_console() {
  find src/packages src/console package-lock.json -name dist -prune -o -newer src/console/dist/index.html.gz -type f -print -quit
}

# step <name> <command>: one line with the time it took; what the command says is in a log, shown when it fails.
step() {
  local name=$1 started=$SECONDS
  local log="artifacts/logs/${name// /-}.log"
  shift
  mkdir -p artifacts/logs
  printf '%-32s' "$name ..."
  if "$@" >"$log" 2>&1 </dev/null; then
    printf '%4d s\n' $((SECONDS - started))
  else
    printf 'FAILED after %d s\n' $((SECONDS - started))
    cat "$log"
    return 1
  fi
}

host_rid() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo linux-x64 ;;
    Linux-aarch64 | Linux-arm64) echo linux-arm64 ;;
    Darwin-x86_64) echo osx-x64 ;;
    Darwin-arm64) echo osx-arm64 ;;
    *) echo "build.sh runs on Linux and macOS; elsewhere use build.ps1" >&2 && exit 1 ;;
  esac
}

# The Debian packages that bring what is missing.
missing_packages() {
  dotnet --version >/dev/null 2>&1 || echo dotnet-sdk-10.0
  node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
  command -v cc >/dev/null || echo gcc libc6-dev
  if [[ $1 == linux-arm64 && $host == linux-x64 ]]; then
    command -v aarch64-linux-gnu-gcc >/dev/null || echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross
  fi
  if [[ $1 == linux-musl-x64 && $host == linux-x64 ]]; then
    command -v musl-gcc >/dev/null || echo musl-tools
  fi
}

# tools [rid], a verb of its own for build.ps1: installs what is missing where that is ours to do, and otherwise says how.
tools() {
  local missing install='apt-get install -y --no-install-recommends' sudo=''
  missing=$(missing_packages "${1:-$host}" | xargs)
  [[ -z $missing ]] && return
  ((EUID == 0)) || sudo=sudo
  if command -v apt-get >/dev/null && [[ -z $sudo || ${CI:-} == true ]]; then
    step "package lists" $sudo apt-get update
    # One by one: where a package is unknown, the others still arrive.
    for package in $missing; do
      step "installing $package" $sudo $install "$package" || true
    done
    missing=$(missing_packages "${1:-$host}" | xargs)
    [[ -z $missing ]] && return
  elif command -v apt-get >/dev/null; then
    echo "Something is missing. This installs it:"
    echo "  sudo apt-get update && sudo $install $missing"
  fi
  cat <<TEXT
Still missing: $missing. If no package has it:
  .NET 10 SDK     https://dotnet.microsoft.com/download/dotnet/10.0
  Node 20, npm    https://nodejs.org/en/download
  a C compiler    gcc or clang; on macOS: xcode-select --install
TEXT
  exit 1
}

# What opens windows, for tests alone: those that need what is not there are skipped.
windows() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  command -v Xvfb >/dev/null || missing+=(xvfb)
  python3 -c 'import gi; gi.require_version("WebKit2", "4.1")' 2>/dev/null || missing+=(python3-gi gir1.2-gtk-3.0 gir1.2-webkit2-4.1)
  [[ ${#missing[@]} -gt 0 && $EUID == 0 ]] && command -v apt-get >/dev/null || return 0
  step "package lists" apt-get update || return 0
  step "browsers for tests" apt-get install -y --no-install-recommends "${missing[@]}" || return 0
}

host=$(host_rid)
verb=${1:-help}
case $verb in
  run | build | test | publish | bench | soak | pack | npm-pack | npm-publish | check-tag | release | format | protocol | help | tools) "$verb" "${@:2}" ;;
  *) echo "Unknown verb '$verb'." && help && exit 2 ;;
esac
