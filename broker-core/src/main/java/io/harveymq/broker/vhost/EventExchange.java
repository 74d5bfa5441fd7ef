package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.Message;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;

/**
 * The exchange amq.rabbitmq.event, which tells what happens in the broker, in all of its virtual
 * hosts, as RabbitMQ's event exchange plugin does: routing keys such as {@code queue.created},
 * everything else in the headers. It is in the virtual host {@code /}; without that, nothing is
 * told. As long as nothing is bound to it, nothing is made up. Owned by the first loop, where all
 * virtual hosts live.
 */
public final class EventExchange {
  /** Its name. */
  public static final String NAME = "amq.rabbitmq.event";

  /** The name of the virtual host that has it. */
  public static final String VHOST = "/";

  /** Who does what no user does. */
  public static final String INTERNAL = "rmq-internal";

  private final HomeLoop home;
  private final String node;
  private VirtualHost vhost;

  /**
   * @param home the first loop
   * @param node the name of the node
   */
  public EventExchange(HomeLoop home, String node) {
    this.home = home;
    this.node = node;
  }

  /** The name of the node, which some events give. Any thread. */
  public String node() {
    return node;
  }

  /** The virtual host is there, for the first time or again. */
  void isIn(VirtualHost found) {
    vhost = found;
  }

  private Exchange orNull() {
    return vhost == null ? null : vhost.exchangeOrNull(NAME);
  }

  /** Whether nobody would get an event. */
  public boolean isOfNoInterest() {
    Exchange exchange = orNull();
    return exchange == null || exchange.isUnused();
  }

  /** Runs something that may have events to tell on the loop that owns this. Any thread. */
  public void execute(Runnable telling) {
    if (home.loop().inLoop()) {
      telling.run();
    } else {
      home.execute(telling);
    }
  }

  /**
   * Publishes an event, if anybody wants it.
   *
   * @param key such as {@code vhost.created}
   * @param headers what is to be told beside the time
   */
  public void emit(String key, FieldTable.Builder headers) {
    assert home.loop().inLoop();
    if (isOfNoInterest()) {
      return;
    }
    long now = home.timeOfDay();
    byte[] properties =
        BasicProperties.builder()
            .headers(headers.put("timestamp_in_ms", now).build())
            .deliveryMode(2)
            .timestamp(now / 1_000)
            .build()
            .encoded();
    vhost.publish(orNull(), new Message(Content.address(NAME, key), properties, new byte[0]));
  }
}
