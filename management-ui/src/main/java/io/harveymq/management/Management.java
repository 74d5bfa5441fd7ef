package io.harveymq.management;

import io.harveymq.broker.Broker;
import io.harveymq.broker.tls.ServerTls;
import io.harveymq.management.HttpListener.Served;
import io.harveymq.management.ManagementOptions.Endpoint;
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
import io.harveymq.management.dev.AppResource;
import io.harveymq.management.dev.BrowseResource;
import io.harveymq.management.dev.ClockResource;
import io.harveymq.management.dev.ConsumersResource;
import io.harveymq.management.dev.DeclareCheckResource;
import io.harveymq.management.dev.DelayedResource;
import io.harveymq.management.dev.DeletedResource;
import io.harveymq.management.dev.DemoResource;
import io.harveymq.management.dev.DevFeaturesResource;
import io.harveymq.management.dev.DroppedResource;
import io.harveymq.management.dev.FaultsResource;
import io.harveymq.management.dev.FindingsResource;
import io.harveymq.management.dev.LintResource;
import io.harveymq.management.dev.LiveResource;
import io.harveymq.management.dev.RecordingsResource;
import io.harveymq.management.dev.ReplaysResource;
import io.harveymq.management.dev.RightsResource;
import io.harveymq.management.dev.RouteResource;
import io.harveymq.management.dev.SearchResource;
import io.harveymq.management.dev.StoriesResource;
import io.harveymq.management.dev.TailResource;
import io.harveymq.management.dev.TopologyResource;
import io.harveymq.management.dev.WaitResource;
import io.harveymq.management.http.ApiHandler;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.ControlToken;
import io.harveymq.management.http.HttpMemory;
import io.harveymq.management.http.Origins;
import io.harveymq.management.metrics.PrometheusEndpoint;
import io.harveymq.management.node.Listeners;
import io.harveymq.management.node.NodeProbe;
import io.harveymq.management.page.PageHandler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.HashMap;
import java.util.Map;
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
  private static final int TIMEOUT_SECONDS = 30;

  private final Vertx vertx;
  private final ManagementOptions options;
  private final Map<String, HttpListener> listeners = new HashMap<>();

  private Management(Vertx vertx, ManagementOptions options) {
    this.vertx = vertx;
    this.options = options;
  }

  /**
   * Starts to listen; requests are answered when this returns.
   *
   * @throws ManagementStartException when it can't; the message says why
   */
  public static Management start(Broker broker, ManagementOptions options)
      throws ManagementStartException {
    return start(broker, options, Preparation.begin());
  }

  /**
   * Starts to listen with what was prepared beside the broker's own start; requests are answered
   * when this returns.
   *
   * @throws ManagementStartException when it can't; the message says why
   */
  public static Management start(Broker broker, ManagementOptions options, Preparation preparation)
      throws ManagementStartException {
    Vertx vertx = preparation.vertx();
    Management management = new Management(vertx, options);
    try {
      Context context = vertx.getOrCreateContext();
      Executor answers = task -> context.runOnContext(ignored -> task.run());
      Node node = new Node(broker, options, answers);
      management.listen(node);
      management.watch(node.probe());
      broker.inspection().start();
      return management;
    } catch (ManagementStartException | RuntimeException failure) {
      management.listeners.values().forEach(HttpListener::close);
      vertx.close();
      throw failure;
    }
  }

  /** Only the API tells what was; the timer ends with the event loop. */
  private void watch(NodeProbe probe) {
    if (options.http() != null || options.https() != null) {
      vertx.setPeriodic(
          NodeProbe.INTERVAL_MILLIS,
          due ->
              vertx.executeBlocking(
                  () -> {
                    probe.tick();
                    return null;
                  },
                  false));
    }
  }

  private void listen(Node node) throws ManagementStartException {
    if (options.http() != null || options.https() != null) {
      Router pages = router(vertx, node);
      Served served = Served.of(vertx, pages, options.limits());
      add(node, Listeners.HTTP, served, options.http());
      add(node, Listeners.HTTPS, served, options.https());
    }
    ManagementOptions.Metrics metrics = options.metrics();
    if (metrics != null) {
      Router router = Router.router(vertx);
      HttpMemory memory = new HttpMemory(options.limits().metricsMemory());
      new PrometheusEndpoint(vertx, node, metrics, memory).addTo(router);
      Served served = Served.of(vertx, router, options.limits());
      add(node, Listeners.PROMETHEUS, served, metrics.http());
      add(node, Listeners.PROMETHEUS_TLS, served, metrics.https());
    }
  }

  /**
   * @param endpoint null for not at all
   */
  private void add(Node node, String protocol, Served served, Endpoint endpoint)
      throws ManagementStartException {
    if (endpoint == null) {
      return;
    }
    HttpListener listener = HttpListener.start(vertx, served, endpoint);
    listeners.put(protocol, listener);
    node.listeners().add(protocol, endpoint.address(), listener.port(), listener.tls());
  }

  private static void addRabbitMqs(Node node, ApiRoutes routes) {
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
  }

  private static void addBeyond(Node node, ApiRoutes routes) {
    int maxStreams = node.options().limits().maxStreams();
    new AppResource(node).addTo(routes);
    new DevFeaturesResource(node).addTo(routes);
    new FindingsResource(node).addTo(routes);
    new LintResource(node).addTo(routes);
    new DelayedResource(node).addTo(routes);
    new DroppedResource(node).addTo(routes);
    new DeletedResource(node).addTo(routes);
    new RightsResource().addTo(routes);
    new ConsumersResource(node).addTo(routes);
    new SearchResource(node).addTo(routes);
    new StoriesResource(node, routes).addTo(routes);
    new TailResource(node, routes, maxStreams).addTo(routes);
    new WaitResource(node).addTo(routes);
    new ClockResource(node).addTo(routes);
    new FaultsResource(node).addTo(routes);
    new RecordingsResource(node).addTo(routes);
    new ReplaysResource(node, routes).addTo(routes);
    new RouteResource(node).addTo(routes);
    new BrowseResource(node).addTo(routes);
    new TopologyResource(node, routes).addTo(routes);
    new DeclareCheckResource(node).addTo(routes);
    new DemoResource(node).addTo(routes);
    new AlarmLimitsResource(node).addTo(routes);
    new LiveResource(routes, maxStreams).addTo(routes);
  }

  private static Router router(Vertx vertx, Node node) {
    ApiRoutes routes = new ApiRoutes();
    ManagementOptions options = node.options();
    addRabbitMqs(node, routes);
    addBeyond(node, routes);
    String prefix = options.pathPrefix();
    new DocsResource(routes, prefix + "/api", node.version().version()).addTo(routes);
    Router router = Router.router(vertx);
    PageHandler page = new PageHandler(prefix);
    router.route(prefix + "/api").handler(page);
    router
        .routeWithRegex(java.util.regex.Pattern.quote(prefix) + "/api/(index\\.html)?")
        .handler(page);
    router.route(prefix + "/api/*").handler(new Origins(options.cors()));
    router
        .route(prefix + "/api/*")
        .handler(
            new ApiHandler(
                routes,
                node.broker().access(),
                node.version(),
                prefix + "/api",
                new ControlToken(options.controlToken()),
                options.limits()));
    router.route(prefix + "/*").handler(page);
    return router;
  }

  /**
   * The port of the API and the page; with TLS, if they are served in no other way.
   *
   * @throws IllegalStateException when there is none
   */
  public int port() {
    return portOf(options.http() == null ? Listeners.HTTPS : Listeners.HTTP, "the API");
  }

  /**
   * The port of the API and the page with TLS.
   *
   * @throws IllegalStateException when there is none
   */
  public int httpsPort() {
    return portOf(Listeners.HTTPS, "TLS");
  }

  /** TLS as the API and the page have it; null when they have none. */
  public ServerTls tls() {
    HttpListener listener = listeners.get(Listeners.HTTPS);
    return listener == null ? null : listener.tls();
  }

  /**
   * The port that Prometheus finds metrics at.
   *
   * @throws IllegalStateException when there is none
   */
  public int metricsPort() {
    return portOf(Listeners.PROMETHEUS, "metrics");
  }

  /**
   * The port that Prometheus finds metrics at with TLS.
   *
   * @throws IllegalStateException when there is none
   */
  public int metricsHttpsPort() {
    return portOf(Listeners.PROMETHEUS_TLS, "metrics with TLS");
  }

  private int portOf(String protocol, String what) {
    HttpListener listener = listeners.get(protocol);
    if (listener == null) {
      throw new IllegalStateException("there is no listener for " + what);
    }
    return listener.port();
  }

  /**
   * Where a browser on this machine finds the page, such as {@code http://127.0.0.1:15672/}; with
   * TLS, if it is served in no other way.
   *
   * @return null when there is no page
   */
  public String uri() {
    return options.http() == null ? httpsUri() : base(Listeners.HTTP, options.http()) + home();
  }

  /**
   * The same with TLS.
   *
   * @return null when it is not served so
   */
  public String httpsUri() {
    return options.https() == null ? null : base(Listeners.HTTPS, options.https()) + home();
  }

  private String home() {
    return options.pathPrefix() + "/";
  }

  /**
   * Where Prometheus on this machine finds metrics; with TLS, if they are served in no other way.
   *
   * @return null when it does not
   */
  public String metricsUri() {
    ManagementOptions.Metrics metrics = options.metrics();
    if (metrics == null) {
      return null;
    }
    String base =
        metrics.http() == null
            ? base(Listeners.PROMETHEUS_TLS, metrics.https())
            : base(Listeners.PROMETHEUS, metrics.http());
    return base + metrics.path();
  }

  private String base(String protocol, Endpoint endpoint) {
    String host = endpoint.address();
    boolean any = host.equals("0.0.0.0") || host.equals("::");
    String shown = any ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
    String scheme = endpoint.tls() == null ? "http" : "https";
    return scheme + "://" + shown + ":" + listeners.get(protocol).port();
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
      listeners.values().forEach(HttpListener::close);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IllegalStateException("the management did not end", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
