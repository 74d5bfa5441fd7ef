package io.harveymq.broker;

/**
 * Makes what clients send fit for a line of the log: neither can it look like a line of its own,
 * nor fill the disk. Stateless; any thread.
 */
public final class LogText {
  /** Characters that are shown; no name that is allowed has more. */
  private static final int MOST = 255;

  private LogText() {}

  /**
   * The text with control characters, line separators and what changes the direction of writing as
   * Java has them in source; cut, with dots, where it is long.
   *
   * @param text null is shown as such
   */
  public static String of(String text) {
    return of(text, MOST);
  }

  /**
   * The same with another bound.
   *
   * @param most characters that are shown
   */
  public static String of(String text, int most) {
    if (text == null) {
      return "null";
    }
    int shown = Math.min(text.length(), most);
    StringBuilder safe = new StringBuilder(shown);
    for (int i = 0; i < shown; i++) {
      char one = text.charAt(i);
      if (isPlain(one)) {
        safe.append(one);
      } else {
        safe.append(String.format("\\u%04x", (int) one));
      }
    }
    return shown < text.length() ? safe.append("...").toString() : safe.toString();
  }

  /**
   * An error text without the octets that it shows of a frame: on channel 0, where clients log in,
   * they may be a password.
   */
  public static String withoutOctets(String text) {
    int octets = text.indexOf("<<");
    return octets < 0 ? text : of(text.substring(0, octets) + "<<...>>");
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
