package io.harveymq.management.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.PatternSyntaxException;

/**
 * Lists as the API gives them: filtered by name, sorted, paged, with chosen columns
 * (rabbit_mgmt_util:reply_list_or_paginate). Only what is shown is made into JSON, unless it is
 * sorted by something that only JSON tells. Owned by the HTTP server's event loop.
 *
 * @param <T> what is listed
 */
public final class Listing<T> {
  private static final int DEFAULT_PAGE_SIZE = 100;
  private static final int LARGEST_PAGE = 500;

  private final Function<T, String> name;
  private final Function<T, ObjectNode> json;
  private final Map<String, Comparator<T>> orders = new HashMap<>();
  private final Map<String, Function<T, Double>> numbers = new HashMap<>();
  private final Set<String> unknownLast = new HashSet<>();
  private Comparator<T> usual;

  /**
   * @param name what the filter looks at
   * @param json all fields
   */
  public Listing(Function<T, String> name, Function<T, ObjectNode> json) {
    this.name = name;
    this.json = json;
  }

  /** Sets the order of a list for which none is asked for. */
  public Listing<T> usually(Comparator<T> order) {
    usual = order;
    return this;
  }

  /** Sets how to sort by a field without making JSON of everything. */
  public Listing<T> sortable(String field, Comparator<T> order) {
    orders.put(field, order);
    return this;
  }

  /**
   * The same for a number that is worked out once for each; null, where the field is missing, comes
   * first.
   */
  public Listing<T> sortableByNumber(String field, Function<T, Double> number) {
    numbers.put(field, number);
    return this;
  }

  /** The same; null, where the number is not known, comes last in both directions. */
  public Listing<T> sortableByKnownNumber(String field, Function<T, Double> number) {
    unknownLast.add(field);
    return sortableByNumber(field, number);
  }

  /** How to sort by a field without making JSON of everything; null when that is not known. */
  private Comparator<T> order(String field, boolean reverse, List<T> list) {
    Function<T, Double> number = numbers.get(field);
    if (number == null) {
      Comparator<T> order = orders.get(field);
      return order == null ? null : orient(order, reverse);
    }
    Map<T, Double> known = new IdentityHashMap<>(list.size());
    list.forEach(one -> known.put(one, number.apply(one)));
    if (unknownLast.contains(field)) {
      Comparator<Double> order = reverse ? Comparator.reverseOrder() : Comparator.naturalOrder();
      return Comparator.comparing(known::get, Comparator.nullsLast(order));
    }
    Comparator<Double> order = Comparator.nullsFirst(Comparator.naturalOrder());
    Comparator<T> first = Comparator.comparing(known::get, order);
    return orient(first, reverse);
  }

  /**
   * The answer to a request.
   *
   * @param paged whether pages may be asked for; else such parameters mean nothing
   * @throws ApiException 400 for a page that is none
   */
  public Answer answer(ApiRequest request, List<T> all, boolean paged) {
    List<T> list = new ArrayList<>(all);
    boolean wantsPage = paged && request.query("page") != null;
    if (wantsPage) {
      list.removeIf(filter(request).negate());
    }
    String sort = request.query("sort");
    boolean reverse = request.isTrue("sort_reverse");
    if (sort == null || sort.isEmpty()) {
      if (usual != null) {
        list.sort(reverse ? usual.reversed() : usual);
      }
      return wantsPage ? page(request, all.size(), list, json) : whole(request, list, json);
    }
    Comparator<T> order = order(sort, reverse, list);
    if (order != null) {
      list.sort(usual == null ? order : order.thenComparing(usual));
      return wantsPage ? page(request, all.size(), list, json) : whole(request, list, json);
    }
    if (usual != null) {
      list.sort(usual);
    }
    List<ObjectNode> nodes = new ArrayList<>();
    list.forEach(one -> nodes.add(json.apply(one)));
    nodes.sort(orient(Listing.byField(sort), reverse));
    return wantsPage
        ? page(request, all.size(), nodes, node -> node)
        : whole(request, nodes, node -> node);
  }

  private static <X> Comparator<X> orient(Comparator<X> order, boolean reverse) {
    return reverse ? order.reversed() : order;
  }

  private static <X> Answer whole(
      ApiRequest request, List<X> list, Function<X, ObjectNode> toJson) {
    return Answer.of(items(request, list, toJson));
  }

  /** Of each no more is kept than what is shown, before the next is made. */
  private static <X> ArrayNode items(
      ApiRequest request, List<X> list, Function<X, ObjectNode> toJson) {
    Function<JsonNode, JsonNode> shown = shown(request);
    ArrayNode items = Json.array();
    list.forEach(one -> items.add(shown.apply(toJson.apply(one))));
    return items;
  }

  private java.util.function.Predicate<T> filter(ApiRequest request) {
    String wanted = request.query("name");
    if (wanted == null || wanted.isEmpty()) {
      return one -> true;
    }
    if (!request.isTrue("use_regex")) {
      String lower = wanted.toLowerCase(Locale.ROOT);
      return one -> name.apply(one).toLowerCase(Locale.ROOT).contains(lower);
    }
    try {
      NamePattern pattern = new NamePattern(wanted);
      return one -> pattern.isIn(name.apply(one));
    } catch (PatternSyntaxException wrong) {
      throw invalid();
    }
  }

  private static <X> Answer page(
      ApiRequest request, int total, List<X> list, Function<X, ObjectNode> toJson) {
    Integer page = number(request.query("page"));
    Integer given = number(request.query("page_size"));
    int size = given == null ? DEFAULT_PAGE_SIZE : given;
    if (page == null || page < 1 || size < 1 || size > LARGEST_PAGE) {
      throw ApiException.of(
          400,
          "invalid_pagination_parameters",
          "Invalid pagination parameters: page number "
              + page
              + ", page size "
              + (given == null ? "undefined" : given));
    }
    // behind a full last page there is an empty one, as in RabbitMQ: some clients read up to it
    long first = (page - 1L) * size;
    if (first > list.size()) {
      throw ApiException.of(
          400,
          "page_out_of_range",
          "Page out of range, page: " + page + " page size: " + size + ", len: " + list.size());
    }
    int from = (int) Math.min(list.size(), first);
    List<X> shown = list.subList(from, Math.min(list.size(), from + size));
    ObjectNode body = Json.object();
    body.put("total_count", total);
    body.put("item_count", shown.size());
    body.put("filtered_count", list.size());
    body.put("page", page);
    body.put("page_size", size);
    body.put("page_count", (list.size() + size - 1) / size);
    body.set("items", items(request, shown, toJson));
    return Answer.of(body);
  }

  /** A number; null when none is given. */
  private static Integer number(String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException none) {
      throw invalid();
    }
  }

  private static ApiException invalid() {
    return ApiException.badRequest("Pagination parameters are invalid");
  }

  /** Orders by a field, such as {@code messages} or {@code message_stats.publish}. */
  private static Comparator<ObjectNode> byField(String field) {
    String[] path = field.split("\\.");
    return (one, other) -> compare(at(one, path), at(other, path));
  }

  private static JsonNode at(JsonNode node, String[] path) {
    JsonNode found = node;
    for (int i = 0; i < path.length && found != null; i++) {
      found = found.get(path[i]);
    }
    return found;
  }

  /** What is missing comes first, numbers before texts. */
  private static int compare(JsonNode one, JsonNode other) {
    boolean none = one == null || one.isNull();
    boolean noOther = other == null || other.isNull();
    if (none || noOther) {
      return Boolean.compare(!none, !noOther);
    }
    if (one.isNumber() && other.isNumber()) {
      return Double.compare(one.doubleValue(), other.doubleValue());
    }
    if (one.isNumber() != other.isNumber()) {
      return one.isNumber() ? -1 : 1;
    }
    return one.asText().compareTo(other.asText());
  }

  // ---- columns

  /** Only the columns that are asked for, such as {@code name,message_stats.publish}. */
  public static JsonNode columns(ApiRequest request, JsonNode body) {
    Function<JsonNode, JsonNode> shown = shown(request);
    if (body instanceof ArrayNode array) {
      ArrayNode chosen = Json.array();
      array.forEach(one -> chosen.add(shown.apply(one)));
      return chosen;
    }
    return shown.apply(body);
  }

  /** What is shown of each object. */
  private static Function<JsonNode, JsonNode> shown(ApiRequest request) {
    String wanted = request.query("columns");
    if (wanted == null) {
      return all -> all;
    }
    List<String[]> columns =
        wanted.isEmpty()
            ? List.of()
            : Arrays.stream(wanted.split(",")).map(one -> one.trim().split("\\.")).toList();
    return all -> choose(all, columns);
  }

  private static JsonNode choose(JsonNode node, List<String[]> columns) {
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    ObjectNode chosen = Json.object();
    for (String[] path : columns) {
      copy(object, chosen, path, 0);
    }
    return chosen.isEmpty() && columns.isEmpty() ? Json.array() : chosen;
  }

  /** What a path leads to, through each object of a list; what is no object is shown whole. */
  private static void copy(ObjectNode from, ObjectNode into, String[] path, int at) {
    String field = path[at];
    JsonNode value = from.get(field);
    JsonNode already = into.get(field);
    if (value == null || value == already) {
      return;
    }
    if (at < path.length - 1 && value instanceof ObjectNode object) {
      copy(object, into.withObjectProperty(field), path, at + 1);
    } else if (at < path.length - 1 && value instanceof ArrayNode list) {
      ArrayNode chosen = already instanceof ArrayNode begun ? begun : into.putArray(field);
      for (int i = 0; i < list.size(); i++) {
        if (!(list.get(i) instanceof ObjectNode item)) {
          into.set(field, list);
          return;
        }
        copy(item, chosen.has(i) ? (ObjectNode) chosen.get(i) : chosen.addObject(), path, at + 1);
      }
    } else {
      into.set(field, value);
    }
  }
}
