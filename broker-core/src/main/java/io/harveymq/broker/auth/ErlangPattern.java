package io.harveymq.broker.auth;

import io.harveymq.broker.LogText;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A regular expression as Erlang's re:run understands it: it may match anywhere in the text. What
 * does not come to an end within a bounded number of steps does not match, as with PCRE's match
 * limit, because it is run on event loops. Immutable but for what was warned of; any thread.
 */
public final class ErlangPattern {
  private static final Logger LOG = LoggerFactory.getLogger(ErlangPattern.class);
  private static final Set<String> FOR_EVERYTHING = Set.of(".*", "^.*");

  /** Characters looked at in one match; well below a millisecond's worth. */
  private static final int MAX_STEPS = 100_000;

  /** Steps in one match, those between two looks at characters included: some 50 milliseconds. */
  private static final double MAX_WORK = 20_000_000;

  /** Matches everything. */
  public static final ErlangPattern EVERYTHING = new ErlangPattern(".*", null, 0);

  private final String source;
  private final Pattern pattern;
  private final int looks;
  private volatile boolean warned;

  private ErlangPattern(String source, Pattern pattern, int looks) {
    this.source = source;
    this.pattern = pattern;
    this.looks = looks;
  }

  /**
   * Compiles an expression of whatever meaning.
   *
   * @throws PatternSyntaxException when it is malformed, or so complex that it might hold up a loop
   */
  public static ErlangPattern compile(String source) {
    if (FOR_EVERYTHING.contains(source)) {
      return new ErlangPattern(source, null, 0);
    }
    String translated = new PcreSyntax(source).toJava();
    double cost = PatternCost.of(translated);
    if (cost > PatternCost.MOST) {
      throw new PatternSyntaxException("too complex", source, 0);
    }
    try {
      int looks = (int) Math.min(MAX_STEPS, MAX_WORK / cost);
      return new ErlangPattern(source, Pattern.compile(translated, Pattern.UNIX_LINES), looks);
    } catch (StackOverflowError tooDeep) {
      throw new PatternSyntaxException("too complex", source, 0);
    }
  }

  /**
   * Compiles the pattern of a permission, of which an empty one stands for {@code ^$}.
   *
   * @throws AccessException when it is malformed or too complex
   */
  public static ErlangPattern of(String source) {
    try {
      return compile(source.isEmpty() ? "^$" : source);
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
      return pattern.matcher(new Steps(text, looks)).find();
    } catch (TooManySteps | StackOverflowError endless) {
      if (!warned) {
        warned = true;
        LOG.warn(
            "the pattern '{}' is too complex to match against '{}' and the like",
            LogText.of(source),
            LogText.of(text));
      }
      return false;
    }
  }

  /** A text that can be looked at for a limited number of times. */
  private static final class Steps implements CharSequence {
    private final String text;
    private int left;

    Steps(String text, int looks) {
      this.text = text;
      this.left = looks;
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
