package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Prints results as RabbitMQ's tools do, in the format that was asked for. One thread. */
final class Output {
  private static final int BITS_OF_INT = 32;

  /** Formats of tables. */
  enum Format {
    TABLE,
    PRETTY_TABLE,
    JSON,
    CSV;

    /**
     * Reads a name.
     *
     * @throws CtlException when there is no such format
     */
    static Format of(String name) throws CtlException {
      return switch (name) {
        case "table", "report", "string" -> TABLE;
        case "pretty_table" -> PRETTY_TABLE;
        case "json", "json_stream" -> JSON;
        case "csv" -> CSV;
        default ->
            throw CtlException.arguments(
                Exit.USAGE, "--formatter must be table, pretty_table, json or csv, got " + name);
      };
    }
  }

  private final PrintStream out;
  private final Format format;
  private final boolean quiet;
  private final boolean headings;

  Output(PrintStream out, CommandLine line) throws CtlException {
    this.out = out;
    this.format = Format.of(line.option("formatter", "table"));
    this.quiet = line.isQuiet();
    this.headings = !line.isSilent() && !line.has("no-table-headers");
  }

  /** Whether documents are wanted. */
  boolean isJson() {
    return format == Format.JSON;
  }

  /** Tells what is done; not when only results are wanted. */
  void banner(String line) {
    if (!quiet && format != Format.JSON && format != Format.CSV) {
      out.println(line);
    }
  }

  /** Tells a result. */
  void say(String line) {
    out.println(line);
  }

  /** Tells a result that is a document. */
  void document(JsonNode document) {
    out.println(new String(Json.write(document), StandardCharsets.UTF_8));
  }

  /**
   * Prints a list.
   *
   * @param rows each with all of the columns
   * @param emptyLine whether an empty list is a line without anything
   */
  void table(List<String> columns, List<ObjectNode> rows, boolean emptyLine) {
    switch (format) {
      case JSON -> json(rows);
      case CSV -> csv(columns, rows);
      case PRETTY_TABLE -> pretty(columns, rows);
      default -> tabs(columns, rows, emptyLine);
    }
  }

  private void tabs(List<String> columns, List<ObjectNode> rows, boolean emptyLine) {
    if (rows.isEmpty()) {
      if (emptyLine) {
        out.println();
      }
      return;
    }
    if (headings) {
      out.println(String.join("\t", columns));
    }
    rows.forEach(row -> out.println(String.join("\t", cells(columns, row))));
  }

  private static List<String> cells(List<String> columns, ObjectNode row) {
    return columns.stream().map(column -> text(row.path(column))).toList();
  }

  private void json(List<ObjectNode> rows) {
    if (rows.isEmpty()) {
      out.println("[]");
      return;
    }
    out.println("[");
    String before = "";
    for (ObjectNode row : rows) {
      ObjectNode shown = Json.object();
      row.properties().forEach(e -> shown.set(e.getKey(), json(e.getValue())));
      out.println(before + new String(Json.write(shown), StandardCharsets.UTF_8));
      before = ",";
    }
    out.println("]");
  }

  private void csv(List<String> columns, List<ObjectNode> rows) {
    if (headings && !rows.isEmpty()) {
      out.println(csv(columns));
    }
    rows.forEach(row -> out.println(csv(cells(columns, row))));
  }

  private static String csv(List<String> cells) {
    List<String> quoted = new ArrayList<>();
    cells.forEach(cell -> quoted.add('"' + cell.replace("\"", "\"\"") + '"'));
    return String.join(",", quoted);
  }

  private void pretty(List<String> columns, List<ObjectNode> rows) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(columns);
    rows.forEach(row -> lines.add(cells(columns, row)));
    int[] widths = new int[columns.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    out.println(rule(widths, '┌', '┬', '┐'));
    for (int i = 0; i < lines.size(); i++) {
      if (i > 0) {
        out.println(rule(widths, '├', '┼', '┤'));
      }
      StringBuilder line = new StringBuilder("│");
      for (int j = 0; j < widths.length; j++) {
        String cell = lines.get(i).get(j);
        line.append(' ').append(cell).append(" ".repeat(widths[j] - cell.length())).append(" │");
      }
      out.println(line);
    }
    out.println(rule(widths, '└', '┴', '┘'));
  }

  private static String rule(int[] widths, char left, char middle, char right) {
    StringBuilder rule = new StringBuilder().append(left);
    for (int i = 0; i < widths.length; i++) {
      rule.append(i == 0 ? "" : String.valueOf(middle)).append("─".repeat(widths[i] + 2));
    }
    return rule.append(right).toString();
  }

  // ---- values

  /** A value in a table: of tables and lists as Erlang writes them. */
  static String text(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(text(item)));
      return "[" + String.join(", ", items) + "]";
    }
    return value.isObject() ? term(value) : value.asText();
  }

  private static String term(JsonNode value) {
    if (value.isObject()) {
      List<String> pairs = new ArrayList<>();
      value
          .properties()
          .forEach(
              field -> pairs.add("{\"" + field.getKey() + "\"," + term(field.getValue()) + "}"));
      return "[" + String.join(",", pairs) + "]";
    }
    if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(term(item)));
      return "[" + String.join(",", items) + "]";
    }
    return value.isTextual() ? '"' + value.textValue() + '"' : value.asText();
  }

  /** A value in a document: tables are lists of name, type and value. */
  private static JsonNode json(JsonNode value) {
    if (value.isObject()) {
      ArrayNode table = Json.array();
      value
          .properties()
          .forEach(
              field -> {
                JsonNode item = field.getValue();
                table.addArray().add(field.getKey()).add(type(item)).add(json(item));
              });
      return table;
    }
    if (value.isArray()) {
      ArrayNode items = Json.array();
      value.forEach(item -> items.add(json(item)));
      return items;
    }
    return value.isNull() ? Json.object().textNode("") : value;
  }

  private static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "table";
      case ARRAY -> "array";
      case BOOLEAN -> "bool";
      case NULL -> "void";
      case NUMBER ->
          value.isFloatingPointNumber()
              ? "double"
              : value.bigIntegerValue().bitLength() < BITS_OF_INT ? "signedint" : "long";
      default -> "longstr";
    };
  }
}
