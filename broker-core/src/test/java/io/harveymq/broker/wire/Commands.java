package io.harveymq.broker.wire;

import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ConfirmMethod;
import io.harveymq.codec.ConnectionMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The commands of a client, as frames. */
public final class Commands {
  /** The frame limit that these clients agree to. */
  public static final int FRAME_MAX = 131_072;

  private static final int BODY_PER_FRAME = FRAME_MAX - 8;

  private Commands() {}

  /** What a client says after the protocol header, up to connection.open. */
  public static List<Frame> handshake() {
    return List.of(startOk(), tuneOk(2_047, FRAME_MAX, 0), open());
  }

  public static Frame startOk() {
    byte[] login = "\0guest\0guest".getBytes(StandardCharsets.US_ASCII);
    FieldTable capabilities =
        FieldTable.builder()
            .put("authentication_failure_close", true)
            .put("consumer_cancel_notify", true)
            .build();
    FieldTable properties = FieldTable.builder().put("capabilities", capabilities).build();
    return Frame.method(0, new ConnectionMethod.StartOk(properties, "PLAIN", login, "en_US"));
  }

  public static Frame tuneOk(int channelMax, long frameMax, int heartbeat) {
    return Frame.method(0, new ConnectionMethod.TuneOk(channelMax, frameMax, heartbeat));
  }

  public static Frame open() {
    return Frame.method(0, new ConnectionMethod.Open("/"));
  }

  public static Frame close() {
    return Frame.method(0, new ConnectionMethod.Close(200, "bye", 0, 0));
  }

  public static Frame openChannel(int channel) {
    return Frame.method(channel, new ChannelMethod.Open());
  }

  public static Frame confirmSelect(int channel) {
    return Frame.method(channel, new ConfirmMethod.Select(false));
  }

  /** A classic queue that is neither durable nor exclusive. */
  public static Frame declare(int channel, String queue) {
    return Frame.method(
        channel,
        new QueueMethod.Declare(queue, false, false, false, false, false, FieldTable.EMPTY));
  }

  public static Frame declareExclusive(int channel, String queue) {
    return Frame.method(
        channel,
        new QueueMethod.Declare(queue, false, false, true, false, false, FieldTable.EMPTY));
  }

  public static Frame delete(int channel, String queue) {
    return Frame.method(channel, new QueueMethod.Delete(queue, false, false, false));
  }

  public static Frame consume(int channel, String queue, boolean noAck) {
    return Frame.method(
        channel, new BasicMethod.Consume(queue, "", false, noAck, false, false, FieldTable.EMPTY));
  }

  public static Frame qos(int channel, int prefetch) {
    return Frame.method(channel, new BasicMethod.Qos(0, prefetch, false));
  }

  public static Frame get(int channel, String queue, boolean noAck) {
    return Frame.method(channel, new BasicMethod.Get(queue, noAck));
  }

  public static Frame ack(int channel, long tag, boolean multiple) {
    return Frame.method(channel, new BasicMethod.Ack(tag, multiple));
  }

  /** The method of a publish to the default exchange, without its content. */
  public static Frame publishMethod(int channel, String queue, boolean mandatory) {
    return Frame.method(channel, new BasicMethod.Publish("", queue, mandatory, false));
  }

  /** A whole publish to the default exchange. */
  public static List<Frame> publish(int channel, String queue, byte[] body) {
    return publish(channel, new BasicMethod.Publish("", queue, false, false), body);
  }

  /** A whole publish. */
  public static List<Frame> publish(int channel, BasicMethod.Publish method, byte[] body) {
    List<Frame> frames = new ArrayList<>(3);
    frames.add(Frame.method(channel, method));
    frames.add(Frame.header(channel, body.length, BasicProperties.EMPTY));
    for (int at = 0; at < body.length; at += BODY_PER_FRAME) {
      int to = Math.min(body.length, at + BODY_PER_FRAME);
      frames.add(Frame.body(channel, Arrays.copyOfRange(body, at, to)));
    }
    return frames;
  }
}
