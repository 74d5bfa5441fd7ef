package io.harveymq.broker.channel;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;

/**
 * What a virtual host demands of a queue that is declared in it: its limit of queues, and its
 * default type. Stateless; called on the home loop.
 */
final class VhostRules {
  private static final String QUEUE_TYPE = "x-queue-type";

  private VhostRules() {}

  /**
   * The arguments of a declaration, with the default type of the virtual host, or else of the
   * broker, if none is given and that type can be as declared
   * (rabbit_amqqueue:augment_declare_args).
   */
  static FieldTable withDefaultType(Caller caller, QueueMethod.Declare method) {
    String ofVhost = caller.vhost().definition().defaultQueueType();
    String type = ofVhost == null ? caller.settings().defaultQueueType() : ofVhost;
    if (type == null
        || method.arguments().get(QUEUE_TYPE) != null
        || !canBe(QueueType.of(type), method)) {
      return method.arguments();
    }
    return method.arguments().toBuilder().put(QUEUE_TYPE, type).build();
  }

  private static boolean canBe(QueueType type, QueueMethod.Declare method) {
    return type == QueueType.CLASSIC
        || method.durable() && !method.exclusive() && !method.autoDelete();
  }

  /**
   * Checks a declaration of a queue that is not there yet.
   *
   * @throws ChannelException 406 when there are as many queues as allowed, 403 when the user may
   *     not dead-letter from here to the exchange that is named
   */
  static void checkNewQueue(Caller caller, String name, FieldTable arguments) {
    VirtualHost vhost = caller.vhost();
    int most = vhost.definition().limits().maxQueues();
    if (most >= 0 && vhost.queues().size() >= most) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "cannot declare queue '"
              + name
              + "': queue limit in vhost '"
              + vhost.name()
              + "' ("
              + most
              + ") is reached");
    }
    if (arguments.get("x-dead-letter-exchange") instanceof FieldValue.LongString exchange) {
      caller.access().checkQueue(AccessRight.READ, name);
      caller.access().checkExchange(AccessRight.WRITE, exchange.asString());
    }
  }
}
