package io.harveymq.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.impl.AMQImpl;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MethodCodecTest {
  private static final String ALL_METHODS =
      """
      access.request access.request-ok
      basic.qos basic.qos-ok basic.consume basic.consume-ok basic.cancel basic.cancel-ok
      basic.publish basic.return basic.deliver basic.get basic.get-ok basic.get-empty basic.ack
      basic.reject basic.recover-async basic.recover basic.recover-ok basic.nack
      channel.open channel.open-ok channel.flow channel.flow-ok channel.close channel.close-ok
      confirm.select confirm.select-ok
      connection.start connection.start-ok connection.secure connection.secure-ok connection.tune
      connection.tune-ok connection.open connection.open-ok connection.close connection.close-ok
      connection.blocked connection.unblocked connection.update-secret connection.update-secret-ok
      exchange.declare exchange.declare-ok exchange.delete exchange.delete-ok exchange.bind
      exchange.bind-ok exchange.unbind exchange.unbind-ok
      queue.declare queue.declare-ok queue.bind queue.bind-ok queue.purge queue.purge-ok
      queue.delete queue.delete-ok queue.unbind queue.unbind-ok
      tx.select tx.select-ok tx.commit tx.commit-ok tx.rollback tx.rollback-ok
      """;

  static List<MethodPairs.Pair> pairs() {
    return MethodPairs.all();
  }

  private static byte[] written(Method method) {
    ByteBuf out = Unpooled.buffer();
    MethodWriter.write(method, out);
    return ByteBufUtil.getBytes(out);
  }

  @Test
  void theTableHoldsEveryMethodOfTheSpecification() {
    assertThat(pairs().stream().map(pair -> pair.ours().protocolName()).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(ALL_METHODS.trim().split("\\s+"));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void writesTheBytesOfTheJavaClient(MethodPairs.Pair pair) throws IOException {
    assertThat(written(pair.ours())).isEqualTo(pair.client().toFrame(1).getPayload());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void readsTheBytesOfTheJavaClient(MethodPairs.Pair pair) throws IOException {
    byte[] bytes = pair.client().toFrame(1).getPayload();
    ByteBuf in = Unpooled.buffer().writeByte(7).writeBytes(bytes).writeByte(0xCE).skipBytes(1);
    Method read = MethodReader.read(in, bytes.length);
    assertThat(read).isEqualTo(pair.ours()).hasSameHashCodeAs(pair.ours());
    assertThat(in.readableBytes()).as("only the frame end is left").isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void theJavaClientReadsOurBytes(MethodPairs.Pair pair) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(written(pair.ours())));
    assertThat(AMQImpl.readMethodFrom(in)).hasToString(pair.client().toString());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void idsNameAndContentAreThoseOfTheJavaClient(MethodPairs.Pair pair) {
    assertThat(pair.ours().classId()).isEqualTo(pair.client().protocolClassId());
    assertThat(pair.ours().methodId()).isEqualTo(pair.client().protocolMethodId());
    assertThat(pair.ours().protocolName()).isEqualTo(pair.client().protocolMethodName());
    assertThat(pair.ours().hasContent()).isEqualTo(pair.client().hasContent());
  }

  @Test
  void skipsReservedArgumentsThatHoldSomething() throws IOException {
    assertThat(read(new AMQImpl.Basic.Publish(5, "x", "k", true, false)))
        .isEqualTo(new BasicMethod.Publish("x", "k", true, false));
    assertThat(read(new AMQImpl.Connection.Open("v", "caps", true)))
        .isEqualTo(new ConnectionMethod.Open("v"));
    assertThat(read(new AMQImpl.Channel.Open("oob"))).isEqualTo(new ChannelMethod.Open());
    assertThat(read(new AMQImpl.Basic.GetEmpty("id"))).isEqualTo(new BasicMethod.GetEmpty());
  }

  @Test
  void ignoresBitsBeyondTheLast() {
    ByteBuf in = Unpooled.buffer().writeShort(85).writeShort(10).writeByte(0xFE);
    assertThat(MethodReader.read(in, 5)).isEqualTo(new ConfirmMethod.Select(false));
  }

  @Test
  void textsDoNotShowTheBytesOfACredential() {
    byte[] secret = "hunter2".getBytes(StandardCharsets.UTF_8);
    assertThat(new ConnectionMethod.StartOk(FieldTable.EMPTY, "PLAIN", secret, "en_US").toString())
        .contains("PLAIN", "7 bytes")
        .doesNotContain("hunter2", "104, 117");
    assertThat(new ConnectionMethod.UpdateSecret(secret, "why").toString())
        .doesNotContain("hunter2", "104, 117");
  }

  private static Method read(com.rabbitmq.client.impl.Method client) throws IOException {
    byte[] bytes = client.toFrame(1).getPayload();
    return MethodReader.read(Unpooled.wrappedBuffer(bytes), bytes.length);
  }
}
