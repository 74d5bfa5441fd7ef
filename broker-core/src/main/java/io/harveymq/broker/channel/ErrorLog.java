package io.harveymq.broker.channel;

import io.harveymq.broker.LogText;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line in the log for each channel that the broker closes: what happened, and what the user
 * probably wants. Stateless; called on the home loop.
 */
final class ErrorLog {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorLog.class);

  private ErrorLog() {}

  static void channelClosed(AmqpChannel channel, Method method, ChannelException refusal) {
    LOG.warn(
        "closed channel {} of connection {}: {} failed with {} {}{}",
        channel.number(),
        channel.connection(),
        method == null ? "a command" : method.protocolName(),
        refusal.replyCode().code(),
        LogText.of(refusal.replyText()),
        advice(method, refusal));
    channel.connection().view().refused(refusal);
  }

  static void consumerTimedOut(AmqpChannel channel, Consumer consumer) {
    LOG.warn(
        "cancelled consumer '{}' of queue '{}' on channel {} of connection {}: it did not acknowledge"
            + " a delivery within {} ms; acknowledge sooner, or set x-consumer-timeout",
        LogText.of(consumer.tag()),
        LogText.of(consumer.queue().name()),
        channel.number(),
        channel.connection(),
        consumer.ackTimeout());
  }

  private static String advice(Method method, ChannelException refusal) {
    return switch (refusal.replyCode()) {
      case NOT_FOUND -> notFound(method);
      case PRECONDITION_FAILED -> precondition(method, refusal.replyText());
      case ACCESS_REFUSED -> accessRefused(refusal.replyText());
      case RESOURCE_LOCKED ->
          "; an exclusive queue can only be used by the connection that declared it, and goes with it";
      default -> "";
    };
  }

  private static String accessRefused(String text) {
    return text.contains("refused for user")
        ? "; the permissions of that user in this virtual host don't cover it"
        : "";
  }

  private static String notFound(Method method) {
    if (method instanceof BasicMethod.Publish) {
      return "; the message was dropped, and so is what is published on this channel from now on: declare the exchange"
          + " before publishing to it";
    }
    if (method instanceof QueueMethod.Declare || method instanceof ExchangeMethod.Declare) {
      return "; a passive declaration only checks, declare it without passive to create it";
    }
    return "; declare it before using it";
  }

  private static String precondition(Method method, String text) {
    if (text.contains("inequivalent arg")) {
      String what = method instanceof QueueMethod ? "queue" : "exchange";
      return "; the " + what + " exists already: declare it alike everywhere, or delete it first";
    }
    if (text.contains("unknown delivery tag")) {
      return "; acknowledge each delivery once, on the channel that it came on";
    }
    return "";
  }
}
