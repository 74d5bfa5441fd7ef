package io.harveymq.compat.differential;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The methods of AMQP 0-9-1 with their numbers and fields, for writing and reading any of them by
 * name. Immutable; any thread.
 */
final class MethodTable {
  private static final Map<String, Shape> BY_NAME = new LinkedHashMap<>();
  private static final Map<Integer, Shape> BY_NUMBER = new LinkedHashMap<>();

  private static final String TABLE =
      """
      connection.start 10 10 major:u8 minor:u8 properties:table mechanisms:longstr locales:longstr
      connection.start-ok 10 11 properties:table mechanism:str response:longstr locale:str
      connection.tune 10 30 channel-max:u16 frame-max:u32 heartbeat:u16
      connection.tune-ok 10 31 channel-max:u16 frame-max:u32 heartbeat:u16
      connection.open 10 40 vhost:str r1:str r2:bit
      connection.open-ok 10 41 r1:str
      connection.close 10 50 code:u16 text:str class:u16 method:u16
      connection.close-ok 10 51
      channel.open 20 10 r1:str
      channel.open-ok 20 11 r1:longstr
      channel.flow 20 20 active:bit
      channel.flow-ok 20 21 active:bit
      channel.close 20 40 code:u16 text:str class:u16 method:u16
      channel.close-ok 20 41
      exchange.declare 40 10 ticket:u16 exchange:str type:str passive:bit durable:bit \
        auto-delete:bit internal:bit nowait:bit arguments:table
      exchange.declare-ok 40 11
      exchange.delete 40 20 ticket:u16 exchange:str if-unused:bit nowait:bit
      exchange.delete-ok 40 21
      exchange.bind 40 30 ticket:u16 destination:str source:str key:str nowait:bit arguments:table
      exchange.bind-ok 40 31
      exchange.unbind 40 40 ticket:u16 destination:str source:str key:str nowait:bit arguments:table
      exchange.unbind-ok 40 51
      queue.declare 50 10 ticket:u16 queue:str passive:bit durable:bit exclusive:bit \
        auto-delete:bit nowait:bit arguments:table
      queue.declare-ok 50 11 queue:str messages:u32 consumers:u32
      queue.bind 50 20 ticket:u16 queue:str exchange:str key:str nowait:bit arguments:table
      queue.bind-ok 50 21
      queue.purge 50 30 ticket:u16 queue:str nowait:bit
      queue.purge-ok 50 31 messages:u32
      queue.delete 50 40 ticket:u16 queue:str if-unused:bit if-empty:bit nowait:bit
      queue.delete-ok 50 41 messages:u32
      queue.unbind 50 50 ticket:u16 queue:str exchange:str key:str arguments:table
      queue.unbind-ok 50 51
      basic.qos 60 10 size:u32 count:u16 global:bit
      basic.qos-ok 60 11
      basic.consume 60 20 ticket:u16 queue:str tag:str no-local:bit no-ack:bit exclusive:bit \
        nowait:bit arguments:table
      basic.consume-ok 60 21 tag:str
      basic.cancel 60 30 tag:str nowait:bit
      basic.cancel-ok 60 31 tag:str
      basic.publish 60 40 ticket:u16 exchange:str key:str mandatory:bit immediate:bit
      basic.return 60 50 code:u16 text:str exchange:str key:str
      basic.deliver 60 60 consumer:str tag:u64 redelivered:bit exchange:str key:str
      basic.get 60 70 ticket:u16 queue:str no-ack:bit
      basic.get-ok 60 71 tag:u64 redelivered:bit exchange:str key:str messages:u32
      basic.get-empty 60 72 r1:str
      basic.ack 60 80 tag:u64 multiple:bit
      basic.reject 60 90 tag:u64 requeue:bit
      basic.recover-async 60 100 requeue:bit
      basic.recover 60 110 requeue:bit
      basic.recover-ok 60 111
      basic.nack 60 120 tag:u64 multiple:bit requeue:bit
      confirm.select 85 10 nowait:bit
      confirm.select-ok 85 11
      tx.select 90 10
      tx.select-ok 90 11
      tx.commit 90 20
      tx.commit-ok 90 21
      tx.rollback 90 30
      tx.rollback-ok 90 31
      """;

  static {
    TABLE.lines().forEach(MethodTable::add);
  }

  private MethodTable() {}

  /** How a field is encoded. */
  enum Type {
    BIT,
    U8,
    U16,
    U32,
    U64,
    STR,
    LONGSTR,
    TABLE
  }

  /** A field of a method. */
  record Field(String name, Type type) {}

  /** A method's name, numbers and fields in their order. */
  record Shape(String name, int classId, int methodId, List<Field> fields) {
    /** Whether a content header follows. */
    boolean hasContent() {
      return switch (name) {
        case "basic.publish", "basic.return", "basic.deliver", "basic.get-ok" -> true;
        default -> false;
      };
    }
  }

  private static void add(String line) {
    String[] words = line.trim().split(" +");
    List<Field> fields = new ArrayList<>();
    for (int i = 3; i < words.length; i++) {
      String[] field = words[i].split(":");
      fields.add(new Field(field[0], Type.valueOf(field[1].toUpperCase(java.util.Locale.ROOT))));
    }
    int classId = Integer.parseInt(words[1]);
    int methodId = Integer.parseInt(words[2]);
    Shape shape = new Shape(words[0], classId, methodId, List.copyOf(fields));
    BY_NAME.put(shape.name, shape);
    BY_NUMBER.put(classId << 16 | methodId, shape);
  }

  /** The method with this name, or null. */
  static Shape named(String name) {
    return BY_NAME.get(name);
  }

  /** The method with these numbers; fails for numbers that are not listed. */
  static Shape numbered(int classId, int methodId) {
    Shape shape = BY_NUMBER.get(classId << 16 | methodId);
    if (shape == null) {
      throw new IllegalStateException("method " + classId + " " + methodId);
    }
    return shape;
  }

  /** The name of the method with these numbers, or the numbers. */
  static String name(int classId, int methodId) {
    Shape shape = BY_NUMBER.get(classId << 16 | methodId);
    return shape == null ? classId + "/" + methodId : shape.name;
  }
}
