package io.harveymq.management.dev;

import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.management.Node;
import io.harveymq.management.demo.DemoShop;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code /api/dev/demo}: a small shop to look at, started and removed. Nothing of it is loaded
 * before it is asked for. Owned by the HTTP server's event loop.
 */
public final class DemoResource {
  private final Node node;
  private DemoShop shop;

  /** The last start or removal, each of which waits for the one before, however that ends. */
  private Future<Void> latest = Future.succeededFuture();

  public DemoResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/dev/demo", Right.ADMINISTRATOR, this::show);
    routes.put("/dev/demo", Right.ADMINISTRATOR, this::start);
    routes.delete("/dev/demo", Right.ADMINISTRATOR, this::remove);
  }

  private CompletionStage<Answer> show(ApiRequest request) {
    Answer answer =
        Answer.of(Json.object().put("state", state(request.rules())).put("vhost", DemoShop.VHOST));
    return CompletableFuture.completedFuture(answer);
  }

  private String state(AccessRules rules) {
    if (DemoShop.inTheWay(rules) != null) {
      return "taken";
    }
    if (shop != null && shop.isOpen()) {
      return latest.succeeded() ? "running" : "starting";
    }
    return DemoShop.isLeft(rules) ? "left" : "off";
  }

  private CompletionStage<Answer> start(ApiRequest request) {
    refuseIfTaken(request.rules());
    boolean isNew = shop == null || !shop.isOpen();
    if (isNew) {
      DemoShop fresh = new DemoShop(request.context().vertx(), node);
      shop = fresh;
      latest = latest.transform(before -> open(fresh, request));
    }
    return latest.map(Answer.put(isNew)).toCompletionStage();
  }

  private Future<Void> open(DemoShop fresh, ApiRequest request) {
    boolean wasThere = node.access().vhost(DemoShop.VHOST) != null;
    return fresh
        .open(request.actorName())
        .recover(
            failure ->
                (wasThere
                        ? Future.<Void>succeededFuture()
                        : DemoShop.remove(request.context().vertx(), node))
                    .transform(
                        removed -> {
                          refuseIfTaken(node.access().rules());
                          return Future.failedFuture(notStarted(failure));
                        }));
  }

  private static ApiException notStarted(Throwable failure) {
    return ApiException.of(
        503, "service_unavailable", "The demo did not start: " + failure.getMessage());
  }

  private CompletionStage<Answer> remove(ApiRequest request) {
    refuseIfTaken(request.rules());
    VirtualHostDefinition vhost = request.rules().vhost(DemoShop.VHOST);
    boolean runs = shop != null && shop.isOpen();
    if (!DemoShop.isLeft(request.rules()) && !runs) {
      throw ApiException.notFound();
    }
    if (vhost != null && vhost.protectedFromDeletion()) {
      throw ApiException.of(
          412, "precondition_failed", "Virtual host 'demo' is protected from deletion");
    }
    Future<Void> ended = runs ? shop.close() : Future.succeededFuture();
    shop = null;
    Future<Void> before = latest;
    latest =
        ended
            .transform(closed -> before)
            .transform(over -> DemoShop.remove(request.context().vertx(), node));
    return latest.map(Answer.noContent()).toCompletionStage();
  }

  /** What others made is left alone. */
  private static void refuseIfTaken(AccessRules rules) {
    String other = DemoShop.inTheWay(rules);
    if (other != null) {
      throw ApiException.of(
          409,
          "conflict",
          "The demo did not make " + other + " and leaves it alone; delete it first");
    }
  }
}
