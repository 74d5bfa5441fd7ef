package io.harveymq.management;

import io.harveymq.broker.tls.ServerTls;
import io.harveymq.broker.tls.TlsException;
import io.harveymq.broker.tls.TlsOptions;
import io.harveymq.management.ManagementOptions.Endpoint;
import io.harveymq.management.http.HttpConnections;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.Router;
import java.util.LinkedHashSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A port that serves HTTP, with TLS or without. Any thread. */
final class HttpListener implements AutoCloseable {
  private static final int COMPRESS_FROM = 300;

  /** The fastest: lists repeat themselves, and the page's files have been compressed before. */
  private static final int COMPRESSION_LEVEL = 1;

  private static final int TIMEOUT_SECONDS = 30;

  private final HttpServer server;
  private final ServerTls tls;

  /**
   * What is served, perhaps on several ports.
   *
   * @param connections knows those of all these ports
   */
  record Served(Router router, HttpConnections connections, HttpLimits limits) {
    static Served of(Vertx vertx, Router router, HttpLimits limits) {
      HttpConnections connections = new HttpConnections(vertx, limits);
      connections.watch(router);
      // otherwise whoever sends no host, or a path without a slash, fills the log
      for (int code : new int[] {400, 404}) {
        router.errorHandler(code, context -> context.response().setStatusCode(code).end());
      }
      return new Served(router, connections, limits);
    }
  }

  private HttpListener(HttpServer server, ServerTls tls) {
    this.server = server;
    this.tls = tls;
  }

  /**
   * Listens; with TLS it keeps up with its files.
   *
   * @throws ManagementStartException when it can't; the message says why
   */
  static HttpListener start(Vertx vertx, Served served, Endpoint endpoint)
      throws ManagementStartException {
    if (endpoint.tls() == null) {
      return new HttpListener(listen(vertx, served, options(served.limits), endpoint), null);
    }
    ServerTls tls = open(endpoint.tls());
    try {
      HttpServerOptions options = options(served.limits).setSsl(true).setUseAlpn(false);
      apply(options, tls);
      HttpServer server = listen(vertx, served, options, endpoint);
      tls.whenReloaded(() -> server.updateSSLOptions(sslOptions(tls), true));
      return new HttpListener(server, tls);
    } catch (ManagementStartException | RuntimeException failure) {
      tls.close();
      throw failure;
    }
  }

  private static ServerTls open(TlsOptions options) throws ManagementStartException {
    try {
      return ServerTls.open(options);
    } catch (TlsException unusable) {
      throw new ManagementStartException(
          "TLS can't be offered: " + unusable.getMessage() + " (" + unusable.option() + ")",
          unusable);
    }
  }

  private static HttpServerOptions options(HttpLimits limits) {
    return new HttpServerOptions()
        .setCompressionSupported(true)
        .setCompressionLevel(COMPRESSION_LEVEL)
        // With HTTP/2 on the same port a connection would not be known until it speaks.
        .setHttp2ClearTextEnabled(false)
        .setIdleTimeout((int) limits.idleMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setCompressionContentSizeThreshold(COMPRESS_FROM)
        .setHandle100ContinueAutomatically(true);
  }

  private static void apply(HttpServerOptions options, ServerTls tls) {
    ServerSSLOptions ssl = sslOptions(tls);
    options.setKeyCertOptions(ssl.getKeyCertOptions());
    options.setTrustOptions(ssl.getTrustOptions());
    options.setClientAuth(ssl.getClientAuth());
    options.setEnabledSecureTransportProtocols(ssl.getEnabledSecureTransportProtocols());
    options.setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    options.setSslHandshakeTimeout(tls.options().handshakeMillis());
    tls.ciphers().forEach(options::addEnabledCipherSuite);
  }

  private static ServerSSLOptions sslOptions(ServerTls tls) {
    ServerSSLOptions options =
        new ServerSSLOptions()
            .setKeyCertOptions(KeyCertOptions.wrap(tls.keyManagers()))
            .setTrustOptions(TrustOptions.wrap(tls.trustManager()))
            .setUseAlpn(false)
            .setEnabledSecureTransportProtocols(new LinkedHashSet<>(tls.protocols()))
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setSslHandshakeTimeout(tls.options().handshakeMillis())
            .setClientAuth(
                switch (tls.options().clients()) {
                  case NONE -> ClientAuth.NONE;
                  case OPTIONAL -> ClientAuth.REQUEST;
                  case REQUIRED -> ClientAuth.REQUIRED;
                });
    tls.ciphers().forEach(options::addEnabledCipherSuite);
    return options;
  }

  private static HttpServer listen(
      Vertx vertx, Served served, HttpServerOptions options, Endpoint endpoint)
      throws ManagementStartException {
    try {
      return vertx
          .createHttpServer(options)
          .connectionHandler(served.connections::opened)
          .requestHandler(served.router)
          .listen(endpoint.port(), endpoint.address())
          .toCompletionStage()
          .toCompletableFuture()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      String reason = failure.getCause() == null ? "timeout" : failure.getCause().getMessage();
      throw new ManagementStartException(
          "can't listen on " + endpoint.address() + ":" + endpoint.port() + ": " + reason, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ManagementStartException("interrupted while starting", interrupted);
    }
  }

  int port() {
    return server.actualPort();
  }

  /** How it is encrypted; null when it is not. */
  ServerTls tls() {
    return tls;
  }

  /** Ends what belongs to TLS; Vert.x closes the port when it ends. */
  @Override
  public void close() {
    if (tls != null) {
      tls.close();
    }
  }
}
