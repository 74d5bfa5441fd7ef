package io.harveymq.storms;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.impl.DefaultExceptionHandler;

/**
 * Says nothing of connections that break, which is what storms are about; the channel of a consumer
 * that fails is left to who uses it. Any thread.
 */
final class QuietClient extends DefaultExceptionHandler {
  @Override
  public void handleConsumerException(
      Channel channel, Throwable failure, Consumer consumer, String tag, String method) {
    // Settling failed because the connection is gone, which its user will find out.
  }

  @Override
  public void handleConfirmListenerException(Channel channel, Throwable failure) {
    // As above.
  }

  @Override
  public void handleUnexpectedConnectionDriverException(Connection connection, Throwable failure) {
    // As above.
  }
}
