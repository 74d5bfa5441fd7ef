package io.harveymq.broker.exchange;

import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.broker.argument.Refusal;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.store.MessageStore;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;

/**
 * The x-delayed-message exchange of RabbitMQ's plugin: a message with a header x-delay above 0 is
 * routed that many milliseconds later, with the header negated; any other at once. How it is routed
 * is the matter of an exchange of the type in x-delayed-type. Owned by the vhost's home loop.
 */
public final class DelayedExchange extends Exchange implements Keeper {
  private static final String DELAYED_TYPE = "x-delayed-type";
  private static final String DELAY = "x-delay";

  private final Exchange inner;
  private DelayedMessages messages;

  DelayedExchange(String vhost, ExchangeDefinition definition) {
    super(vhost, definition);
    inner = Exchange.create(vhost, innerDefinition(definition));
  }

  private static ExchangeDefinition innerDefinition(ExchangeDefinition outer) {
    String name = ErlangTerm.stringOrNull(outer.arguments().get(DELAYED_TYPE));
    ExchangeType type = name == null ? null : ExchangeType.of(name);
    if (type == null) {
      throw Refusal.preconditionFailed(
          "Invalid argument, 'x-delayed-type' must be an existing exchange type");
    }
    if (type == ExchangeType.DELAYED_MESSAGE) {
      throw Refusal.preconditionFailed(
          "Invalid argument, 'x-delayed-message' can't be used for 'x-delayed-type'");
    }
    return new ExchangeDefinition(
        outer.name(),
        type,
        outer.durable(),
        outer.autoDelete(),
        outer.internal(),
        outer.arguments());
  }

  /**
   * Milliseconds that a message is to wait; 0 or less for not at all. As in the plugin, the header
   * may be any number, or a string of digits.
   */
  public static long delay(BasicProperties properties) {
    FieldTable headers = properties.headers();
    FieldValue value = headers == null ? null : headers.get(DELAY);
    if (value == null) {
      return 0;
    }
    if (value.isInteger()) {
      return value.asLong();
    }
    if (value instanceof FieldValue.Float64 number) {
      return (long) number.value();
    }
    if (value instanceof FieldValue.Float32 number) {
      return (long) number.value();
    }
    try {
      String digits = ErlangTerm.stringOrNull(value);
      return digits == null ? 0 : Long.parseLong(digits);
    } catch (NumberFormatException noNumber) {
      return 0;
    }
  }

  /** The message as it goes on when its time has come. */
  static Message released(Message message) {
    BasicProperties properties = BasicProperties.trusted(message.properties());
    long negated = -delay(properties);
    FieldValue value =
        negated == (int) negated ? FieldValue.of((int) negated) : FieldValue.of(negated);
    FieldTable headers = properties.headers().toBuilder().put(DELAY, value).build();
    byte[] changed = properties.toBuilder().headers(headers).build().encoded();
    Message released = new Message(message.address(), changed, message.body());
    released.hiddenKeys(message.hiddenKeys());
    released.story(message.story());
    if (message.isDeadLetter()) {
      released.markDeadLetter();
    }
    return released;
  }

  @Override
  public boolean dependsOnKeyOnly() {
    return false;
  }

  @Override
  public boolean looksAtKeys() {
    return inner.looksAtKeys();
  }

  @Override
  public void match(String routingKey, BasicProperties properties, Matches into) {
    if (delay(properties) > 0) {
      into.keep(this);
    } else {
      inner.match(routingKey, properties, into);
    }
  }

  /** What waits here. */
  public DelayedMessages messages() {
    return messages;
  }

  // ---- keeping

  @Override
  public void created(VirtualHost vhost) {
    messages = DelayedMessages.create(this, vhost);
  }

  @Override
  public void recovered(VirtualHost vhost, long log, MessageStore.Log found) {
    messages = DelayedMessages.recovered(this, vhost, log, found);
  }

  @Override
  public void start() {
    messages.start();
  }

  @Override
  public long log() {
    return messages.log();
  }

  @Override
  public void keep(Message message, VirtualHost vhost) {
    messages.add(message, delay(BasicProperties.trusted(message.properties())));
  }

  @Override
  public void bound(Binding binding, VirtualHost vhost) {
    if (inner instanceof Keeper keeper) {
      keeper.bound(binding, vhost);
    }
  }

  @Override
  public void dropKept(VirtualHost vhost) {
    messages.remove();
    if (inner instanceof Keeper keeper) {
      keeper.dropKept(vhost);
    }
  }

  @Override
  public boolean holds() {
    return true;
  }

  // ---- bindings

  @Override
  void validate(Binding binding) {
    inner.validate(binding);
  }

  @Override
  void added(Binding binding) {
    inner.share(this);
    inner.added(binding);
  }

  @Override
  void removed(Binding binding) {
    inner.share(this);
    inner.removed(binding);
  }
}
