package io.harveymq.broker.vhost;

import io.harveymq.broker.policy.Policy;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;

/**
 * What the event exchange is told of policies. RabbitMQ tells of operator policies twice, as of
 * parameters, too. Stateless; called on the home loop.
 */
final class PolicyEvents {
  private PolicyEvents() {}

  static void set(VirtualHost vhost, Policy policy, boolean operator) {
    if (operator) {
      FieldTable value = shown(FieldTable.builder(), policy).build();
      vhost
          .events()
          .emit(
              "parameter.set",
              of(vhost, policy.name())
                  .put("value", new FieldValue.Table(value))
                  .put("component", "operator_policy"));
    }
    vhost.events().emit("policy.set", shown(of(vhost, policy.name()), policy));
  }

  static void cleared(VirtualHost vhost, String policy, boolean operator) {
    if (operator) {
      FieldTable.Builder parameter = of(vhost, policy).put("component", "operator_policy");
      vhost.events().emit("parameter.cleared", parameter);
    }
    String key = operator ? "operator.policy.cleared" : "policy.cleared";
    vhost.events().emit(key, of(vhost, policy));
  }

  private static FieldTable.Builder of(VirtualHost vhost, String policy) {
    return FieldTable.builder()
        .put("user_who_performed_action", EventExchange.INTERNAL)
        .put("vhost", vhost.name())
        .put("name", policy);
  }

  private static FieldTable.Builder shown(FieldTable.Builder headers, Policy policy) {
    return headers
        .put("apply-to", policy.applyTo().protocolName())
        .put("priority", policy.priority())
        .put("definition", new FieldValue.Table(policy.definition()))
        .put("pattern", policy.pattern());
  }
}
