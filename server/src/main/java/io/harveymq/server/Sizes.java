package io.harveymq.server;

/** Numbers as a person reads them. Any thread. */
final class Sizes {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  private static final int STEP = 1024;
  private static final int FEW = 10;

  private Sizes() {}

  /**
   * A number of bytes in the unit that suits it, such as {@code 1.4 GiB}. Rounded down.
   *
   * @param bytes not negative
   */
  static String bytes(long bytes) {
    int unit = 0;
    long whole = bytes;
    long rest = 0;
    while (whole >= STEP && unit < UNITS.length - 1) {
      rest = whole % STEP;
      whole /= STEP;
      unit++;
    }
    String tenths = unit > 0 && whole < FEW ? "." + rest * FEW / STEP : "";
    return count(whole) + tenths + " " + UNITS[unit];
  }

  /** A number with a comma after each thousand. */
  static String count(long number) {
    StringBuilder digits = new StringBuilder(Long.toString(number));
    for (int at = digits.length() - 3; at > 0; at -= 3) {
      digits.insert(at, ',');
    }
    return digits.toString();
  }

  /** Such as {@code 1 queue} and {@code 2,000 queues}. */
  static String count(long number, String thing) {
    return count(number) + " " + thing + (number == 1 ? "" : "s");
  }
}
