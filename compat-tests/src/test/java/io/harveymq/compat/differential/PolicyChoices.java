package io.harveymq.compat.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * The random parts of policies. Each name has its own priority: between equal ones RabbitMQ chooses
 * as it likes. Confined to one thread.
 */
final class PolicyChoices {
  private static final List<String> NAMES = List.of("p0", "p1", "p2");
  private static final List<String> PATTERNS =
      List.of(".*", "^q", "^q0$", "1", "^(q1|x0)$", "^x", "x1", "^[qx][02]$", "^amq");
  private static final List<String> WRONG =
      List.of(
          "definition={}",
          "definition={max-length=S:5}",
          "definition={max-length=I:-1}",
          "definition={message-ttl=I:-1}",
          "definition={expires=I:0}",
          "definition={dead-letter-exchange=I:3}",
          "definition={dead-letter-routing-key=t:1}",
          "definition={overflow=S:explode}",
          "definition={queue-mode=S:quick}",
          "definition={queue-version=I:3}",
          "definition={alternate-exchange=I:1}",
          "definition={delivery-limit=S:1}",
          "definition={dead-letter-strategy=S:never}",
          "definition={max-age=S:1W}",
          "definition={unknown=I:1}",
          "definition={max-length=I:1,unknown=S:a}",
          "definition={max-priority=I:5}");
  private static final List<String> WRONG_FOR_OPERATORS =
      List.of(
          "definition={dead-letter-exchange=S:x0}",
          "definition={overflow=S:drop-head}",
          "definition={alternate-exchange=S:x0}",
          "definition={max-length=I:-1}",
          "definition={}");

  private final Choices choices;

  PolicyChoices(Choices choices) {
    this.choices = choices;
  }

  /** A step that sets a policy or removes one, without its place. */
  String step() {
    int name = choices.below(NAMES.size());
    String operator = choices.once(4) ? "operator-" : "";
    if (choices.once(3)) {
      return "clear-" + operator + "policy name=" + NAMES.get(name);
    }
    String head = operator + "policy name=" + NAMES.get(name) + " priority=" + name + " ";
    if (choices.isCareless() && choices.once(4)) {
      return head + choices.of(operator.isEmpty() ? WRONG : WRONG_FOR_OPERATORS);
    }
    return head
        + "pattern="
        + choices.of(PATTERNS)
        + " apply-to="
        + choices.of(List.of("all", "queues", "queues", "exchanges"))
        + " definition={"
        + String.join(",", operator.isEmpty() ? definition() : limits())
        + "}";
  }

  private List<String> limits() {
    List<String> chosen = new ArrayList<>();
    addLimits(chosen);
    if (chosen.isEmpty() || choices.once(3)) {
      chosen.add("expires=I:" + (3_600_000 + choices.below(5)));
    }
    return chosen;
  }

  private void addLimits(List<String> chosen) {
    if (choices.has(Feature.LENGTH_LIMITS) && choices.once(2)) {
      chosen.add(
          choices.once(4)
              ? "max-length-bytes=I:" + choices.below(20)
              : "max-length=I:" + choices.below(4));
    }
    if (choices.has(Feature.MESSAGE_TTL) && choices.once(3)) {
      chosen.add("message-ttl=I:" + choices.of(List.of(0, 3_600_000)));
    }
    if (choices.isLimitingReturns() && choices.once(6)) {
      chosen.add("delivery-limit=I:" + choices.below(3));
    }
  }

  private List<String> definition() {
    List<String> chosen = new ArrayList<>();
    addLimits(chosen);
    if (choices.has(Feature.DEAD_LETTERS) && choices.once(3)) {
      chosen.add("dead-letter-exchange=S:" + (choices.once(2) ? "" : choices.exchange()));
    }
    if (choices.has(Feature.DEAD_LETTERS) && choices.once(5)) {
      chosen.add("dead-letter-routing-key=S:" + choices.of(choices.queues()));
    }
    if (choices.has(Feature.LENGTH_LIMITS) && !choices.has(Feature.QUORUM_QUEUES)) {
      addOverflow(chosen);
    }
    if (choices.has(Feature.ALTERNATE_EXCHANGE) && choices.once(3)) {
      chosen.add("alternate-exchange=S:" + choices.exchange());
    }
    if (chosen.isEmpty()) {
      chosen.add(
          choices.of(
              List.of(
                  "queue-mode=S:lazy",
                  "queue-version=I:2",
                  "max-length=I:10000",
                  "ha-mode=S:all")));
    }
    return chosen;
  }

  private void addOverflow(List<String> chosen) {
    if (choices.once(3)) {
      chosen.add(
          "overflow=S:" + choices.of(List.of("drop-head", "reject-publish", "reject-publish-dlx")));
    }
  }
}
