package io.harveymq.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ConnectionException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.json.ErlangHash;
import io.harveymq.management.json.FieldTables;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.PropertiesJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;

/** Field tables, from bytes and from JSON, in all forms in which they are shown and compared. */
public final class TablesTarget {
  private TablesTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Choices choices = new Choices(input);
    if (choices.flag()) {
      json(choices.rest());
    } else {
      bytes(choices.rest());
    }
  }

  private static void bytes(byte[] entries) {
    FieldTable table;
    try {
      table = FieldTable.parse(entries);
    } catch (ConnectionException refusal) {
      require(refusal.replyText().length() <= 255, "the text fits");
      return;
    }
    sameAgain(table);
    JsonNode json = FieldTables.toJson(table);
    Json.write(json);
    ErlangHash.nameOf(table);
    sameAgain(table.sorted());
    table.forEach(
        (name, value) -> {
          ErlangTerm.print(value);
          require(table.containsKey(name), "has " + name);
          require(!table.without(name).containsKey(name), "is without " + name);
          require(table.with(name, value).get(name).equals(value), "gets " + name);
          for (int i = 0; i < Math.min(8, table.size()); i++) {
            FieldValue other = table.value(i);
            require(
                ErlangTerm.equal(value, other) == ErlangTerm.equal(other, value),
                "equal both ways: " + value + " and " + other);
          }
        });
  }

  private static void json(byte[] document) {
    JsonNode json;
    try {
      json = Json.read(document);
    } catch (IOException broken) {
      return;
    }
    require(json != null, "a document");
    try {
      BasicProperties.validate(PropertiesJson.read(json).encoded());
    } catch (ApiException refusal) {
      require(refusal.status() == 400, "status");
    }
    if (json instanceof ObjectNode object) {
      FieldTable table;
      try {
        table = FieldTables.fromJson(object);
      } catch (ApiException refusal) {
        return;
      }
      sameAgain(table);
      JsonNode back = FieldTables.toJson(table);
      FieldTable again = FieldTables.fromJson((ObjectNode) back);
      require(FieldTables.toJson(again).equals(back), back + " is read as " + again);
    }
  }

  private static void sameAgain(FieldTable table) {
    ByteBuf written = Unpooled.buffer();
    table.write(written);
    require(written.readableBytes() == table.encodedSize(), "size of " + table);
    FieldTable again = FieldTable.read(written);
    require(!written.isReadable(), "all is read");
    require(again.equals(table), table + " is read as " + again);
    require(again.hashCode() == table.hashCode(), "hash of " + table);
    require(again.toString().equals(table.toString()), "text of " + table);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
