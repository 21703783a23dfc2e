# shellcheck shell=bash
# Steps with a heading and a clock. All of them run; `finish` tells which failed, and fails then.
failed=()

step() {
  local title=$1 began=$SECONDS
  shift
  printf '\n== %s\n' "$title"
  if "$@"; then
    printf '   bien, %s s\n' "$((SECONDS - began))"
  else
    printf '   FALLA: %s (%s s)\n' "$title" "$((SECONDS - began))"
    failed+=("$title")
  fi
}

finish() {
  if [ ${#failed[@]} -eq 0 ]; then
    printf '\nTodo bien.\n'
    return 0
  fi
  printf '\nFalla:\n'
  printf '  - %s\n' "${failed[@]}"
  return 1
}
