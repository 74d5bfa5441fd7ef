package io.harveymq.management.metrics;

import io.harveymq.management.ManagementOptions.Metrics;
import io.harveymq.management.Node;
import io.harveymq.management.http.HttpMemory;
import io.harveymq.management.node.MemoryBreakdown;
import io.harveymq.management.node.NodeFacts;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RabbitMQ's endpoints for Prometheus: {@code /metrics}, {@code /metrics/per-object}, {@code
 * /metrics/detailed} and {@code /metrics/memory-breakdown}, or behind another path, for anybody who
 * can connect. Values are looked up when they are asked for. Owned by the event loop of its HTTP
 * server.
 */
public final class PrometheusEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(PrometheusEndpoint.class);
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4";

  /** Answers that are made at a time, because anybody may ask for them. */
  private static final int MOST_AT_A_TIME = 4;

  private final Vertx vertx;
  private final Node node;
  private final Metrics options;
  private final HttpMemory memory;
  private int making;
  private final PrometheusTextFormatWriter writer =
      PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();

  /**
   * @param vertx whose threads make the answers
   * @param memory what answers take that are not read yet
   */
  public PrometheusEndpoint(Vertx vertx, Node node, Metrics options, HttpMemory memory) {
    this.memory = memory;
    this.vertx = vertx;
    this.node = node;
    this.options = options;
  }

  /** Adds the paths. */
  public void addTo(Router router) {
    String path = options.path();
    router.get(path).handler(options.perObject() ? this::perObject : this::aggregated);
    router.get(path + "/per-object").handler(this::perObject);
    router.get(path + "/detailed").handler(this::detailed);
    router.get(path + "/memory-breakdown").handler(this::memory);
    router
        .route(path + "/*")
        .handler(context -> context.response().setStatusCode(404).end("Unknown Registry"));
  }

  private void aggregated(RoutingContext context) {
    scrape(context, vhost -> false, ScrapePage::aggregated);
  }

  private void perObject(RoutingContext context) {
    scrape(context, vhost -> true, ScrapePage::perObject);
  }

  private void detailed(RoutingContext context) {
    Set<String> groups = Set.copyOf(context.queryParam("family"));
    Set<String> vhosts = Set.copyOf(context.queryParam("vhost"));
    boolean flows = groups.stream().anyMatch(ObjectMetrics.OF_FLOWS::contains);
    scrape(
        context,
        vhost -> flows && (vhosts.isEmpty() || vhosts.contains(vhost)),
        page -> page.detailed(groups, vhosts));
  }

  private void scrape(
      RoutingContext context, Predicate<String> flows, Function<ScrapePage, MetricSnapshots> page) {
    if (!begin(context)) {
      return;
    }
    var loop = vertx.getOrCreateContext();
    Scrape.of(node, flows)
        .whenComplete(
            (scrape, failure) ->
                loop.runOnContext(
                    ignored -> {
                      if (failure != null) {
                        fail(context, failure);
                      } else {
                        answer(context, facts -> page.apply(new ScrapePage(node, scrape, facts)));
                      }
                    }));
  }

  private void memory(RoutingContext context) {
    if (!begin(context)) {
      return;
    }
    answer(
        context,
        facts -> {
          Families families = new Families();
          MemoryMetrics.add(families, MemoryBreakdown.of(facts));
          new NodeMetrics(node, families, "").identity();
          return families.snapshots();
        });
  }

  /**
   * Begins to make an answer, which {@link #send} or {@link #fail} ends.
   *
   * @return false when others are made already, and that is the answer
   */
  private boolean begin(RoutingContext context) {
    if (making >= MOST_AT_A_TIME) {
      refuse(context);
      return false;
    }
    making++;
    return true;
  }

  private static void refuse(RoutingContext context) {
    context.response().setStatusCode(503).end("too many requests at a time");
  }

  /** Makes the answer on a thread that may wait. */
  private void answer(RoutingContext context, Function<NodeFacts, MetricSnapshots> page) {
    vertx
        .executeBlocking(() -> text(page.apply(node.probe().read().now())), false)
        .onSuccess(text -> send(context, text))
        .onFailure(failure -> fail(context, failure));
  }

  /** Sends it; it takes memory until it is read. */
  private void send(RoutingContext context, Buffer text) {
    making--;
    HttpServerResponse response = context.response();
    if (response.closed()) {
      return;
    }
    int bytes = text.length();
    if (!memory.takeIfThere(bytes)) {
      refuse(context);
      return;
    }
    response
        .putHeader("content-type", CONTENT_TYPE)
        .end(text)
        .onComplete(sent -> memory.giveBack(bytes));
  }

  private Buffer text(MetricSnapshots snapshots) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out, snapshots);
    return Buffer.buffer(out.toByteArray());
  }

  private void fail(RoutingContext context, Throwable failure) {
    making--;
    LOG.error("metrics could not be collected", failure);
    if (!context.response().closed()) {
      context.response().setStatusCode(500).end();
    }
  }
}
