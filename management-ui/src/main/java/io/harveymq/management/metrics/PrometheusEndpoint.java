package io.harveymq.management.metrics;

import io.harveymq.management.Node;
import io.harveymq.management.node.MemoryBreakdown;
import io.harveymq.management.node.NodeFacts;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RabbitMQ's endpoints for Prometheus: {@code /metrics}, {@code /metrics/per-object}, {@code
 * /metrics/detailed} and {@code /metrics/memory-breakdown}, for anybody who can connect. Values are
 * looked up when they are asked for. Owned by the event loop of its HTTP server.
 */
public final class PrometheusEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(PrometheusEndpoint.class);
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4";

  private final Vertx vertx;
  private final Node node;
  private final PrometheusTextFormatWriter writer =
      PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();

  /**
   * @param vertx whose threads make the answers
   */
  public PrometheusEndpoint(Vertx vertx, Node node) {
    this.vertx = vertx;
    this.node = node;
  }

  /** Adds the paths. */
  public void addTo(Router router) {
    router.get("/metrics").handler(context -> scrape(context, ScrapePage::aggregated));
    router.get("/metrics/per-object").handler(context -> scrape(context, ScrapePage::perObject));
    router.get("/metrics/detailed").handler(this::detailed);
    router.get("/metrics/memory-breakdown").handler(this::memory);
    router
        .route("/metrics/*")
        .handler(context -> context.response().setStatusCode(404).end("Unknown Registry"));
  }

  private void detailed(RoutingContext context) {
    Set<String> groups = Set.copyOf(context.queryParam("family"));
    Set<String> vhosts = Set.copyOf(context.queryParam("vhost"));
    scrape(context, page -> page.detailed(groups, vhosts));
  }

  private void scrape(RoutingContext context, Function<ScrapePage, MetricSnapshots> page) {
    var loop = vertx.getOrCreateContext();
    Scrape.of(node)
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
    answer(
        context,
        facts -> {
          Families families = new Families();
          MemoryMetrics.add(families, MemoryBreakdown.of(facts));
          new NodeMetrics(node, families, "").identity();
          return families.snapshots();
        });
  }

  /** Makes the answer on a thread that may wait. */
  private void answer(RoutingContext context, Function<NodeFacts, MetricSnapshots> page) {
    vertx
        .executeBlocking(() -> text(page.apply(node.probe().read().now())), false)
        .onSuccess(text -> context.response().putHeader("content-type", CONTENT_TYPE).end(text))
        .onFailure(failure -> fail(context, failure));
  }

  private Buffer text(MetricSnapshots snapshots) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out, snapshots);
    return Buffer.buffer(out.toByteArray());
  }

  private static void fail(RoutingContext context, Throwable failure) {
    LOG.error("metrics could not be collected", failure);
    context.response().setStatusCode(500).end();
  }
}
