package io.harveymq.broker.net;

import io.harveymq.broker.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands behind the decryption of one socket: lets nobody know of the client before the handshake
 * is over, and then passes what one read brought as one buffer, although it came in many records.
 * Owned by the socket's loop.
 */
final class TlsGate extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(TlsGate.class);

  private final SslHandler tls;
  private final PlainAlert alert;
  private final Function<TlsSession, ConnectionHandler> whenOpen;
  private final List<ByteBuf> burst = new ArrayList<>(4);

  /**
   * @param alert is in the pipeline before the decryption; taken out when the handshake is over
   * @param whenOpen makes what is behind it, when the handshake is over
   */
  TlsGate(SslHandler tls, PlainAlert alert, Function<TlsSession, ConnectionHandler> whenOpen) {
    this.tls = tls;
    this.alert = alert;
    this.whenOpen = whenOpen;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
      context.fireUserEventTriggered(event);
    } else if (handshake.isSuccess()) {
      context.pipeline().remove(alert);
      TlsSession session = TlsSession.of(tls.engine().getSession());
      context.pipeline().addLast(whenOpen.apply(session));
      context.fireChannelActive();
    } else {
      refused(context, handshake.cause());
    }
  }

  private void refused(ChannelHandlerContext context, Throwable cause) {
    String name = SocketLink.name(context.channel());
    if (TlsFailure.isSilent(cause)) {
      LOG.debug("{}: closed by the client before the TLS handshake was over", name);
    } else {
      LOG.warn(
          "{}: TLS handshake failed: {}",
          name,
          TlsFailure.reason(cause, alert.code(), tls.getHandshakeTimeoutMillis()));
      LOG.debug("{}: TLS handshake failed", name, cause);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    burst.add((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    passOn(context);
    context.fireChannelReadComplete();
  }

  private void passOn(ChannelHandlerContext context) {
    if (burst.isEmpty()) {
      return;
    }
    if (burst.size() == 1) {
      context.fireChannelRead(burst.remove(0));
      return;
    }
    int length = 0;
    for (ByteBuf record : burst) {
      length += record.readableBytes();
    }
    ByteBuf whole = context.alloc().heapBuffer(length);
    for (ByteBuf record : burst) {
      whole.writeBytes(record);
      record.release();
    }
    burst.clear();
    context.fireChannelRead(whole);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    passOn(context);
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    burst.forEach(ByteBuf::release);
    burst.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (tls.handshakeFuture().isSuccess()) {
      context.fireExceptionCaught(cause);
    } else {
      // The handshake's end tells the reason.
      context.close();
    }
  }
}
