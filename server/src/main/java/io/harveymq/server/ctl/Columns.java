package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.harveymq.management.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32;

/**
 * The columns that a list can have, and which it has when nobody chooses: what rabbitmqctl calls
 * them and where the API has them. Filled by one thread, then not changed.
 */
final class Columns {
  private final Map<String, Function<JsonNode, JsonNode>> all = new LinkedHashMap<>();
  private final List<String> usual;

  /**
   * @param usual names of those without being chosen
   */
  Columns(String... usual) {
    this.usual = List.of(usual);
  }

  /** Adds columns that are called as the API calls them. */
  Columns same(String... names) {
    Arrays.stream(names).forEach(name -> all.put(name, document -> document.path(name)));
    return this;
  }

  /** Adds a column of which the API has another notion; a path has slashes before its parts. */
  Columns as(String name, String path) {
    all.put(name, document -> document.at(path));
    return this;
  }

  /** Adds a column that is worked out. */
  Columns of(String name, Function<JsonNode, String> value) {
    all.put(name, document -> TextNode.valueOf(value.apply(document)));
    return this;
  }

  /** Adds columns that are always empty here. */
  Columns empty(String... names) {
    Arrays.stream(names).forEach(name -> all.put(name, document -> MissingNode.getInstance()));
    return this;
  }

  /** Names of all. */
  List<String> names() {
    return List.copyOf(all.keySet());
  }

  /**
   * Those that were asked for, separated by spaces or commas.
   *
   * @throws CtlException for one that there is not
   */
  List<String> chosen(List<String> asked) throws CtlException {
    List<String> chosen = new ArrayList<>();
    for (String words : asked) {
      for (String word : words.split("[,\\s]+")) {
        if (!word.isEmpty()) {
          chosen.add(word);
        }
      }
    }
    List<String> unknown = chosen.stream().filter(name -> !all.containsKey(name)).toList();
    if (!unknown.isEmpty()) {
      throw CtlException.arguments(
          Exit.USAGE, "Info key(s) " + String.join(",", unknown) + " are not supported");
    }
    return chosen.isEmpty() ? usual : chosen;
  }

  /** A row for each document. */
  List<ObjectNode> rows(JsonNode documents, List<String> columns) {
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode document : documents) {
      ObjectNode row = Json.object();
      for (String column : columns) {
        JsonNode value = all.get(column).apply(document);
        row.set(column, value.isMissingNode() ? null : value);
      }
      rows.add(row);
    }
    return rows;
  }

  /**
   * Something that looks like the id of an Erlang process and stays the same for an object.
   *
   * @param kind of the object, such as queue
   * @param name unique among them
   */
  static String pid(String node, String kind, String name) {
    CRC32 sum = new CRC32();
    sum.update((kind + " " + name).getBytes(StandardCharsets.UTF_8));
    return "<" + node + ".1." + sum.getValue() + ".0>";
  }
}
