package io.harveymq.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Stands before the decryption of one socket until the handshake is over, and keeps the reason of a
 * client that breaks off without encryption. OpenSSL does so in TLS 1.3: it has no key for what it
 * sends yet when it refuses the certificate of a server. Java cannot read such an alert and tells
 * only that a record was too short, in words of its own. Owned by the socket's loop.
 */
final class PlainAlert extends ChannelInboundHandlerAdapter {
  /** Of a record: its type, two octets of a version, two of its length. */
  private static final int HEADER_BYTES = 5;

  private static final int ALERT = 21;
  private static final int FATAL = 2;

  private int code = -1;

  /** The description of the last fatal alert in the clear (RFC 8446, section 6), or -1. */
  int code() {
    return code;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    int start = bytes.readerIndex();
    while (start + HEADER_BYTES + 2 <= bytes.writerIndex()) {
      int length = bytes.getUnsignedShort(start + 3);
      int level = bytes.getByte(start + HEADER_BYTES);
      if (bytes.getByte(start) == ALERT && length == 2 && level == FATAL) {
        code = bytes.getUnsignedByte(start + HEADER_BYTES + 1);
      }
      start += HEADER_BYTES + length;
    }
    context.fireChannelRead(message);
  }
}
