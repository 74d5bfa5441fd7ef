package io.harveymq.broker.inspect;

import io.harveymq.broker.queue.RecentKeys;
import io.harveymq.broker.vhost.DeletedObjects;
import io.harveymq.broker.vhost.DroppedMessages;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Shows what is remembered of what happened lately, as {@link Inspection} does. Any thread. */
public final class Lately {
  private final Inspection inspection;

  Lately(Inspection inspection) {
    this.inspection = inspection;
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
