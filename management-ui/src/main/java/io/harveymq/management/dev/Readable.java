package io.harveymq.management.dev;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.vhost.ReplyQueues;
import io.harveymq.codec.Content;
import io.harveymq.management.Node;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.Right;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Which messages may be shown to the user of a request: those that AMQP would give. Stateless; any
 * thread.
 */
final class Readable {
  private Readable() {}

  /**
   * Checks the right to look into a queue of the request's virtual host.
   *
   * @return completed exceptionally with an ApiException 401 without it
   */
  static CompletionStage<Void> requireQueue(Node node, ApiRequest request, String queue) {
    return Rights.require(Rights.ofQueue(request, request.vhost(), AccessRight.READ, queue))
        .thenCompose(may -> requireOwner(node, request, queue));
  }

  /**
   * Messages of an exclusive queue nobody but its connection gets from RabbitMQ; here its user
   * looks at them, and administrators.
   *
   * @return completed exceptionally with an ApiException 401 for others
   */
  static CompletionStage<Void> requireOwner(Node node, ApiRequest request, String queue) {
    return node.inspection()
        .exclusive(request.vhost(), List.of(queue))
        .thenAccept(
            users -> {
              if (users.containsKey(queue)) {
                request.requireOwner(users.get(queue), Right.ADMINISTRATOR);
              }
            });
  }

  /**
   * Those messages of an exchange that the user may see, who may read from it: of a topic exchange
   * those whose keys the topic permissions allow, of the default exchange those to queues that the
   * user may look into.
   *
   * @param exchange empty for the default exchange
   */
  static <T> CompletionStage<List<T>> of(
      Node node,
      ApiRequest request,
      String vhost,
      String exchange,
      Function<T, Content> content,
      List<T> all) {
    if (request.actor() == null || all.isEmpty()) {
      return CompletableFuture.completedFuture(all);
    }
    Set<String> keys = new HashSet<>();
    all.forEach(one -> keys.add(content.apply(one).routingKey()));
    CompletionStage<Set<String>> allowed =
        exchange.isEmpty()
            ? queues(node, request, vhost, keys)
            : topics(node, request, vhost, exchange, keys);
    return allowed.thenApply(
        some ->
            all.stream().filter(one -> some.contains(content.apply(one).routingKey())).toList());
  }

  /** Keys of the default exchange, which name queues; a reply goes to its connection only. */
  private static CompletionStage<Set<String>> queues(
      Node node, ApiRequest request, String vhost, Set<String> keys) {
    return node.inspection()
        .exclusive(vhost, keys)
        .thenCompose(
            users -> {
              keys.removeIf(
                  key ->
                      (users.containsKey(key) || ReplyQueues.isReplyKey(key))
                          && !request.owns(users.get(key), Right.ADMINISTRATOR));
              return allowed(keys, key -> Rights.ofQueue(request, vhost, AccessRight.READ, key));
            });
  }

  private static CompletionStage<Set<String>> topics(
      Node node, ApiRequest request, String vhost, String exchange, Set<String> keys) {
    return node.inspection()
        .exchange(vhost, exchange)
        .thenCompose(
            info -> {
              if (info == null) {
                return CompletableFuture.completedFuture(Set.of());
              }
              if (info.definition().type() != ExchangeType.TOPIC) {
                return CompletableFuture.completedFuture(keys);
              }
              return topics(request, vhost, exchange, keys);
            });
  }

  /** Those keys of an exchange that topic permissions allow the user to read. */
  static CompletionStage<Set<String>> topics(
      ApiRequest request, String vhost, String exchange, Set<String> keys) {
    return allowed(keys, key -> Rights.ofTopic(request, vhost, exchange, key));
  }

  private static CompletionStage<Set<String>> allowed(
      Set<String> keys, Function<String, CompletionStage<Boolean>> question) {
    Set<String> allowed = new HashSet<>();
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (String key : keys) {
      all =
          all.thenCompose(before -> question.apply(key))
              .thenAccept(
                  may -> {
                    if (may) {
                      allowed.add(key);
                    }
                  });
    }
    return all.thenApply(done -> allowed);
  }
}
