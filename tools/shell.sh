# Sourced by run, test and tools/setup: what the three have in common. Run from the root.

# Where tools/setup puts Node when the machine's own is too old.
PATH="$PWD/build/node/bin:$PATH"

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# quietly LOG COMMAND...: the command's output goes to LOG and is shown only if it fails.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null && return
  tail -n 60 "$log" >&2
  fail "failed: $* (all of its output is in $log)"
}
