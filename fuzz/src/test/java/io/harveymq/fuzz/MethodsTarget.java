package io.harveymq.fuzz;

import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.Method;
import io.harveymq.codec.MethodReader;
import io.harveymq.codec.MethodWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Methods and properties: what can be read can be written, and is the same when it is read again.
 */
public final class MethodsTarget {
  private MethodsTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Choices choices = new Choices(input);
    if (choices.flag()) {
      properties(choices.rest());
    } else {
      method(choices.rest());
    }
  }

  private static void method(byte[] payload) {
    Method method;
    ByteBuf in = Unpooled.wrappedBuffer(payload);
    try {
      method = MethodReader.read(in, payload.length);
    } catch (ConnectionException refusal) {
      requireText(refusal);
      return;
    }
    require(!in.isReadable(), "all is read");
    ByteBuf written = Unpooled.buffer();
    MethodWriter.write(method, written);
    ByteBuf copy = written.copy();
    Method again = MethodReader.read(copy, copy.readableBytes());
    require(again.equals(method), method + " is read as " + again);
    require(again.hashCode() == method.hashCode(), "hash of " + method);
    require(again.toString().equals(method.toString()), "text of " + method);
    ByteBuf writtenAgain = Unpooled.buffer();
    MethodWriter.write(again, writtenAgain);
    require(writtenAgain.equals(written), "bytes of " + method);
  }

  private static void properties(byte[] encoded) {
    BasicProperties properties;
    try {
      properties =
          BasicProperties.trusted(
              BasicProperties.read(Unpooled.wrappedBuffer(encoded), encoded.length));
    } catch (ConnectionException refusal) {
      requireText(refusal);
      return;
    }
    BasicProperties rebuilt = properties.toBuilder().build();
    require(rebuilt.toBuilder().build().equals(rebuilt), "properties " + properties);
    // the lowest bits mean nothing and go
    if ((encoded[1] & 3) == 0) {
      require(rebuilt.equals(properties), properties + " become " + rebuilt);
    }
    String all =
        properties.contentType()
            + properties.contentEncoding()
            + properties.correlationId()
            + properties.replyTo()
            + properties.expiration()
            + properties.messageId()
            + properties.type()
            + properties.userId()
            + properties.appId()
            + properties.clusterId()
            + properties.timestamp()
            + properties.priority()
            + properties.deliveryMode();
    require(!all.isEmpty(), "texts");
    FieldTable headers = properties.headers();
    if (headers != null) {
      FieldTable more = headers.with("x", FieldValue.of(1));
      BasicProperties changed = properties.toBuilder().headers(more).build();
      BasicProperties.validate(changed.encoded());
      require(changed.headers().equals(more), "headers " + more);
    }
  }

  private static void requireText(ConnectionException refusal) {
    require(refusal.replyText().length() <= 255, "the text fits");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
