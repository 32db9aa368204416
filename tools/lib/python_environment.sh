# Makes a virtual environment of pinned packages once, and again when the pins change;
# sourced, never run. PYTHON names another interpreter than python3.

# python_environment FOLDER REQUIREMENTS: sets $python to the interpreter. What the caller adds to
# the environment itself belongs into a function `extra_packages FOLDER`.
python_environment() {
  local folder=$1 requirements=$2
  python="$folder/bin/python"
  if [ -x "$python" ] && cmp -s "$requirements" "$folder/requirements.txt"; then
    return 0
  fi
  printf '%s\n' "Installing the packages of $requirements" >&2
  "${PYTHON:-python3}" -m venv --clear "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    -r "$requirements" >&2 || {
    printf '%s\n' "The packages cannot be installed; see the notes in $requirements" >&2
    return 4
  }
  if declare -F extra_packages >/dev/null; then
    extra_packages "$folder"
  fi
  cp "$requirements" "$folder/requirements.txt"
}
