package io.harveymq.broker.net;

import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.connection.Settings;
import io.harveymq.broker.node.Node;
import io.harveymq.broker.tls.TlsSession;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.codec.ReplyCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns Netty's callbacks for one socket into events of its connection; no logic. Owned by the
 * socket's loop.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);

  private final HomeLoop socketLoop;
  private final Node node;
  private final Settings settings;
  private final TlsSession tls;
  private SocketLink link;
  private Connection connection;

  /**
   * @param tls how the socket is encrypted; null when it is not
   */
  ConnectionHandler(HomeLoop socketLoop, Node node, Settings settings, TlsSession tls) {
    this.socketLoop = socketLoop;
    this.node = node;
    this.settings = settings;
    this.tls = tls;
  }

  /** Closes the connection in order, for a reason told to the client. Any thread. */
  void shutDown(String reason) {
    socketLoop.execute(
        () -> {
          if (link != null) {
            String text = "broker forced connection closure with reason '" + reason + "'";
            link.owner().execute(() -> connection.forceClose(ReplyCode.CONNECTION_FORCED, text));
          }
        });
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    link = new SocketLink(context.channel(), socketLoop, tls);
    connection = new Connection(link, socketLoop, node, settings);
    context.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    HomeLoop owner = link.owner();
    if (owner == socketLoop) {
      owner.run(() -> connection.onBytes(bytes));
    } else {
      owner.execute(() -> connection.onBytes(bytes));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    link.closed();
    link.owner().execute(connection::onSocketClosed);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("{}: socket failed", link, cause);
    context.close();
  }
}
