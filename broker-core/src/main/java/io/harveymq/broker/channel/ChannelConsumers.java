package io.harveymq.broker.channel;

import io.harveymq.broker.queue.Consumer;
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
  }

  /** Ends a consumer; its queue goes with it if it is the last one of an auto-delete queue. */
  void end(Consumer consumer) {
    byTag.remove(consumer.tag());
    if (consumer.queue().removeConsumer(consumer)) {
      channel.vhost().deleteQueue(consumer.queue());
    }
  }

  /** Forgets a consumer whose queue is gone. */
  void forget(Consumer consumer) {
    byTag.remove(consumer.tag());
  }

  void endAll() {
    new ArrayList<>(all()).forEach(this::end);
  }
}
