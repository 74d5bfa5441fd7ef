package io.harveymq.compat.differential;

import java.util.List;

/** Steps that a broker has to refuse, each without the place in front. Immutable; any thread. */
final class Mistakes {
  static final List<String> ALL =
      List.of(
          "queue.declare queue=amq.mine",
          "queue.declare queue=amq.mine passive=1",
          "queue.declare queue=missing passive=1",
          "exchange.declare exchange=amq.mine type=direct",
          "exchange.declare exchange=amq.direct type=fanout durable=1",
          "exchange.declare exchange=amq.direct type=direct durable=1",
          "exchange.declare exchange= type=direct durable=1",
          "exchange.declare exchange= passive=1",
          "exchange.declare exchange=missing passive=1",
          "exchange.declare exchange=x9 type=no-such-type",
          "exchange.delete exchange=amq.direct",
          "exchange.delete exchange=",
          "exchange.delete exchange=missing",
          "queue.bind queue=q0 exchange= key=a",
          "queue.bind queue=q0 exchange=missing key=a",
          "queue.bind queue=missing exchange=amq.direct key=a",
          "queue.bind queue=missing exchange=missing key=a",
          "queue.unbind queue=q0 exchange= key=q0",
          "queue.unbind queue=q0 exchange=missing key=a",
          "queue.unbind queue=missing exchange=amq.direct key=a",
          "exchange.bind destination=x0 source=missing key=a",
          "exchange.bind destination=missing source=x0 key=a",
          "exchange.bind destination= source=x0 key=a",
          "exchange.bind destination=x0 source= key=a",
          "exchange.unbind destination=x0 source= key=a",
          "exchange.unbind destination=x0 source=missing key=a",
          "queue.delete queue=missing",
          "queue.purge queue=missing",
          "basic.get queue=missing",
          "basic.consume queue=missing",
          "basic.publish exchange=missing key=a body=lost",
          "basic.publish exchange=missing key=a body=lost mandatory=1",
          "basic.publish exchange= key=q0 body=no immediate=1",
          "basic.publish exchange= key=q0 body=no user-id=nobody",
          "basic.publish exchange= key=q0 body=no expiration=soon",
          "basic.publish exchange= key=q0 body=no expiration=-1",
          "basic.publish exchange= key=q0 body=no expiration=",
          "basic.publish exchange= key=q0 body=no expiration=4294967296000",
          "basic.publish exchange= key=q0 body=no headers={CC=S:q1}",
          "basic.publish exchange= key=q0 body=no headers={BCC=I:1}",
          "basic.publish exchange= key=q0 body=no headers={CC=A:[S:q1,I:2]}",
          "basic.ack tag=999",
          "basic.ack tag=0",
          "basic.ack tag=999 multiple=1",
          "basic.ack tag=0 multiple=1",
          "basic.nack tag=999 requeue=1",
          "basic.nack tag=0 multiple=1 requeue=1",
          "basic.reject tag=999",
          "basic.qos size=10",
          "basic.recover requeue=0",
          "basic.recover-async requeue=0",
          "basic.cancel tag=unknown",
          "basic.consume queue=q0 arguments={x-priority=S:high}",
          "basic.consume queue=q0 arguments={x-priority=d:1.5}",
          "tx.commit",
          "tx.rollback",
          "channel.open",
          "channel.flow active=0",
          "channel.flow-ok active=1",
          "queue.declare-ok",
          "basic.deliver",
          "connection.open vhost=/",
          "basic.publish exchange= key=q0 no-content=1",
          "frame type=2 payload=%00%3C%00%00%00%00%00%00%00%00%00%00%00%00",
          "frame type=3 payload=abc");

  /** For a channel that is not open. */
  static final List<String> ON_NO_CHANNEL =
      List.of(
          "queue.declare queue=q0 raw=1",
          "basic.get queue=q0 raw=1",
          "basic.ack tag=1 raw=1",
          "basic.publish exchange= key=q0 body=no raw=1",
          "channel.close raw=1",
          "tx.select raw=1",
          "connection.open vhost=/ raw=1");

  /** For channel 0. */
  static final List<String> ON_CHANNEL_0 =
      List.of(
          "channel.open",
          "queue.declare queue=q0",
          "basic.publish exchange= key=q0 body=no",
          "connection.open vhost=/",
          "connection.tune-ok channel-max=10 frame-max=131072",
          "frame type=3 payload=abc");

  private Mistakes() {}
}
