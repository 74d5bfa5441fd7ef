package io.harveymq.codec;

import java.nio.charset.StandardCharsets;

/**
 * A broken rule of the protocol, on its way to the one place that answers with channel.close or
 * connection.close. It carries no stack trace: it is an answer to a client, not a fault of the
 * broker. Immutable; any thread.
 */
public abstract sealed class AmqpException extends RuntimeException
    permits ChannelException, ConnectionException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_TEXT_BYTES = 255;

  /** Stands for the method that was being handled when the rule was broken. */
  static final int METHOD_AT_HAND = -1;

  private final ReplyCode replyCode;
  private final int methodIds;

  AmqpException(ReplyCode replyCode, String explanation, int methodIds) {
    super(cut(replyCode.name() + " - " + explanation), null, false, false);
    this.replyCode = replyCode;
    this.methodIds = methodIds;
  }

  /**
   * The class id (high 16 bits) and method id (low 16 bits) to be named in the close.
   *
   * @param atHand what to name when the exception doesn't say: the method being handled
   */
  public int methodIds(int atHand) {
    return methodIds == METHOD_AT_HAND ? atHand : methodIds;
  }

  public ReplyCode replyCode() {
    return replyCode;
  }

  /**
   * The reply text for the wire: the code's name, a dash and the explanation, at most 255 bytes of
   * UTF-8.
   */
  public String replyText() {
    return getMessage();
  }

  private static String cut(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= MAX_TEXT_BYTES) {
      return text;
    }
    int end = MAX_TEXT_BYTES - 3;
    while ((utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(utf8, 0, end, StandardCharsets.UTF_8) + "...";
  }
}
