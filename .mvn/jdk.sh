# Sourced by ./mvnw and ./hourglass: finds a JDK that is new enough, whatever `java` is on the PATH.

# Prints the major version of the JDK in folder $1, or nothing if there is none.
jdk_version() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release"
}

# Sets and exports JAVA_HOME to a JDK of at least version $1, or says what to do and exits with 2.
find_jdk() {
  on_path=$(command -v javac 2>/dev/null || true)
  if [ -n "$on_path" ]; then
    on_path=$(dirname "$(dirname "$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")")")
  fi
  for home in "${JAVA_HOME:-}" "$on_path" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    jdk_found=$(jdk_version "$home")
    if [ -n "$jdk_found" ] && [ "$jdk_found" -ge "$1" ]; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  done
  echo "Hourglass needs a JDK $1 or newer and found none; install one (for example Eclipse Temurin $1) or set JAVA_HOME to its folder." >&2
  exit 2
}
