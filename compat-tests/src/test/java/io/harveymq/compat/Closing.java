package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;

/**
 * How the broker closed something: what, why, and the method it blames. Two of them are equal when
 * every one of these is. Immutable; any thread.
 */
record Closing(Scope scope, int code, String text, AmqpMethod method) {
  enum Scope {
    CHANNEL,
    CONNECTION
  }

  static Closing channel(int code, String text, AmqpMethod method) {
    return new Closing(Scope.CHANNEL, code, text, method);
  }

  static Closing connection(int code, String text, AmqpMethod method) {
    return new Closing(Scope.CONNECTION, code, text, method);
  }

  /** Reads a channel.close or connection.close. */
  static Closing read(Frame frame) {
    Scope scope = frame.method() == AmqpMethod.CHANNEL_CLOSE ? Scope.CHANNEL : Scope.CONNECTION;
    WireReader reader = frame.arguments();
    int code = reader.u16();
    String text = reader.shortstr();
    return new Closing(scope, code, text, AmqpMethod.of(reader.u16(), reader.u16()));
  }

  /** What the Java client reports, unless the client itself closed. */
  static Closing of(ShutdownSignalException signal) {
    Object reason = signal.getReason();
    if (reason instanceof AMQP.Channel.Close close) {
      AmqpMethod method = AmqpMethod.of(close.getClassId(), close.getMethodId());
      return channel(close.getReplyCode(), close.getReplyText(), method);
    }
    if (reason instanceof AMQP.Connection.Close close) {
      AmqpMethod method = AmqpMethod.of(close.getClassId(), close.getMethodId());
      return connection(close.getReplyCode(), close.getReplyText(), method);
    }
    throw new AssertionError("no close method came with " + signal, signal);
  }

  /** The reason inside an exception of the Java client's calls. */
  static Closing of(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ShutdownSignalException signal) {
        return of(signal);
      }
    }
    throw new AssertionError("not closed by the broker", failure);
  }

  /**
   * Fails unless a call of the Java client failed for the broker's end: its socket broke, or the
   * connection was closed with 320. Any other close method would mean that the broker refused
   * something while it lived.
   */
  static void assertBrokerEnded(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ShutdownSignalException signal && signal.getReason() instanceof Method) {
        assertThat(of(signal).code()).as("%s", signal).isEqualTo(AMQP.CONNECTION_FORCED);
      }
    }
  }
}
