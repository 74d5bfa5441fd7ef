package io.harveymq.management.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The endpoints of the API: a path, what may be done with it, by whom. A path is a list of
 * segments, those that begin with a colon stand for any. Filled by one thread, then not changed.
 */
public final class ApiRoutes {
  /** What an endpoint does. It must not wait. */
  public interface Endpoint {
    CompletionStage<Answer> answer(ApiRequest request) throws Exception;
  }

  /**
   * An endpoint and who may use it.
   *
   * @param waits whether its answer may come late, or never end, because it waits for something
   */
  record Entry(Right right, Endpoint endpoint, boolean waits) {}

  /** A path with the methods it has. */
  static final class Route {
    private final String[] segments;
    private final Map<String, Entry> methods = new LinkedHashMap<>();

    Route(String path) {
      this.segments = path.substring(1).split("/");
    }

    Entry entry(String method) {
      return methods.get(method.equals("HEAD") ? "GET" : method);
    }

    /** The methods in RabbitMQ's order, for the header Allow. */
    String allow() {
      List<String> allowed = new ArrayList<>();
      for (String method : new String[] {"HEAD", "GET", "PUT", "DELETE", "POST"}) {
        if (entry(method) != null) {
          allowed.add(method);
        }
      }
      allowed.add("OPTIONS");
      return String.join(", ", allowed);
    }

    private int literals() {
      int count = 0;
      for (String segment : segments) {
        count += segment.startsWith(":") ? 0 : 1;
      }
      return count;
    }

    private Map<String, String> match(String[] path) {
      if (path.length != segments.length) {
        return null;
      }
      Map<String, String> variables = new HashMap<>();
      for (int i = 0; i < path.length; i++) {
        if (segments[i].startsWith(":")) {
          variables.put(segments[i].substring(1), path[i]);
        } else if (!segments[i].equals(path[i])) {
          return null;
        }
      }
      return variables;
    }
  }

  /** A route that matches a path, and what its variables are. */
  record Match(Route route, Map<String, String> variables) {}

  private final Map<String, Route> byPath = new LinkedHashMap<>();

  /** Adds an endpoint that reads. */
  public void get(String path, Right right, Endpoint endpoint) {
    add("GET", path, right, endpoint);
  }

  /** Adds an endpoint that makes or changes. */
  public void put(String path, Right right, Endpoint endpoint) {
    add("PUT", path, right, endpoint);
  }

  /** Adds an endpoint that does something. */
  public void post(String path, Right right, Endpoint endpoint) {
    add("POST", path, right, endpoint);
  }

  /** Adds an endpoint that removes. */
  public void delete(String path, Right right, Endpoint endpoint) {
    add("DELETE", path, right, endpoint);
  }

  /**
   * Adds an endpoint that reads, and waits for something before it answers or while it does. It is
   * not among those of which only so many are made at a time, and needs a bound of its own.
   */
  public void wait(String path, Right right, Endpoint endpoint) {
    add("GET", path, new Entry(right, endpoint, true));
  }

  private void add(String method, String path, Right right, Endpoint endpoint) {
    add(method, path, new Entry(right, endpoint, false));
  }

  private void add(String method, String path, Entry entry) {
    byPath.computeIfAbsent(path, Route::new).methods.put(method, entry);
  }

  /** All paths with their methods, for documentation. */
  public Map<String, List<String>> paths() {
    Map<String, List<String>> paths = new LinkedHashMap<>();
    byPath.forEach((path, route) -> paths.put(path, List.copyOf(route.methods.keySet())));
    return paths;
  }

  /** Who may use an endpoint that {@link #paths} names. */
  Right right(String path, String method) {
    return byPath.get(path).entry(method).right;
  }

  /**
   * The endpoint that reads a path, for other endpoints that show the same.
   *
   * @param segments decoded
   * @throws ApiException 404 when there is none
   */
  public Endpoint endpoint(String[] segments) {
    Match match = find(segments);
    if (match == null || match.route.entry("GET") == null) {
      throw ApiException.notFound();
    }
    return match.route.entry("GET").endpoint;
  }

  /**
   * The request as if it had been made for another path, with the user and the rights of now.
   *
   * @param segments of that path, decoded; it has an {@link #endpoint}
   * @throws ApiException 401 when the user may not, or is not the same any more
   */
  public ApiRequest again(ApiRequest request, String[] segments) {
    Match match = find(segments);
    return request.as(match.variables, match.route.entry("GET").right);
  }

  /**
   * Finds the route of a path; of several, that with the most literal segments.
   *
   * @param path as it came, behind {@code /api}, still encoded
   * @return null when there is none
   * @throws IllegalArgumentException when it can't be decoded
   */
  Match find(String path) {
    return find(decoded(path));
  }

  private Match find(String[] segments) {
    Match best = null;
    for (Route route : byPath.values()) {
      Map<String, String> variables = route.match(segments);
      if (variables != null && (best == null || route.literals() > best.route.literals())) {
        best = new Match(route, variables);
      }
    }
    return best;
  }

  private static String[] decoded(String path) {
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    String[] segments = trimmed.isEmpty() ? new String[0] : trimmed.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      segments[i] = URLDecoder.decode(segments[i].replace("+", "%2B"), StandardCharsets.UTF_8);
    }
    return segments;
  }
}
