package io.harveymq.broker;

import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.Method;
import java.nio.charset.StandardCharsets;

/**
 * A command that the broker sent.
 *
 * @param properties null without content
 * @param body null without content
 */
public record Received(int channel, Method method, byte[] properties, byte[] body) {
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  public long deliveryTag() {
    return method instanceof BasicMethod.GetOk get
        ? get.deliveryTag()
        : ((BasicMethod.Deliver) method).deliveryTag();
  }

  public boolean redelivered() {
    return method instanceof BasicMethod.GetOk get
        ? get.redelivered()
        : ((BasicMethod.Deliver) method).redelivered();
  }

  public String consumerTag() {
    return ((BasicMethod.Deliver) method).consumerTag();
  }
}
