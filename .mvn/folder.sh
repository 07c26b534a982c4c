# Sourced by ./mvnw and ./hourglass: makes Java cope with any file name, and with any folder that a clone lies in.

# Java takes the encoding of file names from the locale, and in an ASCII one, which containers have by default, it cannot
# name a file with other letters. Nobody means ASCII: sets UTF-8 instead. Other encodings stay as the user chose them.
use_unicode() {
  [ "$(uname -s)" = Linux ] || return 0 # Java names files in UTF-8 on macOS, in UTF-16 on Windows.
  case "$(locale charmap 2>/dev/null || echo "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}")" in
    '' | ANSI_X3* | US-ASCII | *646* | C | POSIX) ;;
    *) return 0 ;;
  esac
  unicode=$(locale -a 2>/dev/null | grep -i -E '^(C|en_US|[a-z]+_[A-Z]+)\.utf-?8$' | sort -f | head -n 1)
  LC_ALL=${unicode:-C.UTF-8}
  export LC_ALL
}

# Sets folder to a path of folder $1 that can stand in a class path, where ':' separates and '!/' ends a jar's name: itself,
# or a link to it in the user's cache.
class_path_folder() {
  folder=$1
  case "$1" in
    *:* | *!/* | *!) ;;
    *) return 0 ;;
  esac
  links=${XDG_CACHE_HOME:-${HOME:-}/.cache}/hourglass
  folder=$links/$(printf %s "$1" | cksum | tr ' ' -)
  case "$folder" in
    *:* | *!/*) ;;
    /*)
      mkdir -p "$links" 2>/dev/null && [ -w "$links" ] && {
        [ "$folder" -ef "$1" ] || { rm -f "$folder" && ln -s "$1" "$folder"; }
      } 2>/dev/null && return 0
      ;;
  esac
  echo "Java cannot run from the folder $1, whose name holds ':' or '!', and no link to it can be made in $links; move it to a folder without them." >&2
  exit 2
}
