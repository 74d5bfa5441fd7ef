package io.harveymq.management.dev;

import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.auth.Identity;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the user of a request may do with queues and exchanges. Stateless. */
final class Rights {
  private Rights() {}

  /** Asks about a queue. */
  static CompletionStage<Boolean> ofQueue(
      ApiRequest request, String vhost, AccessRight right, String name) {
    return may(
        request, new AccessQuestion.Resource(vhost, AccessQuestion.Resource.QUEUE, name, right));
  }

  /**
   * Asks about an exchange.
   *
   * @param name empty for the default exchange
   */
  static CompletionStage<Boolean> ofExchange(
      ApiRequest request, String vhost, AccessRight right, String name) {
    String known = name.isEmpty() ? AccessRules.DEFAULT_EXCHANGE : name;
    return may(
        request,
        new AccessQuestion.Resource(vhost, AccessQuestion.Resource.EXCHANGE, known, right));
  }

  /** Asks about reading messages with a routing key from a topic exchange. */
  static CompletionStage<Boolean> ofTopic(
      ApiRequest request, String vhost, String exchange, String routingKey) {
    return may(request, new AccessQuestion.Topic(vhost, exchange, AccessRight.READ, routingKey));
  }

  /** The broker itself, which command line tools act for, may look at everything. */
  private static CompletionStage<Boolean> may(ApiRequest request, AccessQuestion question) {
    Identity actor = request.actor();
    return actor == null
        ? CompletableFuture.completedFuture(true)
        : actor.may(question).thenApply(Decision::isAllowed);
  }

  /**
   * Looking at messages needs the right that taking them would need.
   *
   * @param may the answer about it
   * @return completed exceptionally with an {@link ApiException} 401 without it
   */
  static CompletionStage<Void> require(CompletionStage<Boolean> may) {
    return may.thenAccept(
        allowed -> {
          if (!allowed) {
            throw ApiException.notAuthorised("Access refused.");
          }
        });
  }
}
