package io.harveymq.auth;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * Asks web services on threads of its own: a limited number at a time, with a limit to the time and
 * to the size of an answer. Any thread; never waits.
 */
final class WebClient {
  /** What came back. */
  record Answer(int status, String body) {}

  private static final int MOST_AT_A_TIME = 64;
  private static final int THREADS = 4;

  private final HttpClient client;
  private final Duration timeout;
  private final int largestAnswer;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private int running;

  /**
   * @param name of its threads
   * @param timeout for a whole answer, the time that a request waits for its turn included
   * @param largestAnswer bytes
   * @param authorities a file with certificates in PEM to trust; null for those of the JVM
   * @throws IllegalArgumentException when that can't be read
   */
  WebClient(String name, Duration connect, Duration timeout, int largestAnswer, Path authorities) {
    this.timeout = timeout;
    this.largestAnswer = largestAnswer;
    AtomicInteger number = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .executor(threads)
            .connectTimeout(connect)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (authorities != null) {
      builder.sslContext(trusting(authorities));
    }
    this.client = builder.build();
  }

  private static SSLContext trusting(Path authorities) {
    try (InputStream in = Files.newInputStream(authorities)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + number++, one);
      }
      if (number == 0) {
        throw new IllegalArgumentException("there is no certificate in " + authorities);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException unusable) {
      throw new IllegalArgumentException(
          "no certificates can be read from " + authorities + ": " + unusable.getMessage(),
          unusable);
    }
  }

  /** Sends a GET request. */
  CompletableFuture<Answer> get(URI uri) {
    return send(HttpRequest.newBuilder(uri).timeout(timeout).GET().build());
  }

  /** Sends a form. */
  CompletableFuture<Answer> post(URI uri, String form) {
    return send(
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build());
  }

  private CompletableFuture<Answer> send(HttpRequest request) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    answer.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    Runnable start = () -> start(request, answer);
    synchronized (this) {
      if (running >= MOST_AT_A_TIME) {
        waiting.add(start);
        return answer;
      }
      running++;
    }
    start.run();
    return answer;
  }

  private void start(HttpRequest request, CompletableFuture<Answer> answer) {
    if (answer.isDone()) {
      next();
      return;
    }
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(request, info -> new LimitedBody(largestAnswer));
    answer.whenComplete((done, failure) -> sent.cancel(true));
    sent.whenComplete(
        (response, failure) -> {
          if (failure == null) {
            answer.complete(
                new Answer(
                    response.statusCode(), new String(response.body(), StandardCharsets.UTF_8)));
          } else {
            answer.completeExceptionally(failure);
          }
          next();
        });
  }

  private void next() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        running--;
      }
    }
    if (next != null) {
      next.run();
    }
  }

  /** What went wrong, in the words of RabbitMQ's client where it has some; without secrets. */
  static String reason(Throwable failure, URI uri) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
      boolean connecting = cause instanceof HttpConnectTimeoutException;
      return connecting ? failedConnect(uri, "timeout") : "timeout";
    }
    if (cause instanceof ConnectException) {
      return failedConnect(uri, "econnrefused");
    }
    if (cause instanceof SSLException) {
      return "{tls_alert,\"" + cause.getMessage() + "\"}";
    }
    boolean tooLarge =
        cause instanceof LimitedBody.TooLargeException
            || cause.getCause() instanceof LimitedBody.TooLargeException;
    return tooLarge ? "answer_too_large" : "socket_closed_remotely";
  }

  private static String failedConnect(URI uri, String why) {
    int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    return "{failed_connect,[{to_address,{\""
        + uri.getHost()
        + "\","
        + port
        + "}},{inet,[inet],"
        + why
        + "}]}";
  }
}
