package io.harveymq.management.page;

import java.util.regex.Pattern;

/**
 * Scripts and styles without what browsers need not load: remarks on lines of their own,
 * indentation, empty lines, and the spaces of styles. Any thread.
 */
final class Slim {
  /** A line that is a remark, or a remark of several lines that begin with an asterisk. */
  private static final Pattern REMARK =
      Pattern.compile(
          "^ *(?://.*|/\\*.*\\*/|/\\*\\*\\R(?: *\\*.*\\R)* *\\*.*\\*/)\\R", Pattern.MULTILINE);

  private static final Pattern STYLE_REMARK = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern INDENT = Pattern.compile("^[ \\t\\r\\n]+", Pattern.MULTILINE);
  private static final Pattern STYLE_SPACE = Pattern.compile("\\s*([{};,>])\\s*");

  /** Where the sources of a minified file are, which is not served. */
  private static final Pattern SOURCE = Pattern.compile("\\R?//# sourceMappingURL=\\S*");

  private Slim() {}

  /** What others have made small already. */
  static String foreign(String text) {
    return SOURCE.matcher(text).replaceAll("");
  }

  static String script(String text) {
    return INDENT.matcher(REMARK.matcher(text).replaceAll("")).replaceAll("");
  }

  static String style(String text) {
    String plain = STYLE_REMARK.matcher(text).replaceAll("");
    return STYLE_SPACE.matcher(plain).replaceAll("$1").replace(": ", ":").replace(";}", "}");
  }
}
