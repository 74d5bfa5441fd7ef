package io.harveymq.management.http;

import io.harveymq.broker.auth.PatternCost;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of a client, for which letters have no case; it gets only so much time for
 * all names together: some expressions would take years. Made for one request; owned by one thread.
 */
final class NamePattern {
  private static final int LONGEST = 1_000;
  private static final long MOST_NANOS = 100_000_000;

  private final Pattern pattern;
  private final long start;

  /**
   * @throws PatternSyntaxException when it is none
   * @throws ApiException 400 when it is too long
   */
  NamePattern(String expression) {
    if (expression.length() > LONGEST) {
      throw ApiException.badRequest(
          "the regular expression is longer than " + LONGEST + " characters");
    }
    if (PatternCost.of(expression) > PatternCost.MOST) {
      throw tooSlow();
    }
    try {
      pattern = Pattern.compile(expression, Pattern.CASE_INSENSITIVE);
    } catch (StackOverflowError tooDeep) {
      throw tooSlow();
    }
    start = System.nanoTime();
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
