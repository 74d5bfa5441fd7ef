package io.harveymq.broker.auth;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A regular expression as Erlang's re:run understands it: it may match anywhere in the text, and an
 * empty one stands for {@code ^$}. What does not come to an end within a bounded number of steps
 * does not match, as with PCRE's match limit, because it is run on event loops. Immutable; any
 * thread.
 */
public final class ErlangPattern {
  private static final Logger LOG = LoggerFactory.getLogger(ErlangPattern.class);
  private static final Set<String> FOR_EVERYTHING = Set.of(".*", "^.*");

  /** Characters looked at in one match; well below a millisecond's worth. */
  private static final int MAX_STEPS = 100_000;

  /** Matches everything. */
  public static final ErlangPattern EVERYTHING = new ErlangPattern(".*", null);

  private final String source;
  private final Pattern pattern;

  private ErlangPattern(String source, Pattern pattern) {
    this.source = source;
    this.pattern = pattern;
  }

  /**
   * Compiles a pattern.
   *
   * @throws AccessException when it is malformed
   */
  public static ErlangPattern of(String source) {
    if (FOR_EVERYTHING.contains(source)) {
      return new ErlangPattern(source, null);
    }
    try {
      String translated = new PcreSyntax(source.isEmpty() ? "^$" : source).toJava();
      return new ErlangPattern(source, Pattern.compile(translated, Pattern.UNIX_LINES));
    } catch (PatternSyntaxException malformed) {
      throw new AccessException(
          AccessException.Reason.INVALID_REGEXP,
          "regular expression '" + source + "' is invalid: " + malformed.getDescription());
    }
  }

  /** Whether it matches every text without a look at it. */
  public boolean matchesEverything() {
    return pattern == null;
  }

  /** Whether it matches somewhere in the text. */
  public boolean matches(String text) {
    if (pattern == null) {
      return true;
    }
    try {
      return pattern.matcher(new Steps(text)).find();
    } catch (TooManySteps | StackOverflowError endless) {
      LOG.warn("the pattern '{}' is too complex to match against '{}'", source, text);
      return false;
    }
  }

  /** A text that can be looked at for a limited number of times. */
  private static final class Steps implements CharSequence {
    private final String text;
    private int left = MAX_STEPS;

    Steps(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }
  }

  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManySteps() {
      super(null, null, false, false);
    }
  }
}
