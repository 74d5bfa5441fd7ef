package io.harveymq.broker.inspect;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.queue.RecentKeys;
import io.harveymq.broker.vhost.DeletedObjects;
import io.harveymq.broker.vhost.DroppedMessages;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.Content;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Shows what is remembered of what happened lately, as {@link Inspection} does. Any thread. */
public final class Lately {
  private final Inspection inspection;
  private final Node node;
  private final Inspector inspector;

  Lately(Inspection inspection, Node node, Inspector inspector) {
    this.inspection = inspection;
    this.node = node;
    this.inspector = inspector;
  }

  /**
   * What one exchange dropped; null for nothing.
   *
   * @param exchange empty for the default exchange
   * @return completed exceptionally with a ChannelException 404 when there is no such exchange
   */
  public CompletionStage<DroppedMessages.Loss> dropped(String vhost, String exchange) {
    return inspection.ask(
        () -> {
          VirtualHost found = inspection.vhostOf(vhost);
          found.exchange(exchange);
          return CompletableFuture.completedFuture(found.dropped().of(exchange));
        });
  }

  /**
   * What an exchange dropped and would drop again.
   *
   * @return with those of the kept messages that no queue would take now; null when each would be
   *     taken, when the exchange is gone, and when none is kept and something is bound to it
   */
  public CompletionStage<DroppedMessages.Loss> stillLost(String vhost, DroppedMessages.Loss loss) {
    return inspection.ask(
        () -> {
          VirtualHost found = node.vhostOrNull(vhost);
          Exchange exchange = found == null ? null : found.exchangeOrNull(loss.exchange());
          if (exchange == null) {
            return CompletableFuture.completedFuture(null);
          }
          if (loss.kept().isEmpty()) {
            boolean unbound =
                !exchange.name().isEmpty()
                    && exchange.bindingCount() == 0
                    && exchange.alternateExchange() == null;
            return CompletableFuture.completedFuture(unbound ? loss : null);
          }
          return inspector
              .collect(loss.kept(), dropped -> isLost(found, exchange, dropped) ? dropped : null)
              .thenApply(lost -> lost.isEmpty() ? null : loss.keeping(lost));
        });
  }

  private static boolean isLost(
      VirtualHost vhost, Exchange exchange, DroppedMessages.Dropped dropped) {
    Content message = dropped.message();
    return vhost.router().route(exchange, message.routingKey(), message.properties()).isEmpty();
  }

  /**
   * What messages came into a queue with.
   *
   * @return completed exceptionally with a ChannelException 404 when there is no such queue
   */
  public CompletionStage<List<RecentKeys.Seen>> keys(String vhost, String queue) {
    return inspection.ask(
        () -> {
          VirtualHost found = inspection.vhostOf(vhost);
          long ahead = found.home().ahead();
          return CompletableFuture.completedFuture(found.queue(queue).recentKeys().all(ahead));
        });
  }

  /**
   * The queues and exchanges of a virtual host that went, the last one first.
   *
   * @return completed exceptionally with a ChannelException 404 when there is no such virtual host
   */
  public CompletionStage<List<DeletedObjects.Deleted>> deleted(String vhost) {
    return inspection.ask(
        () -> CompletableFuture.completedFuture(inspection.vhostOf(vhost).deleted().all()));
  }
}
