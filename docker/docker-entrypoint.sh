#!/bin/sh
# Entry point of the container image, with the manners of RabbitMQ's: what begins with a dash are
# options of the broker, 'rabbitmq-server' is the broker, anything else is run as it is. A broker
# that is started as root gives its volume to HARVEY_USER and goes on as that user.
set -eu

case ${1:-} in
  '' | -*) set -- harvey "$@" ;;
  rabbitmq-server)
    shift
    set -- harvey "$@"
    ;;
esac

if [ "$1" = harvey ]; then
  # The volume: harvey-data, the data directory, is below it unless something else is said.
  cd "$HOME"
  if [ -n "${HARVEY_USER:-}" ] && [ "$(id -u)" = 0 ]; then
    find . ! -user "$HARVEY_USER" -exec chown -h "$HARVEY_USER:" {} +
    set -- setpriv --reuid="$HARVEY_USER" --regid="$(id -g "$HARVEY_USER")" --init-groups "$@"
  fi
fi
exec "$@"
