package io.harveymq.auth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Plays the web service that answers logins. */
final class FakeAuthService implements AutoCloseable {
  /** Stands for an answer that never comes. */
  static final String NOTHING = "nothing";

  /** Stands for a connection that is closed instead of answered. */
  static final String HANG_UP = "hang up";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Function<String, String> answers = question -> "allow";
  private volatile int status = 200;

  FakeAuthService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/auth/", this::answer);
    server.start();
  }

  HttpBackendOptions.Paths paths() {
    return HttpBackendOptions.Paths.under(
        "http://127.0.0.1:" + server.getAddress().getPort() + "/auth/");
  }

  /** Sets the answers to questions, which look like {@code vhost?username=...}. */
  void answers(Function<String, String> given) {
    answers = given;
  }

  void status(int code) {
    status = code;
  }

  /** Methods and decoded questions, since the last call. */
  List<String> takeAsked() {
    List<String> all = List.copyOf(asked);
    asked.clear();
    return all;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String query = exchange.getRequestURI().getRawQuery();
    String path = exchange.getRequestURI().getPath().substring("/auth/".length());
    String question =
        path + "?" + URLDecoder.decode(query == null ? body : query, StandardCharsets.UTF_8);
    asked.add(exchange.getRequestMethod() + " " + question);
    String text = answers.apply(question);
    if (text.equals(NOTHING)) {
      return;
    }
    if (text.equals(HANG_UP)) {
      exchange.close();
      return;
    }
    byte[] answer = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
