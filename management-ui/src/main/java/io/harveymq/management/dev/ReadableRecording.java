package io.harveymq.management.dev;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.recording.RecordedMessage;
import io.harveymq.broker.recording.Recording;
import io.harveymq.management.Node;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.Right;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
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
              List<RecordedMessage> own =
                  part.messages.stream().filter(one -> mayBeOf(request, one)).toList();
              return require(node, request, part.recording.rule().exchange(), queue)
                  .thenCompose(
                      may ->
                          queue == null
                              ? ofExchanges(node, request, own)
                              : CompletableFuture.completedFuture(own))
                  .thenApply(seen -> visible(part, seen));
            },
            node.answers());
  }

  /** Whether it did not go to the exclusive queue of somebody else. */
  private static boolean mayBeOf(ApiRequest request, RecordedMessage message) {
    RecordedMessage.Guard guard = message.guard();
    return guard == null
        || guard.owner() == null
        || request.actor() == null
        || request.owns(guard.owner(), Right.ADMINISTRATOR);
  }

  /** Those that the user may see by his rights to read from exchanges. */
  private static CompletionStage<List<RecordedMessage>> ofExchanges(
      Node node, ApiRequest request, List<RecordedMessage> messages) {
    Map<String, List<RecordedMessage>> byExchange =
        messages.stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.content().exchange(), LinkedHashMap::new, Collectors.toList()));
    List<RecordedMessage> seen = new ArrayList<>();
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (Map.Entry<String, List<RecordedMessage>> of : byExchange.entrySet()) {
      String exchange = of.getKey();
      all =
          all.thenCompose(
                  before -> Rights.ofExchange(request, request.vhost(), AccessRight.READ, exchange))
              .thenCompose(
                  may ->
                      may
                          ? ofExchange(node, request, exchange, of.getValue())
                          : CompletableFuture.completedFuture(List.<RecordedMessage>of()))
              .thenAccept(seen::addAll);
    }
    return all.thenApply(done -> seen);
  }

  /** By what the exchange is now, and by what it was. */
  private static CompletionStage<List<RecordedMessage>> ofExchange(
      Node node, ApiRequest request, String exchange, List<RecordedMessage> messages) {
    String vhost = request.vhost();
    Set<String> topics = new HashSet<>();
    messages.stream()
        .filter(ReadableRecording::wasTopic)
        .forEach(one -> topics.add(one.content().routingKey()));
    return Readable.of(node, request, vhost, exchange, RecordedMessage::content, messages)
        .thenCompose(
            now ->
                request.actor() == null || topics.isEmpty()
                    ? CompletableFuture.completedFuture(now)
                    : Readable.topics(request, vhost, exchange, topics)
                        .thenApply(
                            allowed ->
                                now.stream()
                                    .filter(
                                        one ->
                                            !wasTopic(one)
                                                || allowed.contains(one.content().routingKey()))
                                    .toList()));
  }

  private static boolean wasTopic(RecordedMessage message) {
    return message.guard() != null && message.guard().topic();
  }

  private static Part visible(Part part, List<RecordedMessage> allowed) {
    Set<RecordedMessage> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    seen.addAll(allowed);
    List<RecordedMessage> some = part.messages.stream().filter(seen::contains).toList();
    List<Integer> hidden =
        IntStream.range(0, part.messages.size())
            .filter(i -> !seen.contains(part.messages.get(i)))
            .boxed()
            .toList();
    return new Part(part.recording, some, hidden);
  }
}
