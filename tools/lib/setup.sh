# What tools/demo and tools/test need on Debian 12 or Ubuntu 24.04; sourced, never run.
# Installs only what is missing, says so, and uses sudo where the user is not root.

say() { printf '%s\n' "$*" >&2; }

# Debian's names of the packages that stand behind a command or a pkg-config module.
require_packages() {
  local missing=()
  command -v pkg-config >/dev/null || missing+=(pkg-config)
  local module package
  while read -r module package; do
    pkg-config --exists "$module" 2>/dev/null || missing+=("$package")
  done <<'EOF'
libprotobuf-c libprotobuf-c-dev
zlib zlib1g-dev
openblas libopenblas-dev
EOF
  local command
  for command in "$@"; do
    command -v "$command" >/dev/null || case "$command" in
      protoc-c) missing+=(protobuf-c-compiler) ;;
      python3-venv) python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv) ;;
      *) missing+=("$command") ;;
    esac
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Installing what is missing: ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    say "There is no apt-get here; please install the equivalents of: ${missing[*]}"
    exit 4
  fi
  local root=()
  [ "$(id -u)" = 0 ] || root=(sudo)
  "${root[@]}" apt-get update -q >&2
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${missing[@]}" >&2
}

# Swift 6.2 or newer, which no distribution packages yet.
require_swift() {
  local version=""
  if command -v swift >/dev/null; then
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
  fi
  local major=${version%%.*}
  local minor=${version#*.}
  minor=${minor%%.*}
  if [ -z "$version" ] || [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
    say "Swift 6.2 or newer is needed${version:+ (found $version)}: see https://www.swift.org/install/linux"
    exit 4
  fi
}

# Builds the command once and sets $synapack to it.
build_release() {
  say "Building the command (the first time takes some minutes)"
  swift build -c release --product synapack >&2
  synapack="$(swift build -c release --show-bin-path)/synapack"
}
