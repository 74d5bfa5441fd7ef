# Sourced by the start scripts. Looks for a Java that Harvey runs on: JAVA_HOME first, then PATH.

least_java=17

# find_java TOOL: sets java_home, java_version and java_major to the first Java, $least_java or
# newer, that has bin/TOOL (java to run, javac to build). Status 1 when there is none; then
# java_seen says what was found instead.
find_java() {
  java_seen=
  if [ -n "${JAVA_HOME:-}" ]; then
    if [ -x "$JAVA_HOME/bin/$1" ]; then
      is_new_enough "$JAVA_HOME" && return 0
      java_seen=" JAVA_HOME is Java ${java_version:-of an unknown version}."
    else
      java_seen=" JAVA_HOME ($JAVA_HOME) has no bin/$1."
    fi
  fi
  java_found=$(command -v "$1") || return 1
  java_found=$(readlink -f "$java_found")
  is_new_enough "${java_found%/bin/*}" && return 0
  java_seen="$java_seen PATH has Java ${java_version:-of an unknown version}."
  return 1
}

# is_new_enough HOME: reads the version from the file that every JDK carries, because asking the
# JVM itself takes longer than all the rest of the script.
is_new_enough() {
  java_home=$1
  java_version=
  if [ -r "$java_home/release" ]; then
    while IFS= read -r java_line; do
      case $java_line in
        JAVA_VERSION=*) java_version=${java_line#JAVA_VERSION=} ;;
      esac
    done <"$java_home/release"
    java_version=${java_version#\"}
    java_version=${java_version%\"}
  else
    java_version=$("$java_home/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  fi
  java_major=${java_version%%[!0-9]*}
  [ "${java_major:-0}" -ge "$least_java" ]
}
