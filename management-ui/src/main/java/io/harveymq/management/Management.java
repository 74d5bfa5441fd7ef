package io.harveymq.management;

import io.harveymq.broker.Broker;
import io.harveymq.management.api.AuthResource;
import io.harveymq.management.api.BindingsResource;
import io.harveymq.management.api.ChannelsResource;
import io.harveymq.management.api.ConnectionsResource;
import io.harveymq.management.api.DefinitionsResource;
import io.harveymq.management.api.DocsResource;
import io.harveymq.management.api.ExchangesResource;
import io.harveymq.management.api.FeatureFlagsResource;
import io.harveymq.management.api.HealthResource;
import io.harveymq.management.api.LimitsResource;
import io.harveymq.management.api.NodeActionsResource;
import io.harveymq.management.api.NodesResource;
import io.harveymq.management.api.OverviewResource;
import io.harveymq.management.api.ParametersResource;
import io.harveymq.management.api.PermissionsResource;
import io.harveymq.management.api.PoliciesResource;
import io.harveymq.management.api.PublishResource;
import io.harveymq.management.api.QueuesResource;
import io.harveymq.management.api.UsersResource;
import io.harveymq.management.api.VhostsResource;
import io.harveymq.management.dev.AlarmLimitsResource;
import io.harveymq.management.dev.BrowseResource;
import io.harveymq.management.dev.DeclareCheckResource;
import io.harveymq.management.dev.DevFeaturesResource;
import io.harveymq.management.dev.LiveResource;
import io.harveymq.management.dev.RouteResource;
import io.harveymq.management.dev.TopologyResource;
import io.harveymq.management.http.ApiHandler;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.ControlToken;
import io.harveymq.management.http.Origins;
import io.harveymq.management.metrics.PrometheusEndpoint;
import io.harveymq.management.node.Listeners;
import io.harveymq.management.page.PageHandler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * RabbitMQ's management API and Harvey's page for a running broker, on an event loop of its own:
 *
 * <pre>{@code
 * try (Broker broker = Broker.start();
 *     Management management = Management.start(broker, ManagementOptions.loopback())) {
 *   management.uri();
 * }
 * }</pre>
 *
 * <p>Any thread.
 */
public final class Management implements AutoCloseable {
  /** A connection on which nothing happens for so long is closed. */
  private static final int IDLE_SECONDS = 60;

  private static final int COMPRESS_FROM = 300;
  private static final int TIMEOUT_SECONDS = 30;

  private final Vertx vertx;
  private final HttpServer server;
  private final HttpServer metrics;
  private final ManagementOptions options;

  /**
   * @param metrics null for none
   */
  private Management(
      Vertx vertx, HttpServer server, HttpServer metrics, ManagementOptions options) {
    this.vertx = vertx;
    this.server = server;
    this.metrics = metrics;
    this.options = options;
  }

  /**
   * Starts to listen; requests are answered when this returns.
   *
   * @throws ManagementStartException when it can't; the message says why
   */
  public static Management start(Broker broker, ManagementOptions options)
      throws ManagementStartException {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    try {
      Context context = vertx.getOrCreateContext();
      Executor answers = task -> context.runOnContext(ignored -> task.run());
      Node node = new Node(broker, options, answers);
      HttpServer server = listen(vertx, router(vertx, node), options, options.port());
      node.listeners().add(Listeners.HTTP, options.bindAddress(), server.actualPort());
      HttpServer metrics = null;
      if (options.metricsPort() != null) {
        Router router = Router.router(vertx);
        new PrometheusEndpoint(vertx, node).addTo(router);
        metrics = listen(vertx, router, options, options.metricsPort());
        node.listeners().add(Listeners.PROMETHEUS, options.bindAddress(), metrics.actualPort());
      }
      broker.inspection().start();
      return new Management(vertx, server, metrics, options);
    } catch (ManagementStartException | RuntimeException failure) {
      vertx.close();
      throw failure;
    }
  }

  private static HttpServer listen(Vertx vertx, Router router, ManagementOptions options, int port)
      throws ManagementStartException {
    try {
      return vertx
          .createHttpServer(
              new HttpServerOptions()
                  .setCompressionSupported(true)
                  .setIdleTimeout(IDLE_SECONDS)
                  .setCompressionContentSizeThreshold(COMPRESS_FROM)
                  .setHandle100ContinueAutomatically(true))
          .requestHandler(router)
          .listen(port, options.bindAddress())
          .toCompletionStage()
          .toCompletableFuture()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      String reason = failure.getCause() == null ? "timeout" : failure.getCause().getMessage();
      throw new ManagementStartException(
          "can't listen on " + options.bindAddress() + ":" + port + ": " + reason, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ManagementStartException("interrupted while starting", interrupted);
    }
  }

  private static Router router(Vertx vertx, Node node) {
    ApiRoutes routes = new ApiRoutes();
    ManagementOptions options = node.options();
    new OverviewResource(node).addTo(routes);
    new QueuesResource(node).addTo(routes);
    new VhostsResource(node).addTo(routes);
    new UsersResource(node).addTo(routes);
    new PermissionsResource(node).addTo(routes);
    new LimitsResource(node).addTo(routes);
    new PoliciesResource(node).addTo(routes);
    new ParametersResource(node).addTo(routes);
    new FeatureFlagsResource(node).addTo(routes);
    new DefinitionsResource(node).addTo(routes);
    new AuthResource(node).addTo(routes);
    new ExchangesResource(node).addTo(routes);
    new PublishResource(node).addTo(routes);
    new BindingsResource(node).addTo(routes);
    new ConnectionsResource(node).addTo(routes);
    new ChannelsResource(node).addTo(routes);
    new NodesResource(node).addTo(routes);
    new HealthResource(node).addTo(routes);
    new NodeActionsResource(node).addTo(routes);
    new DevFeaturesResource().addTo(routes);
    new RouteResource(node).addTo(routes);
    new BrowseResource(node).addTo(routes);
    new TopologyResource(node, routes).addTo(routes);
    new DeclareCheckResource(node).addTo(routes);
    new AlarmLimitsResource(node).addTo(routes);
    new LiveResource(routes).addTo(routes);
    String prefix = options.pathPrefix();
    new DocsResource(routes, prefix + "/api", node.version().version()).addTo(routes);
    Router router = Router.router(vertx);
    PageHandler page = new PageHandler(prefix);
    router.route(prefix + "/api").handler(page);
    router
        .routeWithRegex(java.util.regex.Pattern.quote(prefix) + "/api/(index\\.html)?")
        .handler(page);
    router.route(prefix + "/api/*").handler(new Origins(options.allowedOrigins()));
    router
        .route(prefix + "/api/*")
        .handler(
            new ApiHandler(
                routes,
                node.broker().access(),
                node.version(),
                prefix + "/api",
                new ControlToken(options.controlToken())));
    router.route(prefix + "/*").handler(page);
    return router;
  }

  /** The port that is listened on. */
  public int port() {
    return server.actualPort();
  }

  /**
   * The port that Prometheus finds metrics at.
   *
   * @throws IllegalStateException when there is none
   */
  public int metricsPort() {
    if (metrics == null) {
      throw new IllegalStateException("there is no listener for metrics");
    }
    return metrics.actualPort();
  }

  /** Where a browser on this machine finds the page, such as {@code http://127.0.0.1:15672/}. */
  public String uri() {
    String host = options.bindAddress();
    boolean any = host.equals("0.0.0.0") || host.equals("::");
    String shown = any ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
    return "http://" + shown + ":" + port() + options.pathPrefix() + "/";
  }

  /** Stops listening and ends the threads; waits for it. */
  @Override
  public void close() {
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IllegalStateException("the management did not end", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
