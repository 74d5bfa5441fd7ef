package io.harveymq.management.dev;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.recording.RecordedMessage;
import io.harveymq.broker.recording.Recording;
import io.harveymq.management.Node;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What of a recording the user of a request may see: of a queue everything, if he may read it; else
 * the messages that AMQP would give from the exchanges that he may read. Stateless; any thread.
 */
final class ReadableRecording {
  private ReadableRecording() {}

  /**
   * A recording with messages of it that the user may see.
   *
   * @param hidden places, among those that were asked for, of the others, ascending
   */
  record Part(Recording recording, List<RecordedMessage> messages, List<Integer> hidden) {}

  /**
   * Checks the right to record and to look into what was recorded; of a whole virtual host nothing
   * is asked here.
   *
   * @param exchange null for none
   * @param queue null for none
   */
  static CompletionStage<Void> require(
      Node node, ApiRequest request, String exchange, String queue) {
    if (queue != null) {
      return Readable.requireQueue(node, request, queue);
    }
    return exchange == null
        ? CompletableFuture.completedFuture(null)
        : Rights.require(Rights.ofExchange(request, request.vhost(), AccessRight.READ, exchange));
  }

  /**
   * Some messages of a recording of the request's virtual host, without those that the user may not
   * see.
   *
   * @return completed exceptionally with an ApiException 404 when it is not there, 401 when the
   *     user may not look into it
   */
  static CompletionStage<Part> of(Node node, ApiRequest request, long id, int from, int most) {
    return node.broker()
        .recordings()
        .submit(
            request.vhost(),
            all -> {
              Recording recording = all.recording(id);
              return recording == null
                  ? null
                  : new Part(recording, all.messages(id, from, most), List.of());
            })
        .thenComposeAsync(
            part -> {
              if (part == null) {
                throw ApiException.notFound();
              }
              String queue = part.recording.rule().queue();
              return require(node, request, part.recording.rule().exchange(), queue)
                  .thenCompose(
                      may ->
                          queue == null
                              ? visible(node, request, part)
                              : CompletableFuture.completedFuture(part));
            },
            node.answers());
  }

  private static CompletionStage<Part> visible(Node node, ApiRequest request, Part part) {
    Map<String, List<RecordedMessage>> byExchange =
        part.messages.stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.content().exchange(), LinkedHashMap::new, Collectors.toList()));
    Set<RecordedMessage> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (Map.Entry<String, List<RecordedMessage>> of : byExchange.entrySet()) {
      all =
          all.thenCompose(
                  before ->
                      Rights.ofExchange(request, request.vhost(), AccessRight.READ, of.getKey()))
              .thenCompose(
                  may ->
                      may
                          ? Readable.of(
                              node,
                              request,
                              request.vhost(),
                              of.getKey(),
                              RecordedMessage::content,
                              of.getValue())
                          : CompletableFuture.completedFuture(List.<RecordedMessage>of()))
              .thenAccept(seen::addAll);
    }
    return all.thenApply(
        done -> {
          List<RecordedMessage> some = part.messages.stream().filter(seen::contains).toList();
          List<Integer> hidden =
              IntStream.range(0, part.messages.size())
                  .filter(i -> !seen.contains(part.messages.get(i)))
                  .boxed()
                  .toList();
          return new Part(part.recording, some, hidden);
        });
  }
}
