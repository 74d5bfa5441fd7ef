package io.harveymq.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * Writes a {@link Method} as the payload of a method frame: class id, method id, arguments.
 * Reserved arguments are written as zero or empty. Stateless; any thread.
 */
public final class MethodWriter {
  private static final int RESERVED = 0;

  private MethodWriter() {}

  /**
   * Writes one method at the writer index of {@code out}.
   *
   * @throws IllegalArgumentException if a short string has more than 255 bytes in UTF-8
   */
  public static void write(Method method, ByteBuf out) {
    out.writeShort(method.classId());
    out.writeShort(method.methodId());
    switch (method.classId()) {
      case BasicMethod.CLASS_ID -> writeBasic(method, out);
      case ChannelMethod.CLASS_ID -> writeChannel(method, out);
      case QueueMethod.CLASS_ID -> writeQueue(method, out);
      case ExchangeMethod.CLASS_ID -> writeExchange(method, out);
      case ConnectionMethod.CLASS_ID -> writeConnection(method, out);
      case ConfirmMethod.CLASS_ID -> writeConfirm(method, out);
      case TxMethod.CLASS_ID -> writeTx(method, out);
      case AccessMethod.CLASS_ID -> writeAccess(method, out);
      default -> throw new AssertionError(method);
    }
  }

  private static void writeBasic(Method method, ByteBuf out) {
    switch (method.methodId()) {
      case BasicMethod.Qos.ID -> {
        BasicMethod.Qos m = (BasicMethod.Qos) method;
        out.writeInt((int) m.prefetchSize());
        out.writeShort(m.prefetchCount());
        out.writeByte(bit(0, m.global()));
      }
      case BasicMethod.Consume.ID -> {
        BasicMethod.Consume m = (BasicMethod.Consume) method;
        out.writeShort(RESERVED);
        ShortString.write(out, m.queue());
        ShortString.write(out, m.consumerTag());
        out.writeByte(
            bit(0, m.noLocal()) | bit(1, m.noAck()) | bit(2, m.exclusive()) | bit(3, m.nowait()));
        m.arguments().write(out);
      }
      case BasicMethod.ConsumeOk.ID -> {
        BasicMethod.ConsumeOk m = (BasicMethod.ConsumeOk) method;
        ShortString.write(out, m.consumerTag());
      }
      case BasicMethod.Cancel.ID -> {
        BasicMethod.Cancel m = (BasicMethod.Cancel) method;
        ShortString.write(out, m.consumerTag());
        out.writeByte(bit(0, m.nowait()));
      }
      case BasicMethod.CancelOk.ID -> {
        BasicMethod.CancelOk m = (BasicMethod.CancelOk) method;
        ShortString.write(out, m.consumerTag());
      }
      case BasicMethod.Publish.ID -> {
        BasicMethod.Publish m = (BasicMethod.Publish) method;
        out.writeShort(RESERVED);
        ShortString.write(out, m.exchange());
        ShortString.write(out, m.routingKey());
        out.writeByte(bit(0, m.mandatory()) | bit(1, m.immediate()));
      }
      case BasicMethod.Return.ID -> {
        BasicMethod.Return m = (BasicMethod.Return) method;
        out.writeShort(m.replyCode());
        ShortString.write(out, m.replyText());
        ShortString.write(out, m.exchange());
        ShortString.write(out, m.routingKey());
      }
      case BasicMethod.Deliver.ID -> {
        BasicMethod.Deliver m = (BasicMethod.Deliver) method;
        ShortString.write(out, m.consumerTag());
        out.writeLong(m.deliveryTag());
        out.writeByte(bit(0, m.redelivered()));
        ShortString.write(out, m.exchange());
        ShortString.write(out, m.routingKey());
      }
      case BasicMethod.Get.ID -> {
        BasicMethod.Get m = (BasicMethod.Get) method;
        out.writeShort(RESERVED);
        ShortString.write(out, m.queue());
        out.writeByte(bit(0, m.noAck()));
      }
      case BasicMethod.GetOk.ID -> {
        BasicMethod.GetOk m = (BasicMethod.GetOk) method;
        out.writeLong(m.deliveryTag());
        out.writeByte(bit(0, m.redelivered()));
        ShortString.write(out, m.exchange());
        ShortString.write(out, m.routingKey());
        out.writeInt((int) m.messageCount());
      }
      case BasicMethod.GetEmpty.ID -> out.writeByte(RESERVED);
      case BasicMethod.Ack.ID -> {
        BasicMethod.Ack m = (BasicMethod.Ack) method;
        out.writeLong(m.deliveryTag());
        out.writeByte(bit(0, m.multiple()));
      }
      case BasicMethod.Reject.ID -> {
        BasicMethod.Reject m = (BasicMethod.Reject) method;
        out.writeLong(m.deliveryTag());
        out.writeByte(bit(0, m.requeue()));
      }
      case BasicMethod.RecoverAsync.ID -> {
        BasicMethod.RecoverAsync m = (BasicMethod.RecoverAsync) method;
        out.writeByte(bit(0, m.requeue()));
      }
      case BasicMethod.Recover.ID -> {
        BasicMethod.Recover m = (BasicMethod.Recover) method;
        out.writeByte(bit(0, m.requeue()));
      }
      case BasicMethod.Nack.ID -> {
        BasicMethod.Nack m = (BasicMethod.Nack) method;
        out.writeLong(m.deliveryTag());
        out.writeByte(bit(0, m.multiple()) | bit(1, m.requeue()));
      }
      default -> {} // no arguments
    }
  }

  private static void writeChannel(Method method, ByteBuf out) {
    switch (method.methodId()) {
      case ChannelMethod.Open.ID -> out.writeByte(RESERVED);
      case ChannelMethod.OpenOk.ID -> out.writeInt(RESERVED);
      case ChannelMethod.Flow.ID -> {
        ChannelMethod.Flow m = (ChannelMethod.Flow) method;
        out.writeByte(bit(0, m.active()));
      }
      case ChannelMethod.FlowOk.ID -> {
        ChannelMethod.FlowOk m = (ChannelMethod.FlowOk) method;
        out.writeByte(bit(0, m.active()));
      }
      case ChannelMethod.Close.ID -> {
        ChannelMethod.Close m = (ChannelMethod.Close) method;
        out.writeShort(m.replyCode());
        ShortString.write(out, m.replyText());
        out.writeShort(m.failedClassId());
        out.writeShort(m.failedMethodId());
      }
      default -> {} // no arguments
    }
  }

  private static void writeQueue(Method method, ByteBuf out) {
    switch (method.methodId()) {
      case QueueMethod.Declare.ID -> {
        QueueMethod.Declare m = (QueueMethod.Declare) method;
        out.writeShort(RESERVED);
        ShortString.write(out, m.queue());
        out.writeByte(
            bit(0, m.passive())
                | bit(1, m.durable())
                | bit(2, m.exclusive())
                | bit(3, m.autoDelete())
                | bit(4, m.nowait()));
        m.arguments().write(out);
      }
      case QueueMethod.DeclareOk.ID -> {
        QueueMethod.DeclareOk m = (QueueMethod.DeclareOk) method;
        ShortString.write(out, m.queue());
        out.writeInt((int) m.messageCount());
        out.writeInt((int) m.consumerCount());
      }
      case QueueMethod.Bind.ID -> {
        QueueMethod.Bind m = (QueueMethod.Bind) method;
        out.writeShort(RESERVED);
        ShortString.write(out, m.queue());
        ShortString.write(out, m.exchange());
        ShortString.write(out, m.routingKey());
        out.writeByte(bit(0, m.nowait()));
        m.arguments().write(out);
      }
      case QueueMethod.Purge.ID -> {
        QueueMethod.Purge m = (QueueMethod.Purge) method;
        out.writeShort(RESERVED);
        ShortString.write(out, m.queue());
        out.writeByte(bit(0, m.nowait()));
      }
      case QueueMethod.PurgeOk.ID -> {
        QueueMethod.PurgeOk m = (QueueMethod.PurgeOk) method;
        out.writeInt((int) m.messageCount());
      }
      case QueueMethod.Delete.ID -> {
        QueueMethod.Delete m = (QueueMethod.Delete) method;
        out.writeShort(RESERVED);
        ShortString.write(out, m.queue());
        out.writeByte(bit(0, m.ifUnused()) | bit(1, m.ifEmpty()) | bit(2, m.nowait()));
      }
      case QueueMethod.DeleteOk.ID -> {
        QueueMethod.DeleteOk m = (QueueMethod.DeleteOk) method;
        out.writeInt((int) m.messageCount());
      }
      case QueueMethod.Unbind.ID -> {
        QueueMethod.Unbind m = (QueueMethod.Unbind) method;
        out.writeShort(RESERVED);
        ShortString.write(out, m.queue());
        ShortString.write(out, m.exchange());
        ShortString.write(out, m.routingKey());
        m.arguments().write(out);
      }
      default -> {} // no arguments
    }
  }

  private static void writeExchange(Method method, ByteBuf out) {
    switch (method.methodId()) {
      case ExchangeMethod.Declare.ID -> {
        ExchangeMethod.Declare m = (ExchangeMethod.Declare) method;
        out.writeShort(RESERVED);
        ShortString.write(out, m.exchange());
        ShortString.write(out, m.type());
        out.writeByte(
            bit(0, m.passive())
                | bit(1, m.durable())
                | bit(2, m.autoDelete())
                | bit(3, m.internal())
                | bit(4, m.nowait()));
        m.arguments().write(out);
      }
      case ExchangeMethod.Delete.ID -> {
        ExchangeMethod.Delete m = (ExchangeMethod.Delete) method;
        out.writeShort(RESERVED);
        ShortString.write(out, m.exchange());
        out.writeByte(bit(0, m.ifUnused()) | bit(1, m.nowait()));
      }
      case ExchangeMethod.Bind.ID -> {
        ExchangeMethod.Bind m = (ExchangeMethod.Bind) method;
        out.writeShort(RESERVED);
        ShortString.write(out, m.destination());
        ShortString.write(out, m.source());
        ShortString.write(out, m.routingKey());
        out.writeByte(bit(0, m.nowait()));
        m.arguments().write(out);
      }
      case ExchangeMethod.Unbind.ID -> {
        ExchangeMethod.Unbind m = (ExchangeMethod.Unbind) method;
        out.writeShort(RESERVED);
        ShortString.write(out, m.destination());
        ShortString.write(out, m.source());
        ShortString.write(out, m.routingKey());
        out.writeByte(bit(0, m.nowait()));
        m.arguments().write(out);
      }
      default -> {} // no arguments
    }
  }

  private static void writeConnection(Method method, ByteBuf out) {
    switch (method.methodId()) {
      case ConnectionMethod.Start.ID -> {
        ConnectionMethod.Start m = (ConnectionMethod.Start) method;
        out.writeByte(m.versionMajor());
        out.writeByte(m.versionMinor());
        m.serverProperties().write(out);
        longString(m.mechanisms(), out);
        longString(m.locales(), out);
      }
      case ConnectionMethod.StartOk.ID -> {
        ConnectionMethod.StartOk m = (ConnectionMethod.StartOk) method;
        m.clientProperties().write(out);
        ShortString.write(out, m.mechanism());
        longBytes(m.response(), out);
        ShortString.write(out, m.locale());
      }
      case ConnectionMethod.Secure.ID -> {
        ConnectionMethod.Secure m = (ConnectionMethod.Secure) method;
        longBytes(m.challenge(), out);
      }
      case ConnectionMethod.SecureOk.ID -> {
        ConnectionMethod.SecureOk m = (ConnectionMethod.SecureOk) method;
        longBytes(m.response(), out);
      }
      case ConnectionMethod.Tune.ID -> {
        ConnectionMethod.Tune m = (ConnectionMethod.Tune) method;
        out.writeShort(m.channelMax());
        out.writeInt((int) m.frameMax());
        out.writeShort(m.heartbeat());
      }
      case ConnectionMethod.TuneOk.ID -> {
        ConnectionMethod.TuneOk m = (ConnectionMethod.TuneOk) method;
        out.writeShort(m.channelMax());
        out.writeInt((int) m.frameMax());
        out.writeShort(m.heartbeat());
      }
      case ConnectionMethod.Open.ID -> {
        ConnectionMethod.Open m = (ConnectionMethod.Open) method;
        ShortString.write(out, m.virtualHost());
        out.writeByte(RESERVED);
        out.writeByte(RESERVED);
      }
      case ConnectionMethod.OpenOk.ID -> out.writeByte(RESERVED);
      case ConnectionMethod.Close.ID -> {
        ConnectionMethod.Close m = (ConnectionMethod.Close) method;
        out.writeShort(m.replyCode());
        ShortString.write(out, m.replyText());
        out.writeShort(m.failedClassId());
        out.writeShort(m.failedMethodId());
      }
      case ConnectionMethod.Blocked.ID -> {
        ConnectionMethod.Blocked m = (ConnectionMethod.Blocked) method;
        ShortString.write(out, m.reason());
      }
      case ConnectionMethod.UpdateSecret.ID -> {
        ConnectionMethod.UpdateSecret m = (ConnectionMethod.UpdateSecret) method;
        longBytes(m.newSecret(), out);
        ShortString.write(out, m.reason());
      }
      default -> {} // no arguments
    }
  }

  private static void writeConfirm(Method method, ByteBuf out) {
    switch (method.methodId()) {
      case ConfirmMethod.Select.ID -> {
        ConfirmMethod.Select m = (ConfirmMethod.Select) method;
        out.writeByte(bit(0, m.nowait()));
      }
      default -> {} // no arguments
    }
  }

  private static void writeTx(Method method, ByteBuf out) {
    switch (method.methodId()) {
      default -> {} // no arguments
    }
  }

  private static void writeAccess(Method method, ByteBuf out) {
    switch (method.methodId()) {
      case AccessMethod.Request.ID -> {
        AccessMethod.Request m = (AccessMethod.Request) method;
        ShortString.write(out, m.realm());
        out.writeByte(
            bit(0, m.exclusive())
                | bit(1, m.passive())
                | bit(2, m.active())
                | bit(3, m.write())
                | bit(4, m.read()));
      }
      case AccessMethod.RequestOk.ID -> {
        AccessMethod.RequestOk m = (AccessMethod.RequestOk) method;
        out.writeShort(m.ticket());
      }
      default -> throw new AssertionError(method);
    }
  }

  private static int bit(int position, boolean value) {
    return value ? 1 << position : 0;
  }

  private static void longString(String value, ByteBuf out) {
    out.writeInt(ByteBufUtil.utf8Bytes(value));
    out.writeCharSequence(value, StandardCharsets.UTF_8);
  }

  private static void longBytes(byte[] value, ByteBuf out) {
    out.writeInt(value.length);
    out.writeBytes(value);
  }
}
