package io.harveymq.management.http;

/** Makes what clients send fit for a line of the log. Stateless; any thread. */
final class LogText {
  private LogText() {}

  /** The text with control characters and line separators as Java writes them in source. */
  static String of(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      if (isPlain(one)) {
        safe.append(one);
      } else {
        safe.append(String.format("\\u%04x", (int) one));
      }
    }
    return safe.toString();
  }

  private static boolean isPlain(char one) {
    return switch (Character.getType(one)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> one != '\\';
    };
  }
}
