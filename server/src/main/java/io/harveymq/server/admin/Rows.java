package io.harveymq.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * A list of objects as a table: fields of fields are columns of their own, with dots in their
 * names. Immutable; any thread.
 *
 * @param columns their names
 * @param cells a row for each object, with a cell for each column
 */
record Rows(List<String> columns, List<List<String>> cells) {
  /** What comes first if nobody says which columns to show. */
  private static final List<String> FIRST =
      List.of("vhost", "name", "type", "source", "destination", "destination_type", "routing_key");

  /**
   * Makes the table.
   *
   * @param objects a list of them
   * @param asked the columns to show; if empty, all
   * @param depth how deep these may lie then
   * @param json the field that is shown as JSON, or null
   */
  static Rows of(JsonNode objects, List<String> asked, int depth, String json) {
    List<String> columns = asked;
    int deepest = asked.isEmpty() ? depth : Integer.MAX_VALUE;
    if (asked.isEmpty()) {
      TreeSet<String> all = new TreeSet<>();
      objects.forEach(object -> fields("", object, deepest, json, (name, value) -> all.add(name)));
      columns = new ArrayList<>(all);
      columns.sort(Comparator.comparingInt(Rows::place)); // which leaves the rest as it is
    }
    List<List<String>> cells = new ArrayList<>();
    for (JsonNode object : objects) {
      Map<String, String> row = new HashMap<>();
      fields("", object, deepest, json, row::put);
      cells.add(columns.stream().map(column -> row.getOrDefault(column, "")).toList());
    }
    return new Rows(columns, cells);
  }

  private static int place(String column) {
    int place = FIRST.indexOf(column);
    return place < 0 ? FIRST.size() : place;
  }

  private static void fields(
      String prefix, JsonNode object, int depth, String json, BiConsumer<String, String> found) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = prefix + field.getKey();
      JsonNode value = field.getValue();
      if (!value.isObject()) {
        found.accept(name, value.isArray() ? list(value) : PythonText.of(value));
      } else if (field.getKey().equals(json)) {
        found.accept(name, PythonText.json(value));
      } else if (depth > 1) {
        fields(name + ".", value, depth - 1, json, found);
      }
    }
  }

  private static String list(JsonNode items) {
    List<String> words = new ArrayList<>();
    for (JsonNode item : items) {
      if (!item.isTextual()) {
        return PythonText.json(items);
      }
      words.add(item.textValue());
    }
    return String.join(" ", words);
  }
}
