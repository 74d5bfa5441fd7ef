package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.policy.EffectivePolicy;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.codec.AmqpException;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.harveymq.codec.ReplyCode;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /api/dev/declare/check}: whether a declaration would be refused and why, what would
 * be missing for it, and which of its arguments a policy sets, too. Nothing is declared. Owned by
 * the HTTP server's event loop.
 */
public final class DeclareCheckResource {
  private final Node node;

  public DeclareCheckResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoint. */
  public void addTo(ApiRoutes routes) {
    routes.post("/dev/declare/check", Right.MANAGEMENT, this::check);
  }

  private CompletionStage<Answer> check(ApiRequest request) {
    ObjectNode body = request.body();
    ApiRequest.require(body, "kind", "name");
    String vhost = ApiRequest.text(body, "vhost", "/");
    if (!request.visibleVhosts().test(vhost)) {
      throw ApiException.notAuthorised("User not authorised to access virtual host");
    }
    if (node.access().rules().vhost(vhost) == null) {
      throw new ChannelException(ReplyCode.NOT_FOUND, "no vhost '" + vhost + "'");
    }
    FieldTable arguments = ApiRequest.table(body, "arguments");
    Method declaration = declaration(body, arguments);
    return node.commands()
        .check(request.user(), vhost, declaration)
        .handle((done, failure) -> verdict(failure))
        .thenCombine(
            node.inspection().exchanges(vhost::equals),
            (verdict, exchanges) -> {
              ArrayNode warnings = verdict.putArray("warnings");
              String named = named(arguments);
              if (named != null
                  && exchanges.stream().noneMatch(one -> one.definition().name().equals(named))) {
                warnings.add("there is no exchange '" + named + "' yet");
              }
              return verdict;
            })
        .thenCompose(verdict -> withPolicies(verdict, request, vhost, declaration))
        .thenApply(Answer::of);
  }

  /** Adds what policies say of the name, and the type of a queue: what depends on the type. */
  private CompletionStage<ObjectNode> withPolicies(
      ObjectNode verdict, ApiRequest request, String vhost, Method declaration) {
    if (declaration instanceof QueueMethod.Declare queue) {
      return node.commands()
          .argumentsOf(request.user(), vhost, queue)
          .exceptionally(gone -> queue.arguments())
          .thenCompose(
              arguments -> {
                QueueType type = PolicyOverrides.typeOf(arguments);
                verdict.put("type", type.protocolName());
                return with(
                    verdict,
                    arguments,
                    node.broker().policies().submitOfQueue(vhost, queue.queue(), type));
              });
    }
    ExchangeMethod.Declare exchange = (ExchangeMethod.Declare) declaration;
    return with(
        verdict,
        exchange.arguments(),
        node.broker().policies().submitOfExchange(vhost, exchange.exchange()));
  }

  /** There is no policy in a virtual host that has gone. */
  private static CompletionStage<ObjectNode> with(
      ObjectNode verdict, FieldTable arguments, CompletionStage<EffectivePolicy> policy) {
    return policy
        .exceptionally(gone -> EffectivePolicy.NONE)
        .thenApply(found -> verdict.set("policies", PolicyOverrides.of(arguments, found)));
  }

  private static Method declaration(ObjectNode body, FieldTable arguments) {
    String name = ApiRequest.text(body, "name", "");
    boolean durable = ApiRequest.bool(body, "durable", false);
    boolean autoDelete = ApiRequest.bool(body, "auto_delete", false);
    return switch (ApiRequest.text(body, "kind", "")) {
      case "queue" ->
          new QueueMethod.Declare(name, false, durable, false, autoDelete, false, arguments);
      case "exchange" ->
          new ExchangeMethod.Declare(
              name,
              ApiRequest.text(body, "type", "direct"),
              false,
              durable,
              autoDelete,
              ApiRequest.bool(body, "internal", false),
              false,
              arguments);
      default -> throw ApiException.badRequest("unknown kind; use queue or exchange");
    };
  }

  /** The exchange that arguments send messages to; null for none. */
  private static String named(FieldTable arguments) {
    for (String argument : new String[] {"x-dead-letter-exchange", "alternate-exchange"}) {
      if (arguments.get(argument) instanceof FieldValue.LongString name) {
        return name.asString();
      }
    }
    return null;
  }

  private static ObjectNode verdict(Throwable failure) {
    ObjectNode verdict = Json.object();
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause != null && !(cause instanceof AmqpException)) {
      throw new CompletionException(cause);
    }
    verdict.put("ok", cause == null);
    if (cause instanceof AmqpException refusal) {
      verdict.put("reason", refusal.replyCode().code() + " " + refusal.replyText());
    }
    if (cause instanceof ChannelException refusal) {
      var differences = Inequivalence.all(refusal.replyText(), refusal.besides());
      if (!differences.isEmpty()) {
        ArrayNode told = verdict.putArray("differences");
        differences.forEach(difference -> told.add(difference.json()));
      }
    }
    return verdict;
  }
}
