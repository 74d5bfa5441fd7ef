package io.harveymq.management.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of a client, which gets only so much time for all names together: some
 * expressions would take years. Made for one request; owned by one thread.
 */
final class NamePattern {
  private static final int LONGEST = 1_000;
  private static final long MOST_NANOS = 100_000_000;

  /** Repetitions of what is empty look at no character; so many of them take no time. */
  private static final long MOST_REPETITIONS = 100_000;

  private static final Pattern REPETITION = Pattern.compile("\\{(\\d+)(?:,(\\d*))?}");

  private final Pattern pattern;
  private final long start = System.nanoTime();

  /**
   * @throws PatternSyntaxException when it is none
   * @throws ApiException 400 when it is too long
   */
  NamePattern(String expression) {
    if (expression.length() > LONGEST) {
      throw ApiException.badRequest(
          "the regular expression is longer than " + LONGEST + " characters");
    }
    requireFewRepetitions(expression);
    pattern = Pattern.compile(expression);
  }

  private static void requireFewRepetitions(String expression) {
    long all = 1;
    Matcher repetition = REPETITION.matcher(expression);
    while (repetition.find()) {
      all *= Math.max(1, Math.max(number(repetition.group(1)), number(repetition.group(2))));
      if (all > MOST_REPETITIONS) {
        throw tooSlow();
      }
    }
  }

  private static long number(String digits) {
    if (digits == null || digits.isEmpty()) {
      return 1;
    }
    return digits.length() > 6 ? MOST_REPETITIONS + 1 : Long.parseLong(digits);
  }

  /**
   * Whether it is found in a name.
   *
   * @throws ApiException 400 when it took too long
   */
  boolean isIn(String name) {
    try {
      return pattern.matcher(new Timed(name)).find();
    } catch (StackOverflowError tooDeep) {
      throw tooSlow();
    }
  }

  private static ApiException tooSlow() {
    return ApiException.badRequest("the regular expression takes too long");
  }

  /** A name that can be looked at until the time is over. */
  private final class Timed implements CharSequence {
    private final CharSequence name;

    Timed(CharSequence name) {
      this.name = name;
    }

    @Override
    public int length() {
      return name.length();
    }

    @Override
    public char charAt(int index) {
      if (System.nanoTime() - start > MOST_NANOS) {
        throw tooSlow();
      }
      return name.charAt(index);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return new Timed(name.subSequence(from, to));
    }

    @Override
    public String toString() {
      return name.toString();
    }
  }
}
