package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.BindingInfo;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Listing;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.BindingJson;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** {@code /api/bindings}. Owned by the HTTP server's event loop. */
public final class BindingsResource {
  private static final Listing<BindingInfo> LISTING =
      new Listing<>(BindingInfo::routingKey, BindingJson::of).usually(BindingJson.ORDER);

  private static final String PAIR = "/bindings/:vhost/e/:source/:dtype/:destination";

  private final Node node;

  public BindingsResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/bindings", Right.MANAGEMENT, r -> list(r, r.visibleVhosts(), any -> true));
    routes.get("/bindings/:vhost", Right.VHOST, r -> list(r, r.vhost()::equals, any -> true));
    routes.get(PAIR, Right.VHOST, r -> list(r, r.vhost()::equals, between(r)));
    routes.post(PAIR, Right.VHOST, this::bind);
    routes.get(PAIR + "/:props", Right.VHOST, this::one);
    routes.delete(PAIR + "/:props", Right.VHOST, this::unbind);
    routes.get("/queues/:vhost/:queue/bindings", Right.VHOST, this::ofQueue);
    String exchange = "/exchanges/:vhost/:exchange/bindings/";
    routes.get(exchange + "source", Right.VHOST, r -> ofExchange(r, this::isFrom));
    routes.get(exchange + "destination", Right.VHOST, r -> ofExchange(r, this::isToExchange));
  }

  private interface End {
    boolean isAt(BindingInfo binding, String exchange);
  }

  private boolean isFrom(BindingInfo binding, String exchange) {
    return binding.source().equals(exchange);
  }

  private boolean isToExchange(BindingInfo binding, String exchange) {
    return !binding.toQueue() && binding.destination().equals(exchange);
  }

  private CompletionStage<Answer> ofExchange(ApiRequest request, End end) {
    String exchange = ExchangesResource.nameOf(request.path("exchange"));
    return list(request, request.vhost()::equals, binding -> end.isAt(binding, exchange));
  }

  private CompletionStage<Answer> ofQueue(ApiRequest request) {
    String queue = request.path("queue");
    return list(
        request,
        request.vhost()::equals,
        binding -> binding.toQueue() && binding.destination().equals(queue));
  }

  private CompletionStage<Answer> list(
      ApiRequest request, Predicate<String> vhosts, Predicate<BindingInfo> chosen) {
    return node.inspection()
        .bindings(vhosts)
        .thenApply(all -> LISTING.answer(request, all.stream().filter(chosen).toList(), false));
  }

  /** Those that the path speaks of. */
  private static Predicate<BindingInfo> between(ApiRequest request) {
    boolean toQueue = isToQueue(request);
    String source = ExchangesResource.nameOf(request.path("source"));
    String destination = destination(request);
    return binding ->
        binding.toQueue() == toQueue
            && binding.source().equals(source)
            && binding.destination().equals(destination);
  }

  private static boolean isToQueue(ApiRequest request) {
    return switch (request.path("dtype")) {
      case "q" -> true;
      case "e" -> false;
      default -> throw ApiException.notFound();
    };
  }

  private static String destination(ApiRequest request) {
    String name = request.path("destination");
    return isToQueue(request) ? name : ExchangesResource.nameOf(name);
  }

  private CompletionStage<BindingInfo> named(ApiRequest request) {
    Predicate<BindingInfo> between = between(request);
    return node.inspection()
        .bindings(request.vhost()::equals)
        .thenApply(
            all -> {
              List<BindingInfo> chosen = all.stream().filter(between).toList();
              BindingInfo found = BindingJson.find(chosen, request.path("props"));
              if (found == null) {
                throw ApiException.notFound();
              }
              return found;
            });
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    return named(request)
        .thenApply(found -> Answer.of(Listing.columns(request, BindingJson.of(found))));
  }

  private CompletionStage<Answer> bind(ApiRequest request) {
    ObjectNode body = request.body();
    BindingInfo binding =
        new BindingInfo(
            request.vhost(),
            ExchangesResource.nameOf(request.path("source")),
            destination(request),
            isToQueue(request),
            ApiRequest.text(body, "routing_key", ""),
            ApiRequest.table(body, "arguments"));
    String location =
        BindingJson.quoted(request.path("destination"))
            + "/"
            + BindingJson.quoted(BindingJson.propertiesKey(binding)).replace("%7E", "~");
    return carryOut(request, bindMethod(binding))
        .thenApply(done -> Answer.created().with("location", location));
  }

  private CompletionStage<Answer> unbind(ApiRequest request) {
    return named(request)
        .thenCompose(found -> carryOut(request, unbindMethod(found)))
        .thenApply(done -> Answer.noContent());
  }

  private CompletionStage<Method> carryOut(ApiRequest request, Method method) {
    return node.commands().carryOut(request.actor(), request.vhost(), method);
  }

  private static Method bindMethod(BindingInfo binding) {
    String key = binding.routingKey();
    FieldTable arguments = binding.arguments();
    return binding.toQueue()
        ? new QueueMethod.Bind(binding.destination(), binding.source(), key, false, arguments)
        : new ExchangeMethod.Bind(binding.destination(), binding.source(), key, false, arguments);
  }

  private static Method unbindMethod(BindingInfo binding) {
    String key = binding.routingKey();
    FieldTable arguments = binding.arguments();
    return binding.toQueue()
        ? new QueueMethod.Unbind(binding.destination(), binding.source(), key, arguments)
        : new ExchangeMethod.Unbind(binding.destination(), binding.source(), key, false, arguments);
  }
}
