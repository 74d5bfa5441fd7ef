package io.harveymq.broker.vhost;

import io.harveymq.broker.queue.ClientName;
import io.harveymq.broker.queue.DeathReason;
import io.harveymq.broker.queue.Message;
import io.harveymq.codec.FieldValue;
import java.util.List;

/**
 * A message that died, as it goes to the dead letter exchange. Owned by the home loop.
 *
 * @param message with the headers that tell of its deaths
 * @param hiddenKeys further routing keys that its headers do not show
 * @param deaths the entries of x-death, the latest first
 * @param reason of the latest death
 * @param client who refused it; null for another reason, or if that is not known
 */
public record DeadLetter(
    Message message,
    List<String> hiddenKeys,
    List<FieldValue> deaths,
    DeathReason reason,
    ClientName client) {

  /** Whether the message died in that queue before and no consumer has refused it since. */
  boolean isCycle(String queue) {
    if (reason == DeathReason.REJECTED) {
      return false;
    }
    for (FieldValue value : deaths) {
      if (value instanceof FieldValue.Table death) {
        if (DeathHeaders.text(death.value(), "reason").equals("rejected")) {
          return false;
        }
        if (DeathHeaders.text(death.value(), "queue").equals(queue)) {
          return true;
        }
      }
    }
    return false;
  }
}
