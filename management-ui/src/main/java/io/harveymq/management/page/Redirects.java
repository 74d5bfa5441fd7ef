package io.harveymq.management.page;

import java.util.Map;

/** Paths of RabbitMQ's own pages, and where Harvey has the like. Any thread. */
final class Redirects {
  private static final Map<String, String> TO =
      Map.of(
          "/api", "/api/index.html",
          "/api/", "/api/index.html",
          "/doc/stats.html", "/api/index.html",
          "/cli", "/cli/index.html",
          "/cli/", "/cli/index.html",
          "/mgmt", "/",
          // what browsers ask for when they show something else than a page
          "/favicon.ico", "/img/logo.svg");

  private Redirects() {}

  /** Where to go for a path; null for nowhere. */
  static String of(String path) {
    return TO.get(path);
  }
}
