package io.harveymq.broker.exchange;

import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.broker.argument.Refusal;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.ArrayDeque;

/**
 * RabbitMQ's x-recent-history: a fanout that remembers its last messages, 20 unless told otherwise,
 * and gives them to each new binding. They are kept in memory only. Owned by the vhost's home loop.
 */
final class RecentHistoryExchange extends Exchange implements Keeper {
  private static final String LENGTH = "x-recent-history-length";
  private static final String NO_STORE = "x-recent-history-no-store";
  private static final long DEFAULT_LENGTH = 20;

  private final long length;
  private final ArrayDeque<Message> history = new ArrayDeque<>();

  RecentHistoryExchange(String vhost, ExchangeDefinition definition) {
    super(vhost, definition);
    length = length(definition.arguments().get(LENGTH));
  }

  private static long length(FieldValue argument) {
    if (argument == null) {
      return DEFAULT_LENGTH;
    }
    boolean accepted =
        argument instanceof FieldValue.Int8
            || argument instanceof FieldValue.Int16
            || argument instanceof FieldValue.Int32
            || argument instanceof FieldValue.Int64;
    if (!accepted || argument.asLong() <= 0) {
      throw Refusal.preconditionFailed(
          "Invalid argument "
              + ErlangTerm.print(argument)
              + ", 'x-recent-history-length' must be a positive integer");
    }
    return argument.asLong();
  }

  @Override
  public boolean looksAtKeys() {
    return false;
  }

  @Override
  public void match(String routingKey, BasicProperties properties, Matches into) {
    into.keep(this);
    for (Binding binding : bindingSet()) {
      into.add(binding.destination());
    }
  }

  @Override
  public void keep(Message message, VirtualHost vhost) {
    if (BasicProperties.hasHeaders(message.properties())) {
      FieldTable headers = BasicProperties.trusted(message.properties()).headers();
      if (headers.get(NO_STORE) instanceof FieldValue.Bool no && no.value()) {
        return;
      }
    }
    if (history.size() >= length) {
      history.poll().release(vhost.home().memory());
    }
    message.retain(vhost.home().memory());
    history.add(message);
  }

  @Override
  public void bound(Binding binding, VirtualHost vhost) {
    for (Message message : history.toArray(new Message[0])) {
      Message again = message.anew();
      if (binding.destination() instanceof AmqpQueue queue) {
        queue.publish(again);
      } else {
        vhost.publish((Exchange) binding.destination(), again);
      }
    }
  }

  @Override
  public void dropKept(VirtualHost vhost) {
    history.forEach(message -> message.release(vhost.home().memory()));
    history.clear();
  }

  @Override
  public boolean holds() {
    return false;
  }

  @Override
  void added(Binding binding) {}

  @Override
  void removed(Binding binding) {}
}
