package io.harveymq.codec;

import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.LongStringHelper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every method as ours and as the RabbitMQ Java client's, with every combination of its bits. */
final class MethodPairs {
  /** A method and the client's method that has the same bytes. */
  record Pair(Method ours, com.rabbitmq.client.impl.Method client) {
    @Override
    public String toString() {
      return ours.toString();
    }
  }

  private static final long TAG = 0x8000_0000_0000_0102L;
  private static final long UNSIGNED = 0xFFFF_FFFEL;

  // The client copies a table into a HashMap, which Java 17 and 25 size differently.
  // The order of these keys is the same in both.
  private final FieldTable table =
      FieldTable.builder().put("a", 1).put("ö", "text").put("on", true).build();
  private final Map<String, Object> map = new LinkedHashMap<>();
  private final List<Pair> pairs = new ArrayList<>();

  private MethodPairs() {
    map.put("a", 1);
    map.put("ö", longString("text"));
    map.put("on", true);
  }

  static List<Pair> all() {
    MethodPairs all = new MethodPairs();
    all.connection();
    all.channel();
    all.exchange();
    all.queue();
    all.basicConsuming();
    all.basicMessages();
    all.withoutArguments();
    all.bits();
    return all.pairs;
  }

  private void add(Method ours, com.rabbitmq.client.impl.Method client) {
    pairs.add(new Pair(ours, client));
  }

  private static boolean on(int bits, int position) {
    return (bits >> position & 1) == 1;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static LongString longString(String text) {
    return LongStringHelper.asLongString(text);
  }

  private void connection() {
    add(
        new ConnectionMethod.Start(0, 9, table, "PLAIN AMQPLAIN", "en_US"),
        new AMQImpl.Connection.Start(0, 9, map, longString("PLAIN AMQPLAIN"), longString("en_US")));
    add(
        new ConnectionMethod.StartOk(table, "PLAIN", bytes("\0u\0p"), "en_US"),
        new AMQImpl.Connection.StartOk(map, "PLAIN", longString("\0u\0p"), "en_US"));
    add(
        new ConnectionMethod.Secure(bytes("why")),
        new AMQImpl.Connection.Secure(longString("why")));
    add(
        new ConnectionMethod.SecureOk(bytes("so")),
        new AMQImpl.Connection.SecureOk(longString("so")));
    add(
        new ConnectionMethod.Tune(0xFFFF, UNSIGNED, 60),
        new AMQImpl.Connection.Tune(0xFFFF, (int) UNSIGNED, 60));
    add(
        new ConnectionMethod.TuneOk(2047, 131_072, 0xFFFE),
        new AMQImpl.Connection.TuneOk(2047, 131_072, 0xFFFE));
    add(new ConnectionMethod.Open("/"), new AMQImpl.Connection.Open("/", "", false));
    add(new ConnectionMethod.OpenOk(), new AMQImpl.Connection.OpenOk(""));
    add(
        new ConnectionMethod.Close(541, "INTERNAL_ERROR", 60, 40),
        new AMQImpl.Connection.Close(541, "INTERNAL_ERROR", 60, 40));
    add(new ConnectionMethod.CloseOk(), new AMQImpl.Connection.CloseOk());
    add(
        new ConnectionMethod.Blocked("low on memory"),
        new AMQImpl.Connection.Blocked("low on memory"));
    add(new ConnectionMethod.Unblocked(), new AMQImpl.Connection.Unblocked());
    add(
        new ConnectionMethod.UpdateSecret(bytes("token"), "expired"),
        new AMQImpl.Connection.UpdateSecret(longString("token"), "expired"));
    add(new ConnectionMethod.UpdateSecretOk(), new AMQImpl.Connection.UpdateSecretOk());
  }

  private void channel() {
    add(new ChannelMethod.Open(), new AMQImpl.Channel.Open(""));
    add(new ChannelMethod.OpenOk(), new AMQImpl.Channel.OpenOk(longString("")));
    add(
        new ChannelMethod.Close(404, "NOT_FOUND - ünknown", 50, 10),
        new AMQImpl.Channel.Close(404, "NOT_FOUND - ünknown", 50, 10));
    add(new ChannelMethod.CloseOk(), new AMQImpl.Channel.CloseOk());
    add(new AccessMethod.RequestOk(0x8001), new AMQImpl.Access.RequestOk(0x8001));
    for (int b = 0; b < 32; b++) {
      add(
          new AccessMethod.Request("/data", on(b, 0), on(b, 1), on(b, 2), on(b, 3), on(b, 4)),
          new AMQImpl.Access.Request("/data", on(b, 0), on(b, 1), on(b, 2), on(b, 3), on(b, 4)));
    }
  }

  private void exchange() {
    for (int b = 0; b < 32; b++) {
      add(
          new ExchangeMethod.Declare(
              "x", "topic", on(b, 0), on(b, 1), on(b, 2), on(b, 3), on(b, 4), table),
          new AMQImpl.Exchange.Declare(
              0, "x", "topic", on(b, 0), on(b, 1), on(b, 2), on(b, 3), on(b, 4), map));
    }
    for (int b = 0; b < 4; b++) {
      add(
          new ExchangeMethod.Delete("x", on(b, 0), on(b, 1)),
          new AMQImpl.Exchange.Delete(0, "x", on(b, 0), on(b, 1)));
    }
    for (int b = 0; b < 2; b++) {
      add(
          new ExchangeMethod.Bind("to", "from", "key", on(b, 0), table),
          new AMQImpl.Exchange.Bind(0, "to", "from", "key", on(b, 0), map));
      add(
          new ExchangeMethod.Unbind("to", "from", "key", on(b, 0), table),
          new AMQImpl.Exchange.Unbind(0, "to", "from", "key", on(b, 0), map));
    }
  }

  private void queue() {
    for (int b = 0; b < 32; b++) {
      add(
          new QueueMethod.Declare("q", on(b, 0), on(b, 1), on(b, 2), on(b, 3), on(b, 4), table),
          new AMQImpl.Queue.Declare(0, "q", on(b, 0), on(b, 1), on(b, 2), on(b, 3), on(b, 4), map));
    }
    for (int b = 0; b < 8; b++) {
      add(
          new QueueMethod.Delete("q", on(b, 0), on(b, 1), on(b, 2)),
          new AMQImpl.Queue.Delete(0, "q", on(b, 0), on(b, 1), on(b, 2)));
    }
    for (int b = 0; b < 2; b++) {
      add(
          new QueueMethod.Bind("q", "x", "key", on(b, 0), table),
          new AMQImpl.Queue.Bind(0, "q", "x", "key", on(b, 0), map));
      add(new QueueMethod.Purge("q", on(b, 0)), new AMQImpl.Queue.Purge(0, "q", on(b, 0)));
    }
    add(
        new QueueMethod.Unbind("q", "x", "key", table),
        new AMQImpl.Queue.Unbind(0, "q", "x", "key", map));
    add(
        new QueueMethod.DeclareOk("amq.gen-1", 7, UNSIGNED),
        new AMQImpl.Queue.DeclareOk("amq.gen-1", 7, (int) UNSIGNED));
    add(new QueueMethod.PurgeOk(UNSIGNED), new AMQImpl.Queue.PurgeOk((int) UNSIGNED));
    add(new QueueMethod.DeleteOk(UNSIGNED), new AMQImpl.Queue.DeleteOk((int) UNSIGNED));
  }

  private void basicConsuming() {
    for (int b = 0; b < 16; b++) {
      add(
          new BasicMethod.Consume("q", "tag", on(b, 0), on(b, 1), on(b, 2), on(b, 3), table),
          new AMQImpl.Basic.Consume(0, "q", "tag", on(b, 0), on(b, 1), on(b, 2), on(b, 3), map));
    }
    add(new BasicMethod.ConsumeOk("tag"), new AMQImpl.Basic.ConsumeOk("tag"));
    add(new BasicMethod.CancelOk("tag"), new AMQImpl.Basic.CancelOk("tag"));
    for (int b = 0; b < 4; b++) {
      add(
          new BasicMethod.Nack(TAG, on(b, 0), on(b, 1)),
          new AMQImpl.Basic.Nack(TAG, on(b, 0), on(b, 1)));
    }
    for (int b = 0; b < 2; b++) {
      boolean on = on(b, 0);
      add(
          new BasicMethod.Qos(UNSIGNED, 0xFFFE, on),
          new AMQImpl.Basic.Qos((int) UNSIGNED, 0xFFFE, on));
      add(new BasicMethod.Cancel("tag", on), new AMQImpl.Basic.Cancel("tag", on));
      add(new BasicMethod.Get("q", on), new AMQImpl.Basic.Get(0, "q", on));
      add(new BasicMethod.Ack(TAG, on), new AMQImpl.Basic.Ack(TAG, on));
      add(new BasicMethod.Reject(TAG, on), new AMQImpl.Basic.Reject(TAG, on));
      add(new BasicMethod.RecoverAsync(on), new AMQImpl.Basic.RecoverAsync(on));
      add(new BasicMethod.Recover(on), new AMQImpl.Basic.Recover(on));
    }
  }

  private void basicMessages() {
    for (int b = 0; b < 4; b++) {
      add(
          new BasicMethod.Publish("x", "a.€.\uD83D\uDE00", on(b, 0), on(b, 1)),
          new AMQImpl.Basic.Publish(0, "x", "a.€.\uD83D\uDE00", on(b, 0), on(b, 1)));
    }
    add(
        new BasicMethod.Return(312, "NO_ROUTE", "x", "key"),
        new AMQImpl.Basic.Return(312, "NO_ROUTE", "x", "key"));
    for (int b = 0; b < 2; b++) {
      add(
          new BasicMethod.Deliver("tag", TAG, on(b, 0), "", "k".repeat(255)),
          new AMQImpl.Basic.Deliver("tag", TAG, on(b, 0), "", "k".repeat(255)));
      add(
          new BasicMethod.GetOk(TAG, on(b, 0), "x", "key", UNSIGNED),
          new AMQImpl.Basic.GetOk(TAG, on(b, 0), "x", "key", (int) UNSIGNED));
    }
    add(new BasicMethod.GetEmpty(), new AMQImpl.Basic.GetEmpty(""));
  }

  private void withoutArguments() {
    add(new ExchangeMethod.DeclareOk(), new AMQImpl.Exchange.DeclareOk());
    add(new ExchangeMethod.DeleteOk(), new AMQImpl.Exchange.DeleteOk());
    add(new ExchangeMethod.BindOk(), new AMQImpl.Exchange.BindOk());
    add(new ExchangeMethod.UnbindOk(), new AMQImpl.Exchange.UnbindOk());
    add(new QueueMethod.BindOk(), new AMQImpl.Queue.BindOk());
    add(new QueueMethod.UnbindOk(), new AMQImpl.Queue.UnbindOk());
    add(new BasicMethod.QosOk(), new AMQImpl.Basic.QosOk());
    add(new BasicMethod.RecoverOk(), new AMQImpl.Basic.RecoverOk());
    add(new ConfirmMethod.SelectOk(), new AMQImpl.Confirm.SelectOk());
    add(new TxMethod.Select(), new AMQImpl.Tx.Select());
    add(new TxMethod.SelectOk(), new AMQImpl.Tx.SelectOk());
    add(new TxMethod.Commit(), new AMQImpl.Tx.Commit());
    add(new TxMethod.CommitOk(), new AMQImpl.Tx.CommitOk());
    add(new TxMethod.Rollback(), new AMQImpl.Tx.Rollback());
    add(new TxMethod.RollbackOk(), new AMQImpl.Tx.RollbackOk());
  }

  private void bits() {
    for (int b = 0; b < 2; b++) {
      add(new ConfirmMethod.Select(on(b, 0)), new AMQImpl.Confirm.Select(on(b, 0)));
      add(new ChannelMethod.Flow(on(b, 0)), new AMQImpl.Channel.Flow(on(b, 0)));
      add(new ChannelMethod.FlowOk(on(b, 0)), new AMQImpl.Channel.FlowOk(on(b, 0)));
    }
  }
}
