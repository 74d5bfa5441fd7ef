package io.harveymq.broker.inspect;

import io.harveymq.broker.channel.DirectDelayed;
import io.harveymq.broker.exchange.DelayedMessage;
import io.harveymq.broker.exchange.DelayedMessages;
import io.harveymq.broker.store.StoredMessage;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ReplyCode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Shows what waits in delayed exchanges, as {@link Inspection} does. Any thread. */
public final class DelayedInspection {
  private static final long SECOND = 1_000;

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
          long ahead = ahead(vhost);
          return CompletableFuture.completedFuture(
              new DelayedInfo.Page(
                  all.count(),
                  all.until(),
                  all.some(offset, limit).stream()
                      .map(one -> DelayedInfo.of(all.id(one), one, one.message(), ahead))
                      .toList()));
        });
  }

  /**
   * Some of them in full, to be looked through.
   *
   * @param after the id of the one that comes before, which need not wait any more; null for the
   *     first one
   * @param count how many at most; fewer when they are large
   * @return completed exceptionally as {@link #page} is, and with a ChannelException 406 when the
   *     id names none of this exchange as it is now
   */
  public CompletionStage<DelayedInfo.Part> part(
      String vhost, String exchange, String after, int count) {
    return inspection.ask(
        () -> {
          DelayedMessages all = DirectDelayed.messagesOf(inspection.vhostOf(vhost), exchange);
          DelayedMessage place = after == null ? null : all.placeOf(after);
          if (after != null && place == null) {
            throw new ChannelException(
                ReplyCode.PRECONDITION_FAILED,
                "the cursor is none, or of another exchange, or from before a restart");
          }
          return new DelayedLook(all, ahead(vhost), count).from(place);
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
          long ahead = ahead(vhost);
          DelayedMessage one = all.byId(id);
          if (one == null || one.message() != null) {
            return CompletableFuture.completedFuture(
                one == null ? null : DelayedInfo.of(id, one, one.message(), ahead));
          }
          CompletableFuture<DelayedInfo> read = new CompletableFuture<>();
          all.read(one, 1, found -> read.complete(infoOf(id, one, found, ahead)));
          return read;
        });
  }

  /** In whole seconds, so that it is the same for small differences of the two clocks. */
  private long ahead(String vhost) {
    return inspection.vhostOf(vhost).home().ahead() / SECOND * SECOND;
  }

  /** Without content where it is not stored yet. */
  private static DelayedInfo infoOf(
      String id, DelayedMessage one, List<StoredMessage> found, long ahead) {
    boolean isIt = !found.isEmpty() && found.get(0).position() == one.position();
    return DelayedInfo.of(id, one, isIt ? found.get(0).message() : null, ahead);
  }
}
