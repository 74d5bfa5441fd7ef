package io.harveymq.broker.inspect;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.StreamLook;
import io.harveymq.broker.queue.StreamOffset;
import io.harveymq.broker.queue.StreamQueue;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ReplyCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Shows what streams hold, as {@link Inspection} does. Any thread. */
public final class StreamInspection {
  private final Inspection inspection;

  StreamInspection(Inspection inspection) {
    this.inspection = inspection;
  }

  /**
   * Some messages of a stream, without consuming them, read back from the store where need be.
   *
   * @param now by which ages are told, in milliseconds since the epoch
   */
  public record Page(StreamLook.Part part, long now) {}

  /**
   * Some messages of a stream.
   *
   * @param back from the newer ones to the older
   * @param count of offsets, at most; there are fewer messages when they are large
   * @return completed exceptionally with a ChannelException 404 when there is no such queue, 406
   *     when it is no stream
   */
  public CompletionStage<Page> page(
      String vhost, String queue, StreamOffset from, boolean back, int count) {
    return inspection.ask(
        () -> {
          VirtualHost found = inspection.vhostOf(vhost);
          CompletableFuture<Page> page = new CompletableFuture<>();
          stream(found.queue(queue))
              .look()
              .at(
                  from,
                  back,
                  count,
                  part -> page.complete(new Page(part, found.home().timeOfDay())));
          return page;
        });
  }

  private static StreamQueue stream(AmqpQueue queue) {
    if (queue instanceof StreamQueue stream) {
      return stream;
    }
    throw new ChannelException(
        ReplyCode.PRECONDITION_FAILED, "queue '" + queue.name() + "' is no stream");
  }
}
