package io.harveymq.compat.differential;

import io.harveymq.broker.PolicyControl;
import io.harveymq.broker.policy.ApplyTo;
import io.harveymq.broker.policy.Policy;
import io.harveymq.broker.policy.PolicyException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.netty.buffer.Unpooled;

/**
 * A step that sets a policy or removes one: {@code policy name= pattern= apply-to= priority=
 * definition=}, {@code clear-policy name=}, and the same two for operator policies. Stateless; any
 * thread.
 */
final class PolicyStep {
  /** What is told when there is no policy to be cleared. */
  static final String NONE = "Parameter does not exist";

  private static final String VHOST = "/";

  private PolicyStep() {}

  static boolean is(Step step) {
    return step.action().endsWith("policy");
  }

  /** Does it in Harvey; what Harvey says, "ok" if all is well. */
  static String play(PolicyControl policies, Step step) {
    String name = step.get("name", "");
    try {
      return switch (step.action()) {
        case "policy" -> {
          policies.set(
              VHOST, Policy.of(name, pattern(step), applyTo(step), priority(step), table(step)));
          yield "ok";
        }
        case "operator-policy" -> {
          policies.setOperator(
              VHOST,
              Policy.operator(name, pattern(step), applyTo(step), priority(step), table(step)));
          yield "ok";
        }
        case "clear-policy" -> policies.clear(VHOST, name) ? "ok" : NONE;
        case "clear-operator-policy" -> policies.clearOperator(VHOST, name) ? "ok" : NONE;
        default -> throw new IllegalArgumentException("no such step: " + step);
      };
    } catch (PolicyException refusal) {
      return refusal.getMessage();
    }
  }

  /** The question to RabbitMQ's side that does it there. */
  static String question(Step step) {
    String question = step.action() + " " + step.get("name", "");
    return step.action().startsWith("clear")
        ? question
        : String.join(
            " ",
            question,
            pattern(step),
            step.get("apply-to", "all"),
            "" + priority(step),
            json(table(step)));
  }

  private static String pattern(Step step) {
    return step.get("pattern", ".*");
  }

  private static ApplyTo applyTo(Step step) {
    return ApplyTo.of(step.get("apply-to", "all"));
  }

  private static long priority(Step step) {
    return Long.parseLong(step.get("priority", "0"));
  }

  private static FieldTable table(Step step) {
    return FieldTable.read(Unpooled.wrappedBuffer(WireText.table(step.get("definition", "{}"))));
  }

  private static String json(FieldTable table) {
    StringBuilder json = new StringBuilder("{");
    table.forEach(
        (key, value) ->
            json.append(json.length() > 1 ? "," : "")
                .append('"')
                .append(key)
                .append("\":")
                .append(
                    value instanceof FieldValue.LongString text
                        ? '"' + text.asString() + '"'
                        : value instanceof FieldValue.Bool truth
                            ? String.valueOf(truth.value())
                            : String.valueOf(value.asLong())));
    return json.append('}').toString();
  }
}
