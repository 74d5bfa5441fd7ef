package io.harveymq.server.admin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** How lists are shown. */
enum Format {
  /** The answer of the broker. */
  RAW_JSON,
  PRETTY_JSON,
  TSV,
  LONG,
  TABLE,
  /** A line of {@code name="value"} for each object. */
  KVP,
  /** The names of all objects, on one line. */
  BASH;

  private static final String RULE = "\n" + "-".repeat(80) + "\n";

  /** The one with this name, or null. */
  static Format of(String name) {
    for (Format format : values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
        return format;
      }
    }
    return null;
  }

  boolean isJson() {
    return this == RAW_JSON || this == PRETTY_JSON;
  }

  /**
   * The lines of a table that is not empty.
   *
   * @param headings whether a heading is wanted of those that can do without
   */
  List<String> lines(Rows rows, boolean headings) {
    return switch (this) {
      case TSV -> tabs(rows, headings);
      case LONG -> blocks(rows);
      case KVP -> pairs(rows);
      case BASH -> names(rows);
      default -> table(rows);
    };
  }

  private static List<String> tabs(Rows rows, boolean headings) {
    List<String> lines = new ArrayList<>();
    if (headings) {
      lines.add(String.join("\t", rows.columns()));
    }
    rows.cells().forEach(row -> lines.add(String.join("\t", row)));
    return lines;
  }

  private static List<String> blocks(Rows rows) {
    int width = rows.columns().stream().mapToInt(Format::width).max().orElse(0);
    List<String> lines = new ArrayList<>(List.of(RULE));
    for (List<String> row : rows.cells()) {
      for (int i = 0; i < row.size(); i++) {
        String column = rows.columns().get(i);
        lines.add(" ".repeat(width - width(column)) + column + ": " + row.get(i));
      }
      lines.add(RULE);
    }
    return lines;
  }

  private static List<String> pairs(Rows rows) {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows.cells()) {
      List<String> pairs = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        pairs.add(rows.columns().get(i) + "=\"" + row.get(i) + '"');
      }
      lines.add(String.join(" ", pairs));
    }
    return lines;
  }

  private static List<String> names(Rows rows) {
    int at = rows.columns().lastIndexOf("name");
    return at < 0
        ? List.of()
        : List.of(String.join(" ", rows.cells().stream().map(row -> row.get(at)).toList()));
  }

  private static List<String> table(Rows rows) {
    int[] widths = rows.columns().stream().mapToInt(Format::width).toArray();
    for (List<String> row : rows.cells()) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    StringBuilder bar = new StringBuilder("+");
    for (int width : widths) {
      bar.append("-".repeat(width + 2)).append('+');
    }
    List<String> lines = new ArrayList<>(Collections.nCopies(2, bar.toString()));
    lines.add(1, row(rows.columns(), widths, true));
    rows.cells().forEach(row -> lines.add(row(row, widths, false)));
    lines.add(bar.toString());
    return lines;
  }

  private static String row(List<String> cells, int[] widths, boolean centred) {
    StringBuilder line = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      int gap = widths[i] - width(cells.get(i));
      int left = centred ? gap / 2 : 0;
      line.append(" ".repeat(left + 1)).append(cells.get(i));
      line.append(" ".repeat(gap - left + 1)).append('|');
    }
    return line.toString();
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
