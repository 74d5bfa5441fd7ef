package io.harveymq.compat.differential;

import io.harveymq.broker.AccessControl;
import java.util.List;

/**
 * A step that changes what a user may do in the virtual host /: {@code permissions user= configure=
 * write= read=} or {@code topic-permissions user= exchange= write= read=}. Stateless; any thread.
 */
final class PermissionStep {
  private PermissionStep() {}

  static boolean is(Step step) {
    return step.action().endsWith("permissions");
  }

  /** All that a user may do at the beginning. */
  static List<Step> initial(LimitedUser user) {
    return List.of(
        Step.parse(
            "0.0 permissions user=%s configure=%s write=%s read=%s"
                .formatted(user.name(), user.configure(), user.write(), user.read())),
        Step.parse(
            "0.0 topic-permissions user=%s exchange=%s write=%s read=%s"
                .formatted(
                    user.name(), user.topicExchange(), user.topicWrite(), user.topicRead())));
  }

  /** Does it in Harvey. */
  static String play(AccessControl access, Step step) {
    String user = step.get("user", "");
    if (step.action().equals("permissions")) {
      access.setPermissions(
          user, "/", step.get("configure", ""), step.get("write", ""), step.get("read", ""));
    } else {
      access.setTopicPermissions(
          user, "/", step.get("exchange", ""), step.get("write", ""), step.get("read", ""));
    }
    return "ok";
  }

  /** The question to RabbitMQ's side that does it there. */
  static String question(Step step) {
    return step.action() + " " + String.join(" ", step.arguments().values());
  }
}
