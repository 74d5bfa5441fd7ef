package io.harveymq.codec;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Turns the payload of a method frame into a {@link Method}. Stateless; any thread.
 *
 * <p>What a malformed payload is answered with follows RabbitMQ 3.10.8, asked over a raw socket.
 * Fewer than four octets: 501 {@code type 1, all octets = <<0,60,0>>: unknown_frame}. Arguments
 * that are cut short or followed by more octets: 501 {@code cannot decode <<0,0,0>>}, which shows
 * the arguments without class and method id; its close names the method. A malformed short string:
 * 501 {@code Malformed UTF-8 in shortstr}. Where RabbitMQ just drops the socket (an unknown class
 * or method, an unknown type tag in a table), this reader throws 503 {@code unimplemented method}
 * and 501. RabbitMQ takes any bytes as the exchange and routing key of basic.publish; here they are
 * strings, so they have to be UTF-8 as everywhere else.
 */
public final class MethodReader {
  private static final int ID_BYTES = 4;

  private MethodReader() {}

  /**
   * Reads one method.
   *
   * @param payload read from its reader index on; on success exactly {@code length} bytes are
   *     consumed
   * @param length bytes in the payload of the frame
   * @throws ConnectionException if the payload is not exactly one known method; the reader index is
   *     then undefined
   */
  public static Method read(ByteBuf payload, int length) {
    int start = payload.readerIndex();
    if (length < ID_BYTES) {
      throw ErlangTerm.frameError(1, payload.slice(start, length), "unknown_frame");
    }
    int end = start + length;
    Method method;
    try {
      method = readMethod(payload);
    } catch (IndexOutOfBoundsException e) {
      throw cannotDecode(payload, start, end);
    } catch (ConnectionException e) {
      throw payload.readerIndex() > end ? cannotDecode(payload, start, end) : e;
    }
    if (payload.readerIndex() != end) {
      throw cannotDecode(payload, start, end);
    }
    return method;
  }

  private static ConnectionException cannotDecode(ByteBuf payload, int start, int end) {
    int from = start + ID_BYTES;
    return new ConnectionException(
        ReplyCode.FRAME_ERROR,
        "cannot decode " + ErlangTerm.binary(payload.slice(from, end - from)));
  }

  private static ConnectionException unknown() {
    return new ConnectionException(ReplyCode.COMMAND_INVALID, "unimplemented method");
  }

  private static Method readMethod(ByteBuf in) {
    int classId = in.readUnsignedShort();
    int methodId = in.readUnsignedShort();
    return switch (classId) {
      case BasicMethod.CLASS_ID -> readBasic(methodId, in);
      case ChannelMethod.CLASS_ID -> readChannel(methodId, in);
      case QueueMethod.CLASS_ID -> readQueue(methodId, in);
      case ExchangeMethod.CLASS_ID -> readExchange(methodId, in);
      case ConnectionMethod.CLASS_ID -> readConnection(methodId, in);
      case ConfirmMethod.CLASS_ID -> readConfirm(methodId, in);
      case TxMethod.CLASS_ID -> readTx(methodId, in);
      case AccessMethod.CLASS_ID -> readAccess(methodId, in);
      default -> throw unknown();
    };
  }

  private static Method readBasic(int methodId, ByteBuf in) {
    return switch (methodId) {
      case BasicMethod.Qos.ID ->
          new BasicMethod.Qos(in.readUnsignedInt(), in.readUnsignedShort(), bit(in));
      case BasicMethod.QosOk.ID -> new BasicMethod.QosOk();
      case BasicMethod.Consume.ID -> {
        in.skipBytes(2);
        String queue = ShortString.read(in);
        String consumerTag = ShortString.read(in);
        int bits = in.readByte();
        yield new BasicMethod.Consume(
            queue,
            consumerTag,
            (bits & 1) != 0,
            (bits & 2) != 0,
            (bits & 4) != 0,
            (bits & 8) != 0,
            table(in));
      }
      case BasicMethod.ConsumeOk.ID -> new BasicMethod.ConsumeOk(ShortString.read(in));
      case BasicMethod.Cancel.ID -> new BasicMethod.Cancel(ShortString.read(in), bit(in));
      case BasicMethod.CancelOk.ID -> new BasicMethod.CancelOk(ShortString.read(in));
      case BasicMethod.Publish.ID -> {
        in.skipBytes(2);
        String exchange = ShortString.read(in);
        String routingKey = ShortString.read(in);
        int bits = in.readByte();
        yield new BasicMethod.Publish(exchange, routingKey, (bits & 1) != 0, (bits & 2) != 0);
      }
      case BasicMethod.Return.ID ->
          new BasicMethod.Return(
              in.readUnsignedShort(),
              ShortString.read(in),
              ShortString.read(in),
              ShortString.read(in));
      case BasicMethod.Deliver.ID ->
          new BasicMethod.Deliver(
              ShortString.read(in),
              in.readLong(),
              bit(in),
              ShortString.read(in),
              ShortString.read(in));
      case BasicMethod.Get.ID -> {
        in.skipBytes(2);
        yield new BasicMethod.Get(ShortString.read(in), bit(in));
      }
      case BasicMethod.GetOk.ID ->
          new BasicMethod.GetOk(
              in.readLong(),
              bit(in),
              ShortString.read(in),
              ShortString.read(in),
              in.readUnsignedInt());
      case BasicMethod.GetEmpty.ID -> {
        in.skipBytes(in.readUnsignedByte());
        yield new BasicMethod.GetEmpty();
      }
      case BasicMethod.Ack.ID -> new BasicMethod.Ack(in.readLong(), bit(in));
      case BasicMethod.Reject.ID -> new BasicMethod.Reject(in.readLong(), bit(in));
      case BasicMethod.RecoverAsync.ID -> new BasicMethod.RecoverAsync(bit(in));
      case BasicMethod.Recover.ID -> new BasicMethod.Recover(bit(in));
      case BasicMethod.RecoverOk.ID -> new BasicMethod.RecoverOk();
      case BasicMethod.Nack.ID -> {
        long deliveryTag = in.readLong();
        int bits = in.readByte();
        yield new BasicMethod.Nack(deliveryTag, (bits & 1) != 0, (bits & 2) != 0);
      }
      default -> throw unknown();
    };
  }

  private static Method readChannel(int methodId, ByteBuf in) {
    return switch (methodId) {
      case ChannelMethod.Open.ID -> {
        in.skipBytes(in.readUnsignedByte());
        yield new ChannelMethod.Open();
      }
      case ChannelMethod.OpenOk.ID -> {
        in.skipBytes(longLength(in));
        yield new ChannelMethod.OpenOk();
      }
      case ChannelMethod.Flow.ID -> new ChannelMethod.Flow(bit(in));
      case ChannelMethod.FlowOk.ID -> new ChannelMethod.FlowOk(bit(in));
      case ChannelMethod.Close.ID ->
          new ChannelMethod.Close(
              in.readUnsignedShort(),
              ShortString.read(in),
              in.readUnsignedShort(),
              in.readUnsignedShort());
      case ChannelMethod.CloseOk.ID -> new ChannelMethod.CloseOk();
      default -> throw unknown();
    };
  }

  private static Method readQueue(int methodId, ByteBuf in) {
    return switch (methodId) {
      case QueueMethod.Declare.ID -> {
        in.skipBytes(2);
        String queue = ShortString.read(in);
        int bits = in.readByte();
        yield new QueueMethod.Declare(
            queue,
            (bits & 1) != 0,
            (bits & 2) != 0,
            (bits & 4) != 0,
            (bits & 8) != 0,
            (bits & 16) != 0,
            table(in));
      }
      case QueueMethod.DeclareOk.ID ->
          new QueueMethod.DeclareOk(
              ShortString.read(in), in.readUnsignedInt(), in.readUnsignedInt());
      case QueueMethod.Bind.ID -> {
        in.skipBytes(2);
        yield new QueueMethod.Bind(
            ShortString.read(in), ShortString.read(in), ShortString.read(in), bit(in), table(in));
      }
      case QueueMethod.BindOk.ID -> new QueueMethod.BindOk();
      case QueueMethod.Purge.ID -> {
        in.skipBytes(2);
        yield new QueueMethod.Purge(ShortString.read(in), bit(in));
      }
      case QueueMethod.PurgeOk.ID -> new QueueMethod.PurgeOk(in.readUnsignedInt());
      case QueueMethod.Delete.ID -> {
        in.skipBytes(2);
        String queue = ShortString.read(in);
        int bits = in.readByte();
        yield new QueueMethod.Delete(queue, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
      }
      case QueueMethod.DeleteOk.ID -> new QueueMethod.DeleteOk(in.readUnsignedInt());
      case QueueMethod.Unbind.ID -> {
        in.skipBytes(2);
        yield new QueueMethod.Unbind(
            ShortString.read(in), ShortString.read(in), ShortString.read(in), table(in));
      }
      case QueueMethod.UnbindOk.ID -> new QueueMethod.UnbindOk();
      default -> throw unknown();
    };
  }

  private static Method readExchange(int methodId, ByteBuf in) {
    return switch (methodId) {
      case ExchangeMethod.Declare.ID -> {
        in.skipBytes(2);
        String exchange = ShortString.read(in);
        String type = ShortString.read(in);
        int bits = in.readByte();
        yield new ExchangeMethod.Declare(
            exchange,
            type,
            (bits & 1) != 0,
            (bits & 2) != 0,
            (bits & 4) != 0,
            (bits & 8) != 0,
            (bits & 16) != 0,
            table(in));
      }
      case ExchangeMethod.DeclareOk.ID -> new ExchangeMethod.DeclareOk();
      case ExchangeMethod.Delete.ID -> {
        in.skipBytes(2);
        String exchange = ShortString.read(in);
        int bits = in.readByte();
        yield new ExchangeMethod.Delete(exchange, (bits & 1) != 0, (bits & 2) != 0);
      }
      case ExchangeMethod.DeleteOk.ID -> new ExchangeMethod.DeleteOk();
      case ExchangeMethod.Bind.ID -> {
        in.skipBytes(2);
        yield new ExchangeMethod.Bind(
            ShortString.read(in), ShortString.read(in), ShortString.read(in), bit(in), table(in));
      }
      case ExchangeMethod.BindOk.ID -> new ExchangeMethod.BindOk();
      case ExchangeMethod.Unbind.ID -> {
        in.skipBytes(2);
        yield new ExchangeMethod.Unbind(
            ShortString.read(in), ShortString.read(in), ShortString.read(in), bit(in), table(in));
      }
      case ExchangeMethod.UnbindOk.ID -> new ExchangeMethod.UnbindOk();
      default -> throw unknown();
    };
  }

  private static Method readConnection(int methodId, ByteBuf in) {
    return switch (methodId) {
      case ConnectionMethod.Start.ID ->
          new ConnectionMethod.Start(
              in.readUnsignedByte(),
              in.readUnsignedByte(),
              table(in),
              longString(in),
              longString(in));
      case ConnectionMethod.StartOk.ID ->
          new ConnectionMethod.StartOk(
              table(in), ShortString.read(in), longBytes(in), ShortString.read(in));
      case ConnectionMethod.Secure.ID -> new ConnectionMethod.Secure(longBytes(in));
      case ConnectionMethod.SecureOk.ID -> new ConnectionMethod.SecureOk(longBytes(in));
      case ConnectionMethod.Tune.ID ->
          new ConnectionMethod.Tune(
              in.readUnsignedShort(), in.readUnsignedInt(), in.readUnsignedShort());
      case ConnectionMethod.TuneOk.ID ->
          new ConnectionMethod.TuneOk(
              in.readUnsignedShort(), in.readUnsignedInt(), in.readUnsignedShort());
      case ConnectionMethod.Open.ID -> {
        String virtualHost = ShortString.read(in);
        in.skipBytes(in.readUnsignedByte());
        in.skipBytes(1);
        yield new ConnectionMethod.Open(virtualHost);
      }
      case ConnectionMethod.OpenOk.ID -> {
        in.skipBytes(in.readUnsignedByte());
        yield new ConnectionMethod.OpenOk();
      }
      case ConnectionMethod.Close.ID ->
          new ConnectionMethod.Close(
              in.readUnsignedShort(),
              ShortString.read(in),
              in.readUnsignedShort(),
              in.readUnsignedShort());
      case ConnectionMethod.CloseOk.ID -> new ConnectionMethod.CloseOk();
      case ConnectionMethod.Blocked.ID -> new ConnectionMethod.Blocked(ShortString.read(in));
      case ConnectionMethod.Unblocked.ID -> new ConnectionMethod.Unblocked();
      case ConnectionMethod.UpdateSecret.ID ->
          new ConnectionMethod.UpdateSecret(longBytes(in), ShortString.read(in));
      case ConnectionMethod.UpdateSecretOk.ID -> new ConnectionMethod.UpdateSecretOk();
      default -> throw unknown();
    };
  }

  private static Method readConfirm(int methodId, ByteBuf in) {
    return switch (methodId) {
      case ConfirmMethod.Select.ID -> new ConfirmMethod.Select(bit(in));
      case ConfirmMethod.SelectOk.ID -> new ConfirmMethod.SelectOk();
      default -> throw unknown();
    };
  }

  private static Method readTx(int methodId, ByteBuf in) {
    return switch (methodId) {
      case TxMethod.Select.ID -> new TxMethod.Select();
      case TxMethod.SelectOk.ID -> new TxMethod.SelectOk();
      case TxMethod.Commit.ID -> new TxMethod.Commit();
      case TxMethod.CommitOk.ID -> new TxMethod.CommitOk();
      case TxMethod.Rollback.ID -> new TxMethod.Rollback();
      case TxMethod.RollbackOk.ID -> new TxMethod.RollbackOk();
      default -> throw unknown();
    };
  }

  private static Method readAccess(int methodId, ByteBuf in) {
    return switch (methodId) {
      case AccessMethod.Request.ID -> {
        String realm = ShortString.read(in);
        int bits = in.readByte();
        yield new AccessMethod.Request(
            realm,
            (bits & 1) != 0,
            (bits & 2) != 0,
            (bits & 4) != 0,
            (bits & 8) != 0,
            (bits & 16) != 0);
      }
      case AccessMethod.RequestOk.ID -> new AccessMethod.RequestOk(in.readUnsignedShort());
      default -> throw unknown();
    };
  }

  private static boolean bit(ByteBuf in) {
    return (in.readByte() & 1) != 0;
  }

  private static FieldTable table(ByteBuf in) {
    if (in.getUnsignedInt(in.readerIndex()) > in.readableBytes() - Integer.BYTES) {
      throw new IndexOutOfBoundsException();
    }
    return FieldTable.read(in);
  }

  private static String longString(ByteBuf in) {
    return new String(longBytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] longBytes(ByteBuf in) {
    byte[] bytes = new byte[longLength(in)];
    in.readBytes(bytes);
    return bytes;
  }

  private static int longLength(ByteBuf in) {
    long length = in.readUnsignedInt();
    if (length > in.readableBytes()) {
      throw new IndexOutOfBoundsException();
    }
    return (int) length;
  }
}
