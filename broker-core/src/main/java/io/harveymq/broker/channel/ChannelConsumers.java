package io.harveymq.broker.channel;

import io.harveymq.broker.queue.Consumer;
import io.harveymq.broker.vhost.DeletedObjects;
import io.harveymq.broker.vhost.Structures;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The consumers of a channel by tag. Owned by the home loop. */
final class ChannelConsumers {
  private final AmqpChannel channel;
  private Map<String, Consumer> byTag;

  ChannelConsumers(AmqpChannel channel) {
    this.channel = channel;
  }

  /** The consumer with this tag, or null. */
  Consumer orNull(String tag) {
    return byTag == null ? null : byTag.get(tag);
  }

  Collection<Consumer> all() {
    return byTag == null ? List.of() : byTag.values();
  }

  void add(Consumer consumer) {
    if (byTag == null) {
      byTag = new HashMap<>(2);
    }
    byTag.put(consumer.tag(), consumer);
    structures().add(Structures.Kind.CONSUMER, size(consumer));
  }

  private Structures structures() {
    return channel.home().memory().structures();
  }

  private static long size(Consumer consumer) {
    return 2L * consumer.tag().length() + consumer.arguments().table().retainedSize();
  }

  /**
   * Checks that there may be one more (rabbit_channel checks consumer_max_per_channel alike).
   *
   * @throws ConnectionException 530 when there are as many as allowed
   * @throws io.harveymq.codec.ChannelException 406 when there is no memory for it
   */
  void requireRoomForOne() {
    int most = channel.settings().limits().maxConsumers();
    if (most >= 0 && all().size() >= most) {
      throw new ConnectionException(
          ReplyCode.NOT_ALLOWED, "reached maximum (" + most + ") of consumers per channel");
    }
    structures().requireRoomFor("a consumer");
  }

  /** Ends a consumer; its queue goes with it if it is the last one of an auto-delete queue. */
  void end(Consumer consumer) {
    forget(consumer);
    if (consumer.queue().removeConsumer(consumer)) {
      DeletedObjects.Actor actor = DeletedObjects.Actor.of(channel.connection());
      String queue = consumer.queue().name();
      channel.vhost().deleted().queue(queue, DeletedObjects.Cause.AUTO_DELETE, actor);
      channel.vhost().deleteQueue(consumer.queue());
    }
  }

  /** Forgets a consumer whose queue is gone. */
  void forget(Consumer consumer) {
    if (byTag.remove(consumer.tag(), consumer)) {
      structures().remove(Structures.Kind.CONSUMER, size(consumer));
    }
  }

  void endAll() {
    new ArrayList<>(all()).forEach(this::end);
  }
}
