package io.harveymq.broker.queue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as streams have them: a number and a unit, such as {@code 7D}. Stateless. */
final class StreamTime {
  private static final Pattern SPAN = Pattern.compile("0*([1-9][0-9]{0,17}+)[0-9]*([YMDhms])");
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long LONGEST = Long.MAX_VALUE / 2;

  private StreamTime() {}

  /**
   * The span in milliseconds, where a month has 30 days and a year 365
   * (rabbit_amqqueue:check_max_age).
   *
   * @return -1 when it is none
   */
  static long millis(String text) {
    Matcher span = SPAN.matcher(text);
    if (!span.matches()) {
      return -1;
    }
    long unit =
        switch (span.group(2)) {
          case "Y" -> 365 * DAY;
          case "M" -> 30 * DAY;
          case "D" -> DAY;
          case "h" -> HOUR;
          case "m" -> MINUTE;
          default -> SECOND;
        };
    long number = Long.parseLong(span.group(1));
    return number > LONGEST / unit ? LONGEST : number * unit;
  }
}
