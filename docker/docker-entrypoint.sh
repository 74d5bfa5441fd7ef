#!/bin/sh
# Entry point of the container image, with the manners of RabbitMQ's: what begins with a dash are
# options of the broker, 'rabbitmq-server' is the broker, anything else is run as it is. Started as
# root, the broker and its tools go on as HARVEY_USER, who gets the volume.
set -eu

case ${1:-} in
  '' | -*) set -- harvey "$@" ;;
  rabbitmq-server)
    shift
    set -- harvey "$@"
    ;;
esac

case $1 in harvey | rabbitmqctl | rabbitmq-diagnostics | rabbitmq-plugins | rabbitmqadmin)
  # The volume: harvey-data, the data directory, is below it unless something else is said.
  cd "$HOME"
  if [ -n "${HARVEY_USER:-}" ] && [ "$(id -u)" = 0 ]; then
    find . ! -user "$HARVEY_USER" -exec chown -h "$HARVEY_USER:" {} +
    set -- setpriv --reuid="$HARVEY_USER" --regid="$(id -g "$HARVEY_USER")" --init-groups "$@"
  fi
  ;;
esac
exec "$@"
