package io.harveymq.broker.exchange;

import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.ReplyCode;

/**
 * The arguments of a binding to a headers exchange. {@code x-match} says whether all of the others
 * have to match or any of them, all being the default; names that start with {@code x-} are passed
 * over unless it ends in {@code -with-x}. A void argument asks only for the header to be there.
 * Values match by their bare value as RabbitMQ 3.10.8 compares them (see {@link ErlangTerm#equal}):
 * integers, floats and timestamps by number, a string and bytes by content. Without anything to
 * match, all is satisfied and any is not. Immutable; any thread.
 */
final class HeadersPattern {
  private static final String MATCH = "x-match";

  private final boolean all;
  private final FieldTable required;

  /** The arguments must be valid. */
  HeadersPattern(FieldTable arguments) {
    String match =
        arguments.containsKey(MATCH) ? ErlangTerm.stringOrNull(arguments.get(MATCH)) : "all";
    boolean withX = match.endsWith("-with-x");
    FieldTable.Builder builder = FieldTable.builder();
    arguments.forEach(
        (name, value) -> {
          if (!name.equals(MATCH) && (withX || !name.startsWith("x-"))) {
            builder.append(name, value);
          }
        });
    all = match.startsWith("all");
    required = builder.build();
  }

  /**
   * Checks x-match.
   *
   * @throws ChannelException 406 unless it is absent or one of the four words
   */
  static void validate(FieldTable arguments) {
    FieldValue match = arguments.get(MATCH);
    if (match == null) {
      return;
    }
    String word = ErlangTerm.stringOrNull(match);
    if (word == null) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "Invalid x-match field type %s (value %s); expected longstr"
              .formatted(match.typeName(), ErlangTerm.print(match)));
    }
    switch (word) {
      case "all", "any", "all-with-x", "any-with-x" -> {}
      default ->
          throw new ChannelException(
              ReplyCode.PRECONDITION_FAILED,
              "Invalid x-match field value %s; expected all, any, all-with-x, or any-with-x"
                  .formatted(ErlangTerm.print(match)));
    }
  }

  /**
   * @param headers of a name that occurs several times, only the first counts
   */
  boolean matches(FieldTable headers) {
    for (int i = 0; i < required.size(); i++) {
      if (matches(required.value(i), headers.get(required.key(i))) != all) {
        return !all;
      }
    }
    return all;
  }

  private static boolean matches(FieldValue required, FieldValue header) {
    return header != null
        && (required instanceof FieldValue.Void || ErlangTerm.equal(required, header));
  }
}
