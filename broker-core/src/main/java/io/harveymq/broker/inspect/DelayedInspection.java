package io.harveymq.broker.inspect;

import io.harveymq.broker.channel.DirectDelayed;
import io.harveymq.broker.exchange.DelayedMessage;
import io.harveymq.broker.exchange.DelayedMessages;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Shows what waits in delayed exchanges, as {@link Inspection} does. Any thread. */
public final class DelayedInspection {
  private final Inspection inspection;

  DelayedInspection(Inspection inspection) {
    this.inspection = inspection;
  }

  /**
   * The messages of a delayed exchange that are due first, without changing anything.
   *
   * @param offset how many before them are left out
   * @return completed exceptionally with a ChannelException 404 when there is no such exchange, 406
   *     when it is no delayed one
   */
  public CompletionStage<DelayedInfo.Page> page(
      String vhost, String exchange, int offset, int limit) {
    return inspection.ask(
        () -> {
          DelayedMessages all = DirectDelayed.messagesOf(inspection.vhostOf(vhost), exchange);
          long now = inspection.vhostOf(vhost).home().now();
          return CompletableFuture.completedFuture(
              new DelayedInfo.Page(
                  all.count(),
                  all.some(offset, limit).stream()
                      .map(one -> DelayedInfo.of(one, one.message(), now))
                      .toList()));
        });
  }

  /**
   * One of them with its content, which is read back from the store if need be.
   *
   * @param id see {@link DelayedInfo}
   * @return null when it does not wait any more
   */
  public CompletionStage<DelayedInfo> one(String vhost, String exchange, String id) {
    return inspection.ask(
        () -> {
          DelayedMessages all = DirectDelayed.messagesOf(inspection.vhostOf(vhost), exchange);
          DelayedMessage one = all.byId(id);
          CompletableFuture<DelayedInfo> found = new CompletableFuture<>();
          if (one == null) {
            found.complete(null);
          } else {
            long now = inspection.vhostOf(vhost).home().now();
            all.content(
                one,
                message ->
                    found.complete(message == null ? null : DelayedInfo.of(one, message, now)));
          }
          return found;
        });
  }
}
