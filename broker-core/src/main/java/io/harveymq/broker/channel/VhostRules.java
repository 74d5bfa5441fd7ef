package io.harveymq.broker.channel;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.broker.vhost.Structures;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;

/**
 * What a virtual host and the node demand of a queue or exchange that is declared: their limits,
 * and the default type of queues. Stateless; called on the home loop.
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
    Structures structures = vhost.home().memory().structures();
    int mostOfNode = caller.settings().limits().node().maxQueues();
    if (mostOfNode >= 0 && structures.count(Structures.Kind.QUEUE) >= mostOfNode) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "cannot declare queue '"
              + name
              + "': queue limit in cluster ("
              + mostOfNode
              + ") is reached");
    }
    structures.requireRoomFor(ResourceName.queue(vhost.name(), name));
    if (arguments.get("x-dead-letter-exchange") instanceof FieldValue.LongString exchange) {
      caller.access().checkQueue(AccessRight.READ, name);
      caller.access().checkExchange(AccessRight.WRITE, exchange.asString());
    }
  }

  /**
   * Checks that there may be one more exchange (rabbit_exchange:check_exchange_limits).
   *
   * @throws ChannelException 406 when there are as many as allowed
   */
  static void checkNewExchange(Caller caller, String name) {
    String resource = ResourceName.exchange(caller.vhost().name(), name);
    Structures structures = caller.vhost().home().memory().structures();
    int most = caller.settings().limits().node().maxExchanges();
    if (most >= 0 && structures.count(Structures.Kind.EXCHANGE) >= most) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "cannot declare " + resource + ": exchange limit of " + most + " is reached");
    }
    structures.requireRoomFor(resource);
  }
}
