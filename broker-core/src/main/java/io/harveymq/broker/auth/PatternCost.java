package io.harveymq.broker.auth;

/**
 * Bounds what a regular expression does without a look at the text, where nobody can stop it:
 * groups and alternatives of nothing, repeated or in a row, may take years. What looks at a
 * character can be counted and is not meant here.
 *
 * <p>Reads Java's syntax; of malformed expressions it says something, which does not matter because
 * they can't be compiled. For one thread; used once.
 */
public final class PatternCost {
  /** Steps without a look that are taken; about as many alternatives may stand side by side. */
  public static final double MOST = 2_000;

  /** Groups within groups; PCRE takes some more. */
  private static final int DEEPEST = 100;

  /** A look behind of no certain length tries all places in a name. */
  private static final double PLACES_BEHIND = 256;

  private static final double TOO_MUCH = Double.POSITIVE_INFINITY;
  private static final String ANCHORS = "bBAGZz";
  private static final String WITH_BRACES = "pPxNkg";

  /**
   * What a part costs.
   *
   * @param fresh steps from its beginning until all ways have met a character or its end
   * @param ways how many ways through it meet no character
   * @param rest the most steps from a character within it to the next or its end
   * @param restWays how many ways lead from such a character to its end
   */
  private record Part(double fresh, double ways, double rest, double restWays) {
    static final Part NOTHING = new Part(0, 1, 0, 0);
    static final Part CHARACTER = new Part(1, 0, 0, 1);
    static final Part ANCHOR = new Part(1, 1, 0, 0);

    Part then(Part next) {
      return new Part(
          fresh + ways * next.fresh,
          ways * next.ways,
          Math.max(rest + restWays * next.fresh, next.rest),
          Math.max(restWays * next.ways, next.restWays));
    }

    Part or(Part other) {
      return new Part(
          fresh + Math.max(1, other.fresh),
          ways + other.ways,
          Math.max(rest, other.rest),
          Math.max(restWays, other.restWays));
    }

    Part repeated(double least, boolean more) {
      double once = fresh + 1;
      if (ways == 0) {
        return new Part(once, least == 0 ? 1 : 0, rest + restWays * once, restWays);
      }
      double all = Math.pow(ways, least);
      double tries = ways == 1 ? least + 1 : (all * ways - 1) / (ways - 1);
      double through = all * (more ? 1 + ways : 1);
      return new Part(tries * once, through, rest + restWays * tries * once, restWays * through);
    }

    Part inGroup() {
      return new Part(fresh + 1, ways, rest + 1, restWays);
    }

    /** As a condition, of which only the first way counts, tried at some places. */
    Part looked(double places) {
      return new Part(places * (fresh + 1), 1, places * (rest + 1), Math.min(1, restWays));
    }
  }

  private final String source;
  private int at;
  private int depth;
  private int variables;
  private boolean unknown;

  private PatternCost(String source) {
    this.source = source;
  }

  /** The most steps between two looks at the text, or infinity for more than can be told. */
  public static double of(String expression) {
    PatternCost cost = new PatternCost(expression);
    Part all = Part.NOTHING;
    while (cost.at < expression.length() && !cost.unknown) {
      all = all.then(cost.alternatives());
      cost.at++; // a closing parenthesis without an opening one
    }
    double most = Math.max(all.fresh, all.rest);
    return cost.unknown || Double.isNaN(most) ? TOO_MUCH : Math.max(1, most);
  }

  private boolean isAt(String text) {
    return source.startsWith(text, at);
  }

  private Part alternatives() {
    Part all = sequence();
    while (at < source.length() && source.charAt(at) == '|') {
      at++;
      variables++;
      all = all.or(sequence());
    }
    return all;
  }

  private Part sequence() {
    Part all = Part.NOTHING;
    while (at < source.length() && !unknown) {
      char next = source.charAt(at);
      if (next == '|' || next == ')') {
        break;
      }
      all = all.then(quantified(atom()));
    }
    return all;
  }

  private Part atom() {
    char first = source.charAt(at);
    switch (first) {
      case '(':
        return group();
      case '[':
        characterClass();
        return Part.CHARACTER;
      case '\\':
        return escape();
      case '^', '$':
        at++;
        return Part.ANCHOR;
      default:
        at++;
        return Part.CHARACTER;
    }
  }

  private Part escape() {
    if (isAt("\\Q")) {
      int end = source.indexOf("\\E", at);
      boolean empty = end == at + 2;
      at = end < 0 ? source.length() : end + 2;
      return empty ? Part.NOTHING : Part.CHARACTER;
    }
    char kind = at + 1 < source.length() ? source.charAt(at + 1) : ' ';
    at += 2;
    if (WITH_BRACES.indexOf(kind) >= 0 && at < source.length()) {
      char open = source.charAt(at);
      int end = open == '{' ? source.indexOf('}', at) : open == '<' ? source.indexOf('>', at) : -1;
      at = end < 0 ? at : end + 1;
    }
    boolean backReference = kind == 'k' || kind >= '1' && kind <= '9';
    return backReference || ANCHORS.indexOf(kind) >= 0 ? Part.ANCHOR : Part.CHARACTER;
  }

  /** Steps over a class, which may have others in it. */
  private void characterClass() {
    int open = 0;
    do {
      char next = source.charAt(at);
      if (next == '\\') {
        int end = isAt("\\Q") ? source.indexOf("\\E", at) : at;
        at = end < 0 ? source.length() : end + 1;
      } else if (next == '[') {
        open++;
        at += isAt("[^]") ? 2 : isAt("[]") ? 1 : 0;
      } else if (next == ']') {
        open--;
      }
      at++;
    } while (open > 0 && at < source.length());
  }

  private Part group() {
    if (++depth > DEEPEST) {
      unknown = true;
      return Part.NOTHING;
    }
    int variablesBefore = variables;
    boolean behind = isAt("(?<=") || isAt("(?<!");
    boolean condition = behind || isAt("(?=") || isAt("(?!");
    boolean atomic = isAt("(?>");
    at++;
    if (at < source.length() && source.charAt(at) == '?') {
      skipKind();
    }
    Part body = alternatives();
    at++;
    depth--;
    if (condition) {
      return body.looked(behind && variables > variablesBefore ? PLACES_BEHIND : 1);
    }
    Part grouped = body.inGroup();
    return atomic
        ? new Part(
            grouped.fresh, Math.min(1, grouped.ways), grouped.rest, Math.min(1, grouped.restWays))
        : grouped;
  }

  /** Steps over what follows the question mark: a look, a name, or flags. */
  private void skipKind() {
    at++;
    if (isAt("<=") || isAt("<!")) {
      at += 2;
    } else if (isAt("<")) {
      int end = source.indexOf('>', at);
      at = end < 0 ? source.length() : end + 1;
    } else if (isAt("=") || isAt("!") || isAt(">") || isAt(":")) {
      at++;
    } else {
      while (at < source.length() && ":)".indexOf(source.charAt(at)) < 0) {
        // with the flag x, blanks and comments would mean nothing; nobody needs it here
        unknown |= source.charAt(at) == 'x';
        at++;
      }
      if (isAt(":")) {
        at++;
      }
    }
  }

  private Part quantified(Part atom) {
    Part all = atom;
    while (at < source.length()) {
      double least;
      boolean more = true;
      char next = source.charAt(at);
      if (next == '*' || next == '?') {
        least = 0;
      } else if (next == '+') {
        least = 1;
      } else if (next == '{') {
        int end = source.indexOf('}', at);
        int comma = source.indexOf(',', at);
        if (end < 0) {
          break;
        }
        more = comma >= 0 && comma < end;
        least = number(source.substring(at + 1, more ? comma : end).strip());
        at = end;
      } else {
        break;
      }
      at++;
      if (at < source.length() && (source.charAt(at) == '?' || source.charAt(at) == '+')) {
        at++;
      }
      variables++;
      all = all.repeated(least, more);
    }
    return all;
  }

  private static double number(String digits) {
    try {
      return Double.parseDouble(digits);
    } catch (NumberFormatException none) {
      return 0;
    }
  }
}
