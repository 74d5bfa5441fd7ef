package io.harveymq.management.dev;

import io.harveymq.broker.Broker;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.inspect.ConnectionInfo;
import io.harveymq.broker.node.Refusals;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.vhost.DroppedMessages;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * {@code GET /api/dev/findings}: what needs attention, the worst first; with {@code vhost}, in that
 * virtual host. Who may see an object is told of it. Owned by the HTTP server's event loop.
 */
public final class FindingsResource {
  private static final long REFUSED_MILLIS = 60_000;
  private static final int MOST_EXCHANGES = 20;

  private final Node node;

  public FindingsResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoint. */
  public void addTo(ApiRoutes routes) {
    routes.get("/dev/findings", Right.MANAGEMENT, this::find);
  }

  private CompletionStage<Answer> find(ApiRequest request) {
    String only = request.query("vhost");
    Predicate<String> vhosts = request.visibleVhosts();
    if (only != null && !only.isEmpty()) {
      request.require(Right.VHOST, only);
      vhosts = only::equals;
    }
    return find(request, vhosts);
  }

  private CompletionStage<Answer> find(ApiRequest request, Predicate<String> vhosts) {
    long now = node.broker().config().clock().millis();
    boolean administrator = request.has(Right.ADMINISTRATOR);
    Findings findings = new Findings(now, administrator);
    LimitFindings limits = new LimitFindings(administrator);
    findings.node(node.name(), node.broker().alarms());
    if (!node.broker().app().isRunning()) {
      findings.stopped(node.name());
    }
    var inspection = node.inspection();
    return inspection
        .busyQueues(vhosts)
        .thenAccept(busy -> findings.queues(busy, request::mayWatch))
        .thenCompose(done -> inspection.dropped(vhosts))
        .thenCompose(lost -> dropping(request, findings, lost))
        .thenCompose(done -> inspection.connections())
        .thenAccept(
            all -> {
              findings.add(nearLimits(request, limits, all));
              findings.connections(shown(request, vhosts, all));
              findings.refusals(refusals(request, vhosts, now));
            })
        .thenCompose(done -> inspection.channels())
        .thenAccept(
            all -> findings.channels(all.stream().filter(one -> vhosts.test(one.vhost())).toList()))
        .thenCompose(done -> inspection.vhosts(vhosts.and(this::isLimited)))
        .thenAccept(all -> findings.add(limits.vhosts(all)))
        .thenCompose(done -> inspection.totals(vhosts))
        .thenApply(
            totals -> {
              findings.connectionRate(totals.figures().rate(Counter.CONNECTION_CREATED));
              return Answer.of(findings.json());
            });
  }

  /** Whoever monitors is told of the broker, and each of what is the own. */
  private List<Finding> nearLimits(
      ApiRequest request, LimitFindings limits, List<ConnectionInfo> connections) {
    List<Finding> found = new ArrayList<>();
    if (request.has(Right.MONITORING)) {
      Broker broker = node.broker();
      found.addAll(
          limits.broker(
              node.name(), broker.config().limits(), connections.size(), broker.connectionCount()));
    }
    found.addAll(limits.users(node.access().users(), request::mayWatch, connections));
    return found;
  }

  private boolean isLimited(String vhost) {
    VirtualHostDefinition definition = node.access().rules().vhost(vhost);
    return definition != null && !definition.limits().isEmpty();
  }

  private static List<ConnectionInfo> shown(
      ApiRequest request, Predicate<String> vhosts, List<ConnectionInfo> all) {
    return all.stream()
        .filter(one -> vhosts.test(one.vhost()) && request.mayWatch(one.user()))
        .toList();
  }

  /** Who monitors sees those of everybody; before there is a virtual host, those of all. */
  private List<Refusals.Refusal> refusals(ApiRequest request, Predicate<String> vhosts, long now) {
    return node.inspection().refusals(now - REFUSED_MILLIS).stream()
        .filter(one -> one.vhost() == null || vhosts.test(one.vhost()))
        .filter(
            one ->
                one.user() == null || one.vhost() == null
                    ? request.has(Right.MONITORING)
                    : request.mayWatch(one.user()))
        .toList();
  }

  private record Lost(String vhost, DroppedMessages.Loss loss) {}

  private CompletionStage<Void> dropping(
      ApiRequest request, Findings findings, Map<String, List<DroppedMessages.Loss>> lost) {
    List<Lost> told = new ArrayList<>();
    lost.forEach(
        (vhost, losses) ->
            losses.stream()
                .filter(findings::isTold)
                .forEach(loss -> told.add(new Lost(vhost, loss))));
    told.sort(Comparator.comparing(one -> -one.loss.last()));
    CompletionStage<Void> done = CompletableFuture.completedFuture(null);
    for (Lost one : told.subList(0, Math.min(told.size(), MOST_EXCHANGES))) {
      done = done.thenCompose(before -> dropping(request, findings, one));
    }
    return done;
  }

  /** What was lost and would not be lost again needs nobody's attention. */
  private CompletionStage<Void> dropping(ApiRequest request, Findings findings, Lost one) {
    String vhost = one.vhost;
    return node.inspection()
        .lately()
        .stillLost(vhost, one.loss)
        .thenCompose(
            loss ->
                loss == null
                    ? CompletableFuture.<Void>completedFuture(null)
                    : visible(request, vhost, loss)
                        .thenCombine(
                            node.inspection().exchange(vhost, loss.exchange()),
                            (seen, exchange) -> {
                              if (exchange != null) {
                                findings.dropping(exchange, seen);
                              }
                              return null;
                            }));
  }

  /** Keys are named of messages that the user may see. */
  private CompletionStage<DroppedMessages.Loss> visible(
      ApiRequest request, String vhost, DroppedMessages.Loss loss) {
    return Rights.ofExchange(request, vhost, AccessRight.READ, loss.exchange())
        .thenCompose(
            may ->
                may
                    ? Readable.of(
                        node,
                        request,
                        vhost,
                        loss.exchange(),
                        DroppedMessages.Dropped::message,
                        loss.kept())
                    : CompletableFuture.completedFuture(List.of()))
        .thenApply(loss::keeping);
  }
}
