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
  /** Content type 21, a version, length 2, level 2 (fatal), and the description. */
  private static final int RECORD_BYTES = 7;

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
    int start = bytes.writerIndex() - RECORD_BYTES;
    if (start >= bytes.readerIndex()
        && bytes.getByte(start) == ALERT
        && bytes.getShort(start + 3) == 2
        && bytes.getByte(start + 5) == FATAL) {
      code = bytes.getUnsignedByte(start + 6);
    }
    context.fireChannelRead(message);
  }
}
